"""With which governments a company shares its content in a cycle: the lead country always, the others as it names them.

Participation and endorsement are visible to all five; everything else follows these rows. Every start and every end is
in the company's trail. Ending stops new access; what was released stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, allows
from compliance.services import audit, records
from compliance.services.account.organisations import COUNTRIES
from compliance.services.actors import require
from compliance.services.gap import results
from compliance.services.transaction import reading, writing
from compliance.storage.models import Cycle, Organisation, Participation, Sharing
from compliance.storage.queries import cycles, organisations, sharing
from compliance.storage.queries import results as stored


@dataclass(frozen=True, slots=True)
class SharingPage:
    """With whom the own company shares a cycle. `history` is every row there was, the newest first."""

    cycle: Cycle
    lead: str | None
    countries: frozenset[str]
    history: Sequence[Sharing]
    may_edit: bool


def sharing_page(actor: Actor, cycle_slug: str) -> SharingPage:
    """The own company's sharing in a cycle; raises NotFound for one it was not invited to."""
    record = records.of_company(actor.organisation_id)
    require(actor, Permission.SHARING_VIEW, record)
    session = reading()
    row = _own(session, actor, cycle_slug)
    return SharingPage(
        cycle=row.cycle,
        lead=row.company.country,
        countries=cycles.sharing_countries(session, row.company_id, row.cycle_id),
        history=sharing.history(session, row.company_id, row.cycle_id),
        may_edit=allows(actor, Permission.SHARING_EDIT, record),
    )


def name_countries(
    actor: Actor, cycle_slug: str, wanted: Collection[str], *, seen: Collection[str], now: dt.datetime
) -> None:
    """Share with exactly `wanted` and the lead country. `seen` is what the page showed: Conflict when it changed since.

    Raises Invalid for a country that is none of the five, NotFound, Denied.
    """
    require(actor, Permission.SHARING_EDIT, records.of_company(actor.organisation_id))
    if not set(wanted) <= COUNTRIES.keys():
        raise Invalid([Problem("countries", "unknown_country")])
    with writing() as session:
        row = _own(session, actor, cycle_slug)
        held = stored.held_participation(session, row.cycle_id, row.company_id)
        assert held is not None, "found before"
        current = cycles.sharing_countries(session, row.company_id, row.cycle_id)
        if current != set(seen):
            raise Conflict(0)
        lead = {row.company.country} if row.company.country else set()
        _change(session, actor, held, current, set(wanted) | lead, now)


def _change(
    session: Session, actor: Actor | None, row: Participation, before: frozenset[str], after: set[str], now: dt.datetime
) -> None:
    """Start and end what differs; each with an entry in the company's trail."""
    if before == after:
        return
    for country in sorted(after - before):
        session.add(Sharing(company_id=row.company_id, cycle_id=row.cycle_id, country=country, started_at=now))
    for started in sharing.current(session, row.company_id, row.cycle_id):
        if started.country not in after:
            started.ended_at = now
    session.flush()
    entries = [
        audit.Entry(
            "sharing.start" if country in after else "sharing.end",
            f"participation:{row.id}",
            row.company_id,
            after={"cycle": row.cycle.slug, "country": country},
        )
        for country in sorted(after ^ before)
    ]
    audit.record_all(session, actor, entries, now=now)
    # What is known of a company that has not signed may come from a cycle that fewer share in.
    results.refresh(session, row.cycle_id, row.company_id, now=now)


def change_lead(slug: str, country: str, *, now: dt.datetime) -> Organisation:
    """Another country leads on a company: it sees what the old one saw in open cycles, and the old one no longer does.

    For the command line. Raises NotFound for an unknown company, Invalid for an unknown country, NotAllowed when it
    leads already.
    """
    if country not in COUNTRIES:
        raise Invalid([Problem("country", "country_needed", {"countries": ", ".join(COUNTRIES)})])
    with writing() as session:
        company = next(iter(organisations.companies(session, [slug])), None)
        if company is None:
            raise NotFound(slug)
        old = company.country
        if old == country:
            raise NotAllowed(f"{country} leads on {slug} already")
        company.country = country
        session.flush()
        audit.record(
            session,
            None,
            "organisation.lead",
            f"organisation:{company.id}",
            now=now,
            organisation_id=company.id,
            before={"country": old},
            after={"country": country},
        )
        for cycle_id in sharing.open_cycle_ids(session, company.id):
            row = stored.held_participation(session, cycle_id, company.id)
            assert row is not None, "the company is in it"
            before = cycles.sharing_countries(session, company.id, cycle_id)
            _change(session, None, row, before, (before | {country}) - {old}, now)  # type: ignore[arg-type]
    return company


def _own(session: Session, actor: Actor, cycle_slug: str) -> Participation:
    row = cycles.own_participation(session, actor, cycle_slug)
    if row is None:
        raise NotFound(cycle_slug)
    return row
