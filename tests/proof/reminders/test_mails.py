"""Mails as others see them: a real mail server, other libraries, hostile names, and programs that follow links."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, inspect, text

from compliance.mail.mails import build
from compliance.mail.messages import Envelope, reminder
from compliance.mail.smtp import SmtpSender, server_of
from compliance.services.reminder.outbox import PostOffice, send_due
from compliance.services.reminder.reminders import queue_due
from compliance.storage.database import db
from tests.mail.conftest import SOON
from tests.proof.reminders.postfix import postfix
from tests.proof.row import SEED
from tests.services.reminder_world import SOON as MOMENT
from tests.services.reminder_world import messages, world
from tests.support import factories
from tests.support.mail import compiled_words

Property = Callable[[str, object], None]
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip


def unfolded(ics: str) -> dict[str, str]:
    """An iCalendar file read by nobody's library: RFC 5545 by hand. Properties of the first event."""
    lines = re.sub(r"\r\n[ \t]", "", ics).split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    event = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in event}


def test_a_real_mail_server_takes_them_and_they_read_back(
    context: object, tmp_path_factory: pytest.TempPathFactory, record_property: Property
) -> None:
    words = compiled_words(tmp_path_factory.mktemp("words"))
    cycle = factories.cycle(name_en="Assessment – first half", name_fr="Évaluation – premier semestre")
    for number in range(10):
        world(cycle, name=f"Société n° {number} « Été » & Söhne")
    queue_due(MOMENT, base_url="https://tracker.example")
    with postfix() as box:
        office = PostOffice(
            SmtpSender(server_of(box.url)), "https://tracker.example", "no-reply@tracker.example", words, "s" * 32
        )
        outcomes = send_due(MOMENT, office)
        assert outcomes == {"sent": 20}, outcomes
        raw = box.mails(20)
    sent = {row.message_id: row for row in messages()}
    languages = set()
    for one in raw:
        assert b"List-Unsubscribe: <https" in one, "neither folded nor encoded"
        mail = message_from_bytes(one, policy=default)
        assert isinstance(mail, EmailMessage)
        row = sent.pop(str(mail["Message-ID"]))
        languages.add(_check(mail, row))
    assert sent == {}
    record_property("result", f"{len(raw)} mails accepted by Postfix and read back in {len(languages)} languages")
    assert languages == {"en", "fr"}


def _check(mail: EmailMessage, row: Any) -> str:
    """Headers, both parts and the calendar of one mail."""
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == row.language
    assert re.fullmatch(r"<https://tracker\.example/mail/stop/\d+-[0-9a-f]{40}>", str(mail["List-Unsubscribe"]))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Subject"] == row.data["subject"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "« Été » & Söhne" in plain.get_content()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html.get_content())
    assert tree.get("lang") == row.language
    assert "« Été » & Söhne" in "".join(tree.itertext())
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "dates.ics")
    assert attached.get_param("method") == "PUBLISH"
    payload = attached.get_payload(decode=True)
    assert isinstance(payload, bytes)
    event = unfolded(payload.decode())
    assert event["DTSTART"] == "20260930"
    assert event["DTEND"] == "20261001"
    assert event["UID"].startswith("participation-")
    assert "Été » & Söhne" in event["SUMMARY"]
    return str(row.language)


EVIL = ["\r\nBcc: x@y.example", "\n\nbody", "\r\n\r\n<script>", "\0", "\x85Bcc: a@b.example", "\u2028X: y", "=?utf-8?q?=0D=0A?=",
        "a\rb", "\x0bX:1", "\x0cX:1", "%0d%0aBcc:x", "<>@,;:\\\"", "é\u202e\r\nTo: z@z.example"]  # fmt: skip


def test_nothing_typed_adds_a_header_or_a_recipient(
    tmp_path_factory: pytest.TempPathFactory, record_property: Property
) -> None:
    """Two hundred hostile names of people, companies and cycles, and addresses; through the whole mail."""
    chance = random.Random(SEED)
    words, broken = compiled_words(tmp_path_factory.mktemp("words")), 0
    for number in range(200):
        bad = [chance.choice(EVIL) + chance.choice(["", "Name"]) + chance.choice(EVIL) for _ in range(4)]
        envelope = Envelope(
            to_name=f"Zoë {bad[0]}",
            to_address="zoe@company.example",
            from_address="no-reply@tracker.example",
            language=chance.choice(["en", "fr"]),
            message_id=f"<{number}@tracker.example>",
            date=dt.datetime(2027, 4, 23, tzinfo=dt.UTC),
            base_url="https://tracker.example",
            words=words,
            stop="https://tracker.example/mail/stop/1-" + "a" * 40,
        )
        cycle = dataclasses.replace(SOON.cycle, en=f"Cycle{bad[1]}", fr=f"Cycle{bad[2]}")
        mail = reminder(envelope, [dataclasses.replace(SOON, company=f"Company{bad[3]}", cycle=cycle)])
        parsed = message_from_bytes(build(mail).as_bytes(), policy=default)
        addresses = [address.addr_spec for address in parsed["To"].addresses]
        broken += parsed.keys() != HEADERS or addresses != ["zoe@company.example"] or "<script>" in mail.html
    record_property("result", f"{broken} of 200")
    assert broken == 0


def test_following_every_link_three_times_changes_nothing(app: Flask, record_property: Property) -> None:
    """Programs that look at mails open every link before a person does: GET and HEAD, three times, of every link."""
    world()
    queue_due(MOMENT, base_url="https://tracker.example")
    secret = app.extensions["settings"].secret_key
    sender = Kept()
    send_due(MOMENT, PostOffice(sender, "https://tracker.example", "no-reply@tracker.example", secret=secret))
    links = sorted({link for mail in sender.mails for link in _links(mail)})
    kinds = {urlsplit(link).path.split("/")[1] for link in links}
    assert {"account", "assessments", "mail"} <= kinds, links
    before = _everything()
    browser = FlaskClient(app, app.response_class)
    asked = 0
    for link in links:
        for _ in range(3):
            for method in ("GET", "HEAD"):
                parts = urlsplit(link)
                answer = browser.open(parts.path + (f"?{parts.query}" if parts.query else ""), method=method)
                assert answer.status_code in (200, 302), link
                asked += 1
    record_property("result", f"{len(links)} links, {asked} requests, nothing changed")
    assert _everything() == before


class Kept:
    def __init__(self) -> None:
        self.mails: list[Any] = []

    def send(self, mail: Any) -> None:
        self.mails.append(mail)

    def rest(self) -> None:
        pass


def _links(mail: Any) -> set[str]:
    headers = dict(mail.headers)
    found = set(re.findall(r"https://[^\s<>\"]+", f"{mail.text} {mail.html} {headers.get('List-Unsubscribe', '')}"))
    calendar = mail.calendar.decode().replace("\r\n ", "") if mail.calendar else ""
    return found | set(re.findall(r"URL:(https://\S+)", calendar))


def _everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    with db.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        metadata = MetaData()
        metadata.reflect(connection)
        return {name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in names}
