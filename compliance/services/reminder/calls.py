"""The chase list: companies that are long overdue and that no reminder has moved, for staff to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from compliance.domain.permissions import Actor, Permission
from compliance.services.actors import require
from compliance.services.days import zone_of
from compliance.services.reminder.desk import led
from compliance.services.transaction import reading
from compliance.storage.queries import reminder_calls as queries


@dataclass(frozen=True, slots=True)
class Call:
    """A company to call: what it has not submitted, since when, who is there, and when it last got a mail."""

    slug: str
    company: str
    cycle_en: str
    cycle_fr: str
    due_on: dt.date
    days_over: int
    people: Sequence[tuple[str, str, str]]  # name, address, part
    last_sent_at: dt.datetime | None


def calls(actor: Actor, *, now: dt.datetime) -> list[Call]:
    """The companies that the person's country leads on, longest overdue first."""
    require(actor, Permission.REMINDERS_VIEW, led(actor))
    session = reading()
    rows = queries.to_call(session, actor, now)
    ids = {row.company_id for row in rows}
    people, sent = queries.people(session, ids), queries.last_sent(session, ids)
    return [
        Call(
            slug=row.slug,
            company=row.company,
            cycle_en=row.cycle_en,
            cycle_fr=row.cycle_fr,
            due_on=row.due_on,
            days_over=(now.astimezone(zone_of(row.time_zone)).date() - row.due_on).days,
            people=people.get(row.company_id, ()),
            last_sent_at=sent.get(row.company_id),
        )
        for row in rows
    ]
