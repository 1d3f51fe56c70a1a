"""What the product writes to people: functions from plain values to a Mail.

A mail says that something waits, for which company and until when; never what was answered, found or planned. Its
links lead to pages behind the sign-in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from compliance.mail.calendars import Entry, calendar
from compliance.mail.mails import NAME_LIMIT, Mail, one_line
from compliance.mail.rendering import WORDS, entry_words, render
from compliance.mail.waiting import Waiting

#: The most things that one mail lists; the pages behind the sign-in list the rest.
MOST_LINES: Final = 40


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every mail needs besides its content. `message_id` stays the same from attempt to attempt."""

    to_name: str
    to_address: str
    from_address: str
    language: str
    message_id: str
    date: dt.datetime
    base_url: str
    words: Path = WORDS
    stop: str = ""  # the address that ends mails of this kind; "" where they cannot be ended


def reminder(envelope: Envelope, waiting: Sequence[Waiting]) -> Mail:
    """Everything that waits for one person, the most urgent first."""
    everything = in_order(waiting)
    lines, more = everything[:MOST_LINES], len(everything[MOST_LINES:])
    mail = _mail("reminder", envelope, waiting=lines, more=more, stop=envelope.stop)
    headers = (
        (("List-Unsubscribe", f"<{envelope.stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        if envelope.stop
        else ()
    )
    return replace(mail, headers=headers, calendar=calendar_of_mail(lines, envelope))


def calendar_of_mail(waiting: Sequence[Waiting], envelope: Envelope) -> bytes | None:
    """The last days of what waits as an attachment; None when there is none that is still to come."""
    entries = [entry_of(item, envelope) for item in waiting if item.about != "digest" and not item.overdue]
    return calendar(entries, method="PUBLISH", now=envelope.date) if entries else None


def entry_of(item: Waiting, envelope: Envelope) -> Entry:
    """A line of a mail as an entry of a calendar."""
    title, text = entry_words(item, envelope.language, envelope.words)
    host = urlsplit(envelope.base_url).hostname or "localhost"
    return Entry(
        id=f"{item.about.value}-{item.subject_id}@{host}",
        day=item.due_on,
        title=title,
        text=text,
        address="" if item.reader == "executive" else f"{envelope.base_url}{item.path}",
    )


def account(envelope: Envelope, purpose: str, link: str, words: Mapping[str, str]) -> Mail:
    """A mail about the person's own account; `link` is a path of the site or ""."""
    return _mail(f"account_{purpose}", envelope, link=f"{envelope.base_url}{link}" if link else "", **words)


def trial(envelope: Envelope) -> Mail:
    """The mail that shows that mail goes out."""
    return _mail("trial", envelope)


def in_order(waiting: Sequence[Waiting]) -> list[Waiting]:
    """The lines of a mail: the earliest date first, equal ones as one line with their number."""
    found: dict[tuple[object, ...], Waiting] = {}
    for item in sorted(waiting, key=lambda item: (item.due_on, item.company, item.cycle.en, item.about)):
        place = (item.about, item.company, item.cycle, item.due_on, item.reader)
        known = found.get(place)
        found[place] = replace(known, count=known.count + 1) if known else item
    return list(found.values())


def _mail(name: str, envelope: Envelope, **values: object) -> Mail:
    to_name = one_line(envelope.to_name, NAME_LIMIT)
    rendered = render(name, envelope.language, envelope.words, name=to_name, base_url=envelope.base_url, **values)
    return Mail(
        to_name=to_name,
        to_address=envelope.to_address,
        from_name=rendered.from_name,
        from_address=envelope.from_address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=envelope.language,
        message_id=envelope.message_id,
        date=envelope.date,
    )
