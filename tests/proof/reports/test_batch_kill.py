"""The server is killed while it makes all briefs of a cycle; another one finishes, and makes nothing twice."""

from __future__ import annotations

import io
import re
import sqlite3
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.browser import Browser, csrf_token
from tests.bench.scene import Scene
from tests.bench.servers import running
from tests.proof.server import demo_server, kill

KILLS = 3
COMPANIES = 24


def _rows(database: Path, question: str) -> list[tuple[int, ...]]:
    with sqlite3.connect(database, timeout=30) as connection:
        return connection.execute(question).fetchall()


def _made(database: Path) -> int:
    return _rows(database, "SELECT count(*) FROM report_batch_item WHERE state = 'made'")[0][0]


def _wait(database: Path, until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, _rows(database, "SELECT state, count(*) FROM report_batch_item GROUP BY state")
        time.sleep(0.02)


def _leases_run_out(database: Path) -> None:
    """As if two minutes had passed."""
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("UPDATE report_batch_item SET lease_until = '2026-01-01 00:00:00' WHERE state = 'claimed'")


def test_resumed_after_kill(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    with demo_server(tmp_path) as (process, scene, port):
        address = _ask(scene, port)
        kill(process)
    database = Path(scene.settings["INSTANCE"]) / "demo.db"
    total = _rows(database, "SELECT count(*) FROM report_batch_item")[0][0]
    settings = {**scene.settings, "SCHEDULER": "1"}
    before = []
    for turn in range(KILLS):
        with running(["-m", "tests.proof.launch"], port, settings, tmp_path / f"server-{turn}.log") as server:
            known = _made(database)
            _wait(database, lambda known=known: _made(database) > known or _claimed(database) > 0, 60)  # type: ignore[misc]
            time.sleep(0.3 * turn)
            kill(server)
        before.append(_made(database))
        _leases_run_out(database)
    with running(["-m", "tests.proof.launch"], port, settings, tmp_path / "last.log"):
        _wait(database, lambda: _rows(database, "SELECT count(finished_at) FROM report_batch")[0][0] == 1, 180)
        names = _names(scene, port, f"{address}/briefs.zip")
    rows = _rows(database, "SELECT count(*), count(DISTINCT item_id || name) FROM report_batch_file")[0]
    record_property("result", f"{KILLS} kills with {before} of {total} made; {rows[0]} files at the end, none twice")
    assert min(before) < total, "the last kill came before the end"
    assert rows == (2 * total, 2 * total)
    assert len(names) == 2 * total
    assert len(set(names)) == len(names)
    assert _rows(database, "PRAGMA integrity_check") == [("ok",)]  # type: ignore[comparison-overlap]


def _claimed(database: Path) -> int:
    return _rows(database, "SELECT count(*) FROM report_batch_item WHERE state = 'claimed'")[0][0]


def _ask(scene: Scene, port: int) -> str:
    browser = _reviewer(scene, port)
    page = browser.get("/reports/batches")
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    fields = [("csrf_token", csrf_token(page)), ("key", key.group(1)), ("cycle", scene.cycle), ("edition", "full")]
    fields += [("languages", "en"), ("languages", "fr"), ("layouts", "pdf")]
    browser.fetch("POST", "/reports/batches", urlencode(fields))
    assert browser.status == 303
    return browser.location


def _reviewer(scene: Scene, port: int) -> Browser:
    browser = Browser(port)
    browser.sign_in(scene.reviewer, scene.password)
    return browser


def _names(scene: Scene, port: int, address: str) -> list[str]:
    browser = _reviewer(scene, port)
    with zipfile.ZipFile(io.BytesIO(browser.content(address))) as book:
        assert book.testzip() is None
        return book.namelist()
