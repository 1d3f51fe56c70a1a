"""The facts of an engagement brief about one company."""

from __future__ import annotations

from typing import Literal, TypedDict

from compliance.reporting.facts.base import (
    Both,
    Envelope,
    Indicator,
    Label,
    OfPrinciples,
    Said,
    Severity,
)


class Company(TypedDict):
    name: str
    slug: str
    description: Both
    endorsed_on: str | None
    endorsement_source: str
    lead_country: Both | None
    fictional: bool


class Participation(TypedDict):
    """How the company takes part. `applicable` counts every applicable question, the unanswered ones included."""

    id: str
    word: Both
    unanswered: int
    applicable: int
    reason: Said | None


class DisputedFunction(TypedDict):
    """A function that government says the service has (`has`) or lacks, and what the company said to that so far."""

    function: Both
    has: bool
    stance: Literal["not_said", "agrees", "disagrees"]


class Service(TypedDict):
    """`functions` says nothing while `functions_declared` is false: then every question was asked."""

    name: str
    functions_declared: bool
    functions: list[Both]
    dropped_functions: list[Both]
    disputed_functions: list[DisputedFunction]


class Strength(TypedDict):
    """Something that is in place: `kind` met: evidence was seen and agreed with; claimed: the company says so."""

    kind: Literal["met", "claimed"]
    indicator: Indicator
    services: list[str]
    sources: list[str]


class Ask(TypedDict):
    """One thing to ask for. `of` is the number of services to which the question applies.

    `wording` is what was agreed to say; None while it is the framework's standard ask. `expected_reply` is the
    author's. `by` is None until a date has been set.
    """

    indicator: Indicator
    severity: Severity
    services: list[str]
    of: int
    standard_ask: Both
    wording: Both | None
    expected_reply: Both | None
    by: str | None


class Reply(TypedDict):
    """The company's word on a finding: accept, correct, disagree, or no_reply_given."""

    stance: Label
    text: Said | None


class Finding(TypedDict):
    """What government found. The company's reply travels with it; None while it has none, or has not seen it."""

    rating: Label
    reason: Said | None
    reply: Reply | None


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


class Meeting(TypedDict):
    """When, where and with whom: the author's words."""

    held_on: str | None
    place: Both
    participants: Both


class Likely(TypedDict):
    """What the company is likely to say, and our answer."""

    they_say: Both
    we_say: Both


class Author(TypedDict):
    """What an official writes for the meeting, in both languages. An empty text prints nothing."""

    meeting: Meeting | None
    objective: Both
    likely: list[Likely]
    lines_to_take: Both
    sensitivities: Both
    next_steps: Both


class Commitment(TypedDict):
    """What a company has undertaken. `state`: proposed, agreed, done (it says so), verified."""

    company: str
    principle_number: int
    indicator: Indicator | None
    service: str | None
    text: Said
    due_on: str
    owner: str
    state: Label
    overdue: bool


class AskedBefore(TypedDict):
    """What was asked in the meeting, and what was answered there."""

    ask: Said
    answered: Said | None


class Engagement(TypedDict):
    """The last meeting and what came of it."""

    held_on: str
    met: str
    asks: list[AskedBefore]
    outcome: Said | None
    commitments: list[Commitment]


class OfCompany(Envelope):
    company: Company
    participation: Participation


class OfServices(Envelope):
    services: list[Service]


class OfSilence(Envelope):
    never_answered: NeverAnswered


class OfCommitments(Envelope):
    commitments: list[Commitment]


class CompanyBrief(OfCompany, OfServices, OfPrinciples, OfSilence, OfCommitments):
    """The facts of an engagement brief about one company in one cycle."""

    seen_by_company: bool
    author: Author
    last_engagement: Engagement | None
    strengths: list[Strength]
    asks: list[Ask]
    gaps: list[Gap]
    public_record: list[PublicFact]
