"""What companies and staff have promised for a day: commitments, expiring evidence, meetings to follow up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVarTuple

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from compliance.domain.assessments import State
from compliance.domain.commitments import CommitmentState
from compliance.domain.reminders import About, Why
from compliance.services.reminder.sources.base import Item, SourceOfItems
from compliance.services.reminder.sources.rounds import Loaded, Round
from compliance.storage.models import (
    Answer,
    Assessment,
    Commitment,
    CommitmentStep,
    Engagement,
    Evidence,
    Participation,
)

_STOPPED: Final[Mapping[str, Why]] = {
    CommitmentState.PROPOSED: Why.NOT_AGREED,
    CommitmentState.DONE: Why.DONE,
    CommitmentState.VERIFIED: Why.DONE,
    CommitmentState.DECLINED: Why.DECLINED,
    CommitmentState.WITHDRAWN: Why.WITHDRAWN,
}

#: The first day of a commitment that is not done: of a step on the way, or its own.
_NEXT_DAY: Final = func.coalesce(
    select(func.min(CommitmentStep.due_on))
    .where(
        CommitmentStep.commitment_id == Commitment.id,
        CommitmentStep.done_on.is_(None),
        CommitmentStep.due_on < Commitment.due_on,
    )
    .scalar_subquery(),
    Commitment.due_on,
)


Columns = TypeVarTuple("Columns")


class Commitments(SourceOfItems):
    """What was agreed and is not done yet."""

    about = About.COMMITMENT

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        del now
        return select(Commitment.id, Commitment.made_at.label("began_at"), _NEXT_DAY.label("due_on")).where(
            Commitment.state == CommitmentState.AGREED
        )

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        del now
        return select(Commitment.id).where(Commitment.company_id.in_(companies)).order_by(Commitment.id)

    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        query = select(Commitment, _NEXT_DAY).where(Commitment.id.in_(ids)).order_by(Commitment.id)
        return [
            Item(
                id=row.id,
                company_id=row.company_id,
                cycle_id=row.cycle_id,
                began_at=row.made_at,
                opens_on=row.made_at.date(),
                due_on=due_on,
                stopped=_STOPPED.get(row.state),
                path="/commitments",
                staff_path="/companies/{company}?cycle={cycle}",
            )
            for row, due_on in round.session.execute(query)
        ]


class ExpiringEvidence(SourceOfItems):
    """Evidence with an end, in a company's newest cycle: older ones are history."""

    about = About.EVIDENCE

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        return _of_newest_cycle(
            select(Evidence.id, Assessment.started_at.label("began_at"), Evidence.expires_on.label("due_on"))
        ).where(
            Evidence.expires_on >= now.date() - dt.timedelta(days=1),
            Evidence.expires_on <= now.date() + dt.timedelta(days=400),
            Assessment.state != State.WITHDRAWN,
        )

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        return _of_newest_cycle(select(Evidence.id)).where(
            Assessment.company_id.in_(companies),
            Evidence.expires_on >= now.date() - dt.timedelta(days=60),
            Evidence.expires_on <= now.date() + dt.timedelta(days=400),
        )

    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        query = (
            select(Evidence.id, Evidence.expires_on, Assessment)
            .join(Answer, Answer.id == Evidence.answer_id)
            .join(Assessment, Assessment.id == Answer.assessment_id)
            .where(Evidence.id.in_(ids))
            .order_by(Evidence.id)
        )
        return [
            Item(
                id=id,
                company_id=row.company_id,
                cycle_id=row.cycle_id,
                began_at=row.started_at,
                opens_on=row.started_at.date(),
                due_on=expires_on,
                stopped=Why.WITHDRAWN if row.state == State.WITHDRAWN else None,
                path="/assessments/{cycle}",
                staff_path="/companies/{company}?cycle={cycle}",
            )
            for id, expires_on, row in round.session.execute(query)
            if expires_on is not None
        ]


def _of_newest_cycle(query: Select[*Columns]) -> Select[*Columns]:
    later, own = aliased(Participation), aliased(Participation)
    return (
        query.join(Answer, Answer.id == Evidence.answer_id)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(own, and_(own.cycle_id == Assessment.cycle_id, own.company_id == Assessment.company_id))
        .where(~exists().where(later.company_id == own.company_id, later.invited_at > own.invited_at))
    )


class FollowUps(SourceOfItems):
    """What a department wanted to follow up after a meeting. Only its own staff hear of it."""

    about = About.ENGAGEMENT

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        del now
        return select(
            Engagement.id, Engagement.recorded_at.label("began_at"), Engagement.follow_up_on.label("due_on")
        ).where(Engagement.follow_up_on.is_not(None), Engagement.followed_up_on.is_(None))

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        del now
        return select(Engagement.id).where(Engagement.company_id.in_(companies), Engagement.follow_up_on.is_not(None))

    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        query = select(Engagement).where(Engagement.id.in_(ids)).order_by(Engagement.id)
        return [
            Item(
                id=row.id,
                company_id=row.company_id,
                cycle_id=row.cycle_id,
                began_at=row.recorded_at,
                opens_on=row.recorded_at.date(),
                due_on=row.follow_up_on,
                stopped=Why.DONE if row.followed_up_on else None,
                path="/",
                staff_path="/companies/{company}?cycle={cycle}",
            )
            for row in round.session.scalars(query)
            if row.follow_up_on is not None
        ]

    def load(self, round: Round, ids: Sequence[int]) -> Mapping[int, Loaded]:
        found = super().load(round, ids)
        query = select(Engagement.id, Engagement.organisation_id).where(Engagement.id.in_(found.keys()))
        return {
            id: replace(
                found[id],
                subject=replace(found[id].subject, recipients=round.staff_in(self.about, organisation_id)),
            )
            for id, organisation_id in round.session.execute(query)
        }
