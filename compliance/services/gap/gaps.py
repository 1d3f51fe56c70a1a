"""The gap register: gaps are derived by the rules, and followed from cycle to cycle until they close.

A gap is a company, a service (None: the whole company) and an indicator; across framework versions an indicator is
the same when the later one says that it replaces the earlier.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from compliance.domain.disputes import applied
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework, Principle
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.priority import Level, Verdict
from compliance.domain.questionnaire import Place
from compliance.domain.results import Change
from compliance.domain.rules import Severity
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.gap.priorities import priority_for
from compliance.services.portfolio.companies import CompanyView, Gap, company_view, gaps
from compliance.services.transaction import reading
from compliance.storage.models import (
    Clarification,
    Commitment,
    Cycle,
    FindingVersion,
    GapAcceptance,
    Organisation,
    Result,
)
from compliance.storage.queries import commitments, exchange, gap_history

Key = tuple[int | None, str]  # service id and indicator id
Followed = TypeVar("Followed", GapAcceptance, Commitment)


@dataclass(frozen=True, slots=True)
class Line:
    """A gap on the register. `priority` is None where the framework has no order."""

    gap: Gap
    priority: Verdict | None
    acceptance: GapAcceptance | None
    commitments: Sequence[Commitment]
    rounds: int

    @property
    def accepted(self) -> bool:
        return self.acceptance is not None and self.acceptance.approved_at is not None


@dataclass(frozen=True, slots=True)
class Register:
    """The gaps of a company, those that come first first; accepted ones last. `gone` is no longer asked."""

    view: CompanyView
    lines: Sequence[Line]
    gone: Sequence[Result]
    levels: Sequence[tuple[Level, int]]  # how many of each, first one first

    def by_principle(self, wanted: RegisterFilter) -> Sequence[tuple[Principle, Sequence[Line]]]:
        """The gaps that `wanted` keeps, by principle; within one those that come first first."""
        groups = [
            (
                principle,
                [line for line in self.lines if line.gap.indicator.principle_id == principle.id and wanted.keeps(line)],
            )
            for principle in self.view.framework.principles
        ]
        return [(principle, lines) for principle, lines in groups if lines]


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which gaps are listed; empty means all."""

    severity: str = ""
    level: str = ""
    flag: str = ""

    def keeps(self, line: Line) -> bool:
        return (
            self.severity in ("", line.gap.severity.id)
            and (not self.level or (line.priority is not None and line.priority.level.id == self.level))
            and (not self.flag or self.flag in line.gap.result.flags)
        )


def register(actor: Actor, slug: str, cycle_slug: str, principles: Path, *, now: dt.datetime) -> Register:
    """The gap register of a company that is shared with the person's government; raises NotFound for any other."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if not view.shared:
        raise NotFound(slug)
    require(actor, Permission.GAPS_VIEW, record_of(view))
    session = reading()
    lines = _lines(session, actor, view, principles)
    counts = Counter(line.priority.level for line in lines if line.priority is not None)
    levels = sorted(counts.items(), key=lambda item: item[0].rank)
    gone = [row for row in view.results if row.change == Change.GONE]
    return Register(view, sorted(lines, key=_order), gone, levels)


def _order(line: Line) -> tuple[bool, int, int, str]:
    rank = line.priority.level.rank if line.priority else 0
    return line.accepted, rank, line.gap.severity.rank, line.gap.indicator.id


def record_of(view: CompanyView) -> Record:
    return Record(company_id=view.company.id, lead_country=view.company.country, countries=view.countries)


def _lines(session: Session, actor: Actor, view: CompanyView, principles: Path) -> list[Line]:
    found = [gap for _principle, group in gaps(view) for gap in group]
    order = priority_for(principles, view.framework.id)
    functions = _functions(view)
    accepted = _by_key(commitments.acceptances_of(session, view.company.id), view.framework)
    pledged = _by_key(commitments.commitments_of(session, actor, view.company.id), view.framework)
    asked = exchange.clarifications(session, view.assessment.id) if view.assessment and view.sealed else ()
    rounds: dict[Key, int] = {}
    for item in asked:
        rounds[item.service_id, item.indicator_id] = item.round
    lines = []
    for gap in found:
        key = (gap.result.service_id, gap.result.indicator_id)
        verdict = order.verdict(gap.severity.id, gap.result.flags, functions.get(key[0])) if order else None
        own = accepted.get(key, [])
        lines.append(Line(gap, verdict, own[-1] if own else None, pledged.get(key, []), rounds.get(key, 0)))
    return lines


def _functions(view: CompanyView) -> Mapping[int | None, frozenset[str] | None]:
    """What each service can do, as signed and disputed; for what is asked once of the company, all together."""
    if view.sealed is None:
        return {}
    changes = view.assessment.profile_changes if view.assessment else {}
    signed = {profile.slug: profile for profile in applied(view.sealed.profiles, changes, agreed=False)}
    by_id = {row.service_id: row.service.slug for row in view.results if row.service}
    found: dict[int | None, frozenset[str] | None] = {
        id_: signed[slug].functions for id_, slug in by_id.items() if slug in signed
    }
    found[None] = frozenset(name for service in signed.values() for name in service.functions or ())
    return found


def accepted_gaps(session: Session, view: CompanyView) -> frozenset[Key]:
    """The gaps that are accepted as they are, by service id and the indicator ids of the view's framework."""
    rows = _by_key(commitments.acceptances_of(session, view.company.id), view.framework)
    return frozenset(key for key, own in rows.items() if own[-1].approved_at is not None)


def _by_key(rows: Sequence[Followed], framework: Framework) -> dict[Key, list[Followed]]:
    """Rows by the gap they are about, by the indicator ids of `framework`."""
    found: dict[Key, list[Followed]] = {}
    for row in rows:
        key = (row.service_id, framework.successors.get(row.indicator_id, row.indicator_id))
        found.setdefault(key, []).append(row)
    return found


def names_of(framework: Framework, indicator: str, others: Sequence[Framework]) -> frozenset[str]:
    """The ids that an indicator has had and will have: through `replaces`, in `others` as far as they go on."""
    names = {indicator, *framework.indicators[indicator].replaces}
    for _again in others:  # a chain is at most as long as there are versions
        for other in others:
            names |= {old for old, new in other.successors.items() if new in names}
            names |= {new for old, new in other.successors.items() if old in names}
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Station:
    """What a gap was in one cycle."""

    cycle: Cycle
    result: Result
    severity: Severity
    framework: Framework


@dataclass(frozen=True, slots=True)
class GapPage:
    """One gap with everything that was said about it. `line` is None once it is no gap in this cycle any more."""

    view: CompanyView
    gap: Gap
    line: Line
    stations: Sequence[Station]
    versions: Sequence[FindingVersion]
    rounds: Sequence[Clarification]
    acceptances: Sequence[GapAcceptance]
    may_propose: bool
    may_approve: bool
    may_end: bool
    may_commit: bool


def gap_page(actor: Actor, place: Place, principles: Path, *, now: dt.datetime) -> GapPage:
    """One gap of a company. Raises NotFound for what is not shared, was not asked, or does not apply."""
    view = company_view(actor, place.company or "", place.cycle, now=now)
    row = next((row for row in view.results if _key_of(row) == place.key), None)
    if not view.shared or row is None:
        raise NotFound(place.indicator)
    require(actor, Permission.GAPS_VIEW, record_of(view))
    session = reading()
    frameworks = list(
        {
            framework_for(cycle.framework_version).sha256: framework_for(cycle.framework_version)
            for cycle in view.cycles
        }.values()
    )
    names = names_of(view.framework, place.indicator, frameworks)
    gap = _gap(view, row)
    line = next((line for line in _lines(session, actor, view, principles) if line.gap.result is row), None)
    stations = [
        Station(cycle, result, framework.rules.severity_by_id[result.severity], framework)
        for result, cycle in gap_history.results_through_cycles(session, actor, view.company.id, row.service_id, names)
        for framework in [framework_for(cycle.framework_version)]
    ]
    acceptances = commitments.acceptances_about(session, view.company.id, row.service_id, names)
    current = next((item for item in acceptances if item.ended_at is None), None)
    asked = view.assessment.id if view.assessment and view.sealed else 0
    return GapPage(
        view=view,
        gap=gap,
        line=line or Line(gap, None, current, [], 0),
        stations=stations,
        versions=exchange.versions_of(session, gap.finding.id) if gap.finding else (),
        rounds=[
            item for item in exchange.rounds_about(session, asked, row.service_id, place.indicator) if item.sent_at
        ],
        acceptances=acceptances,
        may_propose=current is None and line is not None and allows(actor, Permission.GAP_ACCEPT, record_of(view)),
        may_approve=current is not None
        and current.approved_at is None
        and allows(actor, Permission.GAP_ACCEPT_APPROVE, of_acceptance(view.company, current)),
        may_end=current is not None
        and any(
            allows(actor, permission, of_acceptance(view.company, current))
            for permission in (Permission.GAP_ACCEPT, Permission.GAP_ACCEPT_APPROVE)
        ),
        may_commit=view.sealed is not None and allows(actor, Permission.COMMITMENT_PROPOSE, _of_state(view)),
    )


def _of_state(view: CompanyView) -> Record:
    return replace(record_of(view), state=view.state)


def _sent(rows: Sequence[Clarification]) -> list[Clarification]:
    return [row for row in rows if row.sent_at is not None]


def _key_of(row: Result) -> tuple[str | None, str]:
    return (row.service.slug if row.service else None, row.indicator_id)


def _gap(view: CompanyView, row: Result) -> Gap:
    return Gap(
        indicator=view.framework.indicators[row.indicator_id],
        service=row.service.name if row.service else None,
        severity=view.framework.rules.severity_by_id[row.severity],
        result=row,
        entry=view.entry_of(row),
        finding=view.findings.get((row.service_id, row.indicator_id)),
    )


def of_acceptance(company: Organisation, row: GapAcceptance) -> Record:
    return Record(
        company_id=company.id,
        lead_country=company.country,
        countries=frozenset({company.country or ""}),
        author_id=row.proposed_by_id,
    )
