"""What waits in the exchange about an assessment: questions to answer, and findings to reply to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from compliance.domain.assessments import State
from compliance.domain.clarifications import ClarificationState
from compliance.domain.reminders import About, Why
from compliance.services.reminder.sources.base import Item, SourceOfItems
from compliance.services.reminder.sources.rounds import Round
from compliance.storage.models import Assessment, Clarification, Finding, FindingVersion, Reply


class Clarifications(SourceOfItems):
    """A returned assessment: its open questions wait together, until the earliest of their last days."""

    about = About.CLARIFICATION

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        del now
        return (
            select(
                Clarification.assessment_id.label("id"),
                func.max(Clarification.sent_at).label("began_at"),
                func.min(Clarification.due_on).label("due_on"),
            )
            .where(Clarification.state == ClarificationState.OPEN)
            .group_by(Clarification.assessment_id)
        )

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        del now
        return (
            select(Clarification.assessment_id)
            .join(Assessment, Assessment.id == Clarification.assessment_id)
            .where(Assessment.company_id.in_(companies), Clarification.sent_at.is_not(None))
            .distinct()
        )

    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        is_open = Clarification.state == ClarificationState.OPEN
        query = (
            select(
                Assessment.id,
                Assessment.company_id,
                Assessment.cycle_id,
                Assessment.state,
                func.count(case((is_open, 1))),
                func.max(Clarification.sent_at),
                func.coalesce(func.min(case((is_open, Clarification.due_on))), func.max(Clarification.due_on)),
                func.count(Clarification.sent_at.distinct()),
            )
            .join(Clarification, Clarification.assessment_id == Assessment.id)
            .where(Assessment.id.in_(ids), Clarification.sent_at.is_not(None))
            .group_by(Assessment.id, Assessment.company_id, Assessment.cycle_id, Assessment.state)
            .order_by(Assessment.id)
        )
        return [
            Item(
                id=id,
                company_id=company_id,
                cycle_id=cycle_id,
                began_at=sent_at,
                opens_on=sent_at.date(),
                due_on=due_on,
                stopped=_settled(State(state), waiting),
                path="/assessments/{cycle}",
                staff_path="/companies/{company}?cycle={cycle}",
                round=number,
            )
            for id, company_id, cycle_id, state, waiting, sent_at, due_on, number in round.session.execute(query)
        ]


def _settled(state: State, waiting: int) -> Why | None:
    if state is State.WITHDRAWN:
        return Why.WITHDRAWN
    return None if waiting else Why.ANSWERED


_Newer = aliased(FindingVersion)

#: Findings that were changed after they were shared, as they stand, and that have no reply yet.
_CHANGED = and_(
    FindingVersion.number > 1,
    ~exists().where(_Newer.finding_id == FindingVersion.finding_id, _Newer.number > FindingVersion.number),
    ~exists().where(Reply.finding_version_id == FindingVersion.id, Reply.sent_at.is_not(None)),
)


class _Changed(NamedTuple):
    shared_at: dt.datetime
    reply_due_on: dt.date


class Replies(SourceOfItems):
    """The right of reply: to the findings that were shared, and later to those that were changed."""

    about = About.REPLY

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        """Without what was changed after the exchange was over: that has a date of its own and a `Finding` to it."""
        changed = _changed_by_assessment().subquery()
        waits = and_(Assessment.state == State.FINDINGS_SHARED, Assessment.replied_at.is_(None))
        still = changed.c.reply_due_on >= now.date() - dt.timedelta(days=60)
        began_at = case(
            (and_(waits, changed.c.shared_at.is_(None)), Assessment.findings_shared_at),
            else_=changed.c.shared_at,
        )
        return (
            select(
                Assessment.id,
                began_at.label("began_at"),
                case((waits, Assessment.reply_due_on), else_=changed.c.reply_due_on).label("due_on"),
            )
            .outerjoin(changed, changed.c.assessment_id == Assessment.id)
            .where(
                Assessment.reply_due_on.is_not(None),
                or_(waits, and_(Assessment.state.in_([State.FINDINGS_SHARED, State.CONCLUDED]), still)),
            )
        )

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        del now
        return select(Assessment.id).where(
            Assessment.company_id.in_(companies),
            Assessment.findings_shared_at.is_not(None),
            Assessment.reply_due_on.is_not(None),
        )

    def items(self, round: Round, ids: Sequence[int]) -> list[Item]:
        changed = self._changed(round, ids)
        query = select(Assessment).where(Assessment.id.in_(ids)).order_by(Assessment.id)
        found = (_reply(row, changed.get(row.id)) for row in round.session.scalars(query))
        return [item for item in found if item is not None]

    def _changed(self, round: Round, ids: Sequence[int]) -> Mapping[int, _Changed]:
        query = _changed_by_assessment().where(Finding.assessment_id.in_(ids))
        return {row[0]: _Changed(row[1], row[2]) for row in round.session.execute(query)}


def _changed_by_assessment() -> Select[int, dt.datetime, dt.date]:
    return (
        select(
            Finding.assessment_id,
            func.max(FindingVersion.shared_at).label("shared_at"),
            func.max(FindingVersion.reply_due_on).label("reply_due_on"),
        )
        .join(Finding, Finding.id == FindingVersion.finding_id)
        .where(_CHANGED)
        .group_by(Finding.assessment_id)
    )


def _reply(row: Assessment, changed: _Changed | None) -> Item | None:
    if row.findings_shared_at is None or row.reply_due_on is None:
        return None
    waits = row.state == State.FINDINGS_SHARED and row.replied_at is None
    began_at = changed.shared_at if changed else row.findings_shared_at
    open_to_changes = row.state in (State.FINDINGS_SHARED, State.CONCLUDED) and changed is not None
    return Item(
        id=row.id,
        company_id=row.company_id,
        cycle_id=row.cycle_id,
        began_at=began_at,
        opens_on=began_at.date(),
        due_on=row.reply_due_on if waits or changed is None else changed.reply_due_on,
        stopped=None if waits or open_to_changes else Why.ANSWERED,
        path="/assessments/{cycle}/findings",
        staff_path="/companies/{company}?cycle={cycle}",
    )
