"""What colleagues of a company share: who is in the team, who answers what, and their notes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

from compliance.storage.models import AnswerNote, Assessment, Assignment, AuditEvent, Cycle, Membership, User


def members(session: Session, organisation_id: int) -> Sequence[Membership]:
    """The current members of an organisation with their accounts, by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None), User.active)
        .options(joinedload(Membership.user))
        .order_by(User.name, User.id, Membership.id)
    ).all()


def held_members(session: Session, organisation_id: int) -> Sequence[Membership]:
    """The same rows, held until the transaction ends: two leads cannot each end the other."""
    return session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None))
        .with_for_update()
        .order_by(Membership.id)
    ).all()


def assignments(session: Session, assessment_id: int) -> Sequence[Assignment]:
    """Who answers what in an assessment, with the people."""
    return session.scalars(
        select(Assignment).where(Assignment.assessment_id == assessment_id).options(joinedload(Assignment.user))
    ).all()


def assignment_counts(session: Session, organisation_id: int) -> dict[int, int]:
    """How many assignments each person has in assessments whose cycle is not closed."""
    rows = session.execute(
        select(Assignment.user_id, func.count())
        .join(Assessment, Assessment.id == Assignment.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.company_id == organisation_id, Cycle.closed_on.is_(None))
        .group_by(Assignment.user_id)
    )
    return dict(rows.all())


def open_assignments_of(session: Session, organisation_id: int, user_id: int) -> Sequence[Assignment]:
    """A person's assignments in the company's assessments whose cycle is not closed."""
    return session.scalars(
        select(Assignment)
        .join(Assessment, Assessment.id == Assignment.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.company_id == organisation_id, Cycle.closed_on.is_(None), Assignment.user_id == user_id)
    ).all()


def notes(session: Session, assessment_id: int, service_id: int | None, indicator_id: str) -> Sequence[AnswerNote]:
    """The notes on one question with their authors, oldest first."""
    service = AnswerNote.service_id.is_(None) if service_id is None else AnswerNote.service_id == service_id
    return session.scalars(
        select(AnswerNote)
        .where(AnswerNote.assessment_id == assessment_id, AnswerNote.indicator_id == indicator_id, service)
        .options(joinedload(AnswerNote.author))
        .order_by(AnswerNote.id)
    ).all()


def history(session: Session, chain: str, subject: str, most: int) -> Sequence[Row[AuditEvent, str | None]]:
    """The newest events of a chain about one record with the names of who acted, newest first."""
    query = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.subject == subject, AuditEvent.chain == chain)
        .order_by(AuditEvent.number.desc())
        .limit(most)
    )
    return session.execute(query).all()
