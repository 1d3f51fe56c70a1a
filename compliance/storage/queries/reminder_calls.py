"""Companies to call, and whom one can call there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from compliance.domain.permissions import Actor
from compliance.storage.models import (
    Assessment,
    Contact,
    Cycle,
    Membership,
    Message,
    Organisation,
    Participation,
    Reminder,
    User,
)
from compliance.storage.queries.digests import CALL_AFTER, NOT_SUBMITTED, OF_PARTICIPATION
from compliance.storage.queries.due import DUE_ON
from compliance.storage.queries.reminder_desk import led_by

#: The longest chase list that one page shows; longest overdue first.
MOST: Final = 500


class CallRow(NamedTuple):
    company_id: int
    slug: str
    company: str
    time_zone: str
    cycle_en: str
    cycle_fr: str
    due_on: dt.date


def to_call(session: Session, actor: Actor, now: dt.datetime) -> Sequence[CallRow]:
    query = (
        select(
            Organisation.id,
            Organisation.slug,
            Organisation.name,
            Organisation.time_zone,
            Cycle.name_en,
            Cycle.name_fr,
            DUE_ON,
        )
        .select_from(Participation)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(Assessment, OF_PARTICIPATION)
        .where(
            Organisation.id.in_(led_by(actor)),
            or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date()),
            NOT_SUBMITTED,
            now.date() - dt.timedelta(days=CALL_AFTER) >= DUE_ON,
        )
        .order_by(DUE_ON, Organisation.name, Organisation.id)
        .limit(MOST)
    )
    return [CallRow(*row) for row in session.execute(query)]


def people(session: Session, company_ids: Collection[int]) -> Mapping[int, list[tuple[str, str, str]]]:
    """Name, address and role of whoever is there, contacts first."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    contacts = select(Contact).where(Contact.organisation_id.in_(company_ids), Contact.ended_at.is_(None))
    for row in session.scalars(contacts.order_by(Contact.name, Contact.id)):
        found.setdefault(row.organisation_id, []).append((row.name, row.email, "executive"))
    members = (
        select(Membership.organisation_id, User.name, User.email, Membership.role)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id.in_(company_ids), Membership.ended_at.is_(None), User.active)
        .order_by(User.name, User.id, Membership.role)
    )
    for organisation_id, name, email, role in session.execute(members):
        found.setdefault(organisation_id, []).append((name, email, role))
    return found


def last_sent(session: Session, company_ids: Collection[int]) -> Mapping[int, dt.datetime]:
    """When somebody was last sent a reminder about each company."""
    query = (
        select(Reminder.company_id, func.max(Message.sent_at))
        .join(Message, Message.id == Reminder.message_id)
        .where(Reminder.company_id.in_(company_ids), Message.sent_at.is_not(None))
        .group_by(Reminder.company_id)
    )
    return {row[0]: row[1] for row in session.execute(query) if row[1]}
