"""The decision table that turns an answer, its evidence and a finding into one word.

The table itself is content (`rules.yaml`); here is how a table is read and how one proves that it has no hole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Final

from compliance.domain.text import Text


class Kind(StrEnum):
    """What a severity means to the roll-up and to the comparison between cycles."""

    GAP = "gap"
    UNKNOWN = "unknown"
    CLAIMED = "claimed"
    MET = "met"
    OUTSIDE = "outside"


DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": ("applies", "lacks_functions"),
    "status": (
        "in_place",
        "partly",
        "planned",
        "not_in_place",
        "alternative_measure",
        "not_applicable",
        "cannot_say",
        "unanswered",
    ),
    "evidence": ("none", "stated", "public_link", "document_shown", "independently_assured", "expired"),
    "finding": ("none", "agree", "partly", "not_met", "cannot_tell"),
    "plan": ("none", "current", "past"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One combination of values of the dimensions."""

    profile: str
    status: str
    evidence: str
    finding: str
    plan: str

    def __str__(self) -> str:
        return ", ".join(f"{name} {getattr(self, name)}" for name in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when every dimension it names has one of the listed values."""

    values: Mapping[str, frozenset[str]]

    def holds(self, case: Case) -> bool:
        return all(getattr(case, dimension) in allowed for dimension, allowed in self.values.items())


@dataclass(frozen=True, slots=True)
class Row:
    severity: str
    when: tuple[Condition, ...]

    def holds(self, case: Case) -> bool:
        return any(condition.holds(case) for condition in self.when)


@dataclass(frozen=True, slots=True)
class Severity:
    """A word for the state of an indicator; symbol and colour only repeat it."""

    id: str
    kind: Kind
    word: Text
    symbol: str
    colour: str
    rank: int  # 0 is worst: the order in which a roll-up looks for its worst word


@dataclass(frozen=True, slots=True)
class Label:
    id: str
    label: Text
    help: Text | None = None


@dataclass(frozen=True)
class Rules:
    """Severities (worst first), the decision table, and the words for everything that stands beside a severity."""

    severities: tuple[Severity, ...]
    table: tuple[Row, ...]
    grades: tuple[Label, ...]
    findings: tuple[Label, ...]
    plans: tuple[Label, ...]
    flags: tuple[Label, ...]
    changes: tuple[Label, ...]
    participation: tuple[Label, ...]

    @cached_property
    def severity_by_id(self) -> Mapping[str, Severity]:
        return {severity.id: severity for severity in self.severities}

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, Label]]:
        """Labels by group and id: `words["findings"]["agree"]`."""
        groups = ("grades", "findings", "plans", "flags", "changes", "participation")
        return {group: {label.id: label for label in getattr(self, group)} for group in groups}

    def decide(self, case: Case) -> Severity:
        """The severity of `case`: that of the first row that holds.

        Raises LookupError when no row holds, which `content check` has ruled out for every imported framework.
        """
        for row in self.table:
            if row.holds(case):
                return self.severity_by_id[row.severity]
        raise LookupError(f"no row of the decision table holds for: {case}")


def all_cases() -> Iterator[Case]:
    """Every combination of values, in a stable order."""
    for values in product(*DIMENSIONS.values()):
        yield Case(*values)


def holes(table: tuple[Row, ...]) -> list[Case]:
    """The combinations that no row of `table` covers."""
    return [case for case in all_cases() if not any(row.holds(case) for row in table)]


def unreachable_rows(table: tuple[Row, ...]) -> list[int]:
    """The places (from 0) of rows that decide no combination, because rows above them take all of theirs."""
    reached = set()
    for case in all_cases():
        reached.add(next((place for place, row in enumerate(table) if row.holds(case)), None))
    return [place for place in range(len(table)) if place not in reached]
