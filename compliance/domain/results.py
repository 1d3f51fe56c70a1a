"""From answers and findings to one word per indicator, to cells over several, and to what changed between cycles."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from compliance.domain.answers import EvidenceEntry, Grade, Status, grade_in_force
from compliance.domain.rules import Case, Kind, Rules, Severity


class Rating(StrEnum):
    """The government's finding on one answer."""

    AGREE = "agree"
    PARTLY = "partly"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


class Flag(StrEnum):
    """What stands beside a severity word."""

    DISPUTED = "disputed"
    WORSE = "worse"
    BETTER = "better"
    STALE = "stale"
    OVERDUE_COMMITMENT = "overdue_commitment"
    GENERIC = "generic"
    PUBLIC_RECORD_DIFFERS = "public_record_differs"


class Change(StrEnum):
    """How one indicator on one service moved between two cycles."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    NEW = "new"
    GONE = "gone"
    NO_LONGER_ANSWERED = "no_longer_answered"
    NOW_STATED = "now_stated"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know about one indicator on one service.

    `plans` are the dates of dated steps: in the answer, or in commitments proposed or agreed. `agreed_days` are the
    last days of agreed commitments and of their steps, as far as they are not done.
    `public_statuses` are statuses that a sourced public record states for the same indicator and service.
    """

    applies: bool
    status: Status = Status.UNANSWERED
    evidence: tuple[EvidenceEntry, ...] = ()
    plans: tuple[dt.date, ...] = ()
    finding: Rating | None = None
    company_disagrees: bool = False
    carried_forward: bool = False
    generic: bool = False
    withheld: bool = False
    agreed_days: tuple[dt.date, ...] = ()
    public_statuses: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The word for one indicator on one service, and until when it holds without anyone writing."""

    severity: Severity
    grade: Grade
    plan: str
    flags: frozenset[Flag]
    next_change_on: dt.date | None


def judge(rules: Rules, facts: Facts, on: dt.date) -> Outcome:
    """The outcome of `facts` on the day `on`."""
    case = case_of(facts, on)
    return Outcome(
        severity=rules.decide(case),
        grade=Grade(case.evidence),
        plan=case.plan,
        flags=_flags(facts, on) if facts.applies else frozenset(),
        next_change_on=_next_change(facts, on) if facts.applies else None,
    )


def case_of(facts: Facts, on: dt.date) -> Case:
    """The line of the decision table that `facts` are on the day `on`."""
    return Case(
        profile="applies" if facts.applies else "lacks_functions",
        status=facts.status.value,
        evidence=grade_in_force(facts.evidence, on).value,
        finding=facts.finding.value if facts.finding else "none",
        plan=plan_on(facts.plans, on),
    )


def if_agreed(rules: Rules, facts: Facts, on: dt.date) -> Severity:
    """The severity that `facts` would have, had a reviewer agreed with the answer."""
    return rules.decide(case_of(replace(facts, finding=Rating.AGREE), on))


def plan_on(plans: Sequence[dt.date], on: dt.date) -> str:
    """The plan in a word: none, current while one dated step is not past, else past. A step may take its whole day."""
    if not plans:
        return "none"
    return "current" if max(plans) >= on else "past"


#: How far a status claims the measure is there; a finding below the claim disputes it.
_CLAIM = {
    Status.IN_PLACE: 2,
    Status.ALTERNATIVE_MEASURE: 2,
    Status.PARTLY: 1,
    Status.PLANNED: 0,
    Status.NOT_IN_PLACE: 0,
}
_FOUND = {Rating.PARTLY: 1, Rating.NOT_MET: 0}


def is_disputed(status: Status, finding: Rating | None, *, company_disagrees: bool) -> bool:
    """Is the finding below the answer, does it refuse a "not applicable", or does the company disagree with it?"""
    if company_disagrees:
        return True
    if finding not in _FOUND:
        return False
    if status is Status.NOT_APPLICABLE:
        return True
    return _FOUND[finding] < _CLAIM.get(status, 0)


def _flags(facts: Facts, on: dt.date) -> frozenset[Flag]:
    differs = facts.status is not Status.UNANSWERED and any(
        status is not facts.status for status in facts.public_statuses
    )
    conditions = {
        Flag.DISPUTED: is_disputed(facts.status, facts.finding, company_disagrees=facts.company_disagrees),
        Flag.STALE: facts.carried_forward,
        Flag.GENERIC: facts.generic,
        Flag.OVERDUE_COMMITMENT: any(day < on for day in facts.agreed_days),
        Flag.PUBLIC_RECORD_DIFFERS: differs,
    }
    return frozenset(flag for flag, holds in conditions.items() if holds)


def _next_change(facts: Facts, on: dt.date) -> dt.date | None:
    """The first day after `on` on which a plan, a commitment or a piece of evidence runs out, or evidence comes into
    force."""
    day = dt.timedelta(days=1)
    last_days = [*facts.plans, *facts.agreed_days, *(item.expires_on for item in facts.evidence if item.expires_on)]
    ends = [last + day for last in last_days if last < dt.date.max]
    ends += [item.effective_on for item in facts.evidence if item.effective_on]
    return min((end for end in ends if end > on), default=None)


@dataclass(frozen=True, slots=True)
class Cell:
    """Several outcomes in one: the worst word present and how many of each. No average, no score.

    `applicable` counts every outcome that is not outside, the unanswered ones included.
    """

    worst: Severity | None
    counts: tuple[tuple[Severity, int], ...]
    applicable: int

    @property
    def nothing_applies(self) -> bool:
        """Said in words by whoever shows the cell; never shown as complete."""
        return self.applicable == 0

    def count_of(self, *kinds: Kind) -> int:
        """How many outcomes are of one of `kinds`."""
        return sum(number for severity, number in self.counts if severity.kind in kinds)


def roll_up(rules: Rules, counts: Mapping[str, int]) -> Cell:
    """The cell over outcomes given as a number per severity id; its counts are worst first."""
    present = tuple((severity, counts[severity.id]) for severity in rules.severities if counts.get(severity.id))
    return Cell(
        worst=present[0][0] if present else None,
        counts=present,
        applicable=sum(number for severity, number in present if severity.kind is not Kind.OUTSIDE),
    )


def roll_up_of(rules: Rules, severity_ids: Iterable[str]) -> Cell:
    """The cell over single outcomes."""
    return roll_up(rules, Counter(severity_ids))


Key = tuple[str | None, str]  # service (None: asked once for the company) and indicator


def compare(
    before: Mapping[Key, Severity], after: Mapping[Key, Severity], successors: Mapping[str, str]
) -> dict[Key, Change]:
    """What changed between two cycles, by the keys of the later one and the gone keys of the earlier one.

    `successors` maps an earlier indicator id to the id that takes its place. Keys that are in one cycle only, or
    outside in one of them, are "new" or "gone" and count apart: they are never better or worse.
    """
    old = {
        (service, successors.get(indicator, indicator)): severity for (service, indicator), severity in before.items()
    }
    changes = {key: change_between(old.get(key), severity) for key, severity in after.items()}
    for key, severity in old.items():
        if key not in after and severity.kind is not Kind.OUTSIDE:
            changes[key] = Change.GONE
    return {key: change for key, change in changes.items() if change is not None}


def change_between(before: Severity | None, after: Severity | None, *, agreed: Severity | None = None) -> Change | None:
    """The change from one severity to another; None when the indicator was outside (or absent) both times.

    `agreed` is the severity that the later answer would have, had somebody looked and agreed; None once somebody has
    looked. A measure that was seen in place and is claimed again with evidence as good is not worse only because
    nobody has looked yet; one whose evidence is gone or has run out is.
    """
    was = before if before and before.kind is not Kind.OUTSIDE else None
    now = after if after and after.kind is not Kind.OUTSIDE else None
    if was is None or now is None:
        if was is now:
            return None
        return Change.NEW if was is None else Change.GONE
    if was.id == now.id:
        return Change.SAME
    if was.kind is Kind.MET and now.kind is Kind.CLAIMED and agreed is not None and agreed.kind is Kind.MET:
        return Change.SAME
    if now.kind is Kind.UNKNOWN:
        return Change.NO_LONGER_ANSWERED
    if was.kind is Kind.UNKNOWN and now.kind is Kind.GAP:
        return Change.NOW_STATED
    return Change.BETTER if now.rank > was.rank else Change.WORSE
