"""Writes the two cycles: who took part, what was answered and signed, and what reviewers found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from compliance.demo import planning
from compliance.demo.dates import Dates
from compliance.demo.planning import AnswerPlan, RoundPlan
from compliance.demo.statuses import Key
from compliance.demo.storing import Row, Staff, StoredCompany
from compliance.demo.trail import Person, Trail
from compliance.demo.wording import cycle_name
from compliance.domain import plain
from compliance.domain.answers import AnswerEntry
from compliance.domain.assessments import Invitation, State
from compliance.domain.reminder_plans import dump_plan
from compliance.domain.reminders import Anchor, Audience, Stage
from compliance.domain.submissions import dump_answer
from compliance.services.assessment.answers import columns_of
from compliance.services.reminder.plans import usual_plan
from compliance.storage.bulk import insert_rows
from compliance.storage.models import (
    Answer,
    Assessment,
    Cycle,
    Evidence,
    MetricValue,
    Participation,
    Sharing,
)

#: The usual plan, and a reminder after a month: it has come by the time the demo is loaded, so there is mail to read.
AFTER_A_MONTH: Final = Stage("after_a_month", Anchor.OPENING, 30, frozenset({Audience.CONTRIBUTOR, Audience.LEAD}))


@dataclass(frozen=True, slots=True)
class StoredRound:
    """The assessment of a company in a stored cycle."""

    company: StoredCompany
    round: RoundPlan
    cycle_id: int
    staff: Staff
    assessment_id: int

    @property
    def lead(self) -> Person:
        return self.company.people[0]

    def service_id(self, key: Key) -> int | None:
        return self.company.services[key[0]] if key[0] is not None else None


def store_cycles(session: Session, trail: Trail, cycles: Sequence[Dates], framework_version_id: int) -> list[int]:
    """The cycles, each following the one before it; their ids."""
    ids: list[int] = []
    for dates in cycles:
        name = dates.name(cycle_name(dates.half))
        row = {
            "slug": dates.slug,
            "name_en": name.en,
            "name_fr": name.fr,
            "framework_version_id": framework_version_id,
            "previous_id": ids[-1] if ids else None,
            "period_start": dates.period_start,
            "period_end": dates.period_end,
            "opens_on": dates.opens_on,
            "due_on": dates.due_on,
            "reminder_plan": dump_plan([AFTER_A_MONTH, *usual_plan()]),
            "closed_on": dates.closed_on,
        }
        ids += insert_rows(session, Cycle, [row])
        trail.add(dates.moment(0, 0), None, "cycle.open", f"cycle:{ids[-1]}", after={"slug": dates.slug})
        if dates.closed_on:
            closed = dates.moment((dates.closed_on - dates.opens_on).days, 0)
            after = {"closed_on": dates.closed_on.isoformat()}
            trail.add(closed, None, "cycle.close", f"cycle:{ids[-1]}", before={"closed_on": None}, after=after)
    return ids


def store_rounds(
    session: Session,
    trail: Trail,
    companies: Sequence[StoredCompany],
    cycle_id: int,
    dates: Dates,
    staff: Mapping[str, Staff],
) -> list[StoredRound]:
    """Who took part in one cycle and what they answered; those who started an assessment."""
    taking_part = [(company, each) for company in companies for each in company.plan.rounds if each.dates == dates]
    _invite(session, trail, taking_part, cycle_id)
    started = [(company, each) for company, each in taking_part if each.fate.state is not None]
    ids = insert_rows(session, Assessment, [_assessment_row(company, each, cycle_id) for company, each in started])
    rounds = [
        StoredRound(company, each, cycle_id, staff[company.plan.design.country], assessment_id)
        for assessment_id, (company, each) in zip(ids, started, strict=True)
    ]
    _answers(session, trail, rounds)
    return rounds


def _invite(
    session: Session, trail: Trail, taking_part: Sequence[tuple[StoredCompany, RoundPlan]], cycle_id: int
) -> None:
    ids = insert_rows(session, Participation, [_participation_row(*item, cycle_id) for item in taking_part])
    shared: list[Row] = []
    for participation_id, (company, each) in zip(ids, taking_part, strict=True):
        design, fate, subject = company.plan.design, each.fate, f"participation:{participation_id}"
        at = each.dates.moment(0, 0)
        countries = [design.country, *design.shared_with]
        after: Row = {"cycle": each.dates.slug, "shared_with": countries}
        trail.add(at, None, "participation.invite", subject, chain=company.id, after=after)
        shared += [_sharing_row(company, each, cycle_id, country) for country in countries]
        if fate.invitation is not Invitation.INVITED:
            act = "accept" if fate.invitation is Invitation.ACCEPTED else "decline"
            after = {"invitation": fate.invitation.value, "reason": fate.reason if act == "decline" else ""}
            decided = each.dates.moment(planning.ACCEPTED_AFTER, 15)
            trail.add(decided, company.people[0], f"participation.{act}", subject, chain=company.id, after=after)
    insert_rows(session, Sharing, shared)


def _participation_row(company: StoredCompany, each: RoundPlan, cycle_id: int) -> Row:
    decided = each.fate.invitation is not Invitation.INVITED
    return {
        "cycle_id": cycle_id,
        "company_id": company.id,
        "invitation": each.fate.invitation,
        "reason": each.fate.reason if each.fate.invitation is Invitation.DECLINED else "",
        "invited_at": each.dates.moment(0, 0),
        "decided_at": each.dates.moment(planning.ACCEPTED_AFTER, 15) if decided else None,
    }


def _sharing_row(company: StoredCompany, each: RoundPlan, cycle_id: int, country: str) -> Row:
    """Who shared an earlier cycle with all four other countries has since withdrawn the last of them."""
    others = company.plan.design.shared_with
    withdrawn = each.dates.closed_on is not None and len(others) == 4 and country == others[-1]
    return {
        "company_id": company.id,
        "cycle_id": cycle_id,
        "country": country,
        "started_at": each.dates.moment(0, 0),
        "ended_at": each.dates.moment(planning.SHARED_AFTER, 0) if withdrawn else None,
    }


def _assessment_row(company: StoredCompany, each: RoundPlan, cycle_id: int) -> Row:
    state = each.fate.state
    moves = {
        State.RETURNED: planning.RETURNED_AFTER,
        State.WITHDRAWN: planning.RETURNED_AFTER,
        State.FINDINGS_SHARED: planning.SHARED_AFTER,
        State.CONCLUDED: planning.CONCLUDED_AFTER,
    }
    acts = [answer.saved_at for answer in each.answers.values()]
    acts += [each.submitted_at] if each.submitted_at else []
    acts += [each.dates.moment(moves[state], 0)] if state in moves else []
    started_at = each.dates.moment(planning.ACCEPTED_AFTER, 15)
    return {
        "cycle_id": cycle_id,
        "company_id": company.id,
        "state": state,
        "state_reason": each.fate.reason,
        "started_at": started_at,
        "last_activity_at": max(acts, default=started_at),
        "version": 1,
    }


def _answers(session: Session, trail: Trail, rounds: Sequence[StoredRound]) -> None:
    flat = [(each, key, answer) for each in rounds for key, answer in each.round.answers.items()]
    ids = insert_rows(session, Answer, [_answer_row(*item) for item in flat])
    evidence: list[Row] = []
    metrics: list[Row] = []
    for answer_id, (each, _key, answer) in zip(ids, flat, strict=True):
        evidence += _evidence_rows(answer_id, answer.entry)
        metrics += _metric_rows(answer_id, answer.entry)
        trail.add(
            answer.saved_at,
            each.company.people[answer.saved_by],
            "answer.save",
            f"answer:{answer_id}",
            chain=each.company.id,
            after=dump_answer(answer.entry),
        )
    insert_rows(session, Evidence, evidence)
    insert_rows(session, MetricValue, metrics)


def _answer_row(each: StoredRound, key: Key, answer: AnswerPlan) -> Row:
    entry = answer.entry
    return {
        "assessment_id": each.assessment_id,
        "service_id": each.service_id(key),
        "indicator_id": key[1],
        **columns_of(entry),
        "updated_by_id": each.company.people[answer.saved_by].user_id,
        "updated_at": answer.saved_at,
        "save_key": "",
        "version": 1,
    }


def _evidence_rows(answer_id: int, entry: AnswerEntry) -> list[Row]:
    return [
        {"answer_id": answer_id, "position": position, **plain.shallow(item)}
        for position, item in enumerate(entry.evidence)
    ]


def _metric_rows(answer_id: int, entry: AnswerEntry) -> list[Row]:
    return [{"answer_id": answer_id, **plain.shallow(item)} for item in entry.metrics]
