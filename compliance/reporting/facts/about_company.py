"""The facts of two more reports about one company: its feedback, and its progress since the last cycle."""

from __future__ import annotations

from typing import TypedDict

from compliance.reporting.facts.base import Both, Cell, Indicator, Label, OfPrinciples, Said, Severity
from compliance.reporting.facts.brief import Finding, OfCommitments, OfCompany, OfServices, OfSilence


class Reviewed(TypedDict):
    """One answer as the company signed it, what was found, and what the company replied."""

    indicator: Indicator
    service: str | None
    status: Label
    explanation: Said | None
    grade: Label
    severity: Severity
    flags: list[Label]
    finding: Finding | None
    standard_ask: Both


class SeenByCompany(TypedDict, total=False):
    """Had every finding been shared with the company? Facts that were frozen before this was asked do not have it."""

    seen_by_company: bool


class CompanyFeedback(OfCompany, OfServices, OfPrinciples, OfSilence, OfCommitments, SeenByCompany):
    """What the company itself may see: no ask, no note, no public record, nobody's name."""

    reply_due_on: str | None
    reviewed: list[Reviewed]


class Moved(TypedDict):
    """One indicator on one service (None: company-wide) whose word is another than in the cycle before."""

    indicator: Indicator
    service: str | None
    change: Label
    before: Severity | None
    now: Severity | None


class Progress(OfCompany, OfServices, OfPrinciples, OfCommitments):
    """What moved in one company since the last cycle. `total` and `previous_total` count over all principles."""

    total: Cell
    previous_total: Cell | None
    moved: list[Moved]
