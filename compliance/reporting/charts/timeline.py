"""Commitments on a line of time: one row each, a box at the day on which it is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from compliance.reporting.drawing import WIDTH, Box, Drawing, Mark, Stroke, Words, cut_to
from compliance.reporting.facts import Colour

NAME: Final = 190.0
ROW: Final = 15.0
HEAD: Final = 18.0
SIZE: Final = 7.5
MOST_MONTHS: Final = 8  # that are named along the line


@dataclass(frozen=True, slots=True)
class Moment:
    """One commitment: what it is called, when it is due, its word with symbol and colour."""

    name: str
    day: dt.date
    symbol: str
    colour: Colour


def timeline(moments: Sequence[Moment], today: dt.date, month: Callable[[dt.date], str]) -> Drawing:
    """The moments by day; a line shows `today`. `month` says the name of a month."""
    first = min([today, *(moment.day for moment in moments)]).replace(day=1)
    last = max([today, *(moment.day for moment in moments)])
    months = _months(first, last)
    end = _next(months[-1])
    high = HEAD + ROW * len(moments)

    def at(day: dt.date) -> float:
        return NAME + (WIDTH - NAME - 10) * (day - first).days / max(1, (end - first).days)

    step = -(-len(months) // MOST_MONTHS)
    marks: list[Mark] = []
    for place, start in enumerate(months):
        marks.append(Stroke(at(start), HEAD - 4, at(start), high))
        if place % step == 0:
            marks.append(Words(at(start) + 2, 9, month(start), 6.5, colour="slate"))
    marks.append(Stroke(at(today), HEAD - 6, at(today), high, "brand", 1.5))
    for down, moment in enumerate(moments):
        base = HEAD + down * ROW
        marks.append(Words(0, base + 10, cut_to(moment.name, SIZE, NAME - 8), SIZE))
        marks.append(Box(at(moment.day) - 4, base + 2, 8, ROW - 5, moment.colour, "edge"))
        marks.append(Words(at(moment.day), base + 10, moment.symbol, 6.5, anchor="middle", colour="paper"))
    return Drawing(WIDTH, high, tuple(marks))


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    months = [first]
    while _next(months[-1]) <= last:
        months.append(_next(months[-1]))
    return months


def _next(month: dt.date) -> dt.date:
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
