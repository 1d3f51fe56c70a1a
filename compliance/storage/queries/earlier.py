"""Results of two cycles beside each other, summed over the companies that share both with the reader's government."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from compliance.domain.assessments import State
from compliance.domain.permissions import Actor
from compliance.storage.models import Assessment, Participation, Result
from compliance.storage.queries.portfolio import shared_with


def pairs(
    session: Session, actor: Actor, cycle_id: int, before_id: int, successors: Mapping[str, str]
) -> list[Row[*tuple[Any, ...]]]:
    """Principle id, severity then (None: no result), severity, status, grade, finding and plan now, whether the company
    signed now, and how many results.

    One statement for what is asked of a service and one for what is asked once: each looks the earlier result up by its
    unique key.
    """
    found: list[Row[*tuple[Any, ...]]] = []
    for of_service in (True, False):
        found += session.execute(_pairs(actor, cycle_id, before_id, successors, of_service=of_service)).all()
    return found


def _pairs(
    actor: Actor, cycle_id: int, before_id: int, successors: Mapping[str, str], *, of_service: bool
) -> Select[*tuple[Any, ...]]:
    now, old, then = Result, aliased(Result), aliased(Participation)
    earlier_name = {new: earlier for earlier, new in successors.items()}
    indicator: ColumnElement[str] = now.indicator_id  # type: ignore[assignment]  # as an expression
    if earlier_name:
        indicator = case(earlier_name, value=now.indicator_id, else_=now.indicator_id)
    service = old.service_id == now.service_id if of_service else old.service_id.is_(None)
    kind = now.service_id.is_not(None) if of_service else now.service_id.is_(None)
    known = [old.participation_id == then.id, old.indicator_id == indicator, service]
    if of_service:
        known.append(old.service_id.is_not(None))
    columns = (now.severity, now.status, now.grade, now.finding, now.plan)
    signed = now.company_id.in_(_signed(cycle_id))
    return (
        select(now.principle_id, old.severity, *columns, signed, func.count())
        .join(then, and_(then.company_id == now.company_id, then.cycle_id == before_id))
        .outerjoin(old, and_(*known))
        .where(now.cycle_id == cycle_id, kind, *_both(actor, now.company_id, cycle_id, before_id))
        .group_by(now.principle_id, old.severity, *columns, signed)
    )


def earlier_results(session: Session, actor: Actor, cycle_id: int, before_id: int) -> Sequence[Row[str, str, int]]:
    """Indicator id, severity and number of the earlier results of the companies that signed now, too."""
    return session.execute(
        select(Result.indicator_id, Result.severity, func.count())
        .where(
            Result.cycle_id == before_id,
            Result.company_id.in_(_signed(cycle_id)),
            *_both(actor, Result.company_id, cycle_id, before_id),
        )
        .group_by(Result.indicator_id, Result.severity)
    ).all()


def _both(actor: Actor, company_id: Any, cycle_id: int, before_id: int) -> list[ColumnElement[bool]]:
    return [company_id.in_(shared_with(actor, cycle_id)), company_id.in_(shared_with(actor, before_id))]


def _signed(cycle_id: int) -> Select[int]:
    return select(Assessment.company_id).where(
        Assessment.cycle_id == cycle_id, Assessment.state.not_in([State.DRAFT, State.WITHDRAWN])
    )
