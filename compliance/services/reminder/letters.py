"""What a message says and when it may go: from rows to the plain values of a mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from compliance.domain.reminders import ACCOUNT, REMINDER
from compliance.domain.text import language_of
from compliance.domain.working_time import Rhythm, end_of_day, sending_moment
from compliance.mail.mails import Mail
from compliance.mail.messages import Envelope, account, reminder
from compliance.mail.rendering import WORDS
from compliance.mail.senders import Sender, sender_for
from compliance.services.account.mails import link_of
from compliance.services.reminder.last_look import last_look
from compliance.services.reminder.mail_preferences import stop_path
from compliance.services.reminder.work_calendars import calendar_of
from compliance.storage.models import Message
from compliance.storage.queries import outbox as queries
from compliance.storage.queries import reminder_people as people
from compliance.storage.queries.reminders import put_back


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending needs to know about this installation."""

    sender: Sender
    base_url: str
    from_address: str
    words: Path = WORDS
    secret: str = ""  # signs the links that end mails; without one there are none


def post_office(mail_url: str, base_url: str, from_address: str = "", secret: str | None = None) -> PostOffice:
    """The post office of the settings; without an address of its own it writes as no-reply of the site's host."""
    host = urlsplit(base_url).hostname or "localhost"
    return PostOffice(
        sender_for(mail_url), base_url.rstrip("/"), from_address or f"no-reply@{host}", WORDS, secret or ""
    )


def letter_of(
    session: Session, message: Message, office: PostOffice, now: dt.datetime
) -> tuple[Callable[[], Mail] | None, str]:
    """How to write the mail of a message, or None and the reason why it does not go.

    Reminders that are no longer wanted are dropped from it; those of a paused company are put back to wait.
    """
    envelope = envelope_of(message, office, now)
    if envelope is None:
        return None, "left"
    if message.kind == ACCOUNT:
        link = link_of(session, message, now)
        words = message.data.get("words", {})
        return partial(account, envelope, message.data["purpose"], link, words), ""
    look = last_look(session, message.reminders, now)
    for item, why in look.dropped:
        item.dropped_reason = why
    if look.held:
        put_back(session, [item.id for item in look.held], now)
    if not look.waiting:
        reasons = {str(why) for _, why in look.dropped} | ({"paused"} if look.held else set())
        return None, ", ".join(sorted(reasons)) or "empty"
    if message.kind == REMINDER and office.secret:
        envelope = replace(envelope, stop=f"{office.base_url}{stop_path(message, office.secret)}")
    return partial(reminder, envelope, look.waiting), ""


def envelope_of(message: Message, office: PostOffice, now: dt.datetime) -> Envelope | None:
    """To whom a message goes, loaded with its recipient; None for somebody who has left."""
    recipient = message.user or message.contact
    if recipient is None or (message.contact is not None and message.contact.ended_at is not None):
        return None
    return Envelope(
        to_name=recipient.name,
        to_address=message.data.get("to") or recipient.email,
        from_address=office.from_address,
        language=language_of(message.language),
        message_id=message.message_id,
        date=now,
        base_url=office.base_url,
        words=office.words,
    )


def held_until(session: Session, message: Message, now: dt.datetime) -> dt.datetime | None:
    """When a reminder may go that must not go now, because nobody works where it goes; None when it may.

    It is never held beyond the end of a day that it announces.
    """
    if message.kind != REMINDER or message.data.get("at_once"):
        return None
    place = people.places(session, [message.recipient_key]).get(message.recipient_key)
    if place is None:
        return None
    calendar = calendar_of(place.time_zone, place.country, now)
    if calendar.is_open(now):
        return None
    days = (end_of_day(item.due_on, calendar.zone) for item in message.reminders)
    deadline = min((moment for moment in days if moment > now), default=None)
    moment = sending_moment(now, calendar, Rhythm.IMMEDIATE, deadline=deadline)
    return moment if moment > now else None


def postpone(session: Session, message: Message, moment: dt.datetime) -> None:
    """Let a message wait. One that moves to another day takes that day's place, so that there is one a day."""
    message.not_before = moment
    if message.day is None:
        return
    place = people.places(session, [message.recipient_key]).get(message.recipient_key)
    if place is None:
        return
    day = moment.astimezone(calendar_of(place.time_zone, place.country, moment).zone).date()
    if day > message.day and not queries.has_message(session, message.recipient_key, message.kind, day):
        message.day = day
