"""Findings, public records and results."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Finding, PublicRecord, Result


def findings(session: Session, assessment_id: int) -> Sequence[Finding]:
    return session.scalars(select(Finding).where(Finding.assessment_id == assessment_id)).all()


def finding(session: Session, assessment_id: int, service_id: int | None, indicator_id: str) -> Finding | None:
    service = Finding.service_id.is_(None) if service_id is None else Finding.service_id == service_id
    return session.scalars(
        select(Finding).where(Finding.assessment_id == assessment_id, service, Finding.indicator_id == indicator_id)
    ).one_or_none()


def public_records(session: Session, actor: Actor, company_id: int) -> Sequence[PublicRecord]:
    """What the public record says about a company, with the services it names, in the order of entry."""
    return (
        session.scalars(
            select(PublicRecord)
            .where(PublicRecord.company_id == company_id, scope.public_records(actor))
            .options(
                # A fact names few services and has few corrections: rows are cheaper than two more statements.
                joinedload(PublicRecord.services),
                joinedload(PublicRecord.corrections),
                joinedload(PublicRecord.entered_by),
            )
            .order_by(PublicRecord.principle_id, PublicRecord.id)
        )
        .unique()
        .all()
    )


def public_records_page(
    session: Session, actor: Actor, company_id: int, *, offset: int, limit: int
) -> Sequence[PublicRecord]:
    """The same, one page of it."""
    return session.scalars(
        select(PublicRecord)
        .where(PublicRecord.company_id == company_id, scope.public_records(actor))
        .options(
            selectinload(PublicRecord.services),
            selectinload(PublicRecord.corrections),
            joinedload(PublicRecord.entered_by),
        )
        .order_by(PublicRecord.principle_id, PublicRecord.id)
        .offset(offset)
        .limit(limit)
    ).all()


def public_record_count(session: Session, actor: Actor, company_id: int) -> int:
    mine = (PublicRecord.company_id == company_id, scope.public_records(actor))
    return session.scalar(select(func.count(PublicRecord.id)).where(*mine)) or 0


def public_records_of(session: Session, company_id: int) -> Sequence[PublicRecord]:
    """The same without a person: for the rules."""
    return session.scalars(
        select(PublicRecord)
        .where(PublicRecord.company_id == company_id)
        .options(selectinload(PublicRecord.services))
        .order_by(PublicRecord.id)
    ).all()


def findings_of(session: Session, assessment_ids: Sequence[int]) -> Sequence[Finding]:
    """The findings on all of these assessments."""
    return session.scalars(select(Finding).where(Finding.assessment_id.in_(assessment_ids))).all()


def results(session: Session, actor: Actor, cycle_ids: Sequence[int], company_id: int) -> Sequence[Result]:
    """A company's results in these cycles, as far as its content is shared with the person's government."""
    return session.scalars(
        select(Result)
        .where(
            Result.cycle_id.in_(cycle_ids),
            Result.company_id == company_id,
            scope.content(actor, Result.company_id, Result.cycle_id),
        )
        .options(joinedload(Result.service))
        .order_by(Result.id)
    ).all()


def results_of(session: Session, participation_id: int) -> Sequence[Result]:
    """The stored results of one participation, for recomputing them."""
    return session.scalars(select(Result).where(Result.participation_id == participation_id)).all()
