"""What waits for whom, counted for each lead country: the numbers of the weekly digest and of the reminders page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, State
from compliance.domain.clarifications import ClarificationState
from compliance.domain.commitments import CommitmentState
from compliance.domain.messages import MessageState
from compliance.storage.models import (
    Assessment,
    Clarification,
    Commitment,
    Cycle,
    Engagement,
    ExtensionRequest,
    Membership,
    Message,
    Organisation,
    Participation,
)
from compliance.storage.queries.due import DUE_ON

#: The days after the last day from which staff call a company; stage `chase` of the usual plan.
CALL_AFTER: Final = 21

OF_PARTICIPATION: Final = and_(
    Assessment.cycle_id == Participation.cycle_id, Assessment.company_id == Participation.company_id
)
NOT_SUBMITTED: Final = and_(
    Participation.invitation != Invitation.DECLINED,
    or_(Assessment.id.is_(None), Assessment.state.in_([State.DRAFT, State.REOPENED])),
)


def figures(session: Session, countries: Collection[str], now: dt.datetime) -> Mapping[str, dict[str, int]]:
    """Each number by its code, for each country; a country without any has zeros."""
    today = now.date()
    found: dict[str, dict[str, int]] = {country: {} for country in countries}
    queries: Mapping[str, Select[*tuple[Any, ...]]] = {
        "overdue": _participations(now, NOT_SUBMITTED, today > DUE_ON),
        "to_call": _participations(now, NOT_SUBMITTED, today - dt.timedelta(days=CALL_AFTER) >= DUE_ON),
        "not_replied": _participations(now, Participation.invitation == Invitation.INVITED, today <= DUE_ON),
        "to_review": _assessments(Assessment.state == State.SUBMITTED),
        "questions": _assessments(
            exists().where(Clarification.assessment_id == Assessment.id, Clarification.state == ClarificationState.OPEN)
        ),
        "replies": _assessments(Assessment.state == State.FINDINGS_SHARED, Assessment.replied_at.is_(None)),
        "commitments": _commitments(Commitment.state == CommitmentState.AGREED, Commitment.due_on < today),
        "to_verify": _commitments(Commitment.state == CommitmentState.DONE),
        "follow_ups": _follow_ups(today),
        "more_time": _requests(),
        "failed": _failed(now),
    }
    for code, query in queries.items():
        counts = {row[0]: row[1] for row in session.execute(query)}
        for country in countries:
            found[country][code] = counts.get(country, 0)
    return found


def _requests() -> Select[*tuple[Any, ...]]:
    """Requests for more time without a decision."""
    return (
        select(Organisation.country, func.count())
        .select_from(ExtensionRequest)
        .join(Participation, Participation.id == ExtensionRequest.participation_id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .where(ExtensionRequest.decided_at.is_(None))
        .group_by(Organisation.country)
    )


def _participations(now: dt.datetime, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(Organisation.country, func.count())
        .select_from(Participation)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(Assessment, OF_PARTICIPATION)
        .where(or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date()), *conditions)
        .group_by(Organisation.country)
    )


def _assessments(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(Organisation.country, func.count())
        .select_from(Assessment)
        .join(Organisation, Organisation.id == Assessment.company_id)
        .where(*conditions)
        .group_by(Organisation.country)
    )


def _commitments(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(Commitment.country, func.count()).where(*conditions).group_by(Commitment.country)


def _follow_ups(today: dt.date) -> Select[*tuple[Any, ...]]:
    return (
        select(Engagement.country, func.count())
        .where(Engagement.follow_up_on <= today + dt.timedelta(days=7), Engagement.followed_up_on.is_(None))
        .group_by(Engagement.country)
    )


def _failed(now: dt.datetime) -> Select[*tuple[Any, ...]]:
    """Mails of the last four weeks that will not go, to people of the companies a country leads on."""
    return (
        select(Organisation.country, func.count(Message.id.distinct()))
        .join(Membership, and_(Membership.user_id == Message.recipient_id, Membership.ended_at.is_(None)))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Message.state == MessageState.FAILED, Message.created_at >= now - dt.timedelta(days=28))
        .group_by(Organisation.country)
    )
