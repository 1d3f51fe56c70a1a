"""Is the process alive, and can it do its work?"""

from __future__ import annotations

import datetime as dt

from flask import Blueprint

from compliance.services import health

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, object], int]:
    """The database answers; and, for whoever watches, when the last round of reminders was.

    A late round leaves the site able to serve: the answer stays 200.
    """
    if not health.database_answers():
        return {"status": "the database does not answer"}, 503
    tick = health.last_tick()
    late = tick is None or dt.datetime.now(dt.UTC) - tick > health.LATE
    reminders = {"last_round": tick.isoformat() if tick else None, "late": late}
    return {"status": "ok", "reminders": reminders}, 200
