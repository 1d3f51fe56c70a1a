"""What the product writes to people: functions from plain values to a Mail.

A mail says that something waits, for which company and until when; never what was answered, found or planned. Its
links lead to pages behind the sign-in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from compliance.domain.text import Text
from compliance.mail.mails import NAME_LIMIT, Mail, one_line
from compliance.mail.rendering import WORDS, render


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person: the assessment of a company in a cycle."""

    company: str
    cycle: Text
    due_on: dt.date
    zone: ZoneInfo
    overdue: bool


def reminder(envelope: Envelope, waiting: Sequence[Waiting]) -> Mail:
    """Everything that waits for one person, the earliest date first."""
    in_order = sorted(waiting, key=lambda item: (item.due_on, item.company, item.cycle.en))
    return _mail("reminder", envelope, waiting=in_order)


def trial(envelope: Envelope) -> Mail:
    """The mail that shows that mail goes out."""
    return _mail("trial", envelope)


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
