"""How many statements a page takes, the same each time it is counted."""

from __future__ import annotations

import datetime as dt

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event

from compliance.storage.database import db


def statements_of(client: FlaskClient, address: str) -> int:
    """The statements of a page that was opened a moment ago.

    Once a minute a request writes down that its session is in use, and once in a process a framework is read from the
    database: both are done by the request before the one that is counted, for which the clock stands still.
    """
    seen: list[object] = []

    def count(*details: object) -> None:
        seen.append(details[2])

    with client.application.app_context():
        engine = db.engine
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False):
        assert client.get(address).status_code == 200
        event.listen(engine, "before_cursor_execute", count)
        try:
            assert client.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
    return len(seen)
