"""Sending: once, by any number of workers, with a last look; and what follows each kind of failure."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import select

from compliance.domain.messages import DELAYS
from compliance.mail.failures import Postponed, Refused, Unreachable
from compliance.mail.mails import Mail
from compliance.mail.messages import reminder
from compliance.mail.senders import FolderSender, MemorySender
from compliance.mail.smtp import SmtpSender, server_of
from compliance.services import audit
from compliance.services.reminder import letters
from compliance.services.reminder.outbox import (
    UNREACHABLE_DELAY,
    Outcome,
    beat,
    last_beat,
    post_office,
    send_due,
    send_trial,
)
from compliance.services.reminder.reminders import queue_due
from compliance.services.transaction import writing
from compliance.storage.database import db
from compliance.storage.models import AuditEvent
from tests.services.reminder_world import (
    BASE_URL,
    LATE,
    SOON,
    Failing,
    change,
    leave,
    messages,
    office,
    world,
)
from tests.support import factories
from tests.support.mail import mail_server

MINUTE = dt.timedelta(minutes=1)


def queue(now: dt.datetime = SOON) -> None:
    queue_due(now, base_url=BASE_URL)


@pytest.fixture
def made():
    """A company with one person to remind."""
    made = world()
    leave(made.contributor, SOON)
    queue()
    return made


def send(now: dt.datetime, sender, **options) -> Counter[Outcome]:
    """A pass in which no time passes."""
    return send_due(now, office(sender), elapsed=lambda: 0, **options)


def test_a_message_is_sent_and_marked(made, session):
    sender = MemorySender()
    assert send(SOON, sender) == {Outcome.SENT: 1}
    assert send(SOON + MINUTE, sender) == {}
    (message,) = messages()
    assert (message.state, message.sent_at, message.attempts, message.lease_until) == ("sent", SOON, 1, None)
    (mail,) = sender.mails
    assert (mail.to_address, mail.language, mail.message_id) == (made.lead.email, "fr", message.message_id)
    assert made.company.name in mail.text
    assert made.cycle.name_fr in mail.subject
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all()
    assert actions[-2:] == ["reminders.queue", "message.deliver"]
    assert audit.verify(session) == []


@pytest.mark.parametrize("state", ["submitted", "withdrawn"])
def test_the_last_look_drops_what_is_no_longer_wanted(made, state):
    factories.assessment(made.cycle, made.company, state)
    sender = MemorySender()
    assert send(SOON, sender) == {Outcome.CANCELLED: 1}
    assert sender.mails == []
    (message,) = messages()
    assert (message.state, message.state_reason) == ("cancelled", state)
    assert send(SOON + MINUTE, sender) == {}


def test_a_message_goes_with_what_is_left_of_it(made):
    other = world()
    factories.membership(made.lead, other.company, "lead")
    queue()
    factories.assessment(made.cycle, made.company, "submitted")
    sender = MemorySender()
    send(SOON, sender)
    (mail,) = [mail for mail in sender.mails if mail.to_address == made.lead.email]
    assert made.company.name not in mail.text
    assert other.company.name in mail.text


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda made: leave(made.lead, SOON), "left"),
        (lambda made: change(made.lead, active=False), "left"),
        (lambda made: change(made.participation, invitation="declined"), "declined"),
        (lambda made: change(made.cycle, closed_on=SOON.date()), "closed"),
        (lambda made: change(made.cycle, reminder_plan=[]), "plan_changed"),
        (lambda made: change(made.cycle, due_on=dt.date(2026, 10, 15)), "due_date_moved"),
    ],
)
def test_why_a_message_does_not_go(made, act, reason):
    act(made)
    assert send(SOON + MINUTE, MemorySender()) == {Outcome.CANCELLED: 1}
    assert messages()[0].state_reason == reason


def test_a_reminder_that_waited_too_long_is_not_sent(made):
    assert send(dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC), MemorySender()) == {Outcome.HELD: 1}, "it is night"
    assert send(dt.datetime(2026, 10, 1, 13, tzinfo=dt.UTC), MemorySender()) == {Outcome.CANCELLED: 1}
    assert messages()[0].state_reason == "passed"


def test_a_later_stage_takes_the_place_of_an_earlier_one(made):
    queue(LATE)
    sender = MemorySender()
    assert send(LATE, sender) == {Outcome.CANCELLED: 1, Outcome.SENT: 1}
    assert len(sender.mails) == 1


def test_a_mail_that_did_not_go_is_tried_with_growing_delays_and_then_given_up(made):
    sender = Failing(*(Postponed(f"451 no {number}") for number in range(9)))
    now = SOON
    for number, delay in enumerate(DELAYS):
        assert send(now, sender) == {Outcome.POSTPONED: 1}
        (message,) = messages()
        assert (message.state, message.last_error, message.attempts) == ("queued", f"451 no {number}", number + 1)
        assert message.not_before == now + delay
        assert send(now + delay - dt.timedelta(seconds=1), sender) == {}
        now += delay
    assert send(now, sender) == {Outcome.HELD: 1}, "twelve hours later it is night"
    now = messages()[0].not_before
    assert now == dt.datetime(2026, 9, 24, 13, tzinfo=dt.UTC)
    assert messages()[0].day == dt.date(2026, 9, 24), "it takes the place of that day's mail"
    assert send(now, sender) == {Outcome.FAILED: 1}
    assert send(now + dt.timedelta(days=1), sender) == {}
    assert messages()[0].state == "failed"


def test_a_mail_that_goes_at_last_has_the_same_message_id(made):
    sender = Failing(Postponed("451"))
    send(SOON, sender)
    before = messages()[0].message_id
    assert send(SOON + MINUTE, sender) == {Outcome.SENT: 1}
    assert [mail.message_id for mail in sender.mails] == [before]
    assert messages()[0].last_error == ""


def test_a_refusal_is_final(made):
    assert send(SOON, Failing(Refused("550 nobody here"))) == {Outcome.FAILED: 1}
    (message,) = messages()
    assert (message.state, message.last_error) == ("failed", "550 nobody here")


def test_a_server_that_is_down_costs_no_message_an_attempt():
    cycle = factories.cycle()
    for _ in range(5):
        world(cycle)
    queue()
    down = Failing(*(Unreachable("no answer") for _ in range(200)))
    now = SOON
    while now < SOON + dt.timedelta(hours=1):
        assert send(now, down) == {Outcome.UNREACHABLE: 1}, "one attempt a pass, not one for each message"
        now += dt.timedelta(seconds=30)
    assert {message.attempts for message in messages()} == {0}
    up = MemorySender()
    send(now, up)
    send(now + UNREACHABLE_DELAY, up)
    assert len(up.mails) == 10


def test_an_address_that_is_none_does_not_stop_the_others():
    made = world()
    change(made.lead, email="not an address")
    queue()
    sender = MemorySender()
    assert send(SOON, sender) == {Outcome.FAILED: 1, Outcome.SENT: 1}


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(made, monkeypatch):
    world()
    queue()
    calls: list[object] = []

    def breaks_once(*args):
        calls.append(args)
        if len(calls) == 1:
            raise KeyError("a hole in a template")
        return reminder(*args)

    monkeypatch.setattr(letters, "reminder", breaks_once)
    assert send(SOON, MemorySender()) == {Outcome.FAILED: 1, Outcome.SENT: 2}
    assert messages()[0].last_error == "the mail could not be written: KeyError"


def test_nothing_is_open_while_the_mail_server_is_spoken_to(made):
    """Somebody saves an answer while the server takes its time."""

    class Busy(MemorySender):
        def send(self, mail: Mail) -> None:
            assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            with writing() as session:
                session.connection().exec_driver_sql("UPDATE organisation SET description_en = 'changed'")
            super().send(mail)

    assert send(SOON, Busy()) == {Outcome.SENT: 1}


def test_a_pass_ends_when_it_is_told_to():
    cycle = factories.cycle()
    for _ in range(3):
        world(cycle)
    queue()
    sender = MemorySender()
    assert send(SOON, sender, limit=2) == {Outcome.SENT: 2}
    assert send(SOON, sender, stop=lambda: len(sender.mails) >= 5) == {Outcome.SENT: 3}
    assert send(SOON, sender, stop=lambda: True) == {}
    assert send(SOON, sender) == {Outcome.SENT: 1}


def test_through_a_real_mail_server(made):
    with mail_server() as inbox:
        replies = iter(["451 later", "drop after", "250 fine"])
        inbox.at_end = lambda _mail: next(replies)
        sender = SmtpSender(server_of(inbox.url), timeout=5)
        assert send(SOON, sender) == {Outcome.POSTPONED: 1}
        assert messages()[0].last_error == "451 later"
        assert send(SOON + MINUTE, sender) == {Outcome.POSTPONED: 1}
        assert send(SOON + 6 * MINUTE, sender) == {Outcome.SENT: 1}
        assert inbox.ids == [messages()[0].message_id] * 2, "accepted before the connection broke, and again"


class RestingSender(MemorySender):
    """Counts how often its connection was given back."""

    rested = 0

    def rest(self):
        self.rested += 1


def test_a_trial_mail_goes_past_the_outbox():
    sender = RestingSender()
    send_trial("someone@company.example", SOON, office(sender), "fr")
    (mail,) = sender.mails
    assert (mail.to_address, mail.language) == ("someone@company.example", "fr")
    made = office(sender)
    assert (mail.from_address, mail.to_name, mail.date) == (made.from_address, "", SOON)
    assert mail.message_id.endswith(f"@{made.base_url.partition('://')[2]}>")
    assert made.base_url in mail.text
    assert sender.rested == 1  # the connection is not kept
    assert messages() == []
    with pytest.raises(Unreachable):
        send_trial("someone@company.example", SOON, office(Failing(Unreachable("no answer"))))


def test_the_heartbeat():
    assert last_beat() is None
    beat(SOON)
    beat(SOON + MINUTE)
    assert last_beat() == SOON + MINUTE


def test_the_post_office_of_the_settings(tmp_path):
    made = post_office(f"folder:{tmp_path}", "https://tracker.example/")
    assert isinstance(made.sender, FolderSender)
    assert (made.base_url, made.from_address) == ("https://tracker.example", "no-reply@tracker.example")
    assert post_office("memory:", "http://localhost:8000", "us@here.example").from_address == "us@here.example"
