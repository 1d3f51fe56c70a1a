"""Messages of the outbox: what is ready to go, and the life of the schedule.

Not scoped to a person: the schedule works for everybody. Only services about reminders and the outbox read these.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.domain.messages import MessageState
from compliance.storage.models import Heartbeat, Message


def ready_message(session: Session, now: dt.datetime) -> Message | None:
    """A message that may go at `now`, locked: one that a worker left behind, else the one that has waited longest.

    On PostgreSQL other workers skip the locked row; on SQLite they wait for the write lock. Two queries, because each
    can follow an index to its first row; one with OR would sort the whole queue for every message.
    """
    left_behind = and_(Message.state == MessageState.CLAIMED, Message.lease_until <= now)
    queued = and_(Message.state == MessageState.QUEUED, Message.not_before <= now)
    return _first_unlocked(session, left_behind) or _first_unlocked(session, queued)


def _first_unlocked(session: Session, which: ColumnElement[bool]) -> Message | None:
    return session.scalars(
        select(Message)
        .where(which)
        .order_by(Message.not_before)  # and nothing else: this is the order of the index
        .limit(1)
        .options(joinedload(Message.user), joinedload(Message.contact), selectinload(Message.reminders))
        .with_for_update(skip_locked=True, of=Message)
    ).first()


def leased_message(session: Session, message_id: int, lease_until: dt.datetime) -> Message | None:
    """The message, locked, if this worker's lease on it still stands."""
    return session.scalars(
        select(Message)
        .where(
            Message.id == message_id,
            Message.state == MessageState.CLAIMED,
            Message.lease_until == lease_until,
        )
        .with_for_update()
    ).one_or_none()


def beat(session: Session, name: str, at: dt.datetime) -> None:
    """Write when the scheduler `name` did its last round."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Heartbeat).values(name=name, beat_at=at)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"beat_at": at}))


def last_beat(session: Session, name: str) -> dt.datetime | None:
    return session.scalars(select(Heartbeat.beat_at).where(Heartbeat.name == name)).one_or_none()


def has_message(session: Session, recipient_key: str, kind: str, day: dt.date) -> bool:
    """Does a person have a message of a kind on that day?"""
    query = select(Message.id).where(Message.recipient_key == recipient_key, Message.kind == kind, Message.day == day)
    return session.scalars(query).first() is not None
