"""Hints about numbers: only what compares is compared, and a hint is never a refusal."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from compliance.domain.answers import MetricEntry
from compliance.domain.plausibility import differences, hints

CYCLE = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
PERIODS = {"m": "half_year"}
NOW = MetricEntry("m", Decimal(100), "items", *CYCLE, "worldwide", "counted at the matcher")
THEN = dataclasses.replace(NOW, period_start=dt.date(2025, 7, 1), period_end=dt.date(2025, 12, 31))


def codes(now: MetricEntry, *before: MetricEntry) -> list[str]:
    return [hint.code for hint in hints([now], before, PERIODS, CYCLE)]


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ("100", "120", None),
        ("100", "999", None),
        ("100", "1000", "much_more"),
        ("100", "10", "much_less"),
        ("0", "5", "from_or_to_zero"),
        ("5", "0", "from_or_to_zero"),
        ("0", "0", None),
        ("5", "5", None),
        ("12345", "12345", "exactly_the_same"),
    ],
)
def test_jumps(before: str, now: str, code: str | None) -> None:
    found = codes(dataclasses.replace(NOW, value=Decimal(now)), dataclasses.replace(THEN, value=Decimal(before)))
    assert found == ([code] if code else [])


def test_what_does_not_compare_says_in_what() -> None:
    other = dataclasses.replace(
        THEN, unit="accounts", geography="Canada", method="estimated", period_start=dt.date(2025, 1, 1)
    )
    assert differences(NOW, other) == ("unit", "period", "geography", "method")
    [hint] = hints([NOW], [other], PERIODS, CYCLE)
    assert (hint.code, hint.details["differences"]) == ("not_comparable", differences(NOW, other))


def test_words_compare_without_case_and_space() -> None:
    assert differences(NOW, dataclasses.replace(THEN, geography=" WORLDWIDE ", method="Counted  at the matcher")) == ()


def test_periods_of_another_time_or_length() -> None:
    early = dataclasses.replace(NOW, period_start=dt.date(2024, 1, 1), period_end=dt.date(2024, 6, 30))
    assert codes(early) == ["outside_period"]
    assert codes(dataclasses.replace(NOW, period_start=dt.date(2026, 4, 1))) == ["other_length"]


def test_the_newest_number_of_the_last_cycle_counts() -> None:
    older = dataclasses.replace(
        THEN, value=Decimal(1), period_start=dt.date(2025, 1, 1), period_end=dt.date(2025, 6, 30)
    )
    assert codes(NOW, older, THEN) == []
    assert codes(NOW, older) == ["much_more"]


def test_no_number_no_hint() -> None:
    assert codes(MetricEntry("m", None, not_collected_reason="No counter."), THEN) == []
    assert codes(NOW, dataclasses.replace(THEN, value=None)) == []
