"""The server is killed while answers are saved: whatever was acknowledged is there afterwards, and all is whole."""

from __future__ import annotations

import contextlib
import http.client
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.browser import Browser, csrf_token, hidden_fields
from tests.bench.scene import Scene
from tests.bench.servers import running
from tests.proof.row import SEED
from tests.proof.server import demo_server, kill, lead

KILLS = 10


def test_every_acknowledged_save_survives(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    chance = random.Random(SEED)
    acknowledged: list[str] = []
    with demo_server(tmp_path) as (first, scene, port):
        _save_until_killed(scene, port, acknowledged, lambda: kill(first), 0.4)
    for turn in range(1, KILLS):
        command = ["-m", "tests.proof.launch"]
        with running(command, port, scene.settings, tmp_path / f"server-{turn}.log") as process:
            wait = 0.2 + chance.random() / 2
            _save_until_killed(scene, port, acknowledged, lambda p=process: kill(p), wait)  # type: ignore[misc]
    database = Path(scene.settings["INSTANCE"]) / "demo.db"
    lost = set(acknowledged) - _saved(database)
    record_property("result", f"{KILLS} kills, {len(acknowledged)} acknowledged saves, {len(lost)} lost")
    assert len(acknowledged) > KILLS
    assert lost == set()
    _whole(database, scene)


def _save_until_killed(scene: Scene, port: int, acknowledged: list[str], end: Callable[[], None], after: float) -> None:
    browser = lead(scene, port)
    page = browser.get(scene.question)
    fields = {"csrf_token": csrf_token(page), "status": "in_place"}
    version = int(hidden_fields(page)["version"])
    killer = threading.Timer(after, end)
    killer.start()
    with contextlib.suppress(OSError, http.client.HTTPException):
        while True:
            text = f"Save {len(acknowledged)} at {time.monotonic()}"
            _post(browser, scene.question, fields | {"version": str(version), "key": text[:40], "explanation": text})
            acknowledged.append(text)
            version += 1
    killer.join()


def _post(browser: Browser, address: str, fields: dict[str, str]) -> None:
    browser.fetch("POST", address, urlencode(fields))
    if browser.status != 303:
        raise AssertionError(f"a save answered {browser.status}")


def _saved(database: Path) -> set[str]:
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT json_extract(after, '$.explanation') FROM audit_event WHERE action = 'answer.save'"
        )
        return {text for (text,) in rows}


def _whole(database: Path, scene: Scene) -> None:
    """The database passes its own check, the newest text is the answer's, and the audit chains verify."""
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    from tests.support.engines import bare_app

    with bare_app(scene.settings["DATABASE_URL"]):
        from compliance.services import audit
        from compliance.services.transaction import looking

        with looking() as session:
            assert audit.verify(session) == []
