"""What is known of one company in its cycles, in few statements: each costs more than the rows that it brings along."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from compliance.domain.assessments import State
from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import (
    Assessment,
    Clarification,
    Cycle,
    Finding,
    FindingVersion,
    Organisation,
    Participation,
    Sharing,
    Submission,
)


def places(
    session: Session, actor: Actor, slug: str
) -> Sequence[Row[Cycle, Organisation, Participation | None, str | None]]:
    """Every cycle, newest first, beside a company that the person's organisation may know of.

    With how the company takes part in it, and a country with which it is shared now: a row for each country, one when
    there is none. Nothing for a company that the person may not know of, nor before there is any cycle.
    """
    mine = and_(Organisation.slug == slug, scope.companies(actor))
    takes_part = and_(Participation.cycle_id == Cycle.id, Participation.company_id == Organisation.id)
    shared = and_(Sharing.cycle_id == Cycle.id, Sharing.company_id == Organisation.id, Sharing.ended_at.is_(None))
    return session.execute(
        select(Cycle, Organisation, Participation, Sharing.country)
        .select_from(Cycle)
        .join(Organisation, mine)
        .outerjoin(Participation, takes_part)
        .outerjoin(Sharing, shared)
        .options(joinedload(Cycle.framework_version))
        .order_by(Cycle.opens_on.desc(), Cycle.id.desc())
    ).all()


def assessments(
    session: Session, actor: Actor, cycle_ids: Sequence[int], company_id: int
) -> Sequence[Row[Assessment, int | None, str | None, Clarification | None]]:
    """A company's assessments in these cycles, each with number and text of its newest sealed copy and its disputes.

    A row for each disputed function, oldest first, of which the first one has the text; one row when there is none.
    Without copy and disputes for a draft, one that was withdrawn, and one that is not shared with the person's
    government.
    """
    later, other = aliased(Submission), aliased(Clarification)
    superseded = exists().where(later.assessment_id == Submission.assessment_id, later.number > Submission.number)
    readable = and_(
        Submission.assessment_id == Assessment.id,
        ~superseded,
        Assessment.state.not_in([State.DRAFT, State.WITHDRAWN]),
        scope.content(actor, Assessment.company_id, Assessment.cycle_id),
    )
    disputed = and_(Clarification.assessment_id == Submission.assessment_id, Clarification.function != "")
    earlier = exists().where(
        other.assessment_id == Clarification.assessment_id, other.function != "", other.id < Clarification.id
    )
    return session.execute(
        select(Assessment, Submission.number, case((~earlier, Submission.sealed)), Clarification)
        .select_from(Assessment)
        .outerjoin(Submission, readable)
        .outerjoin(Clarification, disputed)
        .where(Assessment.cycle_id.in_(cycle_ids), Assessment.company_id == company_id)
        .options(joinedload(Clarification.service))
        .order_by(Assessment.id, Clarification.id)
    ).all()


def findings(session: Session, assessment_id: int) -> Sequence[Row[Finding, FindingVersion | None]]:
    """The findings on an assessment, each with what the company sees of it: the newest shared version and its reply."""
    other = aliased(FindingVersion)
    newest = select(func.max(other.number)).where(other.finding_id == Finding.id).scalar_subquery()
    shared = and_(FindingVersion.finding_id == Finding.id, FindingVersion.number == newest)
    return session.execute(
        select(Finding, FindingVersion)
        .outerjoin(FindingVersion, shared)
        .where(Finding.assessment_id == assessment_id)
        .options(joinedload(FindingVersion.reply))
    ).all()
