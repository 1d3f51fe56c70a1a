"""Assessments, answers and submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import Row, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from compliance.domain.assessments import EDITABLE, State
from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Answer, Assessment, Cycle, Evidence, Organisation, Service, Submission


def own_assessment(session: Session, actor: Actor, cycle_slug: str) -> Assessment | None:
    """The own company's assessment in a cycle, with cycle, framework version and company."""
    return session.scalars(
        select(Assessment)
        .join(Assessment.cycle)
        .where(Cycle.slug == cycle_slug, scope.own(actor, Assessment.company_id))
        .options(joinedload(Assessment.cycle).joinedload(Cycle.framework_version), joinedload(Assessment.company))
    ).one_or_none()


def own_services(session: Session, actor: Actor) -> Sequence[Service]:
    """The own company's services in use, by name."""
    return session.scalars(
        select(Service)
        .where(scope.own(actor, Service.company_id), Service.retired_on.is_(None))
        .order_by(Service.name, Service.id)
    ).all()


def hold_company(session: Session, company_id: int) -> None:
    """Let changes to what belongs to a company come one after the other until the transaction ends."""
    session.execute(select(Organisation.id).where(Organisation.id == company_id).with_for_update())


def services_of(session: Session, company_id: int) -> Sequence[Service]:
    """All services of a company, retired ones too: for use cases that have already passed the scope."""
    return session.scalars(
        select(Service).where(Service.company_id == company_id).order_by(Service.name, Service.id)
    ).all()


def answered_keys(session: Session, assessment_id: int) -> Sequence[Row[int | None, str, str, bool]]:
    """Service id, indicator id, status and "from last cycle, unconfirmed" of each answer, without loading the rows."""
    return session.execute(
        select(Answer.service_id, Answer.indicator_id, Answer.status, Answer.carried).where(
            Answer.assessment_id == assessment_id
        )
    ).all()


def own_answer_counts(session: Session, actor: Actor) -> dict[int, int]:
    """How many answers each of the own company's assessments has."""
    rows = session.execute(
        select(Answer.assessment_id, func.count())
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .where(scope.own(actor, Assessment.company_id))
        .group_by(Answer.assessment_id)
    )
    return dict(rows.all())


def answer(session: Session, assessment_id: int, service_id: int | None, indicator_id: str) -> Answer | None:
    """One answer with its evidence and numbers, in one query: both lists are short."""
    service = Answer.service_id.is_(None) if service_id is None else Answer.service_id == service_id
    query = (
        select(Answer)
        .where(Answer.assessment_id == assessment_id, service, Answer.indicator_id == indicator_id)
        .options(joinedload(Answer.evidence).joinedload(Evidence.document), joinedload(Answer.metrics))
    )
    return session.scalars(query).unique().one_or_none()


def answers(session: Session, assessment_id: int) -> Sequence[Answer]:
    """Every answer of an assessment with evidence and numbers, in three queries."""
    return session.scalars(
        select(Answer)
        .where(Answer.assessment_id == assessment_id)
        .options(selectinload(Answer.evidence).joinedload(Evidence.document), selectinload(Answer.metrics))
    ).all()


def last_submission(session: Session, assessment_id: int) -> Submission | None:
    """The newest sealed copy, with its text."""
    return session.scalars(
        select(Submission)
        .where(Submission.assessment_id == assessment_id)
        .order_by(Submission.number.desc())
        .limit(1)
        .options(undefer(Submission.sealed))
    ).one_or_none()


def last_submissions(session: Session, assessment_ids: Sequence[int]) -> dict[int, Submission]:
    """The newest sealed copy of each of these assessments, with its text."""
    later = aliased(Submission)
    superseded = exists().where(later.assessment_id == Submission.assessment_id, later.number > Submission.number)
    rows = session.scalars(
        select(Submission)
        .where(Submission.assessment_id.in_(assessment_ids), ~superseded)
        .options(undefer(Submission.sealed))
    )
    return {row.assessment_id: row for row in rows}


def submission(session: Session, assessment_id: int, number: int) -> Submission | None:
    return session.scalars(
        select(Submission)
        .where(Submission.assessment_id == assessment_id, Submission.number == number)
        .options(undefer(Submission.sealed))
    ).one_or_none()


def submissions_numbered(session: Session, assessment_id: int, numbers: Collection[int]) -> Sequence[Submission]:
    """The sealed copies with these numbers, with their texts."""
    return session.scalars(
        select(Submission)
        .where(Submission.assessment_id == assessment_id, Submission.number.in_(numbers))
        .options(undefer(Submission.sealed))
    ).all()


def submission_count(session: Session, assessment_id: int) -> int:
    return session.scalar(select(func.count()).where(Submission.assessment_id == assessment_id)) or 0


def submitted_assessment(session: Session, actor: Actor, company_slug: str, cycle_slug: str) -> Assessment | None:
    """A company's assessment as its reviewers may open it: shared with their government, and not a draft."""
    return session.scalars(
        select(Assessment)
        .join(Assessment.cycle)
        .join(Assessment.company)
        .where(Cycle.slug == cycle_slug, Organisation.slug == company_slug, scope.assessments(actor))
        .options(joinedload(Assessment.cycle).joinedload(Cycle.framework_version), joinedload(Assessment.company))
    ).one_or_none()


def touch(session: Session, assessment: Assessment, now: dt.datetime) -> bool:
    """Note activity on an assessment that may be open for answers, and hold its row until the transaction ends.

    False when it is no longer open; otherwise its state is brought up to date. While it is returned, whoever calls asks
    for the open questions next. Holding the row makes a save and a signature wait for each other, so that a sealed copy
    always has every acknowledged answer. It does not count as a version of the assessment.
    """
    state = session.scalar(
        update(Assessment)
        .where(
            Assessment.id == assessment.id,
            or_(
                Assessment.state.in_([*EDITABLE, State.RETURNED]),
                and_(Assessment.state == State.SUBMITTED, Assessment.amending_since.is_not(None)),
            ),
        )
        .values(last_activity_at=now)
        .returning(Assessment.state),
        execution_options={"synchronize_session": False},
    )
    if state is not None:
        set_committed_value(assessment, "state", state)
    return state is not None


def lock(session: Session, assessment: Assessment) -> None:
    """Hold the row of an assessment until the transaction ends, and bring its state up to date."""
    session.refresh(assessment, attribute_names=["state", "version"], with_for_update=True)
