"""Reminders and messages: what waits for whom, what was recorded, and what is ready to go.

Not scoped to a person: the schedule works for everybody. Only `services/reminders` and `services/outbox` read these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from compliance.domain.messages import MessageState
from compliance.domain.permissions import OrganisationKind
from compliance.domain.reminders import PARTICIPATION, Key
from compliance.storage.database import Model
from compliance.storage.models import (
    Assessment,
    Cycle,
    Heartbeat,
    Membership,
    Message,
    Organisation,
    Participation,
    Reminder,
    User,
)
from compliance.storage.queries.due import DUE_ON

T = TypeVar("T")

#: SQLite takes a limited number of values in one statement.
_ROWS_AT_ONCE = 1_000


class ParticipationRow(NamedTuple):
    """A company in a cycle, as much as a reminder needs to know."""

    id: int
    cycle_id: int
    company_id: int
    company: str
    time_zone: str
    invitation: str
    due_on: dt.date
    state: str | None


def open_cycles(session: Session, now: dt.datetime) -> Sequence[Cycle]:
    """The cycles that are not closed."""
    still_open = or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date())
    return session.scalars(select(Cycle).where(still_open).order_by(Cycle.id)).all()


def participations(session: Session, which: ColumnElement[bool]) -> Sequence[ParticipationRow]:
    """The companies in cycles that meet the condition, with the state of their assessment."""
    query = (
        select(
            Participation.id,
            Participation.cycle_id,
            Participation.company_id,
            Organisation.name,
            Organisation.time_zone,
            Participation.invitation,
            DUE_ON,
            Assessment.state,
        )
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(
            Assessment,
            and_(
                Assessment.cycle_id == Participation.cycle_id,
                Assessment.company_id == Participation.company_id,
            ),
        )
        .where(which)
        .order_by(Participation.id)
    )
    return [ParticipationRow(*row) for row in session.execute(query)]


def current_roles(session: Session, which: ColumnElement[bool]) -> Sequence[Row[int, int, str]]:
    """Company, person and role of everyone who has not left the companies of the participations that meet `which`."""
    companies = select(Participation.company_id).where(which)
    return session.execute(
        select(Membership.organisation_id, Membership.user_id, Membership.role)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id.in_(companies),
            Membership.ended_at.is_(None),
            Organisation.kind == OrganisationKind.COMPANY,
            User.active,
        )
        .order_by(Membership.organisation_id, Membership.user_id)
    ).all()


def in_cycles(cycle_ids: Collection[int]) -> ColumnElement[bool]:
    return Participation.cycle_id.in_(cycle_ids)


def with_ids(participation_ids: Collection[int]) -> ColumnElement[bool]:
    return Participation.id.in_(participation_ids)


def recorded(session: Session, cycle_ids: Collection[int]) -> set[Key]:
    """What is recorded for the present due dates of the cycles' companies, sent or not."""
    rows = session.execute(
        select(
            Reminder.subject_type,
            Reminder.subject_id,
            Reminder.stage,
            Reminder.occurrence,
            Reminder.due_on,
            Reminder.recipient_id,
        )
        .join(Participation, and_(Reminder.subject_type == PARTICIPATION, Reminder.subject_id == Participation.id))
        .join(Cycle, and_(Cycle.id == Participation.cycle_id, Reminder.due_on == DUE_ON))
        .where(in_cycles(cycle_ids))
    )
    return {Key(*row) for row in rows}


def insert_missing(
    session: Session, table: type[Model], rows: Sequence[Mapping[str, Any]], *returning: InstrumentedAttribute[Any]
) -> Sequence[Row[Any]]:
    """Insert the rows whose unique keys are not taken; the `returning` columns of those that were inserted.

    Another worker may be inserting the same rows. The unique key decides, and PostgreSQL makes the second one wait:
    give the rows in a stable order, or two workers wait for each other.
    """
    if not rows:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing().returning(*returning)  # type: ignore[arg-type]
    return session.connection().execute(statement, rows).all()


def waiting_reminders(session: Session) -> Sequence[Row[Reminder, str, str]]:
    """Reminders that no message carries yet, with the company's time zone and the recipient's language."""
    return session.execute(
        select(Reminder, Organisation.time_zone, User.language)
        .join(Organisation, Organisation.id == Reminder.company_id)
        .join(User, User.id == Reminder.recipient_id)
        .where(Reminder.message_id.is_(None), Reminder.dropped_reason == "")
        .order_by(Reminder.recipient_id, Reminder.id)
    ).all()


def untouched_messages(
    session: Session, recipient_ids: Collection[int], days: Collection[dt.date]
) -> Sequence[Row[int, int, str, dt.date | None]]:
    """Messages of the days that no worker has ever claimed, locked: id, recipient, kind and day.

    One that was claimed once may have reached the recipient under its Message-ID, so nothing is added to it.
    """
    found: list[Row[int, int, str, dt.date | None]] = []
    for some in _batches(sorted(recipient_ids)):
        query = (
            select(Message.id, Message.recipient_id, Message.kind, Message.day)
            .where(
                Message.recipient_id.in_(some),
                Message.day.in_(days),
                Message.state == MessageState.QUEUED,
                Message.attempts == 0,
            )
            .order_by(Message.id)
            .with_for_update()
        )
        found.extend(session.execute(query))
    return found


def has_waiting_reminders(session: Session) -> bool:
    waiting = exists().where(Reminder.message_id.is_(None), Reminder.dropped_reason == "")
    return bool(session.scalar(select(waiting)))


def history(session: Session, cycle_id: int) -> Mapping[Key, str]:
    """What became of each reminder of a cycle: the reason if it was dropped, or the state of its message."""
    rows = session.execute(
        select(Reminder, Message.state)
        .join(Participation, and_(Reminder.subject_type == PARTICIPATION, Reminder.subject_id == Participation.id))
        .outerjoin(Message, Message.id == Reminder.message_id)
        .where(Participation.cycle_id == cycle_id)
    )
    return {key_of(reminder): reminder.dropped_reason or state or MessageState.QUEUED for reminder, state in rows}


def key_of(reminder: Reminder) -> Key:
    return Key(*(getattr(reminder, name) for name in Key._fields))


def addresses(session: Session, which: ColumnElement[bool]) -> Mapping[int, str]:
    """The addresses of everyone who has a role in the companies of the participations that meet `which`, by person."""
    companies = select(Participation.company_id).where(which)
    query = select(User.id, User.email).join(Membership).where(Membership.organisation_id.in_(companies))
    return {row.id: row.email for row in session.execute(query)}


def attach(session: Session, message_of: Mapping[int, int]) -> None:
    """Give each reminder (by id) the message that carries it."""
    if message_of:
        rows = [{"id": reminder, "message_id": message} for reminder, message in message_of.items()]
        session.execute(update(Reminder), rows)


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
        .options(joinedload(Message.recipient), selectinload(Message.reminders))
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


def cycles_of(session: Session, which: ColumnElement[bool]) -> Sequence[Cycle]:
    """The cycles of the participations that meet `which`."""
    return session.scalars(select(Cycle).where(Cycle.id.in_(select(Participation.cycle_id).where(which)))).all()


def beat(session: Session, name: str, at: dt.datetime) -> None:
    """Write when the scheduler `name` did its last round."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Heartbeat).values(name=name, beat_at=at)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"beat_at": at}))


def last_beat(session: Session, name: str) -> dt.datetime | None:
    return session.scalars(select(Heartbeat.beat_at).where(Heartbeat.name == name)).one_or_none()


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _ROWS_AT_ONCE):
        yield items[start : start + _ROWS_AT_ONCE]
