"""What a report knows: plain dictionaries of strings, numbers, booleans, lists and None, the same in every format.

The types say what is in them and `schema.check_facts` proves it, so whoever renders a report sees no database object
and needs no database. Facts are language-neutral: standard words come in both languages (`Both`), a person's own
words in the one in which they were written (`Said`). Dates are ISO 8601 text, numbers with decimals are text too.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Facts = dict[str, Any]  # what JSON can hold
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
    """`approved_by` is "" and `approved_on` None until a second person has approved the report."""

    version: int
    approved_by: str
    approved_on: str | None


class Company(TypedDict):
    name: str
    slug: str
    description: Both
    endorsed_on: str | None
    endorsement_source: str
    lead_country: Both | None
    fictional: bool


class Cycle(TypedDict):
    slug: str
    name: Both
    period_start: str
    period_end: str
    opens_on: str
    due_on: str


class Participation(TypedDict):
    """How the company takes part. `applicable` counts every applicable question, the unanswered ones included."""

    id: str
    word: Both
    unanswered: int
    applicable: int
    reason: Said | None


class Service(TypedDict):
    """`functions` says nothing while `functions_declared` is false: then every question was asked."""

    name: str
    functions_declared: bool
    functions: list[Both]
    dropped_functions: list[Both]


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


class Strength(TypedDict):
    """Something that is in place: `kind` met: evidence was seen and agreed with; claimed: the company says so."""

    kind: Literal["met", "claimed"]
    indicator: Indicator
    services: list[str]
    sources: list[str]


class Ask(TypedDict):
    """One thing to ask for. `of` is the number of services to which the question applies.

    `wording` is what was agreed to say; None while it is the framework's standard ask. `by` is None until a date
    has been set.
    """

    indicator: Indicator
    severity: Severity
    services: list[str]
    of: int
    standard_ask: Both
    wording: Both | None
    by: str | None


class Finding(TypedDict):
    rating: Label
    reason: Said | None


class Gap(TypedDict):
    """One indicator on one service (None: company-wide) that is a gap or not known.

    What the company says, the evidence, and the finding stand beside each other; none replaces another.
    """

    indicator: Indicator
    service: str | None
    severity: Severity
    status: Label
    surfaces: list[Both]
    explanation: Said | None
    planned_on: str | None
    reason: Label | None
    reason_text: Said | None
    grade: Label
    finding: Finding | None
    flags: list[Label]
    standard_ask: Both
    by: str | None


class PublicFact(TypedDict):
    """A sourced fact, kept as published. It is never the company's own answer.

    `scope` company: the whole company; named: `services_text`; not_named: the source does not name the service.
    """

    statement: Said
    indicator: Indicator | None
    principle_id: str
    principle_number: int
    scope: Literal["company", "named", "not_named"]
    services_text: str
    status: Label | None
    value: str | None
    unit: str
    period: str
    geography: str
    source_address: str
    source_date: str
    entered_by: str


class SilentIndicator(TypedDict):
    indicator: Indicator
    services: list[str]


class SilentPrinciple(TypedDict):
    number: int
    count: int
    of: int
    indicators: list[SilentIndicator]


class NeverAnswered(TypedDict):
    """What the company left without any answer: `count` of `of` applicable questions."""

    count: int
    of: int
    principles: list[SilentPrinciple]


class FrameworkVersion(TypedDict):
    title: Both
    title_official: Official
    version: str
    sha256: str
    note: Both | None


class CompanyBrief(TypedDict):
    """The facts of an engagement brief about one company in one cycle."""

    kind: Literal["company-brief"]
    generated_on: str
    marking: Marking
    releasable: bool
    edition: Edition
    seen_by_company: bool
    company: Company
    cycle: Cycle
    previous_cycle: Both | None
    participation: Participation
    objective: Both | None
    services: list[Service]
    principles: list[Principle]
    strengths: list[Strength]
    asks: list[Ask]
    gaps: list[Gap]
    public_record: list[PublicFact]
    never_answered: NeverAnswered
    framework: FrameworkVersion


#: The facts of each kind of report.
KINDS: dict[str, type] = {"company-brief": CompanyBrief}
