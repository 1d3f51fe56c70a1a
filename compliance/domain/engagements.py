"""What is written down about a meeting with a company."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem
from compliance.domain.clarifications import LONGEST

TEXT_LIMIT: Final = 4_000  # characters
SHORT_LIMIT: Final = 300
ASKS_LIMIT: Final = 10


class Outcome(StrEnum):
    """What the company answered to one ask."""

    AGREED = "agreed"
    PARTLY = "partly"
    DECLINED = "declined"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that was asked. `question` is the service slug (or None) and the indicator it is about, if one fits."""

    text: str
    answer: str = ""
    outcome: Outcome | None = None
    question: tuple[str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class EngagementEntry:
    """A meeting as typed. `met` says who met, of both sides; `brief_used` which brief was taken along."""

    held_on: dt.date | None
    met: str
    brief_used: str = ""
    summary: str = ""
    follow_up_on: dt.date | None = None
    follow_up: str = ""
    followed_up_on: dt.date | None = None
    asks: tuple[Ask, ...] = ()


def problems_of(entry: EngagementEntry, today: dt.date) -> list[Problem]:
    """What stands in the way of saving: a meeting is written down once it was held."""
    problems = [*_day_problems(entry, today)]
    if not entry.met.strip():
        problems.append(Problem("met", "needed"))
    limits = {"met": TEXT_LIMIT, "brief_used": SHORT_LIMIT, "summary": TEXT_LIMIT, "follow_up": TEXT_LIMIT}
    for name, limit in limits.items():
        if len(getattr(entry, name)) > limit:
            problems.append(Problem(name, "too_long", {"limit": str(limit)}))
    if len(entry.asks) > ASKS_LIMIT:
        problems.append(Problem("asks", "too_many_asks", {"limit": str(ASKS_LIMIT)}))
    for number, ask in enumerate(entry.asks):
        problems += _ask_problems(f"asks.{number}", ask)
    return problems


def _day_problems(entry: EngagementEntry, today: dt.date) -> list[Problem]:
    problems = []
    if entry.held_on is None:
        problems.append(Problem("held_on", "date_needed"))
    elif entry.held_on > today:
        problems.append(Problem("held_on", "date_in_future"))
    if entry.follow_up_on and entry.held_on and entry.follow_up_on < entry.held_on:
        problems.append(Problem("follow_up_on", "follow_up_before_meeting"))
    elif entry.follow_up_on and entry.follow_up_on > today + 2 * LONGEST:
        problems.append(Problem("follow_up_on", "date_over_two_years"))
    if entry.follow_up.strip() and entry.follow_up_on is None:
        problems.append(Problem("follow_up_on", "date_needed"))
    if entry.followed_up_on and entry.followed_up_on > today:
        problems.append(Problem("followed_up_on", "date_in_future"))
    return problems


def _ask_problems(at: str, ask: Ask) -> list[Problem]:
    problems = []
    if not ask.text.strip():
        problems.append(Problem(f"{at}.text", "needed"))
    if ask.outcome is None:
        problems.append(Problem(f"{at}.outcome", "outcome_needed"))
    problems += [
        Problem(f"{at}.{name}", "too_long", {"limit": str(TEXT_LIMIT)})
        for name in ("text", "answer")
        if len(getattr(ask, name)) > TEXT_LIMIT
    ]
    return problems
