"""Meetings with a company."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Commitment, Engagement, EngagementAsk

LIMIT = 200


def engagements_of(session: Session, actor: Actor, company_id: int, limit: int = LIMIT) -> Sequence[Engagement]:
    """The meetings of the person's government with a company, newest first, with what was asked."""
    return session.scalars(
        select(Engagement)
        .where(Engagement.company_id == company_id, scope.engagements(actor))
        .options(selectinload(Engagement.asks).joinedload(EngagementAsk.service))
        .order_by(Engagement.held_on.desc(), Engagement.id.desc())
        .limit(limit)
    ).all()


def last_engagement(session: Session, actor: Actor, company_id: int) -> Engagement | None:
    """The newest of them, in one statement: how a brief begins."""
    found = session.scalars(
        select(Engagement)
        .where(Engagement.company_id == company_id, scope.engagements(actor))
        .options(joinedload(Engagement.asks))
        .order_by(Engagement.held_on.desc(), Engagement.id.desc())
        .limit(1)
    )
    return found.unique().one_or_none()


def engagement(session: Session, actor: Actor, company_id: int, id_: int) -> Engagement | None:
    return session.scalars(
        select(Engagement)
        .where(Engagement.id == id_, Engagement.company_id == company_id, scope.engagements(actor))
        .options(selectinload(Engagement.asks).joinedload(EngagementAsk.service))
    ).one_or_none()


def by_key(session: Session, actor: Actor, company_id: int, key: str) -> Engagement | None:
    """The meeting that a form of this person already recorded; None without a key."""
    if not key:
        return None
    return session.scalars(
        select(Engagement)
        .where(
            Engagement.company_id == company_id,
            Engagement.recorded_by_id == actor.user_id,
            Engagement.save_key == key,
            scope.engagements(actor),
        )
        .limit(1)
    ).one_or_none()


def commitments_from(session: Session, actor: Actor, engagement_ids: Sequence[int]) -> Sequence[Commitment]:
    """The commitments that came of meetings, by date."""
    return session.scalars(
        select(Commitment)
        .where(Commitment.engagement_id.in_(engagement_ids), scope.commitments(actor))
        .options(joinedload(Commitment.service), selectinload(Commitment.steps))
        .order_by(Commitment.due_on, Commitment.id)
    ).all()
