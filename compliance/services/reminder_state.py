"""What waits for whom: the rows that reminders are about, as the rules of `domain/reminders` want them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, State
from compliance.domain.permissions import Role
from compliance.domain.reminder_plans import BadPlan, load_plan
from compliance.domain.reminders import (
    PARTICIPATION,
    Recipient,
    Subject,
    Why,
    end_of_day,
    stopped_by,
    why_not,
)
from compliance.domain.text import Text
from compliance.mail.messages import Waiting
from compliance.services.days import zone_of
from compliance.storage.models import Cycle, Reminder
from compliance.storage.queries import outbox as queries


@dataclass(frozen=True, slots=True)
class Loaded:
    """A subject with what a mail says about it."""

    subject: Subject
    company: str
    cycle: Cycle


def load(
    session: Session, which: ColumnElement[bool], cycles: Mapping[int, Cycle], now: dt.datetime
) -> Mapping[int, Loaded]:
    """The participations that meet `which` as subjects of reminders, by id, in two queries however many there are."""
    roles: dict[int, dict[int, set[Role]]] = {}
    for company_id, user_id, role in queries.current_roles(session, which):
        roles.setdefault(company_id, {}).setdefault(user_id, set()).add(Role(role))
    people = {
        company_id: [Recipient(user_id, frozenset(held)) for user_id, held in by_user.items()]
        for company_id, by_user in roles.items()
    }
    return {
        row.id: Loaded(
            _subject(row, cycles[row.cycle_id], people.get(row.company_id, ()), now), row.company, cycles[row.cycle_id]
        )
        for row in queries.participations(session, which)
    }


def _subject(row: queries.ParticipationRow, cycle: Cycle, recipients: Sequence[Recipient], now: dt.datetime) -> Subject:
    closed = cycle.closed_on is not None and cycle.closed_on <= now.date()
    return Subject(
        type=PARTICIPATION,
        id=row.id,
        company_id=row.company_id,
        opens_on=cycle.opens_on,
        due_on=row.due_on,
        zone=zone_of(row.time_zone),
        stopped=stopped_by(Invitation(row.invitation), State(row.state) if row.state else None, closed=closed),
        recipients=recipients,
    )


def last_look(
    session: Session, reminders: Collection[Reminder], now: dt.datetime
) -> list[tuple[Reminder, Why | None, Waiting | None]]:
    """Each reminder of a message with the reason why it is no longer wanted, or what the mail says about it."""
    which = queries.with_ids({reminder.subject_id for reminder in reminders})
    cycles = {cycle.id: cycle for cycle in queries.cycles_of(session, which)}
    loaded = load(session, which, cycles, now)
    return [(reminder, *_look_at(reminder, loaded.get(reminder.subject_id), now)) for reminder in reminders]


def _look_at(reminder: Reminder, item: Loaded | None, now: dt.datetime) -> tuple[Why | None, Waiting | None]:
    if item is None:
        return Why.GONE, None
    try:
        plan = load_plan(item.cycle.reminder_plan)
    except BadPlan:
        return Why.PLAN_CHANGED, None
    why = why_not(plan, item.subject, queries.key_of(reminder), now)
    if why is not None:
        return why, None
    subject = item.subject
    overdue = now >= end_of_day(subject.due_on, subject.zone)
    name = Text(en=item.cycle.name_en, fr=item.cycle.name_fr)
    return None, Waiting(item.company, name, subject.due_on, subject.zone, overdue)
