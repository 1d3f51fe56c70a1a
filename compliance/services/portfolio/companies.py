"""One company in one cycle, as government staff see it: who takes part how, its services, its principles, its gaps."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.domain.answers import AnswerEntry
from compliance.domain.assessments import Participation, State, due_of
from compliance.domain.framework import Framework, Indicator, Principle
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.results import Cell, Change, roll_up, roll_up_of
from compliance.domain.rules import Kind, Severity
from compliance.domain.submissions import Sealed
from compliance.domain.text import Text
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.portfolio import earlier
from compliance.services.portfolio.content import content_of, known_of
from compliance.services.portfolio.portfolio import cycle_in, participation_of
from compliance.services.transaction import reading
from compliance.storage.models import (
    Assessment,
    Clarification,
    Cycle,
    Finding,
    FindingVersion,
    Organisation,
    PublicRecord,
    Result,
)
from compliance.storage.models import Participation as ParticipationRow
from compliance.storage.queries import assessments, review
from compliance.storage.queries import company_views as seen


@dataclass(frozen=True, slots=True)
class GridLine:
    """A principle with its cell, the cell of the cycle before (None without one) and what changed between the two."""

    principle: Principle
    cell: Cell
    previous: Cell | None
    changes: Mapping[Change, int]


@dataclass(frozen=True)
class CompanyView:
    """What one government may know of a company in a cycle. Without sharing, only participation and endorsement.

    `sealed` is the newest sealed copy; None of a draft, of a withdrawn assessment, and without sharing.
    """

    company: Organisation
    cycle: Cycle
    cycles: Sequence[Cycle]
    framework: Framework
    participation: Participation | None
    word: Text | None
    reason: str
    due_on: dt.date  # the company's own last day where it was granted one
    state: State | None
    countries: frozenset[str]
    shared: bool
    answers: int
    last_activity_on: dt.date | None
    sealed: Sealed | None
    submission_number: int
    previous_sealed: Sealed | None  # of `previous_cycle`
    results: Sequence[Result]
    results_before: Sequence[Result]
    grid: Sequence[GridLine]
    total: Cell
    records: Sequence[PublicRecord]
    findings: Mapping[tuple[int | None, str], Finding]
    versions: Mapping[tuple[int | None, str], FindingVersion]  # of those findings as the company was shown them last
    disputes: Sequence[Clarification]  # every disputed function, oldest first; none without a sealed copy
    assessment: Assessment | None
    previous_cycle: Cycle | None  # the one that this is compared with
    earlier: Sequence[Cycle]  # those that it can be compared with

    def entry_of(self, row: Result) -> AnswerEntry | None:
        """What the company signed about the indicator and service of a result; None when it did not answer."""
        return (
            self.sealed.answers.get((row.service.slug if row.service else None, row.indicator_id))
            if self.sealed
            else None
        )


def company_view(
    actor: Actor, slug: str, cycle_slug: str | None, against_slug: str | None = None, *, now: dt.datetime
) -> CompanyView:
    """One company, compared with the cycle before, or with any earlier one that is chosen.

    Raises NotFound for an unknown company or cycle, or before there is any cycle.
    """
    require(actor, Permission.PORTFOLIO_VIEW)
    session = reading()
    known = known_of(session, actor, slug)
    company, all_cycles = known.company, known.cycles
    cycle = cycle_in(all_cycles, cycle_slug)
    framework = framework_for(cycle.framework_version)
    against = earlier.against(all_cycles, cycle, against_slug)
    content = content_of(session, actor, known, cycle, against)
    row = known.participations.get(cycle.id)
    assessment = content.assessments.get(cycle.id)
    state = State(assessment.state) if assessment else None
    drafts = len(assessments.answered_keys(session, assessment.id)) if assessment and state is State.DRAFT else 0
    word = participation_of(row, state, drafts, cycle, local_day(now, company))
    rows = [result for result in content.results if result.cycle_id == cycle.id]
    before = [result for result in content.results if against is not None and result.cycle_id == against.id]
    sealed, number = content.sealed.get(cycle.id, (None, 0))
    found = seen.findings(session, assessment.id) if assessment and sealed else []
    return CompanyView(
        company=company,
        cycle=cycle,
        cycles=all_cycles,
        framework=framework,
        participation=word,
        word=framework.rules.words["participation"][word].label if word else None,
        reason=_reason(row, assessment, state) if row else "",
        due_on=due_of(cycle.due_on, row.due_on if row else None),
        state=state if content.shared else None,
        countries=content.countries,
        shared=content.shared,
        answers=drafts if content.shared else 0,
        last_activity_on=assessment.last_activity_at.date() if assessment and content.shared else None,
        sealed=sealed,
        submission_number=number,
        previous_sealed=content.sealed.get(against.id if against else 0, (None, 0))[0],
        results=rows,
        results_before=before,
        grid=grid(
            framework, rows, before, _changes(all_cycles, cycle, against, rows, before, signed=sealed is not None)
        ),
        total=roll_up_of(framework.rules, [result.severity for result in rows]),
        records=[
            record
            for record in review.public_records(session, actor, company.id)
            if record.principle_id in framework.principles_by_id and allows(actor, Permission.PUBLIC_RECORD_VIEW)
        ],
        findings={(one.service_id, one.indicator_id): one for one, _ in found},
        versions={(one.service_id, one.indicator_id): version for one, version in found if version is not None},
        disputes=content.disputes,
        assessment=assessment if content.shared else None,
        previous_cycle=against,
        earlier=earlier.earlier_cycles(all_cycles, cycle),
    )


def _changes(
    all_cycles: Sequence[Cycle],
    cycle: Cycle,
    against: Cycle | None,
    rows: Sequence[Result],
    before: Sequence[Result],
    *,
    signed: bool,
) -> earlier.Changes:
    """Against the cycle before as stored; against any other worked out now. None of a cycle that is not shared."""
    if against is None or against.id == cycle.previous_id:
        return _stored_changes(rows)
    if not before:
        return {}
    names = earlier.successors(all_cycles, cycle, against)
    framework = framework_for(cycle.framework_version)
    return earlier.changes_of_company(framework, rows, before, names, signed=signed)


def _stored_changes(rows: Sequence[Result]) -> earlier.Changes:
    changes: dict[str, Counter[Change]] = defaultdict(Counter)
    for row in rows:
        if row.change:
            changes[row.principle_id][Change(row.change)] += 1
    return changes


def _reason(row: ParticipationRow, assessment: Assessment | None, state: State | None) -> str:
    """Why the company declined or withdrew, as it wrote it."""
    return assessment.state_reason if assessment and state is State.WITHDRAWN else row.reason


def grid(
    framework: Framework, rows: Sequence[Result], before: Sequence[Result], changes: earlier.Changes | None = None
) -> list[GridLine]:
    """The roll-up by principle, in the order of the framework; without `changes` those that are stored."""
    now, then = _counts(rows), _counts(before)
    changes = _stored_changes(rows) if changes is None else changes
    return [
        GridLine(
            principle,
            roll_up(framework.rules, now[principle.id]),
            roll_up(framework.rules, then[principle.id]) if before else None,
            changes.get(principle.id, {}),
        )
        for principle in framework.principles
    ]


def _counts(rows: Sequence[Result]) -> defaultdict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.principle_id][row.severity] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Gap:
    """One indicator on one service (None: once for the company) that is a gap or not known."""

    indicator: Indicator
    service: str | None
    severity: Severity
    result: Result
    entry: AnswerEntry | None
    finding: Finding | None


def gaps(view: CompanyView, severity: str | None = None) -> Sequence[tuple[Principle, Sequence[Gap]]]:
    """The gaps of a company by principle, worst first, not known among them; `severity` keeps one word only."""
    severities = view.framework.rules.severity_by_id
    found: dict[str, list[Gap]] = defaultdict(list)
    for row in view.results:
        word = severities[row.severity]
        if word.kind in (Kind.GAP, Kind.UNKNOWN) and severity in (None, word.id):
            found[row.principle_id].append(
                Gap(
                    indicator=view.framework.indicators[row.indicator_id],
                    service=row.service.name if row.service else None,
                    severity=word,
                    result=row,
                    entry=view.entry_of(row),
                    finding=view.findings.get((row.service_id, row.indicator_id)),
                )
            )
    return [
        (principle, sorted(found[principle.id], key=lambda gap: gap.severity.rank))
        for principle in view.framework.principles
        if found[principle.id]
    ]
