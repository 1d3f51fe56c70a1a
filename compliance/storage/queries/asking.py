"""What companies ask of their lead government."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Cycle, ExtensionRequest, Inquiry, Organisation, Participation


def inquiries_of(session: Session, participation_id: int) -> Sequence[Inquiry]:
    """What a company asked in a cycle, newest first, with the people and services."""
    return session.scalars(
        select(Inquiry)
        .where(Inquiry.participation_id == participation_id)
        .options(joinedload(Inquiry.asked_by), joinedload(Inquiry.replied_by), joinedload(Inquiry.service))
        .order_by(Inquiry.id.desc())
    ).all()


def own_inquiries_on(
    session: Session, actor: Actor, cycle_id: int, service_id: int | None, indicator_id: str
) -> Sequence[Inquiry]:
    """What the person's company asked about one question, oldest first."""
    service = Inquiry.service_id.is_(None) if service_id is None else Inquiry.service_id == service_id
    return session.scalars(
        select(Inquiry)
        .join(Inquiry.participation)
        .where(
            scope.own(actor, Participation.company_id),
            Participation.cycle_id == cycle_id,
            Inquiry.indicator_id == indicator_id,
            service,
        )
        .options(joinedload(Inquiry.asked_by), joinedload(Inquiry.replied_by))
        .order_by(Inquiry.id)
    ).all()


def led_inquiries(session: Session, actor: Actor, most: int) -> Sequence[Inquiry]:
    """What companies led by the person's government ask: those without a reply first, then the newest."""
    return session.scalars(
        select(Inquiry)
        .join(Inquiry.participation)
        .join(Participation.company)
        .where(scope.companies(actor), Organisation.country == actor.country)
        .options(
            joinedload(Inquiry.participation).joinedload(Participation.company),
            joinedload(Inquiry.participation).joinedload(Participation.cycle).joinedload(Cycle.framework_version),
            joinedload(Inquiry.service),
            joinedload(Inquiry.asked_by),
            joinedload(Inquiry.replied_by),
        )
        .order_by(Inquiry.replied_at.is_not(None), Inquiry.id.desc())
        .limit(most)
    ).all()


def held_inquiry(session: Session, actor: Actor, inquiry_id: int) -> Inquiry | None:
    """One that the person's government leads on, held until the transaction ends."""
    return session.scalars(
        select(Inquiry)
        .join(Inquiry.participation)
        .join(Participation.company)
        .where(Inquiry.id == inquiry_id, scope.companies(actor), Organisation.country == actor.country)
        .options(joinedload(Inquiry.participation).joinedload(Participation.company))
        .with_for_update(of=Inquiry)
        .execution_options(populate_existing=True)
    ).one_or_none()


def led_requests(session: Session, actor: Actor, most: int) -> Sequence[ExtensionRequest]:
    """The requests for more time, without a decision, of companies that the person's government leads on."""
    query = _led_requests(actor).where(ExtensionRequest.decided_at.is_(None))
    return session.scalars(query.order_by(ExtensionRequest.id).limit(most)).all()


def led_request(session: Session, actor: Actor, id_: int, *, hold: bool = False) -> ExtensionRequest | None:
    """One of them, decided or not; with `hold` until the transaction ends, together with the participation."""
    query = _led_requests(actor).where(ExtensionRequest.id == id_)
    if hold:
        query = query.with_for_update(of=[ExtensionRequest, Participation]).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def _led_requests(actor: Actor) -> Select[ExtensionRequest]:
    return (
        select(ExtensionRequest)
        .join(ExtensionRequest.participation)
        .join(Participation.company)
        .where(scope.companies(actor), Organisation.country == actor.country)
        .options(
            contains_eager(ExtensionRequest.participation).contains_eager(Participation.company),
            contains_eager(ExtensionRequest.participation).joinedload(Participation.cycle, innerjoin=True),
            joinedload(ExtensionRequest.asked_by, innerjoin=True),
        )
    )


def extension_requests(session: Session, participation_id: int) -> Sequence[ExtensionRequest]:
    """A company's requests for more time in a cycle, newest first."""
    return session.scalars(
        select(ExtensionRequest)
        .where(ExtensionRequest.participation_id == participation_id)
        .options(joinedload(ExtensionRequest.asked_by))
        .order_by(ExtensionRequest.id.desc())
    ).all()
