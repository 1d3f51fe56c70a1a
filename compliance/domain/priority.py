"""Which gaps come first: levels decided by rows in content, each with the reason that is shown.

It is an order for people who follow gaps up, not a mark on a company: no points, no average.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from compliance.domain.text import Text


@dataclass(frozen=True, slots=True)
class Trait:
    """Something about a service that makes a gap weigh more: it has one of these functions."""

    id: str
    label: Text
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of priority; `rank` 0 comes first."""

    id: str
    word: Text
    rank: int


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """Holds when the severity and a flag are among those named (none named: any) and every trait is there."""

    level: str
    because: Text
    severities: frozenset[str]
    flags: frozenset[str]
    traits: frozenset[str]

    def holds(self, severity: str, flags: Collection[str], traits: Collection[str]) -> bool:
        return (
            (not self.severities or severity in self.severities)
            and (not self.flags or not self.flags.isdisjoint(flags))
            and self.traits <= set(traits)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level of one gap, why, and what about the service made it so."""

    level: Level
    because: Text
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """The rules of one framework. The last row holds for everything, so each gap has a level."""

    levels: tuple[Level, ...]
    traits: tuple[Trait, ...]
    table: tuple[PriorityRow, ...]

    def verdict(self, severity: str, flags: Collection[str], functions: Collection[str] | None) -> Verdict:
        """The first row that holds. `functions` are the service's; None when the company never said."""
        there = [trait for trait in self.traits if functions is not None and not trait.functions.isdisjoint(functions)]
        ids = {trait.id for trait in there}
        row = next(row for row in self.table if row.holds(severity, flags, ids))
        level = next(level for level in self.levels if level.id == row.level)
        return Verdict(level, row.because, tuple(trait for trait in there if trait.id in row.traits))
