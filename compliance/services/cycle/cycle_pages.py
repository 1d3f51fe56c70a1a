"""A cycle as government staff see it: who takes part how, whom to ask after it, what is asked otherwise than before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, Participation, State, participation
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.text import Text
from compliance.domain.versions import VersionChange, version_change
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.portfolio.overview import funnel_of
from compliance.services.portfolio.portfolio import cycle_in, today_of
from compliance.services.transaction import reading
from compliance.storage.models import Cycle, FrameworkVersion, Organisation
from compliance.storage.models import Participation as ParticipationRow
from compliance.storage.queries import chase, cycles, portfolio
from compliance.storage.queries import organisations as unscoped
from compliance.storage.queries import results as stored

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who leads in a company."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ChaseLine:
    """A company that has not submitted. `days` until it is due, negative when that is past.

    `contacts` only for a coordinator; `last_activity_on` only where the content is shared with the reader.
    """

    company: Organisation
    row: ParticipationRow
    word: Text
    due_on: dt.date
    days: int
    last_activity_on: dt.date | None
    reminded_at: dt.datetime | None
    contacts: Sequence[Contact]
    may_grant: bool


@dataclass(frozen=True, slots=True)
class CyclePage:
    """A cycle. `changed` is None where the same version of the framework is asked as in the cycle before."""

    cycle: Cycle
    cycles: Sequence[Cycle]
    framework: Framework
    previous: Cycle | None
    changed: VersionChange | None
    funnel: Mapping[Participation, int]
    stale: int
    lines: Sequence[ChaseLine]
    waiting: int
    may_manage: bool
    page: int
    pages: int


def cycle_list(actor: Actor) -> tuple[Sequence[Cycle], bool]:
    """Every cycle, newest first, and whether the person may open one."""
    require(actor, Permission.CYCLE_VIEW)
    return cycles.all_cycles(reading()), allows(actor, Permission.CYCLE_MANAGE)


def cycle_page(actor: Actor, slug: str, *, lead: str, page: int, now: dt.datetime) -> CyclePage:
    """One cycle with its chase list. Raises NotFound. As many queries for ten companies as for ten thousand."""
    require(actor, Permission.CYCLE_VIEW)
    session = reading()
    all_cycles = cycles.all_cycles(session)
    cycle = cycle_in(all_cycles, slug)
    previous = next((each for each in all_cycles if each.id == cycle.previous_id), None)
    waiting = chase.count(session, cycle.id, lead=lead)
    pages = max(1, -(-waiting // PAGE))
    page = min(max(page, 1), pages)
    return CyclePage(
        cycle=cycle,
        cycles=all_cycles,
        framework=framework_for(cycle.framework_version),
        previous=previous,
        changed=_changed(previous, cycle),
        funnel=funnel_of(session, cycle, now),
        stale=stored.stale_count(session, cycle.id),
        lines=_lines(session, actor, cycle, lead, page, now) if cycle.closed_on is None else [],
        waiting=waiting,
        may_manage=allows(actor, Permission.CYCLE_MANAGE),
        page=page,
        pages=pages,
    )


def _changed(previous: Cycle | None, cycle: Cycle) -> VersionChange | None:
    if previous is None or previous.framework_version_id == cycle.framework_version_id:
        return None
    return version_change(framework_for(previous.framework_version), framework_for(cycle.framework_version))


def _lines(session: Session, actor: Actor, cycle: Cycle, lead: str, page: int, now: dt.datetime) -> list[ChaseLine]:
    rows = chase.page(session, cycle.id, lead=lead, offset=(page - 1) * PAGE, limit=PAGE)
    ids = [company.id for _, company, _, _ in rows]
    answers = portfolio.answer_counts(session, cycle.id, ids)
    shared = portfolio.shared_of(session, actor, cycle.id, ids)
    reminded = chase.last_reminded(session, [row.id for row, _, _, _ in rows])
    contacts: dict[int, list[Contact]] = {}
    if allows(actor, Permission.CYCLE_MANAGE):
        for company_id, name, email in chase.leads(session, ids):
            contacts.setdefault(company_id, []).append(Contact(name, email))
    words = framework_for(cycle.framework_version).rules.words["participation"]
    today = today_of(now)
    lines = []
    for row, company, assessment, due_on in rows:
        word = participation(
            Invitation(row.invitation),
            State(assessment.state) if assessment else None,
            has_answers=answers.get(company.id, 0) > 0,
            due_on=due_on,
            on=today,
        )
        record = Record(company_id=company.id, lead_country=company.country)
        lines.append(
            ChaseLine(
                company=company,
                row=row,
                word=words[word].label,
                due_on=due_on,
                days=(due_on - today).days,
                last_activity_on=assessment.last_activity_at.date() if assessment and company.id in shared else None,
                reminded_at=reminded.get(row.id),
                contacts=contacts.get(company.id, ()),
                may_grant=allows(actor, Permission.DUE_DATE_GRANT, record),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Offer:
    """What a new cycle is made from: the versions that were imported, and the cycles to compare with."""

    versions: Sequence[FrameworkVersion]
    cycles: Sequence[Cycle]
    companies: int
    led: int  # companies that the person's country leads on


def offer(actor: Actor) -> Offer:
    """For the form of a new cycle."""
    require(actor, Permission.CYCLE_MANAGE)
    session = reading()
    companies = unscoped.company_countries(session)
    return Offer(
        versions=cycles.framework_versions(session),
        cycles=cycles.all_cycles(session),
        companies=sum(companies.values()),
        led=companies.get(actor.country, 0),
    )


def companies_for(actor: Actor, choice: str, slugs: Sequence[str]) -> Sequence[str] | None:
    """The slugs that a choice stands for: "all" (None), "led" by the person's country, or those named."""
    require(actor, Permission.CYCLE_MANAGE)
    if choice == "all":
        return None
    if choice == "led":
        return unscoped.slugs_led_by(reading(), actor.country or "")
    return slugs
