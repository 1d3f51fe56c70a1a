"""The facts of reports over many companies: the cross-company report, one principle, the table for publication."""

from __future__ import annotations

from typing import TypedDict

from compliance.reporting.facts.base import (
    Both,
    Change,
    Count,
    Envelope,
    Indicator,
    Label,
    Principle,
    Said,
    Severity,
)
from compliance.reporting.facts.brief import Finding, OfCommitments


class Basis(TypedDict):
    """What the sums rest on: `shared` of `companies` in the cycle have shared their content with `country`.

    Two governments may see different totals. `with_results` have results; `most` is how many a table by company
    may name before it is left out.
    """

    country: Both | None
    companies: int
    shared: int
    with_results: int
    most: int


class WordCount(TypedDict):
    """How many companies take part in one way."""

    id: str
    word: Both
    n: int


class HeatCell(TypedDict):
    """One company under one principle: the worst word (None: not asked) and how many questions have it."""

    principle_number: int
    severity: Severity | None
    n: int
    of: int


class HeatLine(TypedDict):
    """One company. `cells` is empty while it has no results that are shared."""

    company: str
    country: Both | None
    participation: Both
    cells: list[HeatCell]


class Spread(TypedDict):
    """One principle over all companies: in how many each word is the worst one, and what moved, in answers."""

    principle_number: int
    theme: Both
    counts: list[Count]
    companies: int
    changes: list[Change]


class CommonGap(TypedDict):
    """An indicator that is a gap in many companies: `companies` of the `of` to which it applies."""

    indicator: Indicator
    companies: int
    without_plan: int
    of: int
    standard_ask: Both


class OfMany(Envelope):
    basis: Basis
    spread: list[Spread]


class CrossCompany(OfMany, OfCommitments):
    """All companies of a cycle, as far as they are shared with one government."""

    participations: list[WordCount]
    heatmap: list[HeatLine]
    common_gaps: list[CommonGap]


class SideAnswer(TypedDict):
    """What one company says about an indicator, and what was found. `service` None: asked once per company."""

    company: str
    service: str | None
    status: Label
    severity: Severity
    grade: Label
    explanation: Said | None
    finding: Finding | None


class SideBySide(TypedDict):
    """One indicator: how many companies have which worst word, and the answers beside each other."""

    indicator: Indicator
    counts: list[Count]
    companies: int
    answers: list[SideAnswer]


class PrincipleReport(OfMany):
    """One principle across companies. `principle.cell` rolls up the answers of all of them."""

    principle: Principle
    indicators: list[SideBySide]


class PublishedCell(TypedDict):
    """How many companies; `n` is None when the number is suppressed."""

    column: str
    n: int | None


class PublishedRow(TypedDict):
    """One principle. `total` counts the companies of the row and is always shown."""

    principle_number: int
    theme: Both
    cells: list[PublishedCell]
    total: int


class PublishedColumn(TypedDict):
    """One column: several words may share it so that no total is too small."""

    id: str
    words: list[Both]
    total: int


class SectorAggregate(Envelope):
    """The one table of a cycle that is published: no company is named and no small number can be worked out."""

    companies: int
    smallest: int
    columns: list[PublishedColumn]
    rows: list[PublishedRow]
    suppressed: int
