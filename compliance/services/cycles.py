"""Opening a cycle for companies, and closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.assessments import Invitation
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.reminder_plans import DEFAULT_PLAN, dump_plan
from compliance.domain.text import Text
from compliance.services import audit, results
from compliance.services.organisations import slug_problems
from compliance.services.transaction import writing
from compliance.storage.models import Cycle, FrameworkVersion, Organisation, Participation, Sharing
from compliance.storage.queries import cycles, organisations


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


def open_cycle(new: NewCycle, *, now: dt.datetime) -> tuple[Cycle, int]:
    """Open a cycle and invite its companies, all in one act; the cycle, and how many were invited.

    Each company's content is shared with the country that leads on it. Raises Invalid with everything that is wrong.
    """
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
            reminder_plan=dump_plan(DEFAULT_PLAN),
        )
        session.add(cycle)
        session.flush()
        audit.record(session, None, "cycle.open", f"cycle:{cycle.id}", now=now, after=_described(cycle, found))
        for company in found.companies:
            _invite(session, cycle, company, now)
    return cycle, len(found.companies)


def close_cycle(slug: str, *, early: bool, now: dt.datetime) -> Cycle:
    """Close a cycle: answers are no longer taken and results stay as they are on this day.

    Raises NotFound for an unknown one, and NotAllowed for a closed one or, unless `early`, one that is not yet due.
    """
    with writing() as session:
        cycle = cycles.cycle_by_slug(session, slug)
        if cycle is None:
            raise NotFound(slug)
        if cycle.closed_on is not None:
            raise NotAllowed(f"the cycle was closed on {cycle.closed_on}")
        if not early and now.date() <= cycle.due_on:
            raise NotAllowed(f"the cycle is due on {cycle.due_on}, which is not over")
        cycle.closed_on = now.date()
        session.flush()
        audit.record(
            session,
            None,
            "cycle.close",
            f"cycle:{cycle.id}",
            now=now,
            before={"closed_on": None},
            after={"closed_on": cycle.closed_on.isoformat()},
        )
        for company_id in organisations.company_ids_in(session, cycle.id):
            results.refresh(session, cycle.id, company_id, now=now)
    return cycle


def _invite(session: Session, cycle: Cycle, company: Organisation, now: dt.datetime) -> None:
    row = Participation(cycle_id=cycle.id, company_id=company.id, invitation=Invitation.INVITED, invited_at=now)
    session.add(row)
    if company.country is not None:
        session.add(Sharing(company_id=company.id, cycle_id=cycle.id, country=company.country, started_at=now))
    session.flush()
    audit.record(
        session,
        None,
        "participation.invite",
        f"participation:{row.id}",
        now=now,
        organisation_id=company.id,
        after={"cycle": cycle.slug, "shared_with": [company.country] if company.country else []},
    )
    results.refresh(session, cycle.id, company.id, now=now)


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
