"""Numbers pasted from a spreadsheet: rows of cells between tabs, each a number of one metric over one period.

The columns are metric, first day, last day, number, countries, how it was counted, why there is none. The metric may
be left out where only one is asked. A period may be given in the first of its two columns alone: 2026, 2026-H1 (or S1),
2026-Q1. Days are written as 2026-06-30: every other form is read differently somewhere.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from compliance.domain.answers import MetricEntry
from compliance.domain.framework import Metric
from compliance.domain.numbers import read_number

ROWS_LIMIT: Final = 100
COLUMNS: Final = 7
_PERIOD: Final = re.compile(r"(\d{4})(?:[- ]?([HSQT])([1-4]))?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Pasted:
    """One row: its number as counted in the text, what was understood, and what was not (codes by column)."""

    line: int
    cells: Sequence[str]
    entry: MetricEntry | None
    faults: Mapping[str, str]


def read(text: str, metrics: Sequence[Metric]) -> list[Pasted]:
    """The rows of `text`, empty ones and a heading left out."""
    lines = [(number, line.split("\t")) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in lines]
    if rows and _metric(rows[0][1][0], metrics) is None and not any(c.isdigit() for c in "".join(rows[0][1])):
        rows = rows[1:]  # a heading: it names no metric, and names of columns have no figure
    return [_row(number, cells, metrics) for number, cells in rows]


def _row(number: int, cells: list[str], metrics: Sequence[Metric]) -> Pasted:
    faults: dict[str, str] = {}
    metric = _metric(cells[0], metrics)
    if metric is not None:
        rest = cells[1:]
    elif len(metrics) == 1 and _day_or_period(cells[0]):
        metric, rest = metrics[0], cells
    else:
        return Pasted(number, cells, None, {"metric": "paste_metric"})
    if len(rest) > COLUMNS - 1:
        faults["row"] = "paste_columns"
    start, end, value, geography, method, reason = (*rest, *[""] * COLUMNS)[: COLUMNS - 1]
    period = _period(start, end)
    entry = MetricEntry(
        metric_id=metric.id,
        unit=metric.unit.id,
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
        geography=geography,
        method=method,
        not_collected_reason=reason,
    )
    if (start or end) and period is None:
        faults["period"] = "paste_period"
    if value:
        try:
            entry = dataclasses.replace(entry, value=read_number(value))
        except ValueError:
            faults["value"] = "paste_number"
    return Pasted(number, cells, None if faults else entry, faults)


def _metric(cell: str, metrics: Sequence[Metric]) -> Metric | None:
    """A metric by its id or by its name in either language."""
    wanted = " ".join(cell.split()).casefold()
    for metric in metrics:
        if wanted in (metric.id.casefold(), metric.name.en.casefold(), metric.name.fr.casefold()):
            return metric
    return None


def _day_or_period(cell: str) -> bool:
    return _day(cell) is not None or _PERIOD.fullmatch(cell) is not None


def _period(start: str, end: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a period in two cells; None when they do not say one."""
    first, last = _day(start), _day(end)
    if first and last:
        return first, last
    found = _PERIOD.fullmatch(start)
    if found is None or end:
        return None
    year, kind, part = int(found[1]), (found[2] or "").upper(), int(found[3] or 1)
    months = {"": 12, "H": 6, "S": 6, "Q": 3, "T": 3}[kind]
    if part * months > 12 or year < 1:
        return None
    final = part * months
    return dt.date(year, final - months + 1, 1), dt.date(year, final, calendar.monthrange(year, final)[1])


def _day(cell: str) -> dt.date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell, re.ASCII):
        return None
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None


def merged(before: Sequence[MetricEntry], rows: Sequence[MetricEntry]) -> tuple[MetricEntry, ...]:
    """The numbers of an answer with the pasted ones: one for each metric and period, the pasted one where both have it.

    Ordered as they came; a number of the same metric and period keeps its place.
    """
    found = {(item.metric_id, item.period_start, item.period_end): item for item in before}
    found |= {(item.metric_id, item.period_start, item.period_end): item for item in rows}
    return tuple(found.values())
