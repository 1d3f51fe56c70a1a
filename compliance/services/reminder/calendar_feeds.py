"""A person's calendar address: the last days of all that waits for them, for a calendar program that cannot sign in.

The address holds a secret of which only the hash is kept. It can be ended, and a new one ends the one before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from pathlib import Path

from sqlalchemy import select

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.reminders import About
from compliance.mail.calendars import calendar
from compliance.mail.messages import Envelope, entry_of
from compliance.mail.rendering import WORDS, site_name
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.reminder.sources import SOURCES, Round
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import CalendarFeed
from compliance.storage.queries import mail_preferences as queries
from compliance.storage.queries.reminder_people import companies_of_user, user_key


def has_address(actor: Actor) -> bool:
    require(actor, Permission.OWN_ACCOUNT)
    return queries.current_feed(reading(), actor.user_id) is not None


def new_address(actor: Actor, *, now: dt.datetime) -> str:
    """A new address for the person, as the path of its file; an older one ends. It is told once and never again."""
    require(actor, Permission.OWN_ACCOUNT)
    token = secrets.token_urlsafe(32)
    with writing() as session:
        queries.end_feeds(session, actor.user_id, now)
        session.add(CalendarFeed(user_id=actor.user_id, token_sha256=_hash(token), created_at=now))
        audit.record(session, actor, "calendar.open", user_key(actor.user_id), now=now)
    return f"/calendar/{token}.ics"


def end_address(actor: Actor, *, now: dt.datetime) -> None:
    """End the person's address: whoever has it sees nothing from now on."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        queries.end_feeds(session, actor.user_id, now)
        audit.record(session, actor, "calendar.end", user_key(actor.user_id), now=now)


def calendar_file(token: str, *, base_url: str, now: dt.datetime, words: Path = WORDS) -> bytes:
    """The calendar behind an address, in the language of its person. Raises NotFound for an address that is none."""
    with looking() as session:
        user = queries.reader_of(session, _hash(token))
        if user is None:
            raise NotFound("this calendar")
        key, round = user_key(user.id), Round(session, now)
        envelope = Envelope("", "", "", user.language, "", now, base_url, words)
        companies = companies_of_user(user.id)
        entries = []
        for about, source in SOURCES.items():
            if about is About.DIGEST:
                continue
            ids = session.scalars(source.of_companies(select(companies.c.id), now)).all()
            for item in source.load(round, ids).values():
                recipient = item.subject.recipient(key)
                if recipient is not None and item.subject.stopped is None:
                    entries.append(entry_of(item.waiting(now, recipient.parts, notice=False), envelope))
    return calendar(entries, now=now, name=site_name(user.language, words))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
