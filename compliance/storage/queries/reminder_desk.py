"""What staff see of reminders and messages: those to people of companies their country leads on, and to their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from compliance.domain.permissions import Actor, OrganisationKind
from compliance.storage.models import Contact, Membership, Message, Organisation, ReminderPause, User

PAGE: Final = 50


def led_by(actor: Actor) -> Select[int]:
    """The companies that the person's country leads on."""
    return select(Organisation.id).where(
        Organisation.kind == OrganisationKind.COMPANY, Organisation.country == actor.country
    )


def company(session: Session, actor: Actor, slug: str) -> Organisation | None:
    """One of them."""
    return session.scalars(
        select(Organisation).where(Organisation.slug == slug, Organisation.id.in_(led_by(actor)))
    ).one_or_none()


def companies(session: Session, actor: Actor, wanted: str, limit: int) -> Sequence[Organisation]:
    """Those whose name holds `wanted`, by name, at most `limit`."""
    query = select(Organisation).where(Organisation.id.in_(led_by(actor)))
    if wanted:
        query = query.where(Organisation.name.icontains(wanted, autoescape=True))
    return session.scalars(query.order_by(Organisation.name, Organisation.id).limit(limit)).all()


def _within(actor: Actor) -> ColumnElement[bool]:
    """Messages to people of these companies, their contacts, and the person's own department."""
    places = or_(Membership.organisation_id.in_(led_by(actor)), Membership.organisation_id == actor.organisation_id)
    people = select(Membership.user_id).where(places)
    contacts = select(Contact.id).where(Contact.organisation_id.in_(led_by(actor)))
    return or_(Message.recipient_id.in_(people), Message.contact_id.in_(contacts))


def messages(session: Session, actor: Actor, state: str, page: int) -> Sequence[Message]:
    """A page of messages in a state ("" is every state), newest first, one more than fits when there is a next page."""
    query = select(Message).where(_within(actor))
    if state:
        query = query.where(Message.state == state)
    return session.scalars(
        query.order_by(Message.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
        .options(joinedload(Message.user), joinedload(Message.contact))
    ).all()


def message(session: Session, actor: Actor, id: int, *, lock: bool = False) -> Message | None:
    """One message with its recipient and reminders."""
    query = select(Message).where(Message.id == id, _within(actor))
    if lock:
        query = query.with_for_update(of=Message)
    return session.scalars(
        query.options(joinedload(Message.user), joinedload(Message.contact), selectinload(Message.reminders))
    ).one_or_none()


def counts(session: Session, actor: Actor, since: dt.datetime) -> Mapping[str, int]:
    """How many messages are in each state; ended ones since `since`."""
    query = (
        select(Message.state, func.count())
        .where(_within(actor), or_(Message.state.in_(["queued", "claimed"]), Message.created_at >= since))
        .group_by(Message.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def pauses(session: Session, actor: Actor) -> Sequence[tuple[ReminderPause, str | None]]:
    """What is held now: of everybody, or of a company that the person's country leads on, with its name."""
    query = (
        select(ReminderPause, Organisation.name)
        .outerjoin(Organisation, Organisation.id == ReminderPause.company_id)
        .where(
            ReminderPause.ended_at.is_(None),
            or_(ReminderPause.company_id.is_(None), ReminderPause.company_id.in_(led_by(actor))),
        )
        .options(joinedload(ReminderPause.started_by))
        .order_by(ReminderPause.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def current_pause(session: Session, company_id: int | None) -> ReminderPause | None:
    same = ReminderPause.company_id.is_(None) if company_id is None else ReminderPause.company_id == company_id
    return session.scalars(select(ReminderPause).where(ReminderPause.ended_at.is_(None), same)).first()


def people_of(session: Session, company_id: int) -> Sequence[tuple[str, str, str, bool]]:
    """Everyone a company has or had: recipient key, name, address, and whether still there."""
    members = (
        select(User.id, User.name, User.email, func.max(func.coalesce(Membership.ended_at, _NEVER)))
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == company_id)
        .group_by(User.id, User.name, User.email)
        .order_by(User.name, User.id)
    )
    contacts = select(Contact).where(Contact.organisation_id == company_id).order_by(Contact.name, Contact.id)
    return [
        *((f"user:{id}", name, email, ended == _NEVER) for id, name, email, ended in session.execute(members)),
        *((f"contact:{row.id}", row.name, row.email, row.ended_at is None) for row in session.scalars(contacts)),
    ]


_NEVER: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
