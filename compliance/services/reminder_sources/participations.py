"""A company's assessment in a cycle: from the invitation to the day it is submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, or_, select

from compliance.domain.assessments import Invitation, State
from compliance.domain.reminders import About, Subject, stopped_by
from compliance.services.days import zone_of
from compliance.services.reminder_sources.base import Crowd, Loaded, Round, Source, cycle_name
from compliance.storage.models import Assessment, Cycle, Organisation, Participation
from compliance.storage.queries.due import DUE_ON

#: Both columns of the same assessment.
_OWN = and_(
    Assessment.cycle_id == Participation.cycle_id,
    Assessment.company_id == Participation.company_id,
)


class _Row(NamedTuple):
    id: int
    company_id: int
    invitation: str
    invited_at: dt.datetime
    due_on: dt.date
    company: str
    slug: str
    time_zone: str
    country: str | None
    state: str | None
    cycle_id: int


class Participations(Source):
    """Assessments that were not submitted yet."""

    about = About.PARTICIPATION

    def live(self, now: dt.datetime) -> Select[int, dt.date]:
        return (
            select(Participation.id.label("id"), DUE_ON.label("due_on"))
            .join(Cycle, Cycle.id == Participation.cycle_id)
            .outerjoin(Assessment, _OWN)
            .where(
                or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date()),
                Participation.invitation != Invitation.DECLINED,
                or_(Assessment.id.is_(None), Assessment.state.in_([State.DRAFT, State.REOPENED])),
            )
        )

    def with_ids(self, ids: Sequence[int]) -> Select[int]:
        return select(Participation.id).where(Participation.id.in_(ids))

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        return (
            select(Participation.id)
            .join(Cycle, Cycle.id == Participation.cycle_id)
            .where(
                Participation.company_id.in_(companies),
                or_(Cycle.closed_on.is_(None), Cycle.closed_on > now.date()),
            )
        )

    def load(self, round: Round, ids: Select[int]) -> Mapping[int, Loaded]:
        rows = [_Row(*row) for row in round.session.execute(_rows(ids))]
        if not rows:
            return {}
        within = Participation.id.in_(ids)
        cycles = _cycles(round, select(Participation.cycle_id).where(within))
        crowd = Crowd(round, self.about, select(Participation.company_id).where(within))
        found: dict[int, Loaded] = {}
        for row in rows:
            cycle = cycles[row.cycle_id]
            plan = round.plan_of(cycle)
            if plan is not None:
                found[row.id] = Loaded(
                    subject=_subject(row, cycle, round, crowd),
                    plan=plan,
                    company=row.company,
                    cycle=cycle_name(cycle),
                    cycle_slug=cycle.slug,
                    invited=row.invitation == Invitation.INVITED,
                    staff_path=f"/companies/{row.slug}?cycle={cycle.slug}",
                )
        return found


def _rows(ids: Select[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Participation.id,
            Participation.company_id,
            Participation.invitation,
            Participation.invited_at,
            DUE_ON,
            Organisation.name,
            Organisation.slug,
            Organisation.time_zone,
            Organisation.country,
            Assessment.state,
            Participation.cycle_id,
        )
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .join(Organisation, Organisation.id == Participation.company_id)
        .outerjoin(Assessment, _OWN)
        .where(Participation.id.in_(ids))
        .order_by(Participation.id)
    )


def _cycles(round: Round, ids: Select[int]) -> Mapping[int, Cycle]:
    return {cycle.id: cycle for cycle in round.session.scalars(select(Cycle).where(Cycle.id.in_(ids)))}


def _subject(row: _Row, cycle: Cycle, round: Round, crowd: Crowd) -> Subject:
    closed = cycle.closed_on is not None and cycle.closed_on <= round.now.date()
    state = State(row.state) if row.state else None
    return Subject(
        type=About.PARTICIPATION,
        id=row.id,
        company_id=row.company_id,
        began_at=row.invited_at,
        opens_on=cycle.opens_on,
        due_on=row.due_on,
        zone=zone_of(row.time_zone),
        stopped=stopped_by(Invitation(row.invitation), state, closed=closed),
        recipients=crowd.of(row.company_id, row.time_zone, row.country),
        paused=round.is_paused(row.company_id),
    )
