"""A company in a cycle: what it is invited to, and its yes or no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from compliance.domain.assessments import Invitation, State
from compliance.domain.assessments import Participation as Participating
from compliance.domain.assessments import participation as derive
from compliance.domain.errors import NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.text import Text
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.days import local_day
from compliance.services.frameworks import framework_for
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, Cycle
from compliance.storage.models import Participation as ParticipationRow
from compliance.storage.queries import assessments, cycles


@dataclass(frozen=True, slots=True)
class OwnCycle:
    """A cycle as the company sees it on its first page."""

    cycle: Cycle
    invitation: Invitation
    assessment: Assessment | None
    participation: Participating
    word: Text
    answered: int


def own_cycles(actor: Actor, *, now: dt.datetime) -> Sequence[OwnCycle]:
    """The cycles the person's company was invited to, newest first."""
    require(actor, Permission.ASSESSMENT_VIEW, records.of_company(actor.organisation_id))
    session = reading()
    counts = assessments.own_answer_counts(session, actor)
    return [
        _own_cycle(row, cycle, assessment, counts.get(assessment.id, 0) if assessment else 0, now)
        for row, cycle, assessment in cycles.own_participations(session, actor)
    ]


def _own_cycle(
    row: ParticipationRow, cycle: Cycle, assessment: Assessment | None, answered: int, now: dt.datetime
) -> OwnCycle:
    participation = derive(
        Invitation(row.invitation),
        State(assessment.state) if assessment else None,
        has_answers=answered > 0,
        due_on=cycle.due_on,
        on=local_day(now, row.company),
    )
    return OwnCycle(
        cycle=cycle,
        invitation=Invitation(row.invitation),
        assessment=assessment,
        participation=participation,
        word=framework_for(cycle.framework_version).rules.words["participation"][participation].label,
        answered=answered,
    )


def accept(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> None:
    """Accept the invitation and start the assessment. Accepting twice changes nothing."""
    require(actor, Permission.ASSESSMENT_START, records.of_company(actor.organisation_id))
    with writing() as session:
        row = cycles.own_participation(session, actor, cycle_slug)
        if row is None:
            raise NotFound(cycle_slug)
        if row.cycle.closed_on is not None:
            raise NotAllowed("the cycle is closed")
        if assessments.own_assessment(session, actor, cycle_slug) is not None:
            return
        before = row.invitation
        row.invitation, row.decided_at, row.reason = Invitation.ACCEPTED, now, ""
        session.add(
            Assessment(
                cycle_id=row.cycle_id,
                company_id=row.company_id,
                state=State.DRAFT,
                started_at=now,
                last_activity_at=now,
            )
        )
        audit.record(
            session,
            actor,
            "participation.accept",
            f"participation:{row.id}",
            now=now,
            organisation_id=row.company_id,
            before={"invitation": before},
            after={"invitation": Invitation.ACCEPTED},
        )
