"""Sums over all companies of a cycle whose content is shared with the reader's government. One statement each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, select
from sqlalchemy.orm import Session

from compliance.domain.assessments import State
from compliance.domain.permissions import Actor
from compliance.storage.models import Answer, Assessment, Cycle, Participation, Result, ResultCell
from compliance.storage.queries.due import past_due
from compliance.storage.queries.portfolio import CHANGES, shared_with


def participation_counts(
    session: Session, cycle_id: int, on: dt.date
) -> Sequence[Row[str, str | None, bool, bool, int]]:
    """Invitation, state, past due, has answers, and how many companies: what the participation word follows from.

    Of all companies in the cycle: participation is visible to all five governments.
    """
    has_answers = and_(
        Assessment.state == State.DRAFT, exists().where(Answer.assessment_id == Assessment.id).correlate(Assessment)
    )
    late = past_due(on)
    query = (
        select(Participation.invitation, Assessment.state, late, has_answers, func.count())
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .outerjoin(
            Assessment,
            and_(
                Assessment.cycle_id == Participation.cycle_id,
                Assessment.company_id == Participation.company_id,
            ),
        )
        .where(Participation.cycle_id == cycle_id)
        .group_by(Participation.invitation, Assessment.state, late, has_answers)
    )
    return session.execute(query).all()


def companies_by_worst(session: Session, actor: Actor, cycle_id: int) -> Sequence[Row[str, str, int]]:
    """Principle id, worst word, and how many companies show it."""
    return session.execute(
        select(ResultCell.principle_id, ResultCell.worst, func.count())
        .where(ResultCell.cycle_id == cycle_id, ResultCell.company_id.in_(shared_with(actor, cycle_id)))
        .group_by(ResultCell.principle_id, ResultCell.worst)
    ).all()


def sums_by_principle(session: Session, actor: Actor, cycle: Cycle) -> Sequence[Row[*tuple[Any, ...]]]:
    """Principle id, applicable, unanswered, not applicable, cannot say, then the changes in the order of CHANGES.

    Changes are summed over the companies that shared the cycle before with the reader, too.
    """
    comparable = ResultCell.company_id.in_(shared_with(actor, cycle.previous_id))
    changes = [func.sum(case((comparable, getattr(ResultCell, f"change_{change}")), else_=0)) for change in CHANGES]
    columns = [ResultCell.applicable, ResultCell.unanswered, ResultCell.not_applicable, ResultCell.cannot_say]
    return session.execute(
        select(ResultCell.principle_id, *(func.sum(column) for column in columns), *changes)
        .where(ResultCell.cycle_id == cycle.id, ResultCell.company_id.in_(shared_with(actor, cycle.id)))
        .group_by(ResultCell.principle_id)
    ).all()


def commonest_gaps(
    session: Session, actor: Actor, cycle_id: int, severities: Sequence[str], limit: int
) -> Sequence[Row[str, int, int]]:
    """Indicator id, companies with one of the severities on any service, and results with one; most companies first."""
    companies = func.count(Result.company_id.distinct())
    return session.execute(
        select(Result.indicator_id, companies, func.count())
        .where(
            Result.cycle_id == cycle_id,
            Result.severity.in_(severities),
            Result.company_id.in_(shared_with(actor, cycle_id)),
        )
        .group_by(Result.indicator_id)
        .order_by(companies.desc(), Result.indicator_id)
        .limit(limit)
    ).all()


def companies_applying(
    session: Session, actor: Actor, cycle_id: int, indicators: Sequence[str], severities: Sequence[str]
) -> dict[str, int]:
    """To how many companies each of these indicators applies on any service; `severities` are all but the outside."""
    rows = session.execute(
        select(Result.indicator_id, func.count(Result.company_id.distinct()))
        .where(
            Result.cycle_id == cycle_id,
            Result.severity.in_(severities),
            Result.indicator_id.in_(indicators),
            Result.company_id.in_(shared_with(actor, cycle_id)),
        )
        .group_by(Result.indicator_id)
    )
    return dict(rows.all())
