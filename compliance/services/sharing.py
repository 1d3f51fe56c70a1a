"""With which governments a company shares what it submits in a cycle: its own choice, logged, at any time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission, could_ever
from compliance.services import audit, records, results
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Cycle, Sharing
from compliance.storage.queries import cycles

#: The governments of the Voluntary Principles.
COUNTRIES: Final = ("AU", "CA", "GB", "NZ", "US")


@dataclass(frozen=True, slots=True)
class SharingPage:
    """`countries` see the submission now; `lead` always does."""

    cycle: Cycle
    lead: str | None
    countries: frozenset[str]
    editable: bool


def sharing(actor: Actor, cycle_slug: str) -> SharingPage:
    """Who sees what the company submits in a cycle."""
    session = reading()
    row = cycles.own_participation(session, actor, cycle_slug)
    if row is None:
        raise NotFound(cycle_slug)
    require(actor, Permission.SHARING_VIEW, records.of_company(row.company_id))
    return SharingPage(
        cycle=row.cycle,
        lead=row.company.country,
        countries=cycles.sharing_countries(session, row.company_id, row.cycle_id),
        editable=could_ever(actor, Permission.SHARING_EDIT),
    )


def share(actor: Actor, cycle_slug: str, wanted: Sequence[str], *, now: dt.datetime) -> None:
    """Share with exactly the countries in `wanted` and the lead country.

    Withdrawing a country stops new access; what was released stays. The results, which each government sees of its own
    share, are brought up to date in the same transaction. Raises Invalid for an unknown country.
    """
    if not set(wanted) <= set(COUNTRIES):
        raise Invalid([Problem("countries", "unknown_country")])
    with writing() as session:
        row = cycles.held_own_participation(session, actor, cycle_slug)
        if row is None:
            raise NotFound(cycle_slug)
        require(actor, Permission.SHARING_EDIT, records.of_company(row.company_id))
        goal = set(wanted) | ({row.company.country} if row.company.country else set())
        current = {
            sharing.country: sharing for sharing in cycles.current_sharing(session, row.company_id, row.cycle_id)
        }
        if goal == current.keys():
            return
        for country in sorted(goal - current.keys()):
            session.add(Sharing(company_id=row.company_id, cycle_id=row.cycle_id, country=country, started_at=now))
        for country in current.keys() - goal:
            current[country].ended_at = now
        session.flush()
        audit.record(
            session,
            actor,
            "sharing.change",
            f"participation:{row.id}",
            now=now,
            organisation_id=row.company_id,
            before={"countries": sorted(current)},
            after={"countries": sorted(goal)},
        )
        results.refresh(session, row.cycle_id, row.company_id, now=now)
