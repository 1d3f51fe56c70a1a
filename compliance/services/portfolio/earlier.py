"""Comparing a cycle with any earlier one, not only with the one before it.

Changes against the cycle before are stored with the results. Against any other they are worked out when they are asked
for, by the same rules: indicators keep their identity through every version between the two (`replaces`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor
from compliance.domain.results import Change, change_between
from compliance.domain.rules import Case, Kind, Rules, Severity
from compliance.domain.versions import successors_through
from compliance.services.cycle.frameworks import framework_for
from compliance.storage.models import Cycle, Result
from compliance.storage.queries import earlier as queries

Changes = Mapping[str, Counter[Change]]  # by principle id


def earlier_cycles(cycles: Sequence[Cycle], cycle: Cycle) -> list[Cycle]:
    """The cycles that `cycle` can be compared with, newest first: of the same framework, about an earlier period."""
    same = cycle.framework_version.framework
    found = [
        other for other in cycles if other.framework_version.framework == same and other.period_end < cycle.period_end
    ]
    return sorted(found, key=lambda other: (other.period_end, other.id), reverse=True)


def against(cycles: Sequence[Cycle], cycle: Cycle, slug: str | None) -> Cycle | None:
    """The cycle to compare with: the one that was chosen, else the one before. Raises NotFound for one that is none."""
    if slug is None:
        return next((other for other in cycles if other.id == cycle.previous_id), None)
    found = next((other for other in earlier_cycles(cycles, cycle) if other.slug == slug), None)
    if found is None and not any(other.id == cycle.previous_id and other.slug == slug for other in cycles):
        raise NotFound(slug)
    return found or next(other for other in cycles if other.slug == slug)


def successors(cycles: Sequence[Cycle], cycle: Cycle, before: Cycle) -> Mapping[str, str]:
    """Which indicator of `cycle` takes the place of one of `before`, through the versions of the cycles between."""
    between = [other for other in earlier_cycles(cycles, cycle) if other.period_end > before.period_end]
    versions = [other.framework_version for other in (*reversed(between), cycle)]
    distinct = {version.id: version for version in versions if version.id != before.framework_version_id}
    return successors_through([framework_for(version) for version in distinct.values()])


def changes_of_company(
    framework: Framework, rows: Iterable[Result], before: Iterable[Result], names: Mapping[str, str], *, signed: bool
) -> Changes:
    """What changed on each principle for one company. `names` are the successors of the earlier ids.

    What was asked then and has no result now is gone only once the company `signed`.
    """
    rules = framework.rules
    old = {(row.service_id, names.get(row.indicator_id, row.indicator_id)): row for row in before}
    found: dict[str, Counter[Change]] = defaultdict(Counter)
    for row in rows:
        was = old.pop((row.service_id, row.indicator_id), None)
        severity = rules.severity_by_id.get(was.severity) if was else None
        change = _change(rules, severity, (row.severity, row.status, row.grade, row.finding, row.plan))
        if change is not None:
            found[row.principle_id][change] += 1
    for (_service, indicator_id), gone in old.items() if signed else ():
        indicator, severity = framework.indicators.get(indicator_id), rules.severity_by_id.get(gone.severity)
        if indicator is not None and severity is not None and severity.kind is not Kind.OUTSIDE:
            found[indicator.principle_id][Change.GONE] += 1
    return found


def changes_of_all(
    session: Session, actor: Actor, framework: Framework, cycle: Cycle, before: Cycle, names: Mapping[str, str]
) -> Changes:
    """The same over every company that shares both cycles with the person's government, as sums of the database."""
    rules = framework.rules
    found: dict[str, Counter[Change]] = defaultdict(Counter)
    met: Counter[tuple[str, str]] = Counter()  # earlier results of who signed that have a result now
    for principle_id, old, *now, signed, number in queries.pairs(session, actor, cycle.id, before.id, names):
        change = _change(rules, rules.severity_by_id.get(old or ""), (now[0], now[1], now[2], now[3], now[4]))
        if change is not None:
            found[principle_id][change] += number
        if old is not None and signed:
            met[principle_id, old] += number
    left: Counter[tuple[str, str]] = Counter()
    for indicator_id, severity, number in queries.earlier_results(session, actor, cycle.id, before.id):
        indicator = framework.indicators.get(names.get(indicator_id, indicator_id))
        if indicator is not None:
            left[indicator.principle_id, severity] += number
    for (principle_id, severity), number in (left - met).items():
        if severity in rules.severity_by_id and rules.severity_by_id[severity].kind is not Kind.OUTSIDE:
            found[principle_id][Change.GONE] += number
    return found


def _change(rules: Rules, before: Severity | None, now: tuple[str, str, str, str, str]) -> Change | None:
    """The change to a result given as severity, status, grade, finding and plan.

    While nobody has looked, the result counts as it would if somebody agreed: that is not worse (domain.results).
    """
    severity, status, grade, finding, plan = now
    after = rules.severity_by_id.get(severity)
    agreed = None
    if finding == "none" and after is not None and after.kind is Kind.CLAIMED:
        agreed = rules.decide(Case("applies", status, grade, "agree", plan))
    return change_between(before, after, agreed=agreed)
