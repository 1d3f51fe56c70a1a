"""Hints about numbers: what looks odd beside the last cycle or the period of this one. Never a reason to refuse.

A company may well have ten times as many reports as before; it is asked whether it meant to write that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from compliance.domain.answers import MetricEntry

#: Numbers that differ by this factor or more from the last cycle's are asked about.
FACTOR: Final = 10
#: How many days a period may be longer or shorter and still be "the same length": months differ.
DAYS_APART: Final = 5
#: Days of the periods that metrics are asked for.
LENGTHS: Final[Mapping[str, int]] = {"half_year": 182, "year": 365, "quarter": 91, "month": 30}


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at again: the number's place in the answer, a code, and what the sentence needs."""

    number: int
    metric_id: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)


def differences(one: MetricEntry, other: MetricEntry) -> tuple[str, ...]:
    """In what two values of a metric differ, so that they do not compare: unit, period, geography, method.

    Metric and service are the same by where the two values come from. Source: the framework's rule on comparing.
    """
    found = []
    if one.unit != other.unit:
        found.append("unit")
    if abs(_days(one) - _days(other)) > DAYS_APART:
        found.append("period")
    found += [name for name in ("geography", "method") if _text(one, name) != _text(other, name)]
    return tuple(found)


def hints(
    entries: Sequence[MetricEntry],
    before: Sequence[MetricEntry],
    periods: Mapping[str, str],
    cycle: tuple[dt.date, dt.date],
) -> list[Hint]:
    """What looks odd in `entries`. `before` are the last cycle's, `periods` the period asked for by metric id, and
    `cycle` the first and the last day that this cycle asks about."""
    found: list[Hint] = []
    for number, entry in enumerate(entries):
        if entry.value is None or entry.period_start is None or entry.period_end is None:
            continue
        for code, details in (*_period_hints(entry, periods, cycle), *_value_hints(entry, before)):
            found.append(Hint(number, entry.metric_id, code, details))
    return found


def _period_hints(
    entry: MetricEntry, periods: Mapping[str, str], cycle: tuple[dt.date, dt.date]
) -> Iterable[tuple[str, Mapping[str, object]]]:
    assert entry.period_start is not None
    assert entry.period_end is not None
    if entry.period_end < cycle[0] or entry.period_start > cycle[1]:
        yield "outside_period", {"start": cycle[0], "end": cycle[1]}
    asked = LENGTHS.get(periods.get(entry.metric_id, ""))
    if asked is not None and abs(_days(entry) - asked) > DAYS_APART:
        yield "other_length", {"days": _days(entry), "asked": asked}


def _value_hints(entry: MetricEntry, before: Sequence[MetricEntry]) -> Iterable[tuple[str, Mapping[str, object]]]:
    """Beside the newest number of the last cycle for the same metric; only what compares is compared."""
    past = [item for item in before if item.metric_id == entry.metric_id and item.value is not None]
    past = [item for item in past if (item.period_start, item.period_end) != (entry.period_start, entry.period_end)]
    if not past:
        return
    last = max(past, key=lambda item: item.period_end or dt.date.min)
    unlike = differences(entry, last)
    if unlike:
        yield "not_comparable", {"differences": unlike}
        return
    assert entry.value is not None
    assert last.value is not None
    code = _jump(last.value, entry.value)
    if code:
        yield code, {"before": last.value, "now": entry.value}


def _jump(before: Decimal, now: Decimal) -> str | None:
    if before == now:
        return "exactly_the_same" if before > 100 else None  # two equal large counts are seldom two counts
    if not before or not now:
        return "from_or_to_zero"
    if now >= before * FACTOR:
        return "much_more"
    return "much_less" if now * FACTOR <= before else None


def _days(entry: MetricEntry) -> int:
    if entry.period_start is None or entry.period_end is None:
        return 0
    return (entry.period_end - entry.period_start).days + 1


def _text(entry: MetricEntry, name: str) -> str:
    return " ".join(str(getattr(entry, name)).split()).casefold()
