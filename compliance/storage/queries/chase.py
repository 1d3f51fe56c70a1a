"""Who has not submitted in a cycle: what a coordinator needs to ask after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, State
from compliance.domain.permissions import Role
from compliance.domain.reminders import About
from compliance.storage.models import (
    Assessment,
    Cycle,
    Membership,
    Message,
    Organisation,
    Participation,
    Reminder,
    User,
)
from compliance.storage.queries.due import DUE_ON


def _waiting() -> ColumnElement[bool]:
    """Neither declined nor submitted; what was withdrawn waits for nobody."""
    drafting = or_(Assessment.state.is_(None), Assessment.state == State.DRAFT)
    return and_(Participation.invitation != Invitation.DECLINED, drafting)


def page(
    session: Session, cycle_id: int, *, lead: str, offset: int, limit: int
) -> Sequence[Row[Participation, Organisation, Assessment | None, dt.date]]:
    """Companies that have not submitted, the earliest due first; `lead` keeps those that one country leads on."""
    query = (
        select(Participation, Organisation, Assessment, DUE_ON)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(Assessment, _of_participation())
        .where(Participation.cycle_id == cycle_id, _waiting())
        .order_by(DUE_ON, Organisation.name, Organisation.id)
    )
    query = query.where(Organisation.country == lead) if lead else query
    return session.execute(query.offset(offset).limit(limit)).all()


def count(session: Session, cycle_id: int, *, lead: str) -> int:
    query = (
        select(func.count(Participation.id))
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(Assessment, _of_participation())
        .where(Participation.cycle_id == cycle_id, _waiting())
    )
    return session.scalar(query.where(Organisation.country == lead) if lead else query) or 0


def _of_participation() -> ColumnElement[bool]:
    return and_(Assessment.cycle_id == Participation.cycle_id, Assessment.company_id == Participation.company_id)


def last_reminded(session: Session, participation_ids: Sequence[int]) -> dict[int, dt.datetime]:
    """When somebody of each company was last sent a reminder about its participation."""
    rows = session.execute(
        select(Reminder.subject_id, func.max(Message.sent_at))
        .join(Message, Message.id == Reminder.message_id)
        .where(
            Reminder.subject_type == About.PARTICIPATION,
            Reminder.subject_id.in_(participation_ids),
            Message.sent_at.is_not(None),
        )
        .group_by(Reminder.subject_id)
    )
    return {subject_id: sent_at for subject_id, sent_at in rows if sent_at is not None}


def leads(session: Session, company_ids: Sequence[int]) -> Sequence[Row[int, str, str]]:
    """Company id, name and address of whoever leads in each company."""
    return session.execute(
        select(Membership.organisation_id, User.name, User.email)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_(company_ids),
            Membership.role == Role.LEAD,
            Membership.ended_at.is_(None),
            User.active,
        )
        .order_by(Membership.organisation_id, Membership.id)
    ).all()
