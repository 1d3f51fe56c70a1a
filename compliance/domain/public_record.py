"""A sourced fact from the public record, and when it may be kept.

It is kept as published: unit, period, geography and date are text, as exact as the source is and no more. It is never
the company's own answer and never sets a severity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem, Status, is_web_address
from compliance.domain.framework import Framework

STATEMENT_LIMIT: Final = 2_000  # characters
TEXT_LIMIT: Final = 200
NAME_LIMIT: Final = 120
DIGITS_LIMIT: Final = 15  # significant digits: more would not survive every database
DECIMALS_LIMIT: Final = 6

#: What a source can say about a measure. Only the company itself can say that it cannot say.
STATUSES: Final = (Status.IN_PLACE, Status.PARTLY, Status.PLANNED, Status.NOT_IN_PLACE, Status.ALTERNATIVE_MEASURE)


class ServicesScope(StrEnum):
    """Of what the source speaks."""

    COMPANY = "company"  # the company, or all its services
    NAMED = "named"  # services that it names
    NOT_NAMED = "not_named"  # a service, without saying which


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact as typed, already parsed.

    `services` are the names of services, `services_text` the same as the source words them. A fact states a status,
    or a value with its unit, or neither: then the statement is all there is.
    """

    statement: str
    principle_id: str
    indicator_id: str | None
    scope: ServicesScope | None
    services: tuple[str, ...]
    services_text: str
    status: Status | None
    value: Decimal | None
    unit: str
    period: str
    geography: str
    source_address: str
    source_date: str
    language: str = ""  # of the statement


def problems_of(entry: FactEntry, framework: Framework) -> list[Problem]:
    """What stands in the way of keeping `entry`; empty when it may be kept."""
    return [
        *_about_problems(entry, framework),
        *_services_problems(entry),
        *_value_problems(entry),
        *_source_problems(entry),
        *_length_problems(entry),
    ]


def _about_problems(entry: FactEntry, framework: Framework) -> Iterator[Problem]:
    if not entry.statement:
        yield Problem("statement", "statement_needed")
    if entry.principle_id not in framework.principles_by_id:
        yield Problem("principle", "principle_needed")
    if entry.indicator_id is None:
        return
    indicator = framework.indicators.get(entry.indicator_id)
    if indicator is None:
        yield Problem("indicator", "unknown_indicator")
    elif indicator.principle_id != entry.principle_id:
        yield Problem("indicator", "indicator_elsewhere")


def _services_problems(entry: FactEntry) -> Iterator[Problem]:
    if entry.scope is None:
        yield Problem("scope", "scope_needed")
    elif entry.scope is ServicesScope.NAMED and not entry.services:
        yield Problem("services_text", "public_service_needed")
    if any(len(name) > NAME_LIMIT for name in entry.services):
        yield Problem("services_text", "too_long", {"limit": str(NAME_LIMIT)})


def _value_problems(entry: FactEntry) -> Iterator[Problem]:
    if entry.status is not None and entry.status not in STATUSES:
        yield Problem("status", "status_not_offered")
    if entry.value is None:
        if entry.unit:
            yield Problem("value", "value_needed")
        return
    if entry.status is not None:
        yield Problem("value", "status_or_value")
    if not entry.unit:
        yield Problem("unit", "unit_needed")
    if not _storable(entry.value):
        yield Problem("value", "number_out_of_range")


def _storable(value: Decimal) -> bool:
    """Does every database give the number back as it was published, without rounding it?"""
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** DIGITS_LIMIT:
        return False
    written = len(value.as_tuple().digits)
    _sign, digits, exponent = value.normalize(Context(prec=max(written, 1))).as_tuple()
    return len(digits) <= DIGITS_LIMIT and isinstance(exponent, int) and exponent >= -DECIMALS_LIMIT


def _source_problems(entry: FactEntry) -> Iterator[Problem]:
    if not entry.source_address:
        yield Problem("source_address", "address_needed")
    elif not is_web_address(entry.source_address):
        yield Problem("source_address", "not_a_web_address")


def _length_problems(entry: FactEntry) -> Iterator[Problem]:
    if len(entry.statement) > STATEMENT_LIMIT:
        yield Problem("statement", "too_long", {"limit": str(STATEMENT_LIMIT)})
    for name in ("services_text", "unit", "period", "geography", "source_date"):
        if len(getattr(entry, name)) > TEXT_LIMIT:
            yield Problem(name, "too_long", {"limit": str(TEXT_LIMIT)})
