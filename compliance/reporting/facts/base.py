"""What facts of every kind are made of, and what stands in all of them.

Facts are plain dictionaries of strings, numbers, booleans, lists and None, the same in every format, and
`schema.check_facts` proves it: whoever renders a report sees no database object and needs no database. Facts are
language-neutral: standard words come in both languages (`Both`), a person's own words in the one in which they were
written (`Said`). Dates are ISO 8601 text, numbers with decimals are text too.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Facts = dict[str, Any]  # what JSON can hold
EditionName = Literal["full", "redacted"]
Colour = Literal["red", "violet", "amber", "blue", "green", "grey"]


class Both(TypedDict):
    """One thing said in English and in French."""

    en: str
    fr: str


class Said(TypedDict):
    """Somebody's own words. They are never translated; `language` is a tag such as "fr", "" when it is not known."""

    text: str
    language: str
    shortened: bool


class Label(TypedDict):
    """A word of the framework with its id: a status, a grade, a rating, a flag, a reason."""

    id: str
    word: Both


class Severity(TypedDict):
    """A word of the gap rules. `rank` 0 is worst; `kind` is gap, unknown, claimed, met or outside."""

    id: str
    kind: Literal["gap", "unknown", "claimed", "met", "outside"]
    word: Both
    symbol: str
    colour: Colour
    rank: int


class Marking(TypedDict):
    """The handling marking, printed top right on every page."""

    id: str
    en: str
    fr: str


class Edition(TypedDict):
    """`name` full holds all; redacted leaves out every answer that is confidential or tells of a sensitive method.

    `approved_by` is "" and `approved_on` None until a second person has approved the report.
    """

    name: EditionName
    version: int
    approved_by: str
    approved_on: str | None


class Cycle(TypedDict):
    slug: str
    name: Both
    period_start: str
    period_end: str
    opens_on: str
    due_on: str


class Count(TypedDict):
    severity: Severity
    n: int


class Cell(TypedDict):
    """Several outcomes in one: the worst word and how many of each, worst first; `severity` is None without any."""

    severity: Severity | None
    counts: list[Count]
    applicable: int
    nothing_applies: bool


class Change(TypedDict):
    """How many outcomes moved in one way since the last cycle: better, worse, now_stated …"""

    id: str
    word: Both
    n: int


class Official(TypedDict):
    en: bool
    fr: bool


class Principle(TypedDict):
    """`provenance` is verified or unverified per language; `previous` is None when there is no earlier cycle."""

    id: str
    number: int
    name: Both | None
    text: Both
    official: Official
    provenance: Both
    theme: Both
    cell: Cell
    previous: Cell | None
    changes: list[Change]


class Indicator(TypedDict):
    """`place` is where the indicator stands in the framework, from 0; `company_wide` when it is asked only once."""

    id: str
    name: Both
    principle_id: str
    principle_number: int
    place: int
    company_wide: bool


class Wording(TypedDict):
    """Of one principle's text: is it official, and was it checked? Provenance is verified or unverified."""

    number: int
    official: Official
    provenance: Both


class FrameworkVersion(TypedDict):
    title: Both
    title_official: Official
    version: str
    sha256: str
    note: Both | None
    principles: list[Wording]


class Withheld(TypedDict):
    """How many answers under a principle a redacted edition leaves out."""

    principle_number: int
    n: int


class Handled(TypedDict, total=False):
    """Who gets the report, in the author's words. Facts that were frozen before it was printed do not have it."""

    distribution: list[str]


class Envelope(Handled):
    """What stands in the facts of every report.

    `kind` is the folder in `reports/` whose outline says what is shown, `shape` the type of these facts: several
    kinds may share one shape.
    """

    kind: str
    shape: str
    generated_on: str
    marking: Marking
    releasable: bool
    edition: Edition
    withheld: list[Withheld]
    cycle: Cycle
    previous_cycle: Both | None
    framework: FrameworkVersion


# Parts that several shapes have. A block says by the type of its argument which of them it needs.


class OfPrinciples(Envelope):
    principles: list[Principle]
