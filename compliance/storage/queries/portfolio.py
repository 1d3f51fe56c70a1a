"""The companies in a cycle as government staff list them. Permission is a join, pages are bounded, sums are SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, State
from compliance.domain.assessments import Participation as Participating
from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Answer, Assessment, Cycle, Organisation, Participation, Result, Sharing
from compliance.storage.queries.due import past_due


@dataclass(frozen=True, slots=True)
class Which:
    """A filter of the list: a part of the name, and a participation word as it is on the day `on`."""

    name: str = ""
    participation: Participating | None = None
    on: dt.date = dt.date.min


def companies_page(
    session: Session, actor: Actor, cycle_id: int, which: Which, *, offset: int, limit: int
) -> Sequence[Row[Organisation, Participation | None, Assessment | None, str | None]]:
    """Companies by name, each with participation, assessment, and the person's country where it is shared with it."""
    query = (
        select(Organisation, Participation, Assessment, Sharing.country)
        .outerjoin(Participation, and_(Participation.company_id == Organisation.id, Participation.cycle_id == cycle_id))
        .outerjoin(Cycle, Cycle.id == Participation.cycle_id)
        .outerjoin(Assessment, and_(Assessment.company_id == Organisation.id, Assessment.cycle_id == cycle_id))
        .outerjoin(
            Sharing,
            and_(
                Sharing.company_id == Organisation.id,
                Sharing.cycle_id == cycle_id,
                Sharing.country == actor.country,
                Sharing.ended_at.is_(None),
            ),
        )
        .order_by(Organisation.name, Organisation.id)
        .offset(offset)
        .limit(limit)
    )
    return session.execute(query.where(*_wanted(actor, which))).all()


def company_count(session: Session, actor: Actor, cycle_id: int, which: Which) -> int:
    query = (
        select(func.count(Organisation.id))
        .outerjoin(Participation, and_(Participation.company_id == Organisation.id, Participation.cycle_id == cycle_id))
        .outerjoin(Cycle, Cycle.id == Participation.cycle_id)
        .outerjoin(Assessment, and_(Assessment.company_id == Organisation.id, Assessment.cycle_id == cycle_id))
    )
    return session.scalar(query.where(*_wanted(actor, which))) or 0


def shared_count(session: Session, actor: Actor, cycle_id: int) -> int:
    """With how many companies' content in the cycle the person's government was trusted: the basis of every sum."""
    query = select(func.count()).where(
        Sharing.cycle_id == cycle_id, Sharing.country == actor.country, Sharing.ended_at.is_(None)
    )
    return session.scalar(query) or 0


def severity_counts(
    session: Session, actor: Actor, cycle_id: int, company_ids: Sequence[int]
) -> Sequence[Row[int, str, int]]:
    """Company id, severity id and how many results have it, for the companies of one page."""
    query = (
        select(Result.company_id, Result.severity, func.count())
        .where(
            Result.cycle_id == cycle_id,
            Result.company_id.in_(company_ids),
            scope.content(actor, Result.company_id, Result.cycle_id),
        )
        .group_by(Result.company_id, Result.severity)
    )
    return session.execute(query).all()


def answer_counts(session: Session, cycle_id: int, company_ids: Sequence[int]) -> dict[int, int]:
    """How many answers each company has saved: all that government may know of a draft, besides its last activity."""
    rows = session.execute(
        select(Assessment.company_id, func.count())
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(Assessment.cycle_id == cycle_id, Assessment.company_id.in_(company_ids))
        .group_by(Assessment.company_id)
    )
    return dict(rows.all())


def _wanted(actor: Actor, which: Which) -> list[ColumnElement[bool]]:
    conditions = [scope.companies(actor)]
    if which.name:
        conditions.append(Organisation.name.icontains(which.name, autoescape=True))
    if which.participation:
        conditions.append(participates_as(which.participation, which.on))
    return conditions


def participates_as(word: Participating, on: dt.date) -> ColumnElement[bool]:
    """The rows of a company list that `domain.assessments.participation` would give this word on the day `on`.

    For statements that join participation, cycle and assessment; the day is each company's own.
    """
    has_answers = exists().where(Answer.assessment_id == Assessment.id)
    drafting = or_(Assessment.state.is_(None), Assessment.state == State.DRAFT)
    accepted = and_(Participation.invitation == Invitation.ACCEPTED, drafting)
    invited = and_(Participation.invitation == Invitation.INVITED, drafting)
    late = past_due(on)
    when = {
        Participating.SUBMITTED: Assessment.state.not_in([State.DRAFT, State.WITHDRAWN]),
        Participating.WITHDRAWN: Assessment.state == State.WITHDRAWN,
        Participating.DECLINED: and_(Participation.invitation == Invitation.DECLINED, drafting),
        Participating.NO_REPLY: and_(invited, late),
        Participating.INVITED: and_(invited, ~late),
        Participating.PARTIAL: and_(accepted, late),
        Participating.ACCEPTED: and_(accepted, ~late, has_answers),
        Participating.NOT_STARTED: and_(accepted, ~late, ~has_answers),
    }
    return when[word]
