"""Facts of the public record as their own company is shown them, and corrections for staff to decide."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Organisation, PublicRecord, RecordCorrection


def own_count(session: Session, actor: Actor) -> int:
    own = scope.own(actor, PublicRecord.company_id)
    return session.scalar(select(func.count(PublicRecord.id)).where(own)) or 0


def own_page(session: Session, actor: Actor, *, offset: int, limit: int) -> Sequence[PublicRecord]:
    """Facts about the own company with their corrections, by principle."""
    return session.scalars(
        select(PublicRecord)
        .where(scope.own(actor, PublicRecord.company_id))
        .options(selectinload(PublicRecord.corrections), selectinload(PublicRecord.services))
        .order_by(PublicRecord.principle_id, PublicRecord.id)
        .offset(offset)
        .limit(limit)
    ).all()


def own_one(session: Session, actor: Actor, record_id: int) -> PublicRecord | None:
    return session.scalars(
        select(PublicRecord)
        .where(PublicRecord.id == record_id, scope.own(actor, PublicRecord.company_id))
        .options(selectinload(PublicRecord.corrections), selectinload(PublicRecord.services))
    ).one_or_none()


def to_decide(session: Session, actor: Actor, correction_id: int, *, lock: bool) -> RecordCorrection | None:
    """A correction with its fact and company, for governments; with `lock` held until the transaction ends."""
    query = (
        select(RecordCorrection)
        .join(RecordCorrection.record)
        .join(Organisation, Organisation.id == PublicRecord.company_id)
        .where(RecordCorrection.id == correction_id, scope.companies(actor), scope.public_records(actor))
        .options(
            joinedload(RecordCorrection.record).joinedload(PublicRecord.company),
            joinedload(RecordCorrection.record).selectinload(PublicRecord.services),
        )
    )
    if lock:
        query = query.with_for_update(of=RecordCorrection).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()
