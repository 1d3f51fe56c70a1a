"""Which day it is for an organisation."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from compliance.storage.models import Organisation


def local_day(now: dt.datetime, organisation: Organisation) -> dt.date:
    """The calendar day of `now` where the organisation is."""
    return now.astimezone(ZoneInfo(organisation.time_zone)).date()
