"""Whether the parts the product depends on answer."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from compliance.services.transaction import reading
from compliance.storage.queries.outbox import last_beat

HEARTBEAT: Final = "reminders"
#: Rounds run every half minute; after this long without one something is wrong.
LATE: Final = dt.timedelta(minutes=5)
#: How long a page believes what the last one found out.
_BELIEVED: Final = dt.timedelta(seconds=20)


def database_answers() -> bool:
    try:
        return bool(reading().scalar(text("SELECT 1")))
    except SQLAlchemyError:
        return False


def last_tick() -> dt.datetime | None:
    """When any schedule last did its round of reminders; None before the first."""
    return last_beat(reading(), HEARTBEAT)


class _Known:
    """What was last found out, shared by the threads of a process: not every page asks the database."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.at: dt.datetime | None = None
        self.late = False


_known: Final = _Known()


def rounds_are_late(now: dt.datetime) -> bool:
    """Has no round run for LATE? Asked at most once in a while for each process."""
    with _known.lock:
        if _known.at is not None and _known.at <= now < _known.at + _BELIEVED:
            return _known.late
    tick = last_tick()
    late = tick is None or now - tick > LATE
    with _known.lock:
        _known.at, _known.late = now, late
    return late


def forget() -> None:
    """Ask the database again at the next page."""
    with _known.lock:
        _known.at = None
