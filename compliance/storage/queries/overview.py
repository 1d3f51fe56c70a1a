"""Sums over all companies of a cycle whose content is shared with the reader's government. One statement each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, exists, func, select
from sqlalchemy.orm import Session

from compliance.domain.assessments import State
from compliance.domain.permissions import Actor
from compliance.storage.models import Answer, Assessment, Cycle, Participation, ResultCell
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


def sums_by_principle(session: Session, actor: Actor, cycle_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Principle id, results that apply, unanswered, not applicable, cannot say."""
    columns = (ResultCell.applicable, ResultCell.unanswered, ResultCell.not_applicable, ResultCell.cannot_say)
    return session.execute(
        select(ResultCell.principle_id, *(func.sum(column) for column in columns))
        .where(ResultCell.cycle_id == cycle_id, ResultCell.company_id.in_(shared_with(actor, cycle_id)))
        .group_by(ResultCell.principle_id)
    ).all()


def changes_by_principle(session: Session, actor: Actor, cycle: Cycle) -> Sequence[Row[*tuple[Any, ...]]]:
    """Principle id and how many results changed how, in the order of CHANGES.

    Over the companies that shared the cycle before with the reader, too: else a change would tell of it.
    """
    changes = [func.sum(getattr(ResultCell, f"change_{change}")) for change in CHANGES]
    return session.execute(
        select(ResultCell.principle_id, *changes)
        .where(
            ResultCell.cycle_id == cycle.id,
            ResultCell.company_id.in_(shared_with(actor, cycle.id)),
            ResultCell.company_id.in_(shared_with(actor, cycle.previous_id)),
        )
        .group_by(ResultCell.principle_id)
    ).all()


def companies_by_bits(session: Session, actor: Actor, cycle_id: int) -> Sequence[Row[str, int, int, int, int]]:
    """Principle id, its indicators that are a gap, not known, asked (bits of ResultCell), and how many companies."""
    bits = (ResultCell.gap_bits, ResultCell.unknown_bits, ResultCell.applies_bits)
    return session.execute(
        select(ResultCell.principle_id, *bits, func.count())
        .where(ResultCell.cycle_id == cycle_id, ResultCell.company_id.in_(shared_with(actor, cycle_id)))
        .group_by(ResultCell.principle_id, *bits)
    ).all()
