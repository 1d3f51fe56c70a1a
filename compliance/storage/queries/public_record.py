"""Public records as they are entered and imported: what is known of a company already, and what depends on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, selectinload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import (
    Assessment,
    Cycle,
    Organisation,
    Participation,
    PublicRecord,
    Result,
    Service,
    public_record_service,
)


def known_services(session: Session, actor: Actor, company_id: int) -> Sequence[Service]:
    """The services that the person's government knows of: from what was signed and shared, and from sources.

    Not the company's own list: before it is submitted, that is the company's alone.
    """
    signed = exists().where(Result.service_id == Service.id, scope.content(actor, Result.company_id, Result.cycle_id))
    in_a_source = exists().where(public_record_service.c.service_id == Service.id)
    return session.scalars(
        select(Service)
        .where(Service.company_id == company_id, or_(signed, in_a_source))
        .order_by(Service.name, Service.id)
    ).all()


def lists_own_services(session: Session, company_id: int) -> bool:
    """Has the company begun to say for itself which services it offers?"""
    said = exists().where(Service.company_id == company_id, Service.functions.is_not(None))
    began = exists().where(Assessment.company_id == company_id)
    return bool(session.scalar(select(or_(said, began))))


def by_reference(session: Session, company_id: int, references: Collection[str]) -> dict[str, PublicRecord]:
    """The company's records with these references, with the services they name."""
    found: dict[str, PublicRecord] = {}
    wanted = sorted(references)
    for start in range(0, len(wanted), 500):
        query = (
            select(PublicRecord)
            .where(PublicRecord.company_id == company_id, PublicRecord.reference.in_(wanted[start : start + 500]))
            .options(selectinload(PublicRecord.services))
        )
        found.update({record.reference: record for record in session.scalars(query)})
    return found


def open_cycle_ids(session: Session, company_id: int) -> Sequence[int]:
    """The cycles the company is in whose results still change."""
    return session.scalars(
        select(Participation.cycle_id)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .where(Participation.company_id == company_id, Cycle.closed_on.is_(None))
        .order_by(Participation.cycle_id)
    ).all()


def organisation_slugs(session: Session) -> frozenset[str]:
    """The slugs that are taken, by companies and others."""
    return frozenset(session.scalars(select(Organisation.slug)))
