"""A question to the company about one answer: when it may be asked, and how long the company has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem

QUESTION_LIMIT: Final = 4_000  # characters
REPLY_LIMIT: Final = 4_000
LONGEST: Final = dt.timedelta(days=366)


class ClarificationState(StrEnum):
    """A draft is seen by government alone; while one is open the company may change the answer it names."""

    DRAFT = "draft"
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"  # of a disputed function alone: government read on, and the dispute stands


#: A question that is still to be dealt with: one at a time for each answer.
UNSETTLED: Final = frozenset({ClarificationState.DRAFT, ClarificationState.OPEN})


@dataclass(frozen=True, slots=True)
class ClarificationEntry:
    """A question as typed, with the last day for the answer."""

    question: str
    due_on: dt.date | None


def problems_of(entry: ClarificationEntry, today: dt.date) -> list[Problem]:
    """What stands in the way of asking."""
    problems = []
    if not entry.question.strip():
        problems.append(Problem("question", "clarification_needed"))
    elif len(entry.question) > QUESTION_LIMIT:
        problems.append(Problem("question", "too_long", {"limit": str(QUESTION_LIMIT)}))
    return problems + due_problems("due_on", entry.due_on, today)


def due_problems(field: str, due_on: dt.date | None, today: dt.date) -> list[Problem]:
    """A last day that the other side is given: there must be one, after today and within a year."""
    if due_on is None:
        return [Problem(field, "date_needed")]
    if due_on <= today:
        return [Problem(field, "date_not_after_today")]
    if due_on > today + LONGEST:
        return [Problem(field, "date_over_a_year")]
    return []


def reply_problems(reply: str) -> list[Problem]:
    """The company says in words what it did about the question, also when the answer stays as it was."""
    if not reply.strip():
        return [Problem("reply", "needed")]
    if len(reply) > REPLY_LIMIT:
        return [Problem("reply", "too_long", {"limit": str(REPLY_LIMIT)})]
    return []
