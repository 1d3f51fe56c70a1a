"""How reviewers share the work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from compliance.domain.permissions import Actor, OrganisationKind, Role
from compliance.storage import scope
from compliance.storage.models import (
    Assessment,
    Cycle,
    Membership,
    Organisation,
    Presence,
    Result,
    ReviewAssignment,
    ReviewNote,
    User,
)


def people_at(
    session: Session, assessment_id: int, service_id: int | None, indicator_id: str, since: dt.datetime
) -> Sequence[Presence]:
    """Who opened this answer since then, with their names."""
    service = Presence.service_id.is_(None) if service_id is None else Presence.service_id == service_id
    return session.scalars(
        select(Presence)
        .where(
            Presence.assessment_id == assessment_id,
            service,
            Presence.indicator_id == indicator_id,
            Presence.seen_at >= since,
        )
        .options(joinedload(Presence.user))
        .order_by(Presence.seen_at.desc())
    ).all()


def notes(
    session: Session, actor: Actor, assessment_id: int, service_id: int | None, indicator_id: str
) -> Sequence[ReviewNote]:
    """The notes on one answer that the person may read: of the own department, and those that others shared."""
    service = ReviewNote.service_id.is_(None) if service_id is None else ReviewNote.service_id == service_id
    return session.scalars(
        select(ReviewNote)
        .where(
            ReviewNote.assessment_id == assessment_id,
            service,
            ReviewNote.indicator_id == indicator_id,
            scope.review_notes(actor),
        )
        .options(joinedload(ReviewNote.author), joinedload(ReviewNote.organisation))
        .order_by(ReviewNote.id)
    ).all()


def note(session: Session, actor: Actor, id_: int) -> ReviewNote | None:
    """One note of the own department."""
    return session.scalars(
        select(ReviewNote).where(ReviewNote.id == id_, ReviewNote.organisation_id == actor.organisation_id)
    ).one_or_none()


def assignments(session: Session, assessment_id: int) -> Sequence[ReviewAssignment]:
    """Who reviews which part of a submission, as it stands."""
    return session.scalars(
        select(ReviewAssignment)
        .where(ReviewAssignment.assessment_id == assessment_id, ReviewAssignment.ended_at.is_(None))
        .options(joinedload(ReviewAssignment.reviewer), joinedload(ReviewAssignment.service))
        .order_by(ReviewAssignment.due_on, ReviewAssignment.id)
    ).all()


def queue(session: Session, actor: Actor, limit: int) -> Sequence[ReviewAssignment]:
    """What was given to the person and is still shared with its government, by date."""
    return session.scalars(
        select(ReviewAssignment)
        .join(ReviewAssignment.assessment)
        .where(
            ReviewAssignment.reviewer_id == actor.user_id,
            ReviewAssignment.ended_at.is_(None),
            scope.assessments(actor),
        )
        .options(
            joinedload(ReviewAssignment.service),
            joinedload(ReviewAssignment.assessment).joinedload(Assessment.company),
            joinedload(ReviewAssignment.assessment).joinedload(Assessment.cycle).joinedload(Cycle.framework_version),
        )
        .order_by(ReviewAssignment.due_on, ReviewAssignment.id)
        .limit(limit)
    ).all()


def work_left(session: Session, assignment_ids: Sequence[int]) -> Sequence[Row[int, str, str, int]]:
    """Assignment id, severity, finding and how many answers of the assignment have these."""
    part = and_(
        or_(ReviewAssignment.principle_id.is_(None), ReviewAssignment.principle_id == Result.principle_id),
        or_(
            ReviewAssignment.indicator_id.is_(None),
            and_(
                ReviewAssignment.indicator_id == Result.indicator_id,
                func.coalesce(ReviewAssignment.service_id, 0) == func.coalesce(Result.service_id, 0),
            ),
        ),
    )
    return session.execute(
        select(ReviewAssignment.id, Result.severity, Result.finding, func.count())
        .join(Assessment, Assessment.id == ReviewAssignment.assessment_id)
        .join(
            Result,
            and_(Result.cycle_id == Assessment.cycle_id, Result.company_id == Assessment.company_id, part),
        )
        .where(ReviewAssignment.id.in_(assignment_ids))
        .group_by(ReviewAssignment.id, Result.severity, Result.finding)
    ).all()


def reviewers_of(session: Session, country: str) -> Sequence[User]:
    """The people who review for a government now, by name."""
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Organisation.kind == OrganisationKind.GOVERNMENT,
            Organisation.country == country,
            Membership.role == Role.REVIEWER,
            Membership.ended_at.is_(None),
            User.active.is_(True),
        )
        .distinct()
        .order_by(User.name, User.id)
        .limit(200)
    ).all()
