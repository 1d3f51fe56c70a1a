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
from compliance.domain.commitments import Pledge, agreed_days, plan_dates
from compliance.domain.disputes import applied
from compliance.domain.framework import Framework
from compliance.domain.questionnaire import Profile, Question, all_questions
from compliance.domain.replies import Stance
from compliance.domain.results import Change, Facts, Outcome, Rating, change_between, if_agreed, judge
from compliance.domain.rules import Kind, Severity
from compliance.domain.submissions import Sealed, unseal
from compliance.services.assessment.checks import generic_keys
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day, zone_of
from compliance.services.gap import summaries
from compliance.services.transaction import looking, writing
from compliance.storage.bulk import sync_rows
from compliance.storage.models import Assessment, Finding, Participation, PublicRecord, Result
from compliance.storage.queries import assessments, commitments, cycles, exchange, review
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
    pledges: Mapping[RowKey, Sequence[Pledge]]
    disagreed: frozenset[RowKey]  # the company's last word on the finding is that it disagrees
    signed: bool  # there is a sealed copy of this cycle itself


def refresh(session: Session, cycle_id: int, company_id: int, *, now: dt.datetime) -> int:
    """Recompute the results of one company in one cycle, and in the cycles after it; how many rows were written.

    The later cycles are compared with this one, and a company that has not signed there is known by what it signed
    here.
    """
    participation = stored.held_participation(session, cycle_id, company_id)
    if participation is None:
        return 0
    inputs = _inputs(session, participation)
    rows = compute(inputs, _day(participation, now))
    written = _store(session, participation, rows)
    written += summaries.store(session, participation, rows, inputs.framework)
    written += summaries.store_metrics(session, participation, inputs.answers, inputs.service_ids)
    participation.stale_since = None
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


def refresh_stale(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False, limit: int | None = None) -> int:
    """Recompute what an act on many companies left for later, one transaction per company; how many were recomputed.

    Opening and closing a cycle mark its companies and are done; the schedule, the command line or the page then work
    through them, so that nobody who saves an answer waits for ten thousand companies.
    """
    with looking() as session:
        stale = stored.stale_participations(session, limit)
    written = 0
    for cycle_id, company_id in stale:
        if stop():
            break
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
        change = _change(inputs, key, facts, outcome, on)
        rows[key] = _columns(question.principle.id, facts, outcome, change)
        if inputs.participation.cycle.closed_on:
            rows[key]["next_change_on"] = None  # a closed cycle no longer changes by the calendar
    return rows | _gone(inputs, rows, on)


def _gone(inputs: Inputs, rows: Mapping[RowKey, object], on: dt.date) -> dict[RowKey, dict[str, object]]:
    """What was asked about a service last cycle and is not asked any more, because the service is not there any more.

    A service that was retired counts like one whose functions were unticked: its questions no longer apply, and that
    is shown as a change. Only what the company signed can take a service away.
    """
    if not inputs.signed:
        return {}
    gone = {}
    facts = Facts(applies=False)
    outcome = judge(inputs.framework.rules, facts, on)
    for key, before in inputs.before.items():
        indicator = inputs.framework.indicators.get(key[1])
        if key not in rows and indicator is not None and before.kind is not Kind.OUTSIDE:
            gone[key] = _columns(indicator.principle_id, facts, outcome, Change.GONE)
    return gone


def _facts(inputs: Inputs, question: Question, key: RowKey, *, generic: bool) -> Facts:
    entry = inputs.answers.get(question.key) if question.asked else None
    finding = inputs.findings.get(key)
    pledges = inputs.pledges.get(key, ())
    planned = (entry.planned_on,) if entry and entry.planned_on else ()
    return Facts(
        applies=question.asked,
        status=entry.status if entry else Status.UNANSWERED,
        evidence=entry.evidence if entry else (),
        plans=(*planned, *plan_dates(pledges)),
        finding=Rating(finding.rating) if finding else None,
        company_disagrees=key in inputs.disagreed,
        agreed_days=agreed_days(pledges),
        carried_forward=entry is not None and entry.carried,
        generic=generic,
        withheld=entry is not None and entry.is_withheld,
        public_statuses=tuple(_public_statuses(inputs, key)),
    )


def _public_statuses(inputs: Inputs, key: RowKey) -> list[Status]:
    """Statuses that the public record states for this indicator: for the service by name, or for the whole company."""
    service_id, indicator_id = key
    indicator = inputs.framework.indicators.get(indicator_id)
    return [
        Status(record.status)
        for record in inputs.records
        if record.status
        and record.indicator_id
        and inputs.framework.indicator_now(record.indicator_id) is indicator
        and (
            record.services_scope == "company"
            or service_id is None
            or any(service.id == service_id for service in record.services)
        )
    ]


def _change(inputs: Inputs, key: RowKey, facts: Facts, outcome: Outcome, on: dt.date) -> Change | None:
    if not inputs.before:
        return None
    agreed = None if key in inputs.findings else if_agreed(inputs.framework.rules, facts, on)
    return change_between(inputs.before.get(key), outcome.severity, agreed=agreed)


def _columns(principle_id: str, facts: Facts, outcome: Outcome, change: Change | None) -> dict[str, object]:
    flags = {flag.value for flag in outcome.flags}
    if change in (Change.WORSE, Change.BETTER):
        flags.add(change.value)
    return {
        "principle_id": principle_id,
        "severity": outcome.severity.id,
        "status": facts.status.value,
        "grade": outcome.grade.value,
        "finding": facts.finding.value if facts.finding else "none",
        "plan": outcome.plan,
        "flags": sorted(flags),
        "change": change.value if change else None,
        "next_change_on": outcome.next_change_on,
        "withheld": facts.withheld,
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
        profiles=_profiles(session, participation, records, assessment, sealed),
        answers=sealed.answers if sealed else {},
        findings={(finding.service_id, finding.indicator_id): finding for finding in found},
        records=records,
        service_ids={service.slug: service.id for service in services},
        before=_before(session, participation, framework),
        pledges=_pledges(session, participation, framework),
        disagreed=_disagreed(session, assessment) if assessment and sealed else frozenset(),
        signed=sealed is not None,
    )


def _pledges(session: Session, participation: Participation, framework: Framework) -> dict[RowKey, list[Pledge]]:
    """Commitments of this cycle and of those before it that are shared as widely, by the indicator ids of this one."""
    rows = commitments.planning(session, participation.company_id)
    known = _seen_here(session, participation) if any(row.cycle_id != participation.cycle_id for row in rows) else ()
    found: dict[RowKey, list[Pledge]] = {}
    for row in rows:
        if row.cycle_id == participation.cycle_id or row.cycle_id in known:
            key = (row.service_id, framework.successors.get(row.indicator_id, row.indicator_id))
            found.setdefault(key, []).append(commitments.pledge_of(row))
    return found


def _seen_here(session: Session, participation: Participation) -> set[int]:
    """The earlier cycles whose content whoever sees this one sees, too."""
    previous = cycles.previous_ids(session)
    earlier: list[int] = []
    each = participation.cycle.previous_id
    while each is not None and each not in earlier:
        earlier.append(each)
        each = previous.get(each)
    sharing = cycles.sharing_by_cycle(session, participation.company_id, [participation.cycle_id, *earlier])
    return {cycle_id for cycle_id in earlier if sharing[cycle_id] >= sharing[participation.cycle_id]}


def _disagreed(session: Session, assessment: Assessment) -> frozenset[RowKey]:
    """The findings on which the company's last word is that it disagrees; a newer version alone does not end that."""
    last = {(service_id, id_): stance for service_id, id_, stance in exchange.sent_stances(session, assessment.id)}
    return frozenset(key for key, stance in last.items() if stance == Stance.DISAGREE)


def _sealed(session: Session, assessment: Assessment | None) -> Sealed | None:
    """The newest sealed copy; none of an assessment that was withdrawn, or is drafted anew after that."""
    if assessment is None or assessment.state in (State.WITHDRAWN, State.DRAFT):
        return None
    submission = assessments.last_submission(session, assessment.id)
    return unseal(submission.sealed) if submission else None


def _profiles(
    session: Session,
    participation: Participation,
    records: Sequence[PublicRecord],
    assessment: Assessment | None,
    sealed: Sealed | None,
) -> list[Profile]:
    """What government knows of the services: as signed and disputed; else as last signed; else the public record.

    A draft's profile is not used: before it is submitted, government sees none of it.
    """
    previous_id = participation.cycle.previous_id
    if sealed is None and previous_id is not None and _shared_as_widely(session, participation, previous_id):
        assessment = stored.assessment(session, previous_id, participation.company_id)
        sealed = _sealed(session, assessment)
    if sealed is not None and assessment is not None:
        return applied(sealed.profiles, assessment.profile_changes, agreed=False)
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
    owner = summaries.owner(participation)
    wanted = [
        owner | {"service_id": service_id, "indicator_id": indicator_id} | columns
        for (service_id, indicator_id), columns in rows.items()
    ]
    mine = Result.participation_id == participation.id
    return sync_rows(session, Result, mine, ("service_id", "indicator_id"), wanted)
