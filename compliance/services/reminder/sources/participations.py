"""A company's assessment in a cycle: from the invitation to the day it is submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from compliance.domain.assessments import Invitation, State
from compliance.domain.reminders import About, stopped_by
from compliance.services.reminder.sources.base import Item, SourceOfItems
from compliance.services.reminder.sources.rounds import Round
from compliance.storage.models import Assessment, Cycle, Participation
from compliance.storage.queries.due import DUE_ON

_ASSESSMENT = and_(
    Assessment.cycle_id == Participation.cycle_id,
    Assessment.company_id == Participation.company_id,
)


class Participations(SourceOfItems):
    """Assessments that were not submitted yet."""

    about = About.PARTICIPATION

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        return (
            select(Participation.id, Participation.invited_at.label("began_at"), DUE_ON.label("due_on"))
            .join(Cycle, Cycle.id == Participation.cycle_id)
            .outerjoin(Assessment, _ASSESSMENT)
            .where(
                or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date()),
                Participation.invitation != Invitation.DECLINED,
                or_(Assessment.id.is_(None), Assessment.state.in_([State.DRAFT, State.REOPENED])),
            )
        )

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        return (
            select(Participation.id)
            .join(Cycle, Cycle.id == Participation.cycle_id)
            .where(
                Participation.company_id.in_(companies),
                or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date()),
            )
            .order_by(Participation.id)
        )

    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        query = (
            select(
                Participation.id,
                Participation.company_id,
                Participation.cycle_id,
                Participation.invited_at,
                Participation.invitation,
                DUE_ON.label("due_on"),
                Assessment.state,
            )
            .join(Cycle, Cycle.id == Participation.cycle_id)
            .outerjoin(Assessment, _ASSESSMENT)
            .where(Participation.id.in_(ids))
            .order_by(Participation.id)
        )
        rows = round.session.execute(query).all()
        cycles = round.cycles({row.cycle_id for row in rows})
        return [_item(row, cycles[row.cycle_id], round.now.date()) for row in rows]


def _item(row: Row[*tuple[Any, ...]], cycle: Cycle, today: dt.date) -> Item:
    invitation = Invitation(row.invitation)
    closed = cycle.closed_on is not None and cycle.closed_on <= today
    return Item(
        id=row.id,
        company_id=row.company_id,
        cycle_id=row.cycle_id,
        began_at=row.invited_at,
        opens_on=cycle.opens_on,
        due_on=row.due_on,
        stopped=stopped_by(invitation, State(row.state) if row.state else None, closed=closed),
        path="/" if invitation is Invitation.INVITED else "/assessments/{cycle}",
        staff_path="/companies/{company}?cycle={cycle}",
        invited=invitation is Invitation.INVITED,
    )
