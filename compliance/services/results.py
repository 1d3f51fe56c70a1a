"""Keeping the projection true: one result per service and indicator, as government may see it.

Called in the transaction of every act that changes an input, and once a day for the rows whose day has come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.assessments import State
from compliance.domain.framework import Framework
from compliance.domain.questionnaire import Profile, Question, all_questions
from compliance.domain.results import Change, Facts, Outcome, Rating, change_between, judge
from compliance.domain.rules import Severity
from compliance.domain.submissions import Sealed, unseal
from compliance.services.checks import generic_keys
from compliance.services.days import local_day, zone_of
from compliance.services.frameworks import framework_for
from compliance.services.transaction import looking, writing
from compliance.storage.models import Assessment, Finding, Participation, PublicRecord, Result
from compliance.storage.queries import assessments, cycles, review
from compliance.storage.queries import results as stored

log = structlog.get_logger(__name__)

RowKey = tuple[int | None, str]  # service id and indicator id


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides the results of one participation."""

    participation: Participation
    framework: Framework
    profiles: Sequence[Profile]
    answers: Mapping[tuple[str | None, str], AnswerEntry]
    findings: Mapping[RowKey, Finding]
    records: Sequence[PublicRecord]
    service_ids: Mapping[str, int]
    before: Mapping[RowKey, Severity]


def refresh(session: Session, cycle_id: int, company_id: int, *, now: dt.datetime) -> int:
    """Recompute the results of one company in one cycle, and in the cycles after it; how many rows were written.

    The later cycles are compared with this one, and a company that has not signed there is known by what it signed
    here.
    """
    participation = stored.held_participation(session, cycle_id, company_id)
    if participation is None:
        return 0
    written = _store(session, participation, compute(_inputs(session, participation), _day(participation, now)))
    for later_id in stored.cycles_after(session, cycle_id, company_id):
        written += refresh(session, later_id, company_id, now=now)
    return written


def _day(participation: Participation, now: dt.datetime) -> dt.date:
    """The day results are judged on: today where the company is, but never after the cycle was closed.

    What a closed cycle said stays, so that the next one is compared with what was reported then.
    """
    today = local_day(now, participation.company)
    closed_on = participation.cycle.closed_on
    return min(today, closed_on) if closed_on else today


def refresh_due(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Recompute what changes by the calendar alone, one transaction per company and cycle; how many were recomputed.

    A company whose day has not begun yet is left for later. One that cannot be recomputed is logged and does not keep
    the others waiting. `stop` is asked before each.
    """
    tomorrow = now.date() + dt.timedelta(days=1)  # some companies are a calendar day ahead of UTC
    with looking() as session:
        due = stored.due_participations(session, tomorrow)
    written = 0
    for cycle_id, company_id, time_zone, first in due:
        if stop():
            break
        if first <= now.astimezone(zone_of(time_zone)).date():
            written += _refresh_alone(cycle_id, company_id, now)
    return written


def _refresh_alone(cycle_id: int, company_id: int, now: dt.datetime) -> bool:
    try:
        with writing() as session:
            refresh(session, cycle_id, company_id, now=now)
    except Exception:
        log.exception("results.refresh_failed", cycle=cycle_id, company=company_id)
        return False
    return True


def compute(inputs: Inputs, on: dt.date) -> dict[RowKey, dict[str, object]]:
    """The results as column values, by service id and indicator id. Pure: tests rebuild the projection with it."""
    generic = generic_keys(dict(inputs.answers))
    rows: dict[RowKey, dict[str, object]] = {}
    for question in all_questions(inputs.framework, inputs.profiles):
        key = (inputs.service_ids[question.service.slug] if question.service else None, question.indicator.id)
        facts = _facts(inputs, question, key, generic=question.key in generic)
        outcome = judge(inputs.framework.rules, facts, on)
        change = _change(inputs, key, outcome)
        rows[key] = _columns(question, facts, outcome, change)
        if inputs.participation.cycle.closed_on:
            rows[key]["next_change_on"] = None  # a closed cycle no longer changes by the calendar
    return rows


def _facts(inputs: Inputs, question: Question, key: RowKey, *, generic: bool) -> Facts:
    entry = inputs.answers.get(question.key) if question.asked else None
    finding = inputs.findings.get(key)
    return Facts(
        applies=question.asked,
        status=entry.status if entry else Status.UNANSWERED,
        evidence=entry.evidence if entry else (),
        plans=(entry.planned_on,) if entry and entry.planned_on else (),
        finding=Rating(finding.rating) if finding else None,
        carried_forward=entry is not None and entry.carried,
        generic=generic,
        public_statuses=tuple(_public_statuses(inputs.records, key)),
    )


def _public_statuses(records: Sequence[PublicRecord], key: RowKey) -> list[Status]:
    """Statuses that the public record states for this indicator: for the service by name, or for the whole company."""
    service_id, indicator_id = key
    return [
        Status(record.status)
        for record in records
        if record.status
        and record.indicator_id == indicator_id
        and (
            record.services_scope == "company"
            or service_id is None
            or any(service.id == service_id for service in record.services)
        )
    ]


def _change(inputs: Inputs, key: RowKey, outcome: Outcome) -> Change | None:
    if not inputs.before:
        return None
    return change_between(inputs.before.get(key), outcome.severity, reviewed=key in inputs.findings)


def _columns(question: Question, facts: Facts, outcome: Outcome, change: Change | None) -> dict[str, object]:
    flags = {flag.value for flag in outcome.flags}
    if change in (Change.WORSE, Change.BETTER):
        flags.add(change.value)
    return {
        "principle_id": question.principle.id,
        "severity": outcome.severity.id,
        "status": facts.status.value,
        "grade": outcome.grade.value,
        "finding": facts.finding.value if facts.finding else "none",
        "plan": outcome.plan,
        "flags": sorted(flags),
        "change": change.value if change else None,
        "next_change_on": outcome.next_change_on,
    }


def _inputs(session: Session, participation: Participation) -> Inputs:
    framework = framework_for(participation.cycle.framework_version)
    services = assessments.services_of(session, participation.company_id)
    assessment = stored.assessment(session, participation.cycle_id, participation.company_id)
    sealed = _sealed(session, assessment)
    found = review.findings(session, assessment.id) if assessment and sealed else []
    records = review.public_records_of(session, participation.company_id)
    return Inputs(
        participation=participation,
        framework=framework,
        profiles=_profiles(session, participation, records, sealed),
        answers=sealed.answers if sealed else {},
        findings={(finding.service_id, finding.indicator_id): finding for finding in found},
        records=records,
        service_ids={service.slug: service.id for service in services},
        before=_before(session, participation, framework),
    )


def _sealed(session: Session, assessment: Assessment | None) -> Sealed | None:
    """The newest sealed copy; none of an assessment that was withdrawn, or is drafted anew after that."""
    if assessment is None or assessment.state in (State.WITHDRAWN, State.DRAFT):
        return None
    submission = assessments.last_submission(session, assessment.id)
    return unseal(submission.sealed) if submission else None


def _profiles(
    session: Session, participation: Participation, records: Sequence[PublicRecord], sealed: Sealed | None
) -> list[Profile]:
    """What government knows of the services: as signed; else as last signed; else the names in the public record.

    A draft's profile is not used: before it is submitted, government sees none of it.
    """
    previous_id = participation.cycle.previous_id
    if sealed is None and previous_id is not None and _shared_as_widely(session, participation, previous_id):
        sealed = _sealed(session, stored.assessment(session, previous_id, participation.company_id))
    if sealed is not None:
        return [Profile(service.slug, service.name, service.functions) for service in sealed.services]
    named = {service.id: service for record in records for service in record.services}
    return [Profile(service.slug, service.name, None) for service in named.values()]


def _shared_as_widely(session: Session, participation: Participation, previous_id: int) -> bool:
    """Does whoever sees this cycle see the previous one, too? Else what was signed there must not show here."""
    cycle_id = participation.cycle_id
    sharing = cycles.sharing_by_cycle(session, participation.company_id, [cycle_id, previous_id])
    return sharing[previous_id] >= sharing[cycle_id]


def _before(session: Session, participation: Participation, framework: Framework) -> dict[RowKey, Severity]:
    """The severities of the previous cycle, by the indicator ids of this one."""
    if participation.cycle.previous_id is None:
        return {}
    severities = framework.rules.severity_by_id
    return {
        (service_id, framework.successors.get(indicator_id, indicator_id)): severities[severity]
        for service_id, indicator_id, severity in stored.severities(
            session, participation.cycle.previous_id, participation.company_id
        )
        if severity in severities
    }


def _store(session: Session, participation: Participation, rows: dict[RowKey, dict[str, object]]) -> int:
    """Write what differs: new rows, changed columns, rows that are no more."""
    written = 0
    existing = {(row.service_id, row.indicator_id): row for row in review.results_of(session, participation.id)}
    for key in existing.keys() - rows.keys():
        session.delete(existing[key])
        written += 1
    for (service_id, indicator_id), columns in rows.items():
        row = existing.get((service_id, indicator_id))
        if row is None:
            row = Result(
                participation_id=participation.id,
                cycle_id=participation.cycle_id,
                company_id=participation.company_id,
                service_id=service_id,
                indicator_id=indicator_id,
            )
            session.add(row)
        elif all(getattr(row, name) == value for name, value in columns.items()):
            continue
        for name, value in columns.items():
            setattr(row, name, value)
        written += 1
    session.flush()
    return written
