"""Writes what came of the findings: commitments in every state, gaps accepted as they are, meetings, and what companies
ask of their lead government."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from compliance.demo import planning
from compliance.demo.storing import Staff
from compliance.demo.storing_cycles import StoredRound
from compliance.demo.storing_exchange import Telling, is_designed, texts
from compliance.demo.trail import Trail
from compliance.domain.assessments import State
from compliance.domain.commitments import CommitmentAct, CommitmentState, Side
from compliance.domain.engagements import Outcome
from compliance.domain.permissions import Role
from compliance.domain.results import Rating
from compliance.storage.models import (
    Commitment,
    CommitmentEvent,
    CommitmentStep,
    Engagement,
    EngagementAsk,
    ExtensionRequest,
    Finding,
    GapAcceptance,
    Inquiry,
    Participation,
)
from compliance.storage.queries import review

DAY: Final = dt.timedelta(days=1)


class _Path(NamedTuple):
    """How far a commitment came, and when it is due, in days after the day on which it was made."""

    state: CommitmentState
    side: Side
    acts: tuple[CommitmentAct, ...]
    days: int


_AGREE, _DONE = CommitmentAct.AGREE, CommitmentAct.CLAIM_DONE
_PATHS: Final = (
    _Path(CommitmentState.AGREED, Side.COMPANY, (_AGREE,), 400),
    _Path(CommitmentState.VERIFIED, Side.COMPANY, (_AGREE, _DONE, CommitmentAct.VERIFY), 90),
    _Path(CommitmentState.AGREED, Side.COMPANY, (_AGREE, CommitmentAct.STEP_DONE), 60),  # overdue by now
    _Path(CommitmentState.DONE, Side.COMPANY, (_AGREE, _DONE), 120),
    _Path(CommitmentState.PROPOSED, Side.GOVERNMENT, (), 500),
    _Path(CommitmentState.DECLINED, Side.GOVERNMENT, (CommitmentAct.DECLINE,), 300),
    _Path(CommitmentState.PROPOSED, Side.COMPANY, (), 450),
)
_OF_GOVERNMENT: Final = frozenset({CommitmentAct.VERIFY, CommitmentAct.REOPEN})


def store_promises(session: Session, trail: Trail, rounds: Sequence[StoredRound]) -> None:
    """What came of the exchanges that are over: those of the earlier cycle."""
    for each in rounds:
        if not is_designed(each) or each.round.fate.state is not State.CONCLUDED or not each.round.dates.closed_on:
            continue
        telling = Telling(session, trail, each)
        low = (Rating.NOT_MET, Rating.PARTLY)
        gaps = [row for row in review.findings(session, each.assessment_id) if row.rating in low]
        for number, (finding, path) in enumerate(zip(gaps, _PATHS, strict=False)):
            _commitment(telling, finding, number, path)
        left = gaps[len(_PATHS) :]
        for finding, approved in zip(left, (True, False), strict=False):
            _accepted(telling, finding, approved=approved)
        _meeting(telling, gaps[:3])


def _commitment(telling: Telling, finding: Finding, number: int, path: _Path) -> None:
    each, language = telling.each, telling.language
    state, side, acts, days = path
    made_at = telling.at(planning.CONCLUDED_AFTER, number)
    due_on = made_at.date() + days * DAY
    done = CommitmentAct.CLAIM_DONE in acts
    people = {Side.COMPANY: each.lead, Side.GOVERNMENT: telling.reviewer}
    steps = [
        CommitmentStep(
            position=place,
            text=text,
            due_on=due_on - (len(texts()["steps"][language]) - 1 - place) * 20 * DAY,
            done_on=made_at.date() + 30 * DAY if done or (place == 0 and CommitmentAct.STEP_DONE in acts) else None,
        )
        for place, text in enumerate(texts()["steps"][language])
    ]
    row = Commitment(
        company_id=each.company.id,
        cycle_id=each.cycle_id,
        service_id=finding.service_id,
        indicator_id=finding.indicator_id,
        state=state,
        side=side,
        country=each.company.plan.design.country,
        text=telling.say("commitments", service_id=finding.service_id),
        language=language,
        owner=texts()["owner"][language],
        due_on=due_on,
        evidence_address=f"https://{each.company.plan.design.slug}.example/safety/updates" if done else "",
        evidence_text=telling.say("evidence") if done else "",
        made_by_id=people[side].user_id,
        made_at=made_at,
        changed_at=made_at + len(acts) * 5 * DAY,
        steps=steps,
    )
    telling.session.add(row)
    telling.session.flush()
    for place, act in enumerate((CommitmentAct.PROPOSE, *acts)):
        _event(telling, row, act, _side_of(act, side), made_at + place * 5 * DAY)


def _side_of(act: CommitmentAct, proposer: Side) -> Side:
    if act is CommitmentAct.PROPOSE:
        return proposer
    if act in (CommitmentAct.AGREE, CommitmentAct.DECLINE):
        return proposer.other
    return Side.GOVERNMENT if act in _OF_GOVERNMENT else Side.COMPANY


def _event(telling: Telling, row: Commitment, act: CommitmentAct, side: Side, at: dt.datetime) -> None:
    person = telling.each.lead if side is Side.COMPANY else telling.reviewer
    done = act is CommitmentAct.CLAIM_DONE
    telling.session.add(
        CommitmentEvent(
            commitment_id=row.id,
            act=act,
            text=row.evidence_text if done else "",
            evidence_address=row.evidence_address if done else "",
            at=at,
            actor_id=person.user_id,
            organisation_id=person.organisation_id,
        )
    )
    after = {"text": row.text, "due_on": row.due_on.isoformat()}
    telling.tell(at, person, f"commitment.{act}", f"commitment:{row.id}", **after)


def _accepted(telling: Telling, finding: Finding, *, approved: bool) -> None:
    approver = telling.each.staff.one(Role.APPROVER, telling.language)
    at = telling.at(planning.CONCLUDED_AFTER, 60)
    row = GapAcceptance(
        company_id=telling.each.company.id,
        cycle_id=telling.each.cycle_id,
        service_id=finding.service_id,
        indicator_id=finding.indicator_id,
        country=telling.each.company.plan.design.country,
        reason=telling.say("accepted"),
        review_on=at.date() + 365 * DAY,
        proposed_by_id=telling.reviewer.user_id,
        proposed_at=at,
        approved_by_id=approver.user_id if approved else None,
        approved_at=at + DAY if approved else None,
    )
    telling.session.add(row)
    telling.session.flush()
    about = {"company": row.company_id, "service": row.service_id, "indicator": row.indicator_id}
    subject = f"gap_acceptance:{row.id}"
    telling.note(at, telling.reviewer, "gap_acceptance.propose", subject, **about, reason=row.reason)
    if approved:
        telling.note(at + DAY, approver, "gap_acceptance.approve", subject, **about)


def _meeting(telling: Telling, gaps: Sequence[Finding]) -> None:
    """A meeting after the exchange; it is still to be followed up."""
    each, words, french = telling.each, texts()["meeting"], telling.language == "fr"
    at = telling.at(planning.CONCLUDED_AFTER + 20)
    row = Engagement(
        company_id=each.company.id,
        cycle_id=each.cycle_id,
        organisation_id=telling.reviewer.organisation_id,
        country=each.company.plan.design.country,
        held_on=at.date(),
        met=words["met_fr"] if french else words["met"],
        brief_used=words["brief"],
        summary=telling.say("meeting", "summary"),
        language=telling.language,
        follow_up_on=at.date() + 200 * DAY,
        follow_up=telling.say("meeting", "follow_up"),
        recorded_by_id=telling.reviewer.user_id,
        recorded_at=at + DAY,
        asks=[
            EngagementAsk(
                position=place,
                service_id=finding.service_id,
                indicator_id=finding.indicator_id,
                text=telling.say("commitments", service_id=finding.service_id),
                answer=answer,
                outcome=outcome,
            )
            for place, (finding, answer, outcome) in enumerate(
                zip(
                    gaps,
                    words["answers"][telling.language],
                    (Outcome.AGREED, Outcome.PARTLY, Outcome.DECLINED),
                    strict=False,
                )
            )
        ],
    )
    telling.session.add(row)
    telling.session.flush()
    after = {"held_on": row.held_on.isoformat(), "met": row.met}
    telling.note(row.recorded_at, telling.reviewer, "engagement.save", f"engagement:{row.id}", **after)


def store_asking(
    session: Session,
    trail: Trail,
    rounds: Sequence[StoredRound],
    staff: Mapping[str, Staff],
) -> None:
    """What companies that are still answering ask: what a question means, and more time."""
    drafting = [each for each in rounds if is_designed(each) and each.round.fate.state is State.DRAFT]
    for number, each in enumerate(each for each in drafting if each.round.dates.closed_on is None):
        telling = Telling(session, trail, each)
        participation = (
            session.query(Participation)
            .where(Participation.cycle_id == each.cycle_id, Participation.company_id == each.company.id)
            .one()
        )
        _more_time(telling, participation, granted=number % 2 == 1, staff=staff)
        _inquiry(telling, participation, answered=number % 2 == 1)


def _more_time(telling: Telling, row: Participation, *, granted: bool, staff: Mapping[str, Staff]) -> None:
    each = telling.each
    coordinator = staff[each.company.plan.design.country].one(Role.COORDINATOR, telling.language)
    at, until = telling.at(planning.SUBMITTED_AFTER[0]), each.round.dates.due_on + 21 * DAY
    request = ExtensionRequest(
        participation_id=row.id,
        asked_due_on=until,
        reason=telling.say("more_time", "granted" if granted else "open"),
        asked_by_id=each.lead.user_id,
        asked_at=at,
    )
    telling.session.add(request)
    telling.session.flush()
    subject = f"extension_request:{request.id}"
    telling.tell(at, each.lead, "extension.ask", subject, until=until.isoformat(), reason=request.reason)
    if not granted:
        return
    request.decided_by_id, request.decided_at, request.granted_due_on = coordinator.user_id, at + DAY, until
    request.decision_reason = telling.say("more_time", "decision")
    telling.session.execute(update(Participation).where(Participation.id == row.id).values(due_on=until))
    after: dict[str, Any] = {"due_on": until.isoformat(), "reason": request.decision_reason}
    telling.tell(at + DAY, coordinator, "participation.due_date", f"participation:{row.id}", **after)
    telling.tell(at + DAY, coordinator, "extension.grant", subject, **after)


def _inquiry(telling: Telling, row: Participation, *, answered: bool) -> None:
    each, at = telling.each, telling.at(planning.SUBMITTED_AFTER[0] - 10)
    key = next(iter(each.round.answers), (None, "P11.a"))
    inquiry = Inquiry(
        participation_id=row.id,
        service_id=each.service_id(key),
        indicator_id=key[1],
        text=telling.say("inquiries", "ask"),
        language=telling.language,
        asked_by_id=each.lead.user_id,
        asked_at=at,
        reply=telling.say("inquiries", "reply") if answered else "",
        reply_language=telling.language if answered else "",
        replied_by_id=telling.reviewer.user_id if answered else None,
        replied_at=at + DAY if answered else None,
    )
    telling.session.add(inquiry)
    telling.session.flush()
    subject = f"inquiry:{inquiry.id}"
    telling.tell(at, each.lead, "inquiry.ask", subject, indicator=key[1], service=key[0], text=inquiry.text)
    if answered:
        telling.tell(at + DAY, telling.reviewer, "inquiry.reply", subject, reply=inquiry.reply)
