"""The working hours and public holidays of organisations, for the rules of `domain/working_time`."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

import holidays
from babel.core import get_global

from compliance.domain.working_time import WorkCalendar
from compliance.services.days import zone_of

#: The countries whose public holidays are kept: those of the five governments.
COUNTRIES: Final = frozenset({"AU", "CA", "GB", "NZ", "US"})


def calendar_of(time_zone: str, country: str | None, now: dt.datetime) -> WorkCalendar:
    """The calendar of an organisation in a time zone.

    Public holidays are those of the country that the time zone lies in, when it is one of the five; else those of
    `country`, which for a company is the country that leads on it.
    """
    territory = get_global("zone_territories").get(time_zone)
    return _calendar(time_zone, territory if territory in COUNTRIES else country or "", now.year)


@lru_cache(maxsize=1_000)
def _calendar(time_zone: str, country: str, year: int) -> WorkCalendar:
    return WorkCalendar(zone_of(time_zone), _holidays(country, year))


@lru_cache(maxsize=100)
def _holidays(country: str, year: int) -> frozenset[dt.date]:
    """National public holidays from the year before `year` to two years after it, days off in lieu included.

    Where the library keeps those of the national government apart (CA, US), these too: nobody is at work to be asked.
    """
    if country not in COUNTRIES:
        return frozenset()
    offered = holidays.country_holidays(country).supported_categories
    kinds = [kind for kind in ("public", "government") if kind in offered]
    return frozenset(
        holidays.country_holidays(country, years=range(year - 1, year + 3), observed=True, categories=kinds)
    )
