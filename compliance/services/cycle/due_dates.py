"""A date of its own for one company: granted by a coordinator of its lead country, and followed by everything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import SHORT_LIMIT, Problem
from compliance.domain.assessments import due_of
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.days import local_day
from compliance.services.transaction import writing
from compliance.storage.models import Organisation, Participation
from compliance.storage.queries import cycles, organisations
from compliance.storage.queries import results as stored

#: A date further away than this is a typing error.
FARTHEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class NewDate:
    """A date for one company in a cycle, both by slug. `due_on` None: the cycle's own date again."""

    cycle: str
    company: str
    due_on: dt.date | None
    reason: str


def grant(actor: Actor | None, new: NewDate, *, seen: dt.date | None = None, now: dt.datetime) -> dt.date:
    """Give one company its own last day; the day that holds now. `actor` is None for the command line.

    `seen` is the day the coordinator saw: Conflict when a colleague granted another one since. The company's trail
    tells of it, with the reason. Raises Invalid for a day that is past or before the cycle's, NotFound, NotAllowed for
    a closed cycle, Denied for whoever does not coordinate the lead country.
    """
    with writing() as session:
        row = _participation(session, actor, new)
        if actor is not None:
            require(actor, Permission.DUE_DATE_GRANT, _record(row))
        if row.cycle.closed_on is not None:
            raise NotAllowed("the cycle is closed")
        if seen is not None and due_of(row.cycle.due_on, row.due_on) != seen:
            raise Conflict(0)
        set_due_on(session, actor, row, new.due_on, new.reason, now=now)
        return due_of(row.cycle.due_on, row.due_on)


def may_grant(actor: Actor, company: Organisation) -> bool:
    """May the person give this company a date of its own?"""
    return allows(actor, Permission.DUE_DATE_GRANT, Record(company_id=company.id, lead_country=company.country))


def _record(row: Participation) -> Record:
    return Record(company_id=row.company_id, lead_country=row.company.country)


def set_due_on(
    session: Session, actor: Actor | None, row: Participation, due_on: dt.date | None, reason: str, *, now: dt.datetime
) -> None:
    """The same in the caller's transaction, for a participation loaded with its cycle and company. Raises Invalid."""
    own = None if due_on == row.cycle.due_on else due_on
    problems = problems_of(own, reason, row.cycle.due_on, local_day(now, row.company))
    if problems:
        raise Invalid(problems)
    before = due_of(row.cycle.due_on, row.due_on)
    after = due_of(row.cycle.due_on, own)
    row.due_on = own
    if before == after:
        return
    audit.record(
        session,
        actor,
        "participation.due_date",
        f"participation:{row.id}",
        now=now,
        organisation_id=row.company_id,
        before={"due_on": before.isoformat()},
        after={"due_on": after.isoformat(), "reason": reason},
    )


def problems_of(own: dt.date | None, reason: str, cycle_due_on: dt.date, today: dt.date) -> list[Problem]:
    """What is wrong with a date of one's own. It is a later one: nobody gets less time than the others."""
    problems = []
    if own is not None and own < cycle_due_on:
        problems.append(Problem("due_on", "date_before_cycle"))
    elif own is not None and own < today:
        problems.append(Problem("due_on", "date_past"))
    elif own is not None and (own - cycle_due_on).days > FARTHEST_DAYS:
        problems.append(Problem("due_on", "date_over_a_year"))
    if not reason.strip():
        problems.append(Problem("reason", "needed"))
    elif len(reason) > SHORT_LIMIT:
        problems.append(Problem("reason", "too_long", {"limit": str(SHORT_LIMIT)}))
    return problems


def _participation(session: Session, actor: Actor | None, new: NewDate) -> Participation:
    if actor is None:
        company = next(iter(organisations.companies(session, [new.company])), None)
    else:
        company = cycles.company_for(session, actor, new.company)
    cycle = cycles.cycle_by_slug(session, new.cycle)
    row = stored.held_participation(session, cycle.id, company.id) if company and cycle else None
    if row is None:
        raise NotFound(new.company if cycle else new.cycle)
    return row
