"""Accepting a gap as it is: one person proposes with a reason, another approves. It never changes the severity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.clarifications import LONGEST
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Place
from compliance.domain.rules import Kind
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.days import local_day
from compliance.services.gap.gaps import gap_page, of_acceptance, record_of
from compliance.services.transaction import writing
from compliance.storage.models import GapAcceptance, Organisation
from compliance.storage.queries import cycles

REASON_LIMIT = 2_000  # characters


@dataclass(frozen=True, slots=True)
class AcceptanceEntry:
    """Why a gap is accepted as it is, and when that is looked at again."""

    reason: str
    review_on: dt.date | None


def propose_acceptance(
    actor: Actor, place: Place, entry: AcceptanceEntry, principles: Path, *, now: dt.datetime
) -> int:
    """Propose to accept a gap as it is; the id of the proposal. It counts once another person has approved it.

    Raises Invalid for a fault in `entry`, NotAllowed for what is no gap or has an acceptance already, Denied for
    whoever is not a reviewer of the lead country.
    """
    page = gap_page(actor, place, principles, now=now)
    require(actor, Permission.GAP_ACCEPT, record_of(page.view))
    if page.gap.severity.kind not in (Kind.GAP, Kind.UNKNOWN) or not page.may_propose:
        raise NotAllowed("there is no gap to accept, or it is accepted already")
    problems = _acceptance_problems(entry, local_day(now, page.view.company))
    if problems:
        raise Invalid(problems)
    assert entry.review_on is not None, "checked before"
    try:
        with writing() as session:
            row = GapAcceptance(
                company_id=page.view.company.id,
                cycle_id=page.view.cycle.id,
                service_id=page.gap.result.service_id,
                indicator_id=place.indicator,
                country=actor.country or "",
                reason=entry.reason,
                review_on=entry.review_on,
                proposed_by_id=actor.user_id,
                proposed_at=now,
            )
            session.add(row)
            session.flush()
            _record_act(session, actor, "propose", row, {"reason": row.reason}, now)
            return row.id
    except IntegrityError as error:
        raise NotAllowed("the gap is accepted already") from error


def _acceptance_problems(entry: AcceptanceEntry, today: dt.date) -> list[Problem]:
    problems = []
    if not entry.reason.strip():
        problems.append(Problem("reason", "reason_for_act_needed"))
    elif len(entry.reason) > REASON_LIMIT:
        problems.append(Problem("reason", "too_long", {"limit": str(REASON_LIMIT)}))
    if entry.review_on is None:
        problems.append(Problem("review_on", "date_needed"))
    elif entry.review_on <= today:
        problems.append(Problem("review_on", "date_not_after_today"))
    elif entry.review_on > today + 2 * LONGEST:
        problems.append(Problem("review_on", "date_over_two_years"))
    return problems


def approve_acceptance(actor: Actor, slug: str, id_: int, *, now: dt.datetime) -> None:
    """Approve what someone else proposed. Raises Denied for the proposer, NotAllowed for what is not waiting."""
    with _open_acceptance(actor, slug, id_) as (session, company, row):
        require(actor, Permission.GAP_ACCEPT_APPROVE, of_acceptance(company, row))
        if row.approved_at is not None:
            raise NotAllowed("it is approved already")
        row.approved_by_id, row.approved_at = actor.user_id, now
        session.flush()
        _record_act(session, actor, "approve", row, {}, now)


def end_acceptance(actor: Actor, slug: str, id_: int, reason: str, *, now: dt.datetime) -> None:
    """Refuse a proposal, or follow the gap again, with a reason."""
    with _open_acceptance(actor, slug, id_) as (session, company, row):
        record = of_acceptance(company, row)
        if not allows(actor, Permission.GAP_ACCEPT, record):
            require(actor, Permission.GAP_ACCEPT_APPROVE, record)
        if not reason.strip():
            raise Invalid([Problem("reason", "reason_for_act_needed")])
        if len(reason) > REASON_LIMIT:
            raise Invalid([Problem("reason", "too_long", {"limit": str(REASON_LIMIT)})])
        row.ended_at, row.ended_reason = now, reason
        session.flush()
        _record_act(session, actor, "end", row, {"reason": reason}, now)


@contextmanager
def _open_acceptance(actor: Actor, slug: str, id_: int) -> Iterator[tuple[Session, Organisation, GapAcceptance]]:
    """An acceptance that has not ended, to be changed; NotFound for a foreign one, Conflict when it just changed."""
    try:
        with writing() as session:
            company = cycles.company_for(session, actor, slug)
            row = session.get(GapAcceptance, id_)
            if company is None or row is None or row.company_id != company.id or row.ended_at is not None:
                raise NotFound(str(id_))
            if actor.country not in cycles.sharing_countries(session, company.id, row.cycle_id):
                raise NotFound(str(id_))
            yield session, company, row
    except StaleDataError as error:
        raise Conflict(0) from error


def _record_act(
    session: Session, actor: Actor, act: str, row: GapAcceptance, details: Mapping[str, object], now: dt.datetime
) -> None:
    """Government's own judgement: in the department's chain."""
    audit.record(
        session,
        actor,
        f"gap_acceptance.{act}",
        f"gap_acceptance:{row.id}",
        now=now,
        organisation_id=actor.organisation_id,
        after={"company": row.company_id, "service": row.service_id, "indicator": row.indicator_id, **details},
    )
