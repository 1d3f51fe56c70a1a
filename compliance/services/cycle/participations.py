"""A company in a cycle: what it is invited to, and its yes or no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import SHORT_LIMIT, Problem
from compliance.domain.assessments import Invitation, State, due_of
from compliance.domain.assessments import Participation as Participating
from compliance.domain.assessments import participation as derive
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.text import Text
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
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
    reason: str  # why the company declined, as it wrote it
    answered: int
    due_on: dt.date  # the company's own last day where it was granted one
    countries: Sequence[str]  # with which the company's content is shared, the lead country among them


def own_cycles(actor: Actor, *, now: dt.datetime) -> Sequence[OwnCycle]:
    """The cycles the person's company was invited to, newest first."""
    require(actor, Permission.ASSESSMENT_VIEW, records.of_company(actor.organisation_id))
    session = reading()
    counts = assessments.own_answer_counts(session, actor)
    rows = cycles.own_participations(session, actor)
    shared = cycles.sharing_by_cycle(session, actor.organisation_id, [cycle.id for _, cycle, _ in rows])
    return [
        _own_cycle(row, cycle, assessment, counts.get(assessment.id, 0) if assessment else 0, shared[cycle.id], now)
        for row, cycle, assessment in rows
    ]


def own_cycle(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> OwnCycle:
    """One of them; raises NotFound for a cycle the company was not invited to."""
    found = next((item for item in own_cycles(actor, now=now) if item.cycle.slug == cycle_slug), None)
    if found is None:
        raise NotFound(cycle_slug)
    return found


def _own_cycle(
    row: ParticipationRow,
    cycle: Cycle,
    assessment: Assessment | None,
    answered: int,
    countries: Collection[str],
    now: dt.datetime,
) -> OwnCycle:
    due_on = due_of(cycle.due_on, row.due_on)
    participation = derive(
        Invitation(row.invitation),
        State(assessment.state) if assessment else None,
        has_answers=answered > 0,
        due_on=due_on,
        on=local_day(now, row.company),
    )
    return OwnCycle(
        cycle=cycle,
        invitation=Invitation(row.invitation),
        assessment=assessment,
        participation=participation,
        word=framework_for(cycle.framework_version).rules.words["participation"][participation].label,
        reason=row.reason,
        answered=answered,
        due_on=due_on,
        countries=sorted(countries),
    )


def accept(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> None:
    """Accept the invitation, also after declining it, and start the assessment. Accepting twice changes nothing."""
    require(actor, Permission.ASSESSMENT_START, records.of_company(actor.organisation_id))
    with writing() as session:
        row = _open_participation(session, actor, cycle_slug)
        if assessments.own_assessment(session, actor, cycle_slug) is None:
            session.add(
                Assessment(
                    cycle_id=row.cycle_id,
                    company_id=row.company_id,
                    state=State.DRAFT,
                    started_at=now,
                    last_activity_at=now,
                )
            )
        elif row.invitation == Invitation.ACCEPTED:
            return
        _decide(session, actor, row, Invitation.ACCEPTED, "", now)


def decline(actor: Actor, cycle_slug: str, reason: str, *, now: dt.datetime) -> None:
    """Decline the invitation, with a reason that government reads. What was drafted stays; accepting later is open.

    Raises Invalid without a reason, NotAllowed when something was submitted: that is withdrawn, not declined.
    """
    require(actor, Permission.ASSESSMENT_START, records.of_company(actor.organisation_id))
    problems = problems_of_reason(reason)
    if problems:
        raise Invalid(problems)
    with writing() as session:
        row = _open_participation(session, actor, cycle_slug)
        assessment = assessments.own_assessment(session, actor, cycle_slug)
        if assessment is not None:
            assessments.lock(session, assessment)  # a signature that is under way comes first
        if assessment is not None and assessment.state != State.DRAFT:
            raise NotAllowed("what was submitted is withdrawn, not declined")
        _decide(session, actor, row, Invitation.DECLINED, reason, now)


def problems_of_reason(reason: str) -> list[Problem]:
    """A reason is needed and stays short: it stands beside the company's name in lists and briefs."""
    if not reason.strip():
        return [Problem("reason", "decline_reason_needed")]
    if len(reason) > SHORT_LIMIT:
        return [Problem("reason", "too_long", {"limit": str(SHORT_LIMIT)})]
    return []


def _open_participation(session: Session, actor: Actor, cycle_slug: str) -> ParticipationRow:
    """The own company's participation in a cycle that still takes answers, held: two decisions do not cross."""
    row = cycles.held_own_participation(session, actor, cycle_slug)
    if row is None:
        raise NotFound(cycle_slug)
    if row.cycle.closed_on is not None:
        raise NotAllowed("the cycle is closed")
    return row


def _decide(
    session: Session, actor: Actor, row: ParticipationRow, invitation: Invitation, reason: str, now: dt.datetime
) -> None:
    before = {"invitation": row.invitation, "reason": row.reason}
    row.invitation, row.decided_at, row.reason = invitation, now, reason
    audit.record(
        session,
        actor,
        "participation.accept" if invitation is Invitation.ACCEPTED else "participation.decline",
        f"participation:{row.id}",
        now=now,
        organisation_id=row.company_id,
        before=before,
        after={"invitation": invitation, "reason": reason},
    )
