"""What became of reminders and messages, for the pages that show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from compliance.domain.reminders import Key
from compliance.storage.models import Message, Participation, Reminder
from compliance.storage.queries.reminders import batches


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of a reminder: the reason if it was dropped, else its message and when that goes or went."""

    dropped_reason: str
    state: str | None
    at: dt.datetime | None
    message_id: int | None
    error: str

    def standing(self, paused: bool) -> str:
        waiting = "paused" if paused else "waiting"
        return self.dropped_reason or self.state or waiting


def companies_in(cycle_id: int) -> Select[int]:
    return select(Participation.company_id).where(Participation.cycle_id == cycle_id)


def history(session: Session, about: str, subject_ids: Collection[int]) -> Mapping[Key, Record]:
    """What became of each reminder of the subjects."""
    columns = [getattr(Reminder, name) for name in Key._fields]
    what = (Reminder.dropped_reason, Message.state, Message.sent_at, Message.not_before, Reminder.go_at)
    found: dict[Key, Record] = {}
    for some in batches(sorted(subject_ids)):
        query = (
            select(*columns, *what, Message.id, Message.last_error)
            .outerjoin(Message, Message.id == Reminder.message_id)
            .where(Reminder.subject_type == about, Reminder.subject_id.in_(some))
        )
        for row in session.execute(query):
            dropped, state, sent_at, not_before, go_at, message_id, error = row[len(columns) :]
            at = sent_at or not_before or go_at
            found[Key(*row[: len(columns)])] = Record(dropped, state, at, message_id, error or "")
    return found
