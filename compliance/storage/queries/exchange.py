"""Clarifications, shared findings and the company's replies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

from compliance.domain.assessments import State
from compliance.domain.clarifications import UNSETTLED, ClarificationState
from compliance.storage.models import Assessment, Clarification, Finding, FindingVersion, Reply, Submission


def clarifications(session: Session, assessment_id: int) -> Sequence[Clarification]:
    """Every question about an assessment with its service, in the order of the rounds."""
    return session.scalars(
        select(Clarification)
        .where(Clarification.assessment_id == assessment_id)
        .options(joinedload(Clarification.service))
        .order_by(Clarification.round, Clarification.id)
    ).all()


def unsettled(session: Session, assessment_id: int, *states: ClarificationState) -> Sequence[Clarification]:
    """The questions that are drafts or open (or in `states`), for a use case that moves them."""
    return session.scalars(
        select(Clarification)
        .where(Clarification.assessment_id == assessment_id, Clarification.state.in_(states or UNSETTLED))
        .options(joinedload(Clarification.service))
        .order_by(Clarification.id)
    ).all()


def answered_last(session: Session, assessment_id: int) -> Sequence[Clarification]:
    """The questions that the newest submission answered."""
    newest = select(func.max(Submission.number)).where(Submission.assessment_id == assessment_id).scalar_subquery()
    return session.scalars(
        select(Clarification)
        .where(Clarification.assessment_id == assessment_id, Clarification.answered_number == newest)
        .order_by(Clarification.id)
    ).all()


def open_questions(session: Session, assessment_id: int) -> frozenset[tuple[str | None, str]]:
    """Service slug (None: once for the company) and indicator id of each answer that an open question names, or that
    follows from a disputed function."""
    rows = unsettled(session, assessment_id, ClarificationState.OPEN)
    return frozenset().union(*(row.questions for row in rows))


def disputes(session: Session, assessment_id: int) -> Sequence[Clarification]:
    """Every disputed function of an assessment with its service, oldest first."""
    return session.scalars(
        select(Clarification)
        .where(Clarification.assessment_id == assessment_id, Clarification.function != "")
        .options(joinedload(Clarification.service))
        .order_by(Clarification.id)
    ).all()


def rounds_about(
    session: Session, assessment_id: int, service_id: int | None, indicator_id: str
) -> Sequence[Clarification]:
    """The questions about one answer, first round first."""
    service = Clarification.service_id.is_(None) if service_id is None else Clarification.service_id == service_id
    return session.scalars(
        select(Clarification)
        .where(Clarification.assessment_id == assessment_id, service, Clarification.indicator_id == indicator_id)
        .order_by(Clarification.round)
    ).all()


def last_versions(session: Session, assessment_id: int) -> dict[int, FindingVersion]:
    """What the company sees of each finding: the newest shared version with its reply, by finding id."""
    newest = (
        select(FindingVersion.finding_id, func.max(FindingVersion.number).label("number"))
        .join(Finding, Finding.id == FindingVersion.finding_id)
        .where(Finding.assessment_id == assessment_id)
        .group_by(FindingVersion.finding_id)
        .subquery()
    )
    rows = session.scalars(
        select(FindingVersion)
        .join(
            newest,
            (FindingVersion.finding_id == newest.c.finding_id) & (FindingVersion.number == newest.c.number),
        )
        .options(joinedload(FindingVersion.reply), joinedload(FindingVersion.finding).joinedload(Finding.service))
        .order_by(FindingVersion.finding_id)
    )
    return {row.finding_id: row for row in rows}


def versions_of(session: Session, finding_id: int) -> Sequence[FindingVersion]:
    """Every shared version of a finding with its reply, first one first."""
    return session.scalars(
        select(FindingVersion)
        .where(FindingVersion.finding_id == finding_id)
        .options(joinedload(FindingVersion.reply))
        .order_by(FindingVersion.number)
    ).all()


def sent_stances(session: Session, assessment_id: int) -> Sequence[Row[int | None, str, str]]:
    """Service id, indicator id and stance of each reply that was sent, older versions first."""
    return session.execute(
        select(Finding.service_id, Finding.indicator_id, Reply.stance)
        .join(FindingVersion, FindingVersion.finding_id == Finding.id)
        .join(Reply, Reply.finding_version_id == FindingVersion.id)
        .where(Finding.assessment_id == assessment_id, Reply.sent_at.is_not(None))
        .order_by(FindingVersion.number)
    ).all()


def past_reply_date(session: Session, until: dt.date) -> Sequence[int]:
    """The assessments whose findings are shared, without a reply, and whose last day to reply is before `until`."""
    return session.scalars(
        select(Assessment.id)
        .where(
            Assessment.state == State.FINDINGS_SHARED,
            Assessment.replied_at.is_(None),
            Assessment.reply_due_on < until,
        )
        .order_by(Assessment.id)
    ).all()


def assessment_with_company(session: Session, assessment_id: int) -> Assessment:
    """An assessment with its company, without a person: for the schedule."""
    return session.scalars(
        select(Assessment).where(Assessment.id == assessment_id).options(joinedload(Assessment.company))
    ).one()
