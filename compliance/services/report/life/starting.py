"""Beginning a report of any kind: what can be chosen, and what is wrong with a choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Record
from compliance.reporting import Folders, Outline
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.report.life import writing
from compliance.services.report.life.facts import editions_of
from compliance.services.transaction import reading
from compliance.storage.models import Cycle, Organisation
from compliance.storage.queries import cycles, people, portfolio

#: Companies in a list to choose from; of more, one is named.
MOST_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose: `company` by its slug or its name."""

    kind: str
    cycle: str
    company: str
    principle: int | None
    edition: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a report of one kind can be about. `companies` is empty when there are too many to choose from a list."""

    outline: Outline
    editions: Sequence[str]
    cycles: Sequence[Cycle]
    cycle: Cycle | None
    framework: Framework | None
    companies: Sequence[Organisation]
    too_many: bool


def kinds(actor: Actor, folders: Folders) -> Mapping[str, Outline]:
    """Every kind that can be begun; raises Denied for whoever writes no reports."""
    require(actor, Permission.REPORT_WRITE, Record(country=actor.country))
    return reports.kinds(folders)


def offer(actor: Actor, kind: str, cycle_slug: str, folders: Folders) -> Offer | None:
    """What can be chosen for a report of `kind`, in the cycle that is named or the newest; None without such a kind."""
    outline = kinds(actor, folders).get(kind)
    if outline is None:
        return None
    session = reading()
    known = cycles.all_cycles(session)
    cycle = next((item for item in known if item.slug == cycle_slug), next(iter(known), None))
    companies: Sequence[Organisation] = []
    if outline.shape.subject == "company" and cycle is not None:
        companies = _shared(session, actor, cycle, "", MOST_OFFERED + 1)
    too_many = len(companies) > MOST_OFFERED
    framework = framework_for(cycle.framework_version) if cycle else None
    return Offer(outline, editions_of(kind), known, cycle, framework, [] if too_many else companies, too_many)


def begin(actor: Actor, wish: Wish, folders: Folders, *, now: dt.datetime) -> int:
    """Begin the report that was chosen, or find the one that is being worked on; its id.

    Raises Invalid, naming the field, for what cannot be reported on: nothing chosen, nothing shared, too few companies.
    """
    outline = kinds(actor, folders).get(wish.kind)
    if outline is None:
        raise Invalid([Problem("kind", "report_kind_needed")])
    session = reading()
    cycle = next((item for item in cycles.all_cycles(session) if item.slug == wish.cycle), None)
    if cycle is None:
        raise Invalid([Problem("cycle", "unknown_cycle")])
    if wish.edition not in editions_of(wish.kind):
        raise Invalid([Problem("edition", "edition_needed")])
    about = _about(session, actor, outline, cycle, wish)
    try:
        return writing.start(actor, wish.kind, about, folders, now=now)
    except NotFound as error:
        field = outline.shape.subject if outline.shape.subject != "cycle" else "cycle"
        raise Invalid([Problem(field, "report_nothing_shared")]) from error
    except NotAllowed as error:
        raise Invalid([Problem("cycle", "too_few_to_publish")]) from error


def _about(session: Session, actor: Actor, outline: Outline, cycle: Cycle, wish: Wish) -> About:
    about = About(cycle.slug)
    if outline.shape.subject == "company":
        company = _company(session, actor, cycle, wish.company.strip())
        return replace(about, company=company.slug)
    if outline.shape.subject == "principle":
        if wish.principle not in {item.number for item in framework_for(cycle.framework_version).principles}:
            raise Invalid([Problem("principle", "report_principle_needed")])
        return replace(about, principle=wish.principle)
    return about


def _company(session: Session, actor: Actor, cycle: Cycle, named: str) -> Organisation:
    """The company by its slug, its name, or a part of the name that only one has."""
    if not named:
        raise Invalid([Problem("company", "report_company_needed")])
    found = people.organisation_by_slug(session, named)
    if found is not None:
        return found  # whether it is shared is asked when the report is built
    like = _shared(session, actor, cycle, named, 2)
    exact = [item for item in like if item.name.casefold() == named.casefold()]
    if len(exact or like) != 1:
        raise Invalid([Problem("company", "report_company_unclear" if like else "report_nothing_shared")])
    return (exact or like)[0]


def _shared(session: Session, actor: Actor, cycle: Cycle, name: str, limit: int) -> list[Organisation]:
    which = portfolio.Which(name=name, shared=True)
    return [row[0] for row in portfolio.companies_page(session, actor, cycle, which, offset=0, limit=limit)]
