"""Sending through a real mail server on this machine."""

from __future__ import annotations

import dataclasses
import socket

import pytest

from compliance.mail.failures import Postponed, Refused, Unreachable
from compliance.mail.messages import reminder, trial
from compliance.mail.smtp import SmtpSender, server_of
from tests.mail.conftest import SOON
from tests.support.mail import mail_server


@pytest.fixture
def inbox():
    with mail_server() as inbox:
        yield inbox


MADE: list[SmtpSender] = []


def sender(inbox, timeout: float = 5) -> SmtpSender:
    MADE.append(SmtpSender(server_of(inbox.url), timeout=timeout))
    return MADE[-1]


@pytest.fixture(autouse=True)
def _at_rest():
    yield
    while MADE:
        MADE.pop().rest()


def test_a_mail_arrives_as_it_was_written(inbox, envelope, language):
    mail = reminder(dataclasses.replace(envelope, language=language), [SOON])
    sender(inbox).send(mail)
    (arrived,) = inbox.accepted
    assert arrived["Subject"] == mail.subject
    assert arrived["To"].addresses[0].display_name == "Zoë Tremblay"
    assert arrived["Message-ID"] == mail.message_id
    assert arrived.get_body(("plain",)).get_content() == mail.text.replace("\n", "\r\n")
    assert arrived.get_body(("html",)).get_content() == mail.html.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("reply", "failure"),
    [("451 try later", Postponed), ("452 full", Postponed), ("550 nobody here", Refused), ("553 no", Refused)],
)
def test_what_the_server_says_about_a_recipient(inbox, envelope, reply, failure):
    inbox.at_recipient = reply
    with pytest.raises(failure, match=reply):
        sender(inbox).send(trial(envelope))
    inbox.at_recipient, inbox.at_end = "250 fine", lambda _mail: reply
    with pytest.raises(failure, match=reply):
        sender(inbox).send(trial(envelope))
    assert inbox.accepted == []


@pytest.mark.parametrize("when", ["drop before", "drop after"])
def test_a_lost_connection_is_tried_again(inbox, envelope, when):
    inbox.at_end = lambda _mail: when
    with pytest.raises(Postponed):
        sender(inbox).send(trial(envelope))
    assert len(inbox.accepted) == (when == "drop after")


def test_mails_in_a_row_share_a_connection_and_survive_its_end(inbox, envelope):
    post = sender(inbox)
    for number in range(3):
        post.send(dataclasses.replace(trial(envelope), message_id=f"<{number}@tracker.example>"))
    connection = post._own.connection
    assert post._own.mails == 3
    connection.sock.shutdown(socket.SHUT_RDWR)  # the server, or the network, has ended it
    post.send(trial(envelope))
    assert len(inbox.accepted) == 4
    assert post._own.connection is not connection
    post._own.used_at -= 60  # it has rested
    post.send(trial(envelope))
    assert post._own.mails == 1


def test_a_server_that_is_not_there(envelope):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="cannot be used"):
        SmtpSender(server_of(f"smtp://127.0.0.1:{port}")).send(trial(envelope))


def test_a_server_that_never_answers(envelope):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Unreachable):
            SmtpSender(server_of(f"smtp://127.0.0.1:{port}"), timeout=0.2).send(trial(envelope))


def test_a_password_never_travels_in_the_clear(inbox, envelope):
    server = server_of(f"smtp://me:secret@127.0.0.1:{inbox.port}")
    assert server.needs_starttls
    with pytest.raises(Unreachable, match="STARTTLS"):
        SmtpSender(server).send(trial(envelope))
    assert "secret" not in repr(server)


@pytest.mark.parametrize(
    ("url", "port", "encrypted", "needs_starttls"),
    [
        ("smtp://mail.example", 587, False, True),
        ("smtp://mail.example:25", 25, False, True),
        ("smtp://mail.example?starttls=off", 587, False, False),
        ("smtps://mail.example", 465, True, False),
        ("smtp://127.0.0.1:2525", 2525, False, False),
        ("smtp://a%40b:p%2Fw@localhost", 587, False, True),
    ],
)
def test_the_address_of_the_server(url, port, encrypted, needs_starttls):
    server = server_of(url)
    assert (server.port, server.encrypted, server.needs_starttls) == (port, encrypted, needs_starttls)
    assert server_of("smtp://a%40b:p%2Fw@localhost").user == "a@b"
    assert server_of("smtp://a%40b:p%2Fw@localhost").password == "p/w"


def test_no_server_in_the_address():
    with pytest.raises(ValueError, match="mail server"):
        server_of("smtp:")
