"""What people want to hear, and the addresses of their calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.storage.models import CalendarFeed, MailPreference, Message, User


def of_recipient(session: Session, recipient_key: str) -> Mapping[str, str]:
    """What a person has chosen, by topic."""
    query = select(MailPreference.about, MailPreference.rhythm).where(MailPreference.recipient_key == recipient_key)
    return {row.about: row.rhythm for row in session.execute(query)}


def keep(session: Session, recipient_key: str, wanted: Mapping[str, str], now: dt.datetime) -> None:
    """Write what a person has chosen."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(MailPreference)
    changed = {"rhythm": statement.excluded.rhythm, "updated_at": statement.excluded.updated_at}
    rows = [
        {"recipient_key": recipient_key, "about": str(about), "rhythm": str(rhythm), "updated_at": now}
        for about, rhythm in sorted(wanted.items())
    ]
    session.execute(statement.on_conflict_do_update(index_elements=["recipient_key", "about"], set_=changed), rows)


def message(session: Session, id: int) -> Message | None:
    """A message with its recipient and its reminders."""
    return session.scalars(
        select(Message)
        .where(Message.id == id)
        .options(joinedload(Message.user), joinedload(Message.contact), selectinload(Message.reminders))
    ).one_or_none()


def current_feed(session: Session, user_id: int) -> CalendarFeed | None:
    return session.scalars(
        select(CalendarFeed).where(CalendarFeed.user_id == user_id, CalendarFeed.ended_at.is_(None))
    ).one_or_none()


def end_feeds(session: Session, user_id: int, now: dt.datetime) -> None:
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.user_id == user_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=now)
    )


def reader_of(session: Session, token_sha256: str) -> User | None:
    """Whose calendar an address shows, by the hash of its secret; None for one that has ended or a closed account."""
    return session.scalars(
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_sha256 == token_sha256, CalendarFeed.ended_at.is_(None), User.active)
    ).one_or_none()


def newest(session: Session, recipient_key: str, limit: int) -> Sequence[Message]:
    """The newest messages to a person."""
    query = select(Message).where(Message.recipient_key == recipient_key).order_by(Message.id.desc()).limit(limit)
    return session.scalars(query).all()
