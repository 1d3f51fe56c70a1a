"""When a reviewer's finding may be saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from compliance.domain.answers import Problem
from compliance.domain.results import Rating

REASON_LIMIT: Final = 4_000  # characters


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """A rating, its reason and what would close the gap, as typed. `rating` is None when none was chosen.

    `change_reason` says why a finding is changed that the company has already seen. `read` is the number of the
    sealed copy that was on the page (0: not said), `language` that of the page.
    """

    rating: Rating | None
    reason: str = ""
    closes: str = ""
    change_reason: str = ""
    read: int = 0
    language: str = ""


def problems_of(entry: FindingEntry, *, seen: bool = False) -> list[Problem]:
    """What stands in the way of saving: a rating is needed, and a reason wherever it is not plain agreement.

    `seen`: was the finding shared with the company? Then it is told why it is changed.
    """
    if entry.rating is None:
        return [Problem("rating", "rating_needed")]
    problems = [
        Problem(name, "too_long", {"limit": str(REASON_LIMIT)})
        for name in ("reason", "closes", "change_reason")
        if len(getattr(entry, name)) > REASON_LIMIT
    ]
    if entry.rating is not Rating.AGREE and not entry.reason.strip():
        problems.append(Problem("reason", "finding_reason_needed"))
    if seen and not entry.change_reason.strip():
        problems.append(Problem("change_reason", "change_reason_needed"))
    return problems
