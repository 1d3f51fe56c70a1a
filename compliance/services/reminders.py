"""Recording the reminders that have come due and gathering them into messages. Sending is `services/outbox`."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from compliance.domain.errors import NotFound
from compliance.domain.messages import MessageState
from compliance.domain.reminder_plans import BadPlan, load_plan
from compliance.domain.reminders import Due, Plan, Subject, due, earliest_day, outlook
from compliance.services import audit
from compliance.services.days import zone_of
from compliance.services.reminder_state import load
from compliance.services.transaction import looking, writing
from compliance.storage.models import Message, Reminder
from compliance.storage.queries import outbox as queries
from compliance.storage.queries.cycles import cycle_by_slug


@dataclass(frozen=True, slots=True)
class Queued:
    """What a round recorded: reminders that go, reminders that are recorded as not going, new messages."""

    reminders: int = 0
    skipped: int = 0
    messages: int = 0
    faults: tuple[str, ...] = ()  # cycles whose plan cannot be used


def queue_due(now: dt.datetime, *, base_url: str) -> Queued:
    """Record every reminder that has come due and gather what waits into messages, in one transaction.

    What is due is found before the write lock is taken: most rounds find nothing, and a round over many companies must
    not make people wait who save an answer. What changes in between is caught by the unique key and by the last look
    before sending.
    """
    with looking() as session:
        found, cycle_of, faults = _find_due(session, now)
        if not found and not queries.has_waiting_reminders(session):
            return Queued(faults=faults)
    with writing() as session:
        recorded = _record(session, found, now)
        messages = _gather(session, now, base_url)
        counts = _count(recorded, cycle_of)
        for cycle_id, count in sorted(counts.items()):
            audit.record(session, None, "reminders.queue", f"cycle:{cycle_id}", now=now, after=dict(count))
    total = sum(counts.values(), Counter())
    return Queued(total["queued"], total["skipped"], messages, faults)


def _find_due(session: Session, now: dt.datetime) -> tuple[list[Due], Mapping[int, int], tuple[str, ...]]:
    """What is due in all open cycles, the cycle of each participation, and the cycles whose plan is unusable."""
    plans: dict[int, Plan] = {}
    faults: list[str] = []
    cycles = {cycle.id: cycle for cycle in queries.open_cycles(session, now)}
    for cycle in cycles.values():
        try:
            plan = load_plan(cycle.reminder_plan)
        except BadPlan as error:
            faults.append(f"{cycle.slug}: {error}")
            continue
        first = earliest_day(plan, cycle.opens_on, cycle.due_on)
        if first is not None and first <= now.date() + dt.timedelta(days=1):  # somewhere on earth it may be tomorrow
            plans[cycle.id] = plan
    if not plans:
        return [], {}, tuple(faults)
    loaded = load(session, queries.in_cycles(plans), cycles, now)
    sent = queries.recorded(session, plans.keys())
    by_cycle: dict[int, list[Subject]] = {}
    for item in loaded.values():
        by_cycle.setdefault(item.cycle.id, []).append(item.subject)
    found = [line for cycle_id, state in by_cycle.items() for line in due(plans[cycle_id], state, sent, now)]
    return found, {id: item.cycle.id for id, item in loaded.items()}, tuple(faults)


def _record(session: Session, found: Iterable[Due], now: dt.datetime) -> Sequence[tuple[int, str]]:
    """Insert what is not recorded yet; subject and reason of each row that was."""
    rows = [
        {
            **line.key._asdict(),
            "company_id": line.company_id,
            "kind": line.kind,
            "created_at": now,
            "dropped_reason": line.why_not or "",
        }
        for line in sorted(found, key=lambda line: line.key)
    ]
    inserted = queries.insert_missing(session, Reminder, rows, Reminder.subject_id, Reminder.dropped_reason)
    return [tuple(row) for row in inserted]


def _count(recorded: Iterable[tuple[int, str]], cycle_of: Mapping[int, int]) -> Mapping[int, Counter[str]]:
    counts: dict[int, Counter[str]] = {}
    for subject_id, reason in recorded:
        counts.setdefault(cycle_of[subject_id], Counter())["skipped" if reason else "queued"] += 1
    return counts


def _gather(session: Session, now: dt.datetime, base_url: str) -> int:
    """Put every reminder that waits into the one message of its kind that its recipient gets on that local day.

    When that message has left already, the reminder waits for the next day.
    """
    waiting: dict[tuple[int, str, dt.date], list[int]] = {}
    languages: dict[int, str] = {}
    for reminder, zone, language in queries.waiting_reminders(session):
        day = now.astimezone(zone_of(zone)).date()
        waiting.setdefault((reminder.recipient_id, reminder.kind, day), []).append(reminder.id)
        languages[reminder.recipient_id] = language
    rows = [
        {
            "recipient_id": recipient_id,
            "kind": kind,
            "day": day,
            "language": languages[recipient_id],
            "state": MessageState.QUEUED,
            "created_at": now,
            "not_before": now,
            "message_id": new_message_id(base_url),
        }
        for recipient_id, kind, day in sorted(waiting)
    ]
    inserted = queries.insert_missing(session, Message, rows, Message.id)
    open_messages = queries.untouched_messages(session, languages, {day for _, _, day in waiting})
    message_of = {(row.recipient_id, row.kind, row.day): row.id for row in open_messages}
    queries.attach(
        session,
        {id: message_of[place] for place, ids in waiting.items() if place in message_of for id in ids},
    )
    return len(inserted)


def new_message_id(base_url: str) -> str:
    """A Message-ID that nobody else makes, under the site's own host name."""
    return f"<{secrets.token_hex(16)}@{urlsplit(base_url).hostname or 'localhost'}>"


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One reminder of the plan: who, when, and what has become or would become of it, in a word."""

    company: str
    stage: str
    due_on: dt.date
    moment: dt.datetime
    zone: ZoneInfo
    address: str
    standing: str


def preview(cycle_slug: str, now: dt.datetime) -> list[PreviewLine]:
    """Everything that a cycle's plan has sent and would send, in the order of time. Changes nothing."""
    with looking() as session:
        cycle = cycle_by_slug(session, cycle_slug)
        if cycle is None:
            raise NotFound(f"there is no cycle {cycle_slug!r}")
        plan = load_plan(cycle.reminder_plan)
        which = queries.in_cycles([cycle.id])
        loaded = load(session, which, {cycle.id: cycle}, now)
        addresses, history = queries.addresses(session, which), queries.history(session, cycle.id)
    state = [item.subject for item in loaded.values()]
    coming = {line.key: line.why_not for line in due(plan, state, history.keys(), now)}
    return [
        PreviewLine(
            company=loaded[line.key.subject_id].company,
            stage=line.key.stage,
            due_on=line.key.due_on,
            moment=line.moment,
            zone=loaded[line.key.subject_id].subject.zone,
            address=addresses[line.key.recipient_id],
            standing=history.get(line.key) or line.why_not or coming.get(line.key) or "will go",
        )
        for line in outlook(plan, state)
    ]
