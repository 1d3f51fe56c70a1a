"""Reminders: which subjects have to be looked at, what was recorded, and what waits to be gathered.

Not scoped to a person: the schedule works for everybody. Only services about reminders and the outbox read these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row, Select, and_, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from compliance.domain.messages import MessageState
from compliance.domain.reminders import Key
from compliance.storage.models import Cycle, Message, Reminder, ReminderPause, ReminderWatch

T = TypeVar("T")

#: SQLite takes a limited number of values in one statement.
_ROWS_AT_ONCE = 1_000


class WaitingRow(NamedTuple):
    """A reminder that no message carries yet."""

    id: int
    recipient_key: str
    kind: str
    due_on: dt.date
    go_at: dt.datetime


def open_cycles(session: Session, now: dt.datetime) -> Sequence[Cycle]:
    """The cycles that are not closed."""
    still_open = or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date())
    return session.scalars(select(Cycle).where(still_open).order_by(Cycle.id)).all()


def cycles(session: Session, ids: Collection[int]) -> Sequence[Cycle]:
    return session.scalars(select(Cycle).where(Cycle.id.in_(ids))).all()


def to_look_at(session: Session, about: str, live: Select[Any, Any, Any], now: dt.datetime) -> list[int]:
    """The ids of `live` (columns id, began_at and due_on) that no round has looked at, or whose time has come since."""
    subjects = live.subquery()
    watch = and_(ReminderWatch.subject_type == about, ReminderWatch.subject_id == subjects.c.id)
    query = (
        select(subjects.c.id)
        .outerjoin(ReminderWatch, watch)
        .where(
            or_(
                ReminderWatch.id.is_(None),
                ReminderWatch.next_at <= now,
                ReminderWatch.due_on != subjects.c.due_on,
                ReminderWatch.began_at != subjects.c.began_at,
            )
        )
        .order_by(subjects.c.id)
    )
    return list(session.scalars(query))


def watch(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write when each subject is to be looked at next."""
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ReminderWatch)
    changed = {name: statement.excluded[name] for name in ("began_at", "due_on", "next_at")}
    keys = ["subject_type", "subject_id"]
    for some in batches(sorted(rows, key=lambda row: (row["subject_type"], row["subject_id"]))):
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), some)


def wake(session: Session, company_ids: Collection[int] | None, now: dt.datetime) -> None:
    """Let the next round look at everything of the companies again; None is every company."""
    statement = update(ReminderWatch).values(next_at=now)
    if company_ids is not None:
        statement = statement.where(ReminderWatch.company_id.in_(company_ids))
    session.execute(statement)


def recorded(session: Session, about: str, subject_ids: Collection[int]) -> set[Key]:
    """What is recorded for the subjects, sent or not."""
    columns = [getattr(Reminder, name) for name in Key._fields]
    found: set[Key] = set()
    for some in batches(sorted(subject_ids)):
        query = select(*columns).where(Reminder.subject_type == about, Reminder.subject_id.in_(some))
        found.update(Key(*row) for row in session.execute(query))
    return found


def has_ready(session: Session, now: dt.datetime) -> bool:
    """Is there a reminder that may be gathered at `now`?"""
    return bool(session.scalar(select(_waiting().where(Reminder.go_at <= now).exists())))


def _waiting() -> Select[int]:
    return select(Reminder.id).where(Reminder.message_id.is_(None), Reminder.dropped_reason == "")


def ready_to_gather(session: Session, now: dt.datetime) -> Sequence[WaitingRow]:
    """Everything that waits for the people who have something that may go at `now`.

    What is to be held back while a company is paused is left out. Whose turn it is is asked first: as a subquery it
    was a nested loop over all that waits wherever the database had no statistics yet.
    """
    ready = set(
        session.scalars(
            _waiting().with_only_columns(Reminder.recipient_key).where(Reminder.go_at <= now, _not_paused())
        )
    )
    if not ready:
        return []
    columns = (Reminder.id, Reminder.recipient_key, Reminder.kind, Reminder.due_on, Reminder.go_at)
    query = _waiting().with_only_columns(*columns).where(_not_paused()).order_by(Reminder.recipient_key, Reminder.id)
    return [WaitingRow(*row) for row in session.execute(query) if row.recipient_key in ready]


def _not_paused() -> Any:
    held = exists().where(
        ReminderPause.ended_at.is_(None),
        or_(ReminderPause.company_id.is_(None), ReminderPause.company_id == Reminder.company_id),
    )
    return or_(Reminder.kind != "reminder", ~held)


def pauses(session: Session) -> Sequence[int | None]:
    """The companies whose reminders are held now; None among them is everybody."""
    return session.scalars(select(ReminderPause.company_id).where(ReminderPause.ended_at.is_(None))).all()


def untouched_messages(
    session: Session, recipient_keys: Collection[str], days: Collection[dt.date]
) -> Sequence[Row[int, str, str, dt.date | None]]:
    """Messages of the days that no worker has ever claimed, locked: id, recipient, kind and day.

    One that was claimed once may have reached the recipient under its Message-ID, so nothing is added to it.
    """
    found: list[Row[int, str, str, dt.date | None]] = []
    for some in batches(sorted(recipient_keys)):
        query = (
            select(Message.id, Message.recipient_key, Message.kind, Message.day)
            .where(
                Message.recipient_key.in_(some),
                Message.day.in_(days),
                Message.state == MessageState.QUEUED,
                Message.attempts == 0,
            )
            .order_by(Message.id)
            .with_for_update()
        )
        found.extend(session.execute(query))
    return found


def attach(session: Session, message_of: Mapping[int, int]) -> None:
    """Give each reminder (by id) the message that carries it."""
    if message_of:
        rows = [{"id": reminder, "message_id": message} for reminder, message in message_of.items()]
        session.execute(update(Reminder), rows)


def hold_back(session: Session, until: Mapping[int, dt.datetime]) -> None:
    """Let each reminder (by id) wait until a later moment."""
    if until:
        session.execute(update(Reminder), [{"id": id, "go_at": moment} for id, moment in until.items()])


def put_back(session: Session, reminder_ids: Collection[int], go_at: dt.datetime) -> None:
    """Take reminders out of their message: they wait again."""
    session.execute(update(Reminder).where(Reminder.id.in_(reminder_ids)).values(message_id=None, go_at=go_at))


def key_of(reminder: Reminder) -> Key:
    return Key(*(getattr(reminder, name) for name in Key._fields))


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _ROWS_AT_ONCE):
        yield items[start : start + _ROWS_AT_ONCE]
