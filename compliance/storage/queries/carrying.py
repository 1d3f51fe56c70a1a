"""The last cycle of a company, as its own people see it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.storage.models import Answer, Assessment, Cycle, Evidence


def previous_assessment(session: Session, assessment: Assessment) -> Assessment | None:
    """The same company's assessment in the cycle before, with that cycle and its framework version."""
    if assessment.cycle.previous_id is None:
        return None
    return session.scalars(
        select(Assessment)
        .where(Assessment.cycle_id == assessment.cycle.previous_id, Assessment.company_id == assessment.company_id)
        .options(joinedload(Assessment.cycle).joinedload(Cycle.framework_version))
    ).one_or_none()


def previous_answers(
    session: Session, assessment: Assessment, service_id: int | None, ids: Sequence[str]
) -> Sequence[Answer]:
    """The company's answers of the cycle before under any of `ids`, for one service or (None) for the company."""
    if assessment.cycle.previous_id is None:
        return ()
    service = Answer.service_id.is_(None) if service_id is None else Answer.service_id == service_id
    query = (
        select(Answer)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .where(
            Assessment.cycle_id == assessment.cycle.previous_id,
            Assessment.company_id == assessment.company_id,
            service,
            Answer.indicator_id.in_(ids),
        )
        .options(joinedload(Answer.evidence).joinedload(Evidence.document), joinedload(Answer.metrics))
    )
    return session.scalars(query).unique().all()


def previous_keys(session: Session, assessment: Assessment) -> set[tuple[int | None, str]]:
    """Service id and indicator id of each answer that the company gave in the cycle before."""
    if assessment.cycle.previous_id is None:
        return set()
    rows = session.execute(
        select(Answer.service_id, Answer.indicator_id)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .where(Assessment.cycle_id == assessment.cycle.previous_id, Assessment.company_id == assessment.company_id)
    )
    return {(service_id, indicator_id) for service_id, indicator_id in rows}


def answers_of_indicator(session: Session, assessment_id: int, indicator_id: str) -> Sequence[Answer]:
    """The answers to one indicator on every service of an assessment."""
    return session.scalars(
        select(Answer)
        .where(Answer.assessment_id == assessment_id, Answer.indicator_id == indicator_id)
        .options(selectinload(Answer.evidence).joinedload(Evidence.document), selectinload(Answer.metrics))
    ).all()
