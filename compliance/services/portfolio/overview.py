"""The whole picture of a cycle: who takes part how, the worst word by principle, the commonest gaps, what changed.

Every sum says its basis: how many companies share their content with the reader. Two governments may see two totals.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.assessments import Invitation, Participation, State, participation
from compliance.domain.framework import Framework, Indicator, Principle
from compliance.domain.permissions import Actor, Permission
from compliance.domain.results import Change
from compliance.domain.rules import Severity
from compliance.domain.summaries import indicators_in
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.portfolio import earlier
from compliance.services.portfolio.portfolio import cycle_in, today_of
from compliance.services.transaction import reading
from compliance.storage.models import Cycle
from compliance.storage.queries import cycles, portfolio
from compliance.storage.queries import overview as queries
from compliance.storage.queries import results as stored

COMMONEST: Final = 10


@dataclass(frozen=True, slots=True)
class PrincipleSum:
    """A principle over all companies that are shared: how many show which worst word, and what was asked of them.

    `applicable` counts results, the unanswered, not applicable and cannot say among them.
    """

    principle: Principle
    companies: Sequence[tuple[Severity, int]]  # worst first
    applicable: int
    unanswered: int
    not_applicable: int
    cannot_say: int
    changes: Mapping[Change, int]

    @property
    def total(self) -> int:
        """Companies with any result on the principle."""
        return sum(number for _, number in self.companies)


@dataclass(frozen=True, slots=True)
class CommonGap:
    """An indicator that is a gap with `companies` of the `applicable` companies, on any of their services.

    With `unknown` companies it is not known on some service: they are no gap, and no better than one.
    """

    indicator: Indicator
    companies: int
    unknown: int
    applicable: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole picture. `invited` companies are in the cycle, `shared` of them with the reader's government."""

    cycle: Cycle
    cycles: Sequence[Cycle]
    framework: Framework
    invited: int
    shared: int
    comparable: int  # companies that shared the cycle before with the reader, too
    stale: int
    funnel: Mapping[Participation, int]
    principles: Sequence[PrincipleSum]
    gaps: Sequence[CommonGap]
    previous: Cycle | None  # the one that changes are counted against
    earlier: Sequence[Cycle]  # those that it can be


def overview(
    actor: Actor, cycle_slug: str | None, against_slug: str | None = None, *, now: dt.datetime
) -> Overview | None:
    """The whole picture of a cycle (without a slug: the newest); None before there is any.

    Changes are against the cycle before, or against any earlier one that is chosen. Raises NotFound for an unknown one.
    """
    require(actor, Permission.PORTFOLIO_VIEW)
    session = reading()
    all_cycles = cycles.all_cycles(session)
    if not all_cycles and cycle_slug is None:
        return None
    cycle = cycle_in(all_cycles, cycle_slug)
    framework = framework_for(cycle.framework_version)
    funnel = funnel_of(session, cycle, now)
    before = earlier.against(all_cycles, cycle, against_slug)
    return Overview(
        cycle=cycle,
        cycles=all_cycles,
        framework=framework,
        invited=sum(funnel.values()),
        shared=portfolio.shared_count(session, actor, cycle.id),
        comparable=portfolio.comparable_count(session, actor, cycle.id, before.id if before else None),
        stale=stored.stale_count(session, cycle.id),
        funnel=funnel,
        principles=_principles(session, actor, cycle, framework, _changes(session, actor, all_cycles, cycle, before)),
        gaps=_gaps(session, actor, cycle, framework),
        previous=before,
        earlier=earlier.earlier_cycles(all_cycles, cycle),
    )


def funnel_of(session: Session, cycle: Cycle, now: dt.datetime) -> Mapping[Participation, int]:
    """How many companies take part how, every word of the list, those with none, too."""
    found: Counter[Participation] = Counter()
    for invitation, state, late, answered, number in queries.participation_counts(session, cycle.id, today_of(now)):
        word = participation(
            Invitation(invitation),
            State(state) if state else None,
            has_answers=bool(answered),
            due_on=dt.date.min if late else dt.date.max,
            on=today_of(now),
        )
        found[word] += number
    return {word: found[word] for word in Participation}


def _changes(
    session: Session, actor: Actor, all_cycles: Sequence[Cycle], cycle: Cycle, before: Cycle | None
) -> earlier.Changes:
    """Against the cycle before as stored; against any other worked out now."""
    if before is None:
        return {}
    if before.id == cycle.previous_id:
        return {
            row[0]: Counter(dict(zip(portfolio.CHANGES, row[1:], strict=True)))
            for row in queries.changes_by_principle(session, actor, cycle)
        }
    names = earlier.successors(all_cycles, cycle, before)
    return earlier.changes_of_all(session, actor, framework_for(cycle.framework_version), cycle, before, names)


def _principles(
    session: Session, actor: Actor, cycle: Cycle, framework: Framework, changes: earlier.Changes
) -> list[PrincipleSum]:
    worst: dict[str, dict[str, int]] = {}
    for principle_id, severity, number in queries.companies_by_worst(session, actor, cycle.id):
        worst.setdefault(principle_id, {})[severity] = number
    sums = {row[0]: row[1:] for row in queries.sums_by_principle(session, actor, cycle.id)}
    return [
        _principle(each, worst.get(each.id, {}), sums.get(each.id, (0,) * 4), changes.get(each.id, {}), framework)
        for each in framework.principles
    ]


def _principle(
    principle: Principle,
    worst: Mapping[str, int],
    sums: Sequence[int],
    changes: Mapping[Change, int],
    framework: Framework,
) -> PrincipleSum:
    applicable, unanswered, not_applicable, cannot_say = sums
    return PrincipleSum(
        principle=principle,
        companies=[(word, worst[word.id]) for word in framework.rules.severities if worst.get(word.id)],
        applicable=applicable,
        unanswered=unanswered,
        not_applicable=not_applicable,
        cannot_say=cannot_say,
        changes={change: changes[change] for change in portfolio.CHANGES if changes.get(change)},
    )


def _gaps(session: Session, actor: Actor, cycle: Cycle, framework: Framework) -> list[CommonGap]:
    """The commonest first; of two as common as each other the first in the framework."""
    gap, unknown, applies = Counter[str](), Counter[str](), Counter[str]()
    for principle_id, *bits, companies in queries.companies_by_bits(session, actor, cycle.id):
        principle = framework.principles_by_id[principle_id]
        for counter, set_bits in zip((gap, unknown, applies), bits, strict=True):
            for indicator_id in indicators_in(set_bits, principle):
                counter[indicator_id] += companies
    places = {indicator_id: place for place, indicator_id in enumerate(framework.indicators)}
    commonest = sorted(gap, key=lambda indicator_id: (-gap[indicator_id], places[indicator_id]))[:COMMONEST]
    return [CommonGap(framework.indicators[id_], gap[id_], unknown[id_], applies[id_]) for id_ in commonest]
