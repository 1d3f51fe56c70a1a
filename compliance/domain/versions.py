"""What changed between two versions of a framework: by stable ids, and by what says that it replaces an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.domain.framework import Framework, Indicator


@dataclass(frozen=True, slots=True)
class VersionChange:
    """Indicators of the later version and of the earlier one. `kept` have the same id, `replaced` the one before it."""

    kept: tuple[Indicator, ...]
    replaced: tuple[tuple[Indicator, Indicator], ...]  # earlier, later
    added: tuple[Indicator, ...]
    dropped: tuple[Indicator, ...]

    @property
    def same(self) -> bool:
        """Is the same asked in both?"""
        return not (self.replaced or self.added or self.dropped)


def version_change(before: Framework, after: Framework) -> VersionChange:
    """What became of each indicator of `before` in `after`."""
    replaced = tuple(
        (before.indicators[old], later)
        for later in after.indicators.values()
        for old in later.replaces
        if old in before.indicators and old != later.id
    )
    followed = {later.id for _, later in replaced} | before.indicators.keys()
    gone = {earlier.id for earlier, _ in replaced} | after.indicators.keys()
    return VersionChange(
        kept=tuple(each for id_, each in after.indicators.items() if id_ in before.indicators),
        replaced=replaced,
        added=tuple(each for id_, each in after.indicators.items() if id_ not in followed),
        dropped=tuple(each for id_, each in before.indicators.items() if id_ not in gone),
    )


def successors_through(versions: Sequence[Framework]) -> Mapping[str, str]:
    """Which indicator of the last version takes the place of an id of any earlier one, step by step through all.

    `versions` are in the order of their cycles; an id that nothing replaces stays itself and is not listed.
    """
    found: dict[str, str] = {}
    for version in versions:
        found = {old: version.successors.get(new, new) for old, new in found.items()}
        found = {**version.successors, **found}
    return found
