"""How many statements a page needs."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.bench.scene import Scene

#: What a page may need, however many companies there are.
MOST_QUERIES = 12


def counted(app: Flask, scene: Scene, email: str, address: str, *, save: bool = False) -> int:
    """Statements of one request by the person with `email`; with `save`, of saving the answer of that page."""
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    client.post("/sign-in", data={"email": email, "password": scene.password})
    version = re.search(r'name="version" value="(\d+)"', client.get(address).text) if save else None
    count = 0

    def one(_connection: object, _cursor: object, statement: str, *_details: object) -> None:
        nonlocal count
        count += not statement.startswith("BEGIN")

    event.listen(Engine, "before_cursor_execute", one)
    try:
        if save:
            assert version is not None
            data = {"version": version.group(1), "key": "count", "status": "in_place", "explanation": "Counted."}
            answer = client.post(address, data=data)
        else:
            answer = client.get(address)
    finally:
        event.remove(Engine, "before_cursor_execute", one)
    if answer.status_code >= 400:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return count
