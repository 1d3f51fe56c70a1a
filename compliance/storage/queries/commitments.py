"""Commitments, and gaps that were accepted as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.domain.commitments import PLANNING, CommitmentState, Pledge, Step
from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Commitment, CommitmentEvent, Cycle, GapAcceptance


def planning(session: Session, company_id: int) -> Sequence[Commitment]:
    """The commitments of a company whose dates count as a plan, with their steps: for the rules."""
    return session.scalars(
        select(Commitment)
        .where(Commitment.company_id == company_id, Commitment.state.in_(PLANNING))
        .options(selectinload(Commitment.steps))
        .order_by(Commitment.id)
    ).all()


def pledge_of(commitment: Commitment) -> Pledge:
    """A commitment, with its steps, as the rules know it."""
    steps = tuple(Step(step.text, step.due_on, step.done_on is not None) for step in commitment.steps)
    return Pledge(CommitmentState(commitment.state), commitment.due_on, steps)


def commitments_of(session: Session, actor: Actor, company_id: int) -> Sequence[Commitment]:
    """A company's commitments with steps and events, as far as the person may see the cycle they were made in."""
    return session.scalars(
        select(Commitment)
        .where(Commitment.company_id == company_id, scope.commitments(actor))
        .options(
            selectinload(Commitment.steps),
            selectinload(Commitment.events).joinedload(CommitmentEvent.organisation),
            joinedload(Commitment.service),
            joinedload(Commitment.cycle).joinedload(Cycle.framework_version),
        )
        .order_by(Commitment.due_on, Commitment.id)
        .limit(LIMIT)
    ).all()


def promises_of(session: Session, actor: Actor, company_id: int) -> Sequence[Commitment]:
    """The same with steps and without events, in one statement: for reports."""
    found = session.scalars(
        select(Commitment)
        .where(Commitment.company_id == company_id, scope.commitments(actor))
        .options(
            joinedload(Commitment.steps),
            joinedload(Commitment.service),
            joinedload(Commitment.cycle).joinedload(Cycle.framework_version),
        )
        .order_by(Commitment.due_on, Commitment.id)
        .limit(LIMIT)
    )
    return found.unique().all()


#: Commitments on one page. More than a company could keep track of.
LIMIT = 500


def commitment(session: Session, actor: Actor, id_: int) -> Commitment | None:
    """One commitment that the person may see, with everything around it."""
    return session.scalars(
        select(Commitment)
        .where(Commitment.id == id_, scope.commitments(actor))
        .options(
            selectinload(Commitment.steps),
            selectinload(Commitment.events).joinedload(CommitmentEvent.organisation),
            joinedload(Commitment.service),
            joinedload(Commitment.company),
            joinedload(Commitment.cycle).joinedload(Cycle.framework_version),
        )
    ).one_or_none()


def by_key(session: Session, company_id: int, user_id: int, key: str) -> Commitment | None:
    """The commitment that a form of this person already made; None without a key."""
    if not key:
        return None
    return session.scalars(
        select(Commitment)
        .where(Commitment.company_id == company_id, Commitment.made_by_id == user_id, Commitment.save_key == key)
        .limit(1)
    ).one_or_none()


def acceptances_of(session: Session, company_id: int) -> Sequence[GapAcceptance]:
    """The gaps of a company that are accepted as they are, or proposed to be."""
    return session.scalars(
        select(GapAcceptance)
        .where(GapAcceptance.company_id == company_id, GapAcceptance.ended_at.is_(None))
        .options(joinedload(GapAcceptance.proposed_by), joinedload(GapAcceptance.approved_by))
        .order_by(GapAcceptance.id)
    ).all()


def acceptances_about(
    session: Session, company_id: int, service_id: int | None, indicators: Collection[str]
) -> Sequence[GapAcceptance]:
    """All acceptances of one gap, ended ones too; `indicators` are the names it has had."""
    service = GapAcceptance.service_id.is_(None) if service_id is None else GapAcceptance.service_id == service_id
    return session.scalars(
        select(GapAcceptance)
        .where(GapAcceptance.company_id == company_id, service, GapAcceptance.indicator_id.in_(indicators))
        .options(joinedload(GapAcceptance.proposed_by), joinedload(GapAcceptance.approved_by))
        .order_by(GapAcceptance.id)
    ).all()
