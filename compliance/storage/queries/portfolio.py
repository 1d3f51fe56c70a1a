"""The companies in a cycle as government staff list them. Permission is a join, pages are bounded, sums are SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, State
from compliance.domain.assessments import Participation as Participating
from compliance.domain.permissions import Actor
from compliance.domain.results import Change
from compliance.storage import scope
from compliance.storage.models import Answer, Assessment, Cycle, Organisation, Participation, ResultCell, Sharing
from compliance.storage.queries.due import past_due


@dataclass(frozen=True, slots=True)
class Which:
    """A filter of the list: a part of the name, a participation word as it is on the day `on`, the country that leads.

    `principle`, `worst` (severity id) and `change` look at content, so they keep only companies whose content is
    shared with the reader; `change` needs the cycle before to be shared, too.
    """

    name: str = ""
    participation: Participating | None = None
    on: dt.date = dt.date.min
    lead: str = ""
    principle: str = ""
    worst: str = ""
    change: str = ""
    shared: bool = False


def companies_page(
    session: Session, actor: Actor, cycle: Cycle, which: Which, *, offset: int, limit: int
) -> Sequence[Row[Organisation, Participation | None, Assessment | None, str | None]]:
    """Companies by name, each with participation, assessment, and the person's country where it is shared with it."""
    query = (
        select(Organisation, Participation, Assessment, Sharing.country)
        .outerjoin(Participation, and_(Participation.company_id == Organisation.id, Participation.cycle_id == cycle.id))
        .outerjoin(Cycle, Cycle.id == Participation.cycle_id)
        .outerjoin(Assessment, and_(Assessment.company_id == Organisation.id, Assessment.cycle_id == cycle.id))
        .outerjoin(
            Sharing,
            and_(
                Sharing.company_id == Organisation.id,
                Sharing.cycle_id == cycle.id,
                Sharing.country == actor.country,
                Sharing.ended_at.is_(None),
            ),
        )
        .order_by(Organisation.name, Organisation.id)
        .offset(offset)
        .limit(limit)
    )
    return session.execute(query.where(*_wanted(actor, cycle, which))).all()


def company_count(session: Session, actor: Actor, cycle: Cycle, which: Which) -> int:
    query = (
        select(func.count(Organisation.id))
        .outerjoin(Participation, and_(Participation.company_id == Organisation.id, Participation.cycle_id == cycle.id))
        .outerjoin(Cycle, Cycle.id == Participation.cycle_id)
        .outerjoin(Assessment, and_(Assessment.company_id == Organisation.id, Assessment.cycle_id == cycle.id))
    )
    return session.scalar(query.where(*_wanted(actor, cycle, which))) or 0


def shared_count(session: Session, actor: Actor, cycle_id: int) -> int:
    """With how many companies' content in the cycle the person's government was trusted: the basis of every sum."""
    return session.scalar(select(func.count()).select_from(shared_with(actor, cycle_id).subquery())) or 0


def cells(
    session: Session, actor: Actor, cycle_id: int, company_ids: Sequence[int]
) -> Sequence[Row[int, str, dict[str, int], int, int, int, int, int, int, int]]:
    """The cells of the companies of one page, as far as they are shared with the person's government.

    Company id, principle id, results by severity, how many changed how (in the order of `CHANGES`).
    """
    table = ResultCell
    columns = [getattr(table, f"change_{change}") for change in CHANGES]
    query = select(table.company_id, table.principle_id, table.counts, *columns).where(
        table.cycle_id == cycle_id,
        table.company_id.in_(company_ids),
        table.company_id.in_(shared_with(actor, cycle_id)),
    )
    return session.execute(query).all()


#: In the order in which `cells` and sums over them give the changes.
CHANGES: Final = tuple(Change)


def shared_with(actor: Actor, cycle_id: int | None) -> Select[int]:
    """The ids of the companies whose content in the cycle is shared with the person's government.

    As a subquery of its own it is looked up once for a whole sum, not once for each row.
    """
    return select(Sharing.company_id).where(
        Sharing.cycle_id == cycle_id, Sharing.country == (actor.country or ""), Sharing.ended_at.is_(None)
    )


def comparable_count(session: Session, actor: Actor, cycle_id: int, before_id: int | None) -> int:
    """How many companies share both the cycle and an earlier one: the basis of every change that is counted."""
    before = shared_with(actor, before_id)
    both = shared_with(actor, cycle_id).where(Sharing.company_id.in_(before))
    return session.scalar(select(func.count()).select_from(both.subquery())) or 0


def shared_of(session: Session, actor: Actor, cycle_id: int | None, company_ids: Sequence[int]) -> set[int]:
    """Which of these companies share their content in a cycle with the person's government."""
    mine = shared_with(actor, cycle_id)
    return set(session.scalars(mine.where(Sharing.company_id.in_(company_ids))))


def answer_counts(session: Session, cycle_id: int, company_ids: Sequence[int]) -> dict[int, int]:
    """How many answers each company has saved: all that government may know of a draft, besides its last activity."""
    rows = session.execute(
        select(Assessment.company_id, func.count())
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(Assessment.cycle_id == cycle_id, Assessment.company_id.in_(company_ids))
        .group_by(Assessment.company_id)
    )
    return dict(rows.all())


def _wanted(actor: Actor, cycle: Cycle, which: Which) -> list[ColumnElement[bool]]:
    conditions = [scope.companies(actor)]
    if which.name:
        conditions.append(Organisation.name.icontains(which.name, autoescape=True))
    if which.participation:
        conditions.append(participates_as(which.participation, which.on))
    if which.lead:
        conditions.append(Organisation.country == which.lead)
    if which.shared or which.worst or which.change:
        conditions.append(Organisation.id.in_(shared_with(actor, cycle.id)))
    if which.worst or which.change:
        conditions.append(Organisation.id.in_(_with_cells(actor, cycle, which)))
    return conditions


def _with_cells(actor: Actor, cycle: Cycle, which: Which) -> Select[int]:
    """Companies with a cell that fits the filter."""
    query = select(ResultCell.company_id).where(ResultCell.cycle_id == cycle.id)
    if which.principle:
        query = query.where(ResultCell.principle_id == which.principle)
    if which.worst:
        query = query.where(ResultCell.worst == which.worst)
    if which.change:
        changed = getattr(ResultCell, f"change_{Change(which.change)}") > 0
        query = query.where(changed, ResultCell.company_id.in_(shared_with(actor, cycle.previous_id)))
    return query


def participates_as(word: Participating, on: dt.date) -> ColumnElement[bool]:
    """The rows of a company list that `domain.assessments.participation` would give this word on the day `on`.

    For statements that join participation, cycle and assessment; the day is each company's own.
    """
    has_answers = exists().where(Answer.assessment_id == Assessment.id)
    drafting = or_(Assessment.state.is_(None), Assessment.state == State.DRAFT)
    accepted = and_(Participation.invitation == Invitation.ACCEPTED, drafting)
    invited = and_(Participation.invitation == Invitation.INVITED, drafting)
    late = past_due(on)
    when = {
        Participating.SUBMITTED: Assessment.state.not_in([State.DRAFT, State.WITHDRAWN]),
        Participating.WITHDRAWN: Assessment.state == State.WITHDRAWN,
        Participating.DECLINED: and_(Participation.invitation == Invitation.DECLINED, drafting),
        Participating.NO_REPLY: and_(invited, late),
        Participating.INVITED: and_(invited, ~late),
        Participating.PARTIAL: and_(accepted, late),
        Participating.ACCEPTED: and_(accepted, ~late, has_answers),
        Participating.NOT_STARTED: and_(accepted, ~late, ~has_answers),
    }
    return when[word]
