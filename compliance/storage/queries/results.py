"""What the projection is computed from and compared with. Without a person: results are computed for everyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, joinedload

from compliance.storage.models import Assessment, Cycle, Organisation, Participation, Result


def participation(session: Session, cycle_id: int, company_id: int) -> Participation | None:
    """A company in a cycle, with both and the framework version."""
    return session.scalars(_participation(cycle_id, company_id)).one_or_none()


def held_participation(session: Session, cycle_id: int, company_id: int) -> Participation | None:
    """The same, its row held until the transaction ends: two acts on a company recompute one after the other."""
    query = _participation(cycle_id, company_id).with_for_update(of=Participation)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _participation(cycle_id: int, company_id: int) -> Select[Participation]:
    return (
        select(Participation)
        .where(Participation.cycle_id == cycle_id, Participation.company_id == company_id)
        .options(joinedload(Participation.cycle).joinedload(Cycle.framework_version), joinedload(Participation.company))
    )


def cycles_after(session: Session, cycle_id: int, company_id: int) -> Sequence[int]:
    """The cycles that are compared with `cycle_id`, as far as the company was invited to them."""
    return session.scalars(
        select(Cycle.id)
        .join(Participation, Participation.cycle_id == Cycle.id)
        .where(Cycle.previous_id == cycle_id, Participation.company_id == company_id)
    ).all()


def assessment(session: Session, cycle_id: int, company_id: int) -> Assessment | None:
    return session.scalars(
        select(Assessment).where(Assessment.cycle_id == cycle_id, Assessment.company_id == company_id)
    ).one_or_none()


def assessments_in(session: Session, cycle_ids: Sequence[int], company_id: int) -> dict[int, Assessment]:
    """A company's assessments in these cycles, by cycle id."""
    rows = session.scalars(
        select(Assessment).where(Assessment.cycle_id.in_(cycle_ids), Assessment.company_id == company_id)
    )
    return {row.cycle_id: row for row in rows}


def severities(session: Session, cycle_id: int, company_id: int) -> Sequence[Row[int | None, str, str]]:
    """Service id, indicator id and severity of each result of a company in a cycle."""
    return session.execute(
        select(Result.service_id, Result.indicator_id, Result.severity).where(
            Result.cycle_id == cycle_id, Result.company_id == company_id
        )
    ).all()


def due_participations(session: Session, until: dt.date) -> Sequence[tuple[int, int, str, dt.date]]:
    """Cycle id, company id, time zone and first day of the results that may change by the calendar until `until`."""
    first = func.min(Result.next_change_on)
    rows = session.execute(
        select(Result.cycle_id, Result.company_id, Organisation.time_zone, first)
        .join(Organisation, Organisation.id == Result.company_id)
        .where(Result.next_change_on <= until)
        .group_by(Result.cycle_id, Result.company_id, Organisation.time_zone)
        .order_by(Result.cycle_id, Result.company_id)
    )
    return [(cycle_id, company_id, zone, day) for cycle_id, company_id, zone, day in rows if day is not None]


def stale_participations(session: Session, limit: int | None) -> Sequence[Row[int, int]]:
    """Cycle id and company id of what is to be recomputed; earlier cycles first: later ones compare with them."""
    stale = select(Participation.cycle_id, Participation.company_id).where(Participation.stale_since.is_not(None))
    return session.execute(stale.order_by(Participation.cycle_id, Participation.id).limit(limit)).all()


def stale_count(session: Session, cycle_id: int) -> int:
    """How many companies' results in a cycle are still to be computed: pages say so."""
    stale = Participation.stale_since.is_not(None)
    return session.scalar(select(func.count()).where(stale, Participation.cycle_id == cycle_id)) or 0
