"""What a company may answer to an indicator, and when an answer is complete enough to be saved.

Source of the scale and of the evidence grades: the framework's section on indicators (eight statuses, five grades).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from compliance.domain.documents import DocumentRef
from compliance.domain.framework import Indicator, Metric
from compliance.domain.numbers import value_fault

EXPLANATION_LIMIT: Final = 8_000  # characters
SHORT_LIMIT: Final = 500
ADDRESS_LIMIT: Final = 2_000
NUMBERS_LIMIT: Final = 100  # of all metrics and periods of one answer


class Status(StrEnum):
    """What the company says about one indicator on one service."""

    IN_PLACE = "in_place"
    PARTLY = "partly"
    PLANNED = "planned"
    NOT_IN_PLACE = "not_in_place"
    ALTERNATIVE_MEASURE = "alternative_measure"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_SAY = "cannot_say"
    UNANSWERED = "unanswered"


class Grade(StrEnum):
    """How well an answer is supported, weakest first. EXPIRED is derived: all evidence has run out."""

    NONE = "none"
    STATED = "stated"
    PUBLIC_LINK = "public_link"
    DOCUMENT_SHOWN = "document_shown"
    INDEPENDENTLY_ASSURED = "independently_assured"
    EXPIRED = "expired"


GRADES_IN_ORDER: Final = (
    Grade.NONE,
    Grade.STATED,
    Grade.PUBLIC_LINK,
    Grade.DOCUMENT_SHOWN,
    Grade.INDEPENDENTLY_ASSURED,
)


class Reason(StrEnum):
    """Why a company cannot say."""

    CONFIDENTIAL = "confidential"
    LEGAL_PROHIBITION = "legal_prohibition"
    INFORMATION_UNAVAILABLE = "information_unavailable"


class Ground(StrEnum):
    """On what ground a company claims that an answer is confidential.

    The four classes of third-party information that access-to-information law knows (Access to Information Act,
    s. 20(1)(a) to (d)); the other four countries' laws have the same ones under other names.
    """

    TRADE_SECRET = "trade_secret"  # noqa: S105 - a word for a kind of information
    COMMERCIAL = "commercial"
    COMPETITIVE_POSITION = "competitive_position"
    NEGOTIATIONS = "negotiations"


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One piece of evidence for an answer. Links are kept as typed and never fetched.

    `id` is that of the stored row, when there is one: it says which piece was changed, and is no part of what is said.
    """

    grade: Grade = Grade.NONE
    address: str = ""
    description: str = ""
    effective_on: dt.date | None = None
    expires_on: dt.date | None = None
    document: DocumentRef | None = None
    id: int | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """One published or reported number, with all that is needed to compare it with another."""

    metric_id: str = dataclasses.field(metadata={"key": "metric"})
    value: Decimal | None = None
    unit: str = ""  # that of the metric; put in when the answer is saved
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    geography: str = ""
    method: str = ""
    not_collected_reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """All that a company says about one indicator, as typed and already parsed.

    `language` is the one in which the texts were typed; empty where nobody knows. Confidentiality is claimed with a
    ground, a reason and the day of the claim. `sensitive_method` keeps an answer that describes how detection works
    out of everything published. `carried`: it comes from the last cycle, and nobody has confirmed it yet.
    """

    status: Status = Status.UNANSWERED
    surfaces: tuple[str, ...] = ()
    explanation: str = ""
    planned_on: dt.date | None = None
    reason: Reason | None = None
    reason_text: str = ""
    evidence: tuple[EvidenceEntry, ...] = ()
    metrics: tuple[MetricEntry, ...] = ()
    language: str = ""
    claim_ground: Ground | None = None
    claim_reason: str = ""
    claimed_on: dt.date | None = None
    sensitive_method: bool = False
    carried: bool = False

    @property
    def is_withheld(self) -> bool:
        """Does a redacted edition leave it out?"""
        return self.claim_ground is not None or self.sensitive_method

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything in it that was written in a language."""
        return (
            self.explanation,
            self.reason_text,
            self.claim_reason,
            *(item.description for item in self.evidence),
            *(text for item in self.metrics for text in (item.geography, item.method, item.not_collected_reason)),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in an answer: the field it belongs to (`evidence.0.address`), a code, and what the message needs."""

    field: str
    code: str
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)


def problems_of(
    entry: AnswerEntry,
    indicator: Indicator,
    surfaces: Collection[str],
    metrics: Mapping[str, Metric],
    today: dt.date,
) -> list[Problem]:
    """What stands in the way of saving `entry` as an answer to `indicator`; empty when it may be saved.

    `surfaces` are the ids of those the service has, `metrics` what is asked on the indicator's page, by id, and
    `today` the company's local date.
    """
    return [
        *_status_problems(entry, indicator, surfaces),
        *_date_problems(entry, today),
        *_text_problems(entry),
        *_evidence_problems(entry.evidence),
        *_metric_problems(entry.metrics, metrics),
    ]


def _status_problems(entry: AnswerEntry, indicator: Indicator, surfaces: Collection[str]) -> list[Problem]:
    if entry.status.value not in indicator.statuses:
        return [Problem("status", "status_not_offered")]
    found: list[Problem] = []
    if not set(entry.surfaces) <= set(surfaces):
        found.append(Problem("surfaces", "unknown_surface"))
    if entry.status is Status.PARTLY and surfaces and not entry.surfaces:
        found.append(Problem("surfaces", "surfaces_needed"))
    if entry.status is Status.ALTERNATIVE_MEASURE and not entry.explanation.strip():
        found.append(Problem("explanation", "describe_alternative"))
    if entry.status is Status.NOT_APPLICABLE and not entry.reason_text.strip():
        found.append(Problem("reason_text", "reason_needed"))
    if entry.status is Status.CANNOT_SAY:
        found.extend(_cannot_say_problems(entry))
    return found


def _cannot_say_problems(entry: AnswerEntry) -> list[Problem]:
    """A ground is always needed; information that is unavailable also needs the steps and the date that end it."""
    if entry.reason is None:
        return [Problem("reason", "ground_needed")]
    if entry.reason is not Reason.INFORMATION_UNAVAILABLE:
        return []
    found: list[Problem] = []
    if not entry.explanation.strip():
        found.append(Problem("explanation", "steps_needed"))
    if entry.planned_on is None:
        found.append(Problem("planned_on", "date_needed"))
    return found


def _date_problems(entry: AnswerEntry, today: dt.date) -> list[Problem]:
    if entry.planned_on is None:
        return [Problem("planned_on", "date_needed")] if entry.status is Status.PLANNED else []
    if entry.planned_on < today:
        return [Problem("planned_on", "date_past")]
    if entry.planned_on.year > today.year + 10:
        return [Problem("planned_on", "date_too_far")]
    return []


def _text_problems(entry: AnswerEntry) -> list[Problem]:
    found: list[Problem] = []
    if len(entry.explanation) > EXPLANATION_LIMIT:
        found.append(Problem("explanation", "too_long", {"limit": str(EXPLANATION_LIMIT)}))
    if len(entry.reason_text) > SHORT_LIMIT:
        found.append(Problem("reason_text", "too_long", {"limit": str(SHORT_LIMIT)}))
    if len(entry.claim_reason) > SHORT_LIMIT:
        found.append(Problem("claim_reason", "too_long", {"limit": str(SHORT_LIMIT)}))
    if entry.claim_ground is not None and not entry.claim_reason.strip():
        found.append(Problem("claim_reason", "claim_reason_needed"))
    if entry.claim_ground is None and entry.claim_reason.strip():
        found.append(Problem("claim_ground", "claim_ground_needed"))
    return found


def _evidence_problems(evidence: Sequence[EvidenceEntry]) -> list[Problem]:
    found: list[Problem] = []
    for number, item in enumerate(evidence):
        at = f"evidence.{number}"
        if item.grade in (Grade.NONE, Grade.EXPIRED):
            found.append(Problem(f"{at}.grade", "grade_needed"))
        if item.grade is Grade.PUBLIC_LINK and not item.address:
            found.append(Problem(f"{at}.address", "address_needed"))
        if item.address and not is_web_address(item.address):
            found.append(Problem(f"{at}.address", "not_a_web_address"))
        shown = item.address or item.description.strip() or item.document
        if item.grade in (Grade.STATED, Grade.DOCUMENT_SHOWN) and not shown:
            found.append(Problem(f"{at}.description", "describe_evidence"))
        if len(item.description) > SHORT_LIMIT:
            found.append(Problem(f"{at}.description", "too_long", {"limit": str(SHORT_LIMIT)}))
        if item.document and item.document.quarantined:
            found.append(Problem(f"{at}.document", "document_quarantined"))
        if item.effective_on and item.expires_on and item.expires_on < item.effective_on:
            found.append(Problem(f"{at}.expires_on", "ends_before_start"))
    return found


def is_web_address(value: str) -> bool:
    """Is `value` an http or https address with a host, without sign-in details or white space?"""
    if len(value) > ADDRESS_LIMIT or any(character.isspace() for character in value):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def _metric_problems(entries: Sequence[MetricEntry], metrics: Mapping[str, Metric]) -> list[Problem]:
    found: list[Problem] = []
    if len(entries) > NUMBERS_LIMIT:
        found.append(Problem("metrics", "too_many_numbers", {"limit": str(NUMBERS_LIMIT)}))
    for number, entry in enumerate(entries):
        metric = metrics.get(entry.metric_id)
        if metric is None:
            found.append(Problem(f"metrics.{number}.value", "unknown_metric"))
            continue
        found.extend(Problem(f"metrics.{number}.{name}", code) for name, code in _one_metric(entry, metric))
    return found


def _one_metric(entry: MetricEntry, metric: Metric) -> list[tuple[str, str]]:
    """Faults of one number. A number needs its period, where and how it was counted; its absence needs a reason."""
    if entry.value is None:
        return [] if entry.not_collected_reason.strip() else [("value", "number_or_reason")]
    found = [(name, code) for name, code in (("value", value_fault(entry.value, metric.unit.kind)),) if code]
    if entry.not_collected_reason.strip():
        found.append(("not_collected_reason", "number_and_reason"))
    found += [(name, "date_needed") for name in ("period_start", "period_end") if getattr(entry, name) is None]
    if entry.period_start and entry.period_end and entry.period_end < entry.period_start:
        found.append(("period_end", "ends_before_start"))
    found += [(name, f"{name}_needed") for name in ("geography", "method") if not getattr(entry, name).strip()]
    return found


def grade_in_force(evidence: Sequence[EvidenceEntry], on: dt.date) -> Grade:
    """The best grade of the evidence in force on `on`; EXPIRED when there was some and all of it has run out."""
    if not evidence:
        return Grade.NONE
    in_force = [item.grade for item in evidence if _in_force(item, on)]
    if in_force:
        return max(in_force, key=GRADES_IN_ORDER.index)
    if any(item.expires_on and item.expires_on < on for item in evidence):
        return Grade.EXPIRED
    return Grade.NONE


def _in_force(item: EvidenceEntry, on: dt.date) -> bool:
    return (item.effective_on is None or item.effective_on <= on) and (item.expires_on is None or item.expires_on >= on)


def normalised(explanation: str) -> str:
    """An explanation as it is compared with others: white space and case make no difference."""
    return " ".join(explanation.split()).casefold()


def is_generic(explanation: str, *, copied: bool) -> bool:
    """Is an explanation empty, or (`copied`) word for word the one given to another indicator?"""
    return copied or not normalised(explanation)
