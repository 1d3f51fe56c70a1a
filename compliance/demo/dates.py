"""The calendar of the demo: two cycles around the day on which it is loaded, so that it is sensible at any time.

The current cycle is due at the end of the month in which today plus 45 days falls, and opened on the first day of the
third month before it. So it has been open for six weeks at least, which is time for all that has happened in it, and is
due in six weeks at least. It is about the last half-year that was over when it opened. The cycle before it is the same
six months earlier; it was closed 45 days after it was due. Loading in the same month gives the same dates.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

from compliance.domain.text import Text

_LEAD: Final = dt.timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Dates:
    """One cycle in the calendar."""

    opens_on: dt.date
    due_on: dt.date
    closed_on: dt.date | None
    period_start: dt.date
    period_end: dt.date

    @property
    def slug(self) -> str:
        return f"{self.period_start.year}-h{self.half}"

    @property
    def half(self) -> int:
        return 1 if self.period_start.month == 1 else 2

    def name(self, patterns: Text) -> Text:
        """The cycle's name, such as "First half of 2026"."""
        return Text(patterns.en.format(year=self.period_start.year), patterns.fr.format(year=self.period_start.year))

    def moment(self, day: int, minute: int) -> dt.datetime:
        """The moment `day` days after opening and `minute` minutes after 13:00 UTC."""
        at = dt.datetime.combine(self.opens_on + dt.timedelta(days=day), dt.time(13), tzinfo=dt.UTC)
        return at + dt.timedelta(minutes=minute)


def two_cycles(today: dt.date) -> tuple[Dates, Dates]:
    """The earlier and the current cycle for data that is made on `today`."""
    due = _end_of_month(today + _LEAD)
    return _cycle(_months(due, -6), closed=True), _cycle(due, closed=False)


def _cycle(due: dt.date, *, closed: bool) -> Dates:
    opens = _months(due, -3).replace(day=1)
    if opens.month > 6:
        start, end = dt.date(opens.year, 1, 1), dt.date(opens.year, 6, 30)
    else:
        start, end = dt.date(opens.year - 1, 7, 1), dt.date(opens.year - 1, 12, 31)
    return Dates(opens, due, due + _LEAD if closed else None, start, end)


def _months(day: dt.date, months: int) -> dt.date:
    """The end of the month that many months away."""
    count = day.year * 12 + day.month - 1 + months
    return _end_of_month(dt.date(count // 12, count % 12 + 1, 1))


def _end_of_month(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
