"""Opening a cycle for companies, and closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.assessments import Invitation
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.reminder_plans import dump_plan
from compliance.domain.text import Text
from compliance.services import audit
from compliance.services.account.organisations import slug_problems
from compliance.services.actors import require
from compliance.services.reminder.plans import usual_plan
from compliance.services.transaction import reading, writing
from compliance.storage.bulk import insert_rows
from compliance.storage.models import Cycle, FrameworkVersion, Organisation, Participation, Sharing
from compliance.storage.queries import cycles, due, organisations


@dataclass(frozen=True, slots=True)
class NewCycle:
    """What is said of a new cycle. `companies` are slugs; None invites every company there is."""

    slug: str
    name: Text
    framework: str
    version: str
    period_start: dt.date
    period_end: dt.date
    opens_on: dt.date
    due_on: dt.date
    companies: Sequence[str] | None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What the names in a new cycle stand for."""

    version: FrameworkVersion
    previous: Cycle | None
    companies: Sequence[Organisation]


def all_cycles() -> Sequence[Cycle]:
    """Every cycle, newest first, for the command line."""
    return cycles.all_cycles(reading())


def open_cycle(new: NewCycle, *, actor: Actor | None = None, now: dt.datetime) -> tuple[Cycle, int]:
    """Open a cycle and invite its companies, all in one act; the cycle, and how many were invited.

    Each company's content is shared with the country that leads on it. Results are computed after it, company by
    company. Raises Invalid with everything that is wrong. `actor` is None for the command line.
    """
    if actor is not None:
        require(actor, Permission.CYCLE_MANAGE)
    with writing() as session:
        found = _find(session, new)
        cycle = Cycle(
            slug=new.slug,
            name_en=new.name.en,
            name_fr=new.name.fr,
            framework_version_id=found.version.id,
            previous_id=found.previous.id if found.previous else None,
            period_start=new.period_start,
            period_end=new.period_end,
            opens_on=new.opens_on,
            due_on=new.due_on,
            reminder_plan=dump_plan(usual_plan()),
        )
        session.add(cycle)
        session.flush()
        audit.record(session, actor, "cycle.open", f"cycle:{cycle.id}", now=now, after=_described(cycle, found))
        _invite(session, cycle, found.companies, actor=actor, now=now)
    return cycle, len(found.companies)


def invite(slug: str, companies: Sequence[str] | None, *, actor: Actor | None = None, now: dt.datetime) -> int:
    """Invite companies (slugs; None: every one) to a cycle that is open; how many of them were not in it yet.

    Raises NotFound for an unknown cycle, NotAllowed for a closed one, Invalid for an unknown company.
    """
    if actor is not None:
        require(actor, Permission.CYCLE_MANAGE)
    with writing() as session:
        cycle = _open_one(session, slug)
        wanted = organisations.companies(session, companies)
        missing = set(companies or ()) - {company.slug for company in wanted}
        if missing:
            raise Invalid([Problem("companies", "unknown_company", {"company": slug}) for slug in sorted(missing)])
        known = set(organisations.company_ids_in(session, cycle.id))
        new = [company for company in wanted if company.id not in known]
        _invite(session, cycle, new, actor=actor, now=now)
    return len(new)


def close_cycle(slug: str, *, early: bool, actor: Actor | None = None, now: dt.datetime) -> Cycle:
    """Close a cycle: answers are no longer taken and results stay as they are on this day.

    Every company's trail tells of it. Raises NotFound for an unknown one, and NotAllowed for a closed one or, unless
    `early`, one that some company may still submit to.
    """
    if actor is not None:
        require(actor, Permission.CYCLE_MANAGE)
    with writing() as session:
        cycle = _open_one(session, slug)
        last = due.last_due_on(session, cycle.id) or cycle.due_on
        if not early and now.date() <= last:
            raise NotAllowed(f"the cycle is due on {last}, which is not over")
        cycle.closed_on = now.date()
        session.flush()
        subject, after = f"cycle:{cycle.id}", {"closed_on": cycle.closed_on.isoformat()}
        audit.record(session, actor, "cycle.close", subject, now=now, before={"closed_on": None}, after=after)
        told = [
            audit.Entry("cycle.close", subject, company_id, {"closed_on": None}, after | {"cycle": cycle.slug})
            for company_id in organisations.company_ids_in(session, cycle.id)
        ]
        audit.record_all(session, actor, told, now=now)
        cycles.mark_stale(session, cycle.id, now)
    return cycle


def _open_one(session: Session, slug: str) -> Cycle:
    cycle = cycles.cycle_by_slug(session, slug)
    if cycle is None:
        raise NotFound(slug)
    if cycle.closed_on is not None:
        raise NotAllowed(f"the cycle was closed on {cycle.closed_on}")
    return cycle


def _invite(
    session: Session, cycle: Cycle, companies: Sequence[Organisation], *, actor: Actor | None, now: dt.datetime
) -> None:
    """Participation, sharing with the lead country and an entry in the company's trail, for all at once."""
    rows = [
        {
            "cycle_id": cycle.id,
            "company_id": company.id,
            "invitation": Invitation.INVITED,
            "reason": "",
            "invited_at": now,
            "stale_since": now,
        }
        for company in companies
    ]
    ids = insert_rows(session, Participation, rows)
    shared = [
        {"company_id": company.id, "cycle_id": cycle.id, "country": company.country, "started_at": now}
        for company in companies
        if company.country is not None
    ]
    insert_rows(session, Sharing, shared)
    told = [
        audit.Entry(
            "participation.invite",
            f"participation:{row_id}",
            company.id,
            after={"cycle": cycle.slug, "shared_with": [company.country] if company.country else []},
        )
        for row_id, company in zip(ids, companies, strict=True)
    ]
    audit.record_all(session, actor, told, now=now)


def _find(session: Session, new: NewCycle) -> _Found:
    problems = list(_problems(new))
    if cycles.cycle_by_slug(session, new.slug) is not None:
        problems.append(Problem("slug", "slug_taken", {"slug": new.slug}))
    version = cycles.framework_version(session, new.framework, new.version)
    if version is None:
        problems.append(Problem("version", "unknown_version", {"framework": new.framework, "version": new.version}))
    previous = cycles.cycle_by_slug(session, new.previous) if new.previous else None
    if new.previous and previous is None:
        problems.append(Problem("previous", "unknown_cycle", {"cycle": new.previous}))
    companies = organisations.companies(session, new.companies)
    missing = set(new.companies or ()) - {company.slug for company in companies}
    problems += [Problem("companies", "unknown_company", {"company": slug}) for slug in sorted(missing)]
    if problems or version is None:
        raise Invalid(problems)
    return _Found(version, previous, companies)


def _problems(new: NewCycle) -> Iterator[Problem]:
    yield from slug_problems(new.slug)
    if not new.name.en.strip() or not new.name.fr.strip():
        yield Problem("name", "name_in_both_languages")
    if new.period_end < new.period_start:
        yield Problem("period_end", "ends_before_start")
    if new.due_on <= new.opens_on:
        yield Problem("due_on", "due_before_opening")


def _described(cycle: Cycle, found: _Found) -> dict[str, object]:
    return {
        "slug": cycle.slug,
        "framework": found.version.framework,
        "version": found.version.version,
        "sha256": found.version.sha256,
        "previous": found.previous.slug if found.previous else None,
        "period": [cycle.period_start.isoformat(), cycle.period_end.isoformat()],
        "opens_on": cycle.opens_on.isoformat(),
        "due_on": cycle.due_on.isoformat(),
        "companies": len(found.companies),
    }
