"""When mail may go to an organisation: its working hours on its working days, and how often a person wants to hear.

Only the moment of sending moves. The day on which something is due stays where it is, and a reminder that comes before
that day is never held back beyond it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

MONDAY_TO_FRIDAY: Final = frozenset(range(5))
#: When a daily or weekly digest goes, where the person is: an hour after reminders come, so that it holds the day's.
DIGEST_AT: Final = dt.time(10)
#: Longer than any run of days off; a calendar without a working day must not be searched for ever.
_DAYS_SEARCHED: Final = 31


class Rhythm(StrEnum):
    """How often a person wants to be reminded. Legal notices and account mails do not ask."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """Where an organisation is and when it works. `holidays` are its public holidays, as local days."""

    zone: ZoneInfo
    holidays: frozenset[dt.date] = frozenset()
    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(17)  # no mail from this moment on; dt.time.max: until midnight
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def works_on(self, day: dt.date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def is_open(self, moment: dt.datetime) -> bool:
        local = moment.astimezone(self.zone)
        return self.works_on(local.date()) and self.opens <= local.time() < self.closes

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """`time` on `day` here, in UTC.

        A time that the clocks skip falls right after the gap, one that they repeat on its first turn.
        """
        return dt.datetime.combine(day, time, tzinfo=self.zone).astimezone(dt.UTC)


def end_of_day(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment in UTC at which `day` is over in `zone`."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), tzinfo=zone).astimezone(dt.UTC)


def next_open(moment: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """The first moment from `moment` on at which mail may go; `moment` itself for a calendar that never works."""
    if calendar.is_open(moment):
        return moment
    return _first_at(moment, calendar, calendar.opens, calendar.works_on)


def planned_moment(
    planned: dt.datetime, calendar: WorkCalendar, *, earliest: dt.datetime, deadline: dt.datetime | None
) -> dt.datetime:
    """When what is planned for `planned` goes: then, or when work begins again after it.

    Where that would be at or after `deadline`, it goes at the same hour of the last working day before; where that
    would be before `earliest`, it goes as planned, day off or not: late is worse than on a Sunday.
    """
    later = next_open(planned, calendar)
    if deadline is None or later < deadline:
        return later
    earlier = _before(planned, calendar)
    return earlier if earlier is not None and earlier >= earliest else planned


def sending_moment(
    now: dt.datetime, calendar: WorkCalendar, rhythm: Rhythm, *, deadline: dt.datetime | None
) -> dt.datetime:
    """From when a reminder that has come may go to a person; before `deadline` whatever the rhythm, if there is one."""
    soonest = next_open(now, calendar)
    wanted = soonest
    if rhythm is Rhythm.DAILY:
        wanted = _first_at(now, calendar, _digest_time(calendar), calendar.works_on)
    elif rhythm is Rhythm.WEEKLY:
        wanted = _first_at(now, calendar, _digest_time(calendar), lambda day: _begins_week(day, calendar))
    for moment in (wanted, soonest):
        if deadline is None or moment < deadline:
            return moment
    return now


def _digest_time(calendar: WorkCalendar) -> dt.time:
    return DIGEST_AT if calendar.opens <= DIGEST_AT < calendar.closes else calendar.opens


def _begins_week(day: dt.date, calendar: WorkCalendar) -> bool:
    """Is it the first working day of its week?"""
    monday = day - dt.timedelta(days=day.weekday())
    days = (monday + dt.timedelta(days=number) for number in range(7))
    return next((each for each in days if calendar.works_on(each)), None) == day


def _first_at(
    moment: dt.datetime, calendar: WorkCalendar, time: dt.time, fits: Callable[[dt.date], bool]
) -> dt.datetime:
    """The first `time` on a day that fits, at or after `moment`."""
    first = moment.astimezone(calendar.zone).date()
    for number in range(_DAYS_SEARCHED):
        day = first + dt.timedelta(days=number)
        if fits(day) and (found := calendar.at(day, time)) >= moment:
            return found
    return moment


def _before(planned: dt.datetime, calendar: WorkCalendar) -> dt.datetime | None:
    """The same hour, kept within working hours, of the last working day before `planned`."""
    local = planned.astimezone(calendar.zone)
    time = local.time() if calendar.opens <= local.time() < calendar.closes else calendar.opens
    days = (local.date() - dt.timedelta(days=number) for number in range(1, _DAYS_SEARCHED))
    return next((calendar.at(day, time) for day in days if calendar.works_on(day)), None)
