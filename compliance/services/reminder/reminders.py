"""Recording the reminders that have come due and gathering them into messages. `outbox` beside it sends them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from compliance.domain.messages import MessageState
from compliance.domain.reminder_rules import Due, Timetable, due, next_moment
from compliance.domain.reminders import NOTICE
from compliance.domain.working_time import Rhythm, end_of_day, next_open, sending_moment
from compliance.services import audit
from compliance.services.reminder.sources import SOURCES, Loaded, Round
from compliance.services.reminder.work_calendars import calendar_of
from compliance.services.transaction import looking, writing
from compliance.storage.bulk import insert_missing
from compliance.storage.models import Message, Reminder
from compliance.storage.queries import reminder_people as people
from compliance.storage.queries import reminders as queries

#: Every subject is looked at this often, whatever its plan says: somebody may have joined, or wants less mail now.
LOOK_AGAIN: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Queued:
    """What a round recorded: reminders that go, reminders that are recorded as not going, new messages."""

    reminders: int = 0
    skipped: int = 0
    messages: int = 0
    faults: tuple[str, ...] = ()  # cycles whose plan cannot be used


@dataclass(slots=True)
class _Found:
    """What a round has found before it takes the write lock."""

    due: list[Due] = field(default_factory=list)
    watch: list[dict[str, Any]] = field(default_factory=list)
    faults: tuple[str, ...] = ()


def queue_due(now: dt.datetime, *, base_url: str) -> Queued:
    """Record every reminder that has come due and gather what waits into messages, in one transaction.

    What is due is found before the write lock is taken: most rounds find nothing, and a round over many companies must
    not make people wait who save an answer. What changes in between is caught by the unique key and by the last look
    before sending.
    """
    with looking() as session:
        found = _find(session, now)
        if not found.due and not found.watch and not queries.has_ready(session, now):
            return Queued(faults=found.faults)
    with writing() as session:
        counts = _record(session, found.due, now)
        queries.watch(session, found.watch)
        messages = _gather(session, now, base_url)
        for about, count in sorted(counts.items()):
            audit.record(session, None, "reminders.queue", f"reminders:{about}", now=now, after=dict(count))
    total = sum(counts.values(), Counter())
    return Queued(total["queued"], total["skipped"], messages, found.faults)


def _find(session: Session, now: dt.datetime) -> _Found:
    """What is due about everything whose time to be looked at has come. Most rounds look at nothing."""
    found = _Found()
    round, timetable = Round(session, now), Timetable()
    for cycle in queries.open_cycles(session, now):
        round.plan_of(cycle)  # one that cannot be used is reported, whoever takes part
    for about, source in SOURCES.items():
        ids = queries.to_look_at(session, about, source.live(now), now)
        loaded = source.load(round, ids)
        recorded = queries.recorded(session, about, loaded.keys())
        for item in loaded.values():
            found.due += due(item.plan, [item.subject], recorded, now, timetable)
            found.watch.append(_watch(item, now, timetable))
    found.faults = tuple(f"{cycle}: {fault}" for cycle, fault in sorted(round.faults.items()))
    return found


def _watch(item: Loaded, now: dt.datetime, timetable: Timetable) -> dict[str, Any]:
    subject = item.subject
    moment = next_moment(item.plan, subject, now, timetable)
    return {
        "subject_type": subject.type.value,
        "subject_id": subject.id,
        "company_id": subject.company_id,
        "began_at": subject.began_at,
        "due_on": subject.due_on,
        "next_at": min(moment, now + LOOK_AGAIN) if moment else now + LOOK_AGAIN,
    }


def _record(session: Session, found: Iterable[Due], now: dt.datetime) -> Mapping[str, Counter[str]]:
    """Insert what is not recorded yet; how many rows were, by what they are about."""
    rows = [
        {
            **line.key._asdict(),
            "company_id": line.company_id,
            "kind": line.kind,
            "created_at": now,
            "go_at": line.go_at,
            "dropped_reason": line.why_not or "",
        }
        for line in sorted(found, key=lambda line: line.key)
    ]
    counts: dict[str, Counter[str]] = {}
    inserted = insert_missing(session, Reminder, rows, Reminder.subject_type, Reminder.dropped_reason)
    for row in inserted:
        counts.setdefault(row.subject_type, Counter())["skipped" if row.dropped_reason else "queued"] += 1
    return counts


def _gather(session: Session, now: dt.datetime, base_url: str) -> int:
    """Put what waits into messages: a notice into one of its own, reminders into the one mail of the person's day.

    Whoever gets a mail today gets everything in it that waits. What may not go now, because it is night, a day off, or
    the day's mail has left already, waits for the next working day.
    """
    waiting = queries.ready_to_gather(session, now)
    places = people.places(session, {row.recipient_key for row in waiting})
    letters, until = _letters(waiting, places, now)
    rows = [letter.row(now, base_url) for letter in letters]
    inserted = insert_missing(session, Message, rows, Message.id, Message.message_id)
    ids = {row.message_id: row.id for row in inserted}
    days = {letter.day for letter in letters if letter.day}
    taken = queries.untouched_messages(session, {letter.place.key for letter in letters if letter.day}, days)
    by_day = {(row.recipient_key, row.kind, row.day): row.id for row in taken}
    carried: dict[int, int] = {}
    for letter, row in zip(letters, rows, strict=True):
        id = ids.get(row["message_id"]) or by_day.get((letter.place.key, letter.kind, letter.day))
        if id is not None:
            carried |= dict.fromkeys(letter.reminder_ids, id)
        else:
            until |= dict.fromkeys(letter.reminder_ids, _tomorrow(letter.place, now))
    queries.attach(session, carried)
    queries.hold_back(session, until)
    return len(inserted)


@dataclass(slots=True)
class _Letter:
    """A message to be: to whom, of which kind and day, with which reminders."""

    place: people.Place
    kind: str
    day: dt.date | None
    reminder_ids: list[int]

    def row(self, now: dt.datetime, base_url: str) -> dict[str, Any]:
        return message_row(self.place, self.kind, self.day, now, base_url)


def _letters(
    waiting: Sequence[queries.WaitingRow], places: Mapping[str, people.Place], now: dt.datetime
) -> tuple[list[_Letter], dict[int, dt.datetime]]:
    """The messages to be, in the order in which they are written, and what has to wait until when."""
    notices: list[_Letter] = []
    daily: dict[str, _Letter] = {}
    until: dict[int, dt.datetime] = {}
    for row in waiting:
        place = places[row.recipient_key]
        if row.kind == NOTICE:
            notices.append(_Letter(place, NOTICE, None, [row.id]))
            continue
        calendar = calendar_of(place.time_zone, place.country, now)
        moment = sending_moment(now, calendar, Rhythm.IMMEDIATE, deadline=_deadline(row.due_on, calendar.zone, now))
        if moment > now:
            until[row.id] = max(moment, row.go_at)
            continue
        day = now.astimezone(calendar.zone).date()
        daily.setdefault(place.key, _Letter(place, row.kind, day, [])).reminder_ids.append(row.id)
    return [*notices, *(daily[key] for key in sorted(daily))], until


def _deadline(due_on: dt.date, zone: Any, now: dt.datetime) -> dt.datetime | None:
    over = end_of_day(due_on, zone)
    return over if now < over else None


def _tomorrow(place: people.Place, now: dt.datetime) -> dt.datetime:
    """When work begins again after today, where the person is."""
    calendar = calendar_of(place.time_zone, place.country, now)
    return next_open(end_of_day(now.astimezone(calendar.zone).date(), calendar.zone), calendar)


def message_row(
    place: people.Place, kind: str, day: dt.date | None, now: dt.datetime, base_url: str, **data: object
) -> dict[str, Any]:
    """A queued message as a row to insert."""
    user_id, contact_id = people.ids_of(place.key)
    return {
        "recipient_key": place.key,
        "recipient_id": user_id,
        "contact_id": contact_id,
        "kind": kind,
        "day": day,
        "language": place.language,
        "state": MessageState.QUEUED,
        "created_at": now,
        "not_before": now,
        "data": data,
        "message_id": new_message_id(base_url),
    }


def new_message_id(base_url: str) -> str:
    """A Message-ID that nobody else makes, under the site's own host name."""
    return f"<{secrets.token_hex(16)}@{urlsplit(base_url).hostname or 'localhost'}>"
