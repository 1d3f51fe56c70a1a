"""When a reviewer's finding may be saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from compliance.domain.answers import Problem
from compliance.domain.results import Rating

REASON_LIMIT: Final = 4_000  # characters


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """A rating and its reason, as typed. `rating` is None when none was chosen."""

    rating: Rating | None
    reason: str = ""


def problems_of(entry: FindingEntry) -> list[Problem]:
    """What stands in the way of saving: a rating is needed, and a reason wherever it is not plain agreement."""
    if entry.rating is None:
        return [Problem("rating", "rating_needed")]
    if len(entry.reason) > REASON_LIMIT:
        return [Problem("reason", "too_long", {"limit": str(REASON_LIMIT)})]
    if entry.rating is not Rating.AGREE and not entry.reason.strip():
        return [Problem("reason", "finding_reason_needed")]
    return []
