"""The right of reply: what a company may say to a shared finding, and when the exchange is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem

TEXT_LIMIT: Final = 4_000  # characters
#: Days a company has at least for a finding that was changed after it had been shared.
DAYS_FOR_A_CHANGE: Final = 7


class Stance(StrEnum):
    """The company's word on one finding."""

    ACCEPT = "accept"
    CORRECT = "correct"
    DISAGREE = "disagree"


class Conclusion(StrEnum):
    """How the exchange ended."""

    REPLIED = "replied"
    NO_REPLY_GIVEN = "no_reply_given"


@dataclass(frozen=True, slots=True)
class ReplyEntry:
    """A stance and its words, as typed. `stance` is None when none was chosen."""

    stance: Stance | None
    text: str = ""


def problems_of(entry: ReplyEntry) -> list[Problem]:
    """A fact is corrected, and a finding disputed, with reasons."""
    if entry.stance is None:
        return [Problem("stance", "stance_needed")]
    if len(entry.text) > TEXT_LIMIT:
        return [Problem("text", "too_long", {"limit": str(TEXT_LIMIT)})]
    if entry.stance is Stance.CORRECT and not entry.text.strip():
        return [Problem("text", "correction_needed")]
    if entry.stance is Stance.DISAGREE and not entry.text.strip():
        return [Problem("text", "disagreement_needed")]
    return []


def conclusion_on(
    *, replied: bool, reply_due_on: dt.date | None, today: dt.date, changed_due_on: dt.date | None = None
) -> Conclusion | None:
    """How the exchange may be concluded on the day `today`; None while the company may still reply.

    After the company's reply, or after its last day has passed. Without a last day (findings that were shared before
    there was one) nothing is waited for. `changed_due_on` is the last day for findings that were changed and that the
    company has not replied to yet: a reply to the others does not take its word on those.
    """
    if replied and changed_due_on is not None and today <= changed_due_on:
        return None
    if replied:
        return Conclusion.REPLIED
    if reply_due_on is None or today > reply_due_on:
        return Conclusion.NO_REPLY_GIVEN
    return None


def due_after_change(reply_due_on: dt.date, today: dt.date) -> dt.date:
    """The last day to reply to a finding that was changed `today`: never sooner than it was."""
    return max(reply_due_on, today + dt.timedelta(days=DAYS_FOR_A_CHANGE))
