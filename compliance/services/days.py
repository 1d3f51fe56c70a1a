"""Which day it is for an organisation."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import structlog

from compliance.storage.models import Organisation

log = structlog.get_logger(__name__)


def local_day(now: dt.datetime, organisation: Organisation) -> dt.date:
    """The calendar day of `now` where the organisation is."""
    return now.astimezone(zone_of(organisation.time_zone)).date()


def zone_of(name: str) -> ZoneInfo:
    """The time zone; UTC, and a warning, for a name that is not one: a typing error must not stop what is due."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        log.warning("days.unknown_time_zone", name=name)
        return ZoneInfo("UTC")
