"""When two published or reported numbers compare, and what stands in the way.

Two values compare only when metric, unit, length of the period, geography, service and method agree; otherwise a page
says "not comparable" and why. Numbers of two companies never have a service in common: for them the rest decides.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Mismatch(StrEnum):
    """Why two numbers do not compare."""

    NO_NUMBER = "no_number"
    METRIC = "metric"
    UNIT = "unit"
    PERIOD = "period"
    GEOGRAPHY = "geography"
    SERVICE = "service"
    METHOD = "method"


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with all that decides whether it compares with another. `service` None: for the whole company."""

    metric_id: str
    value: Decimal | None
    unit: str
    period_start: dt.date | None
    period_end: dt.date | None
    geography: str
    method: str
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What readings must have in common to compare."""

    unit: str
    period: tuple[str, int] | None
    geography: str
    method: str


def basis_of(reading: Reading) -> Basis:
    """The basis on which a reading stands; words are the same whatever their case and spaces."""
    return Basis(
        reading.unit,
        length_of(reading.period_start, reading.period_end),
        normalised(reading.geography),
        normalised(reading.method),
    )


def normalised(text: str) -> str:
    """Words as they are compared."""
    return " ".join(text.casefold().split())


def length_of(start: dt.date | None, end: dt.date | None) -> tuple[str, int] | None:
    """How long a period is: in months when it is whole months (two half-years differ in days), else in days."""
    if start is None or end is None or end < start:
        return None
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        return ("months", (end.year - start.year) * 12 + end.month - start.month + 1)
    return ("days", (end - start).days + 1)


def mismatches(
    one: Reading, other: Reading, units: Collection[str], *, same_company: bool = False
) -> tuple[Mismatch, ...]:
    """What stands in the way of comparing two readings; nothing when they compare.

    `units` are those of the framework: a unit that it does not know compares with nothing, not even with itself.
    """
    a, b = basis_of(one), basis_of(other)
    found = {
        Mismatch.NO_NUMBER: one.value is None or other.value is None,
        Mismatch.METRIC: one.metric_id != other.metric_id,
        Mismatch.UNIT: a.unit != b.unit or a.unit not in units,
        Mismatch.PERIOD: a.period != b.period or a.period is None,
        Mismatch.GEOGRAPHY: a.geography != b.geography or not a.geography,
        Mismatch.SERVICE: same_company and one.service != other.service,
        Mismatch.METHOD: a.method != b.method or not a.method,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def commonest(readings: Iterable[tuple[Reading, int]]) -> Reading | None:
    """One of the readings (each with how many there are of it) on the basis that most share; None without numbers.

    Of two bases as common as each other the first in the order of their words, so that every reader sees the same.
    """
    counts: Counter[Basis] = Counter()
    example: dict[Basis, Reading] = {}
    for reading, number in readings:
        if reading.value is not None:
            basis = basis_of(reading)
            counts[basis] += number
            example.setdefault(basis, reading)
    if not counts:
        return None
    return example[min(counts, key=lambda basis: (-counts[basis], repr(basis)))]
