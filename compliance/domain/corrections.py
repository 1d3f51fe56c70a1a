"""A company corrects a fact from the public record: proposed with a reason, decided by staff; both texts stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem, is_web_address
from compliance.domain.public_record import STATEMENT_LIMIT, TEXT_LIMIT

REASON_LIMIT: Final = 1_000  # characters
#: A fact is to be looked at again this long after it was entered, unless another day is given.
REVIEW_AFTER: Final = dt.timedelta(days=365)


class CorrectionState(StrEnum):
    """Where a correction stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CorrectionEntry:
    """What the company says the fact should read, why, and where that can be seen."""

    statement: str
    reason: str
    source_address: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decide and why. `drop_claim`: the fact no longer states a status or a number."""

    state: CorrectionState | None
    reason: str
    drop_claim: bool = False


def problems_of(entry: CorrectionEntry, current: str) -> list[Problem]:
    """What stands in the way of proposing a correction of the fact that reads `current`."""
    problems = []
    if not entry.statement:
        problems.append(Problem("statement", "statement_needed"))
    elif entry.statement == current:
        problems.append(Problem("statement", "correction_changes_nothing"))
    elif len(entry.statement) > STATEMENT_LIMIT:
        problems.append(Problem("statement", "too_long", {"limit": str(STATEMENT_LIMIT)}))
    problems += _reason_problems(entry.reason)
    if entry.source_address and not is_web_address(entry.source_address):
        problems.append(Problem("source_address", "not_a_web_address"))
    elif len(entry.source_address) > TEXT_LIMIT * 10:
        problems.append(Problem("source_address", "too_long", {"limit": str(TEXT_LIMIT * 10)}))
    return problems


def problems_of_decision(decision: Decision) -> list[Problem]:
    """A decision is one of two, and always says why: the company reads it."""
    problems = (
        []
        if decision.state in (CorrectionState.ACCEPTED, CorrectionState.REFUSED)
        else [Problem("state", "decision_needed")]
    )
    return problems + _reason_problems(decision.reason)


def _reason_problems(reason: str) -> list[Problem]:
    if not reason.strip():
        return [Problem("reason", "needed")]
    return [Problem("reason", "too_long", {"limit": str(REASON_LIMIT)})] if len(reason) > REASON_LIMIT else []
