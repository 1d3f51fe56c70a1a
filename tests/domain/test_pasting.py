"""Rows pasted from a spreadsheet: understood as written, or refused with the reason; nothing is guessed."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.answers import MetricEntry
from compliance.domain.framework import Metric, Scope, Unit, UnitKind
from compliance.domain.pasting import merged, read
from compliance.domain.text import Text

ITEMS = Unit("items", UnitKind.COUNT, Text("items", "éléments"))


def metric(number: int) -> Metric:
    name = Text(f"Items matched {number}", f"Éléments repérés {number}")
    return Metric(f"P01-m{number}", "P01", "P01.a", Scope.SERVICE, name, name, ITEMS, "half_year", False, "unverified")


ONE, TWO = metric(1), metric(2)
FIRST_HALF = dt.date(2026, 1, 1), dt.date(2026, 6, 30)


def test_a_row_as_it_should_be() -> None:
    [row] = read("P01-m1\t2026-01-01\t2026-06-30\t1 234,5\tworldwide\tcounted\t", [ONE, TWO])
    assert row.entry == MetricEntry("P01-m1", Decimal("1234.5"), "items", *FIRST_HALF, "worldwide", "counted")


@pytest.mark.parametrize("name", ["P01-M1", "items matched 1", "ÉLÉMENTS  REPÉRÉS 1"])
def test_a_metric_by_any_of_its_names(name: str) -> None:
    [row] = read(f"{name}\t2026-H1\t\t5", [ONE, TWO])
    assert row.entry is not None
    assert row.entry.metric_id == "P01-m1"


def test_the_metric_may_be_left_out_where_there_is_one() -> None:
    [row] = read("2026-S1\t\t5", [ONE])
    assert row.entry == MetricEntry("P01-m1", Decimal(5), "items", *FIRST_HALF)
    [row] = read("2026-S1\t\t5", [ONE, TWO])
    assert row.faults == {"metric": "paste_metric"}


@pytest.mark.parametrize(
    ("cells", "period"),
    [
        ("2026\t", (dt.date(2026, 1, 1), dt.date(2026, 12, 31))),
        ("2026 H2\t", (dt.date(2026, 7, 1), dt.date(2026, 12, 31))),
        ("2024-Q1\t", (dt.date(2024, 1, 1), dt.date(2024, 3, 31))),
        ("2024T4\t", (dt.date(2024, 10, 1), dt.date(2024, 12, 31))),
        ("2024-02-29\t2024-03-01", (dt.date(2024, 2, 29), dt.date(2024, 3, 1))),
    ],
)
def test_periods(cells: str, period: tuple[dt.date, dt.date]) -> None:
    [row] = read(f"P01-m1\t{cells}\t5", [ONE])
    assert row.entry is not None
    assert (row.entry.period_start, row.entry.period_end) == period


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("P01-m9\t2026-H1\t\t5", "metric", "paste_metric"),
        ("P01-m1\t01/02/2026\t30/06/2026\t5", "period", "paste_period"),
        ("P01-m1\t2026-H3\t\t5", "period", "paste_period"),
        ("P01-m1\t2026-Q1\t2026-06-30\t5", "period", "paste_period"),
        ("P01-m1\t2026-02-30\t2026-06-30\t5", "period", "paste_period"),
        ("P01-m1\t2026-H1\t\t1,234", "value", "paste_number"),
        ("P01-m1\t2026-H1\t\tmany", "value", "paste_number"),
        ("P01-m1\t2026-H1\t\t5\tCA\tby hand\t\tmore", "row", "paste_columns"),
    ],
)
def test_what_is_not_understood(text: str, column: str, code: str) -> None:
    [row] = read(text, [ONE])
    assert row.entry is None
    assert row.faults[column] == code


def test_headings_and_empty_lines_are_no_rows() -> None:
    text = "Metric\tFirst day\tLast day\tNumber\n\nP01-m1\t2026-H1\t\t5\n\n"
    assert [row.line for row in read(text, [ONE])] == [3]


def test_a_reason_instead_of_a_number() -> None:
    [row] = read("P01-m1\t\t\t\t\t\tNo counter yet.", [ONE])
    assert row.entry == MetricEntry("P01-m1", None, "items", not_collected_reason="No counter yet.")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_is_pasted_is_understood_or_refused(text: str) -> None:
    for row in read(text, [ONE, TWO]):
        assert (row.entry is None) is bool(row.faults)


def test_one_number_for_each_metric_and_period() -> None:
    old = MetricEntry("P01-m1", Decimal(1), "items", *FIRST_HALF)
    other = MetricEntry("P01-m1", Decimal(2), "items", dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    new = MetricEntry("P01-m1", Decimal(3), "items", *FIRST_HALF)
    assert merged([old, other], [new]) == (new, other)
