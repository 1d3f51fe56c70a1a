"""Eight writers save the same five answers over HTTP: no accepted save is lost, and losers see both texts."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.browser import Browser, csrf_token, hidden_fields
from tests.bench.scene import Scene
from tests.proof.server import demo_server, lead

WRITERS, ROUNDS, ANSWERS = 8, 50, 5


def test_no_accepted_save_is_lost(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("result", race(tmp_path, rounds=ROUNDS))


def race(tmp_path: Path, rounds: int) -> str:
    """Let all writers save `rounds` times each, and fail when an accepted save is gone; the figures as a sentence."""
    with demo_server(tmp_path) as (_process, scene, port):
        writers = [lead(scene, port) for _ in range(WRITERS)]  # one after the other: the door counts tries at once
        addresses = _questions(writers[0], scene)
        accepted: list[str] = []
        conflicts: list[str] = []
        with ThreadPoolExecutor(WRITERS) as pool:
            work = [
                pool.submit(_write, browser, number, rounds, addresses, accepted, conflicts)
                for number, browser in enumerate(writers)
            ]
        for done in work:
            done.result()
    lost = _lost(Path(scene.settings["INSTANCE"]) / "demo.db", accepted)
    assert len(accepted) + len(conflicts) == WRITERS * rounds
    assert conflicts
    assert lost == []
    return f"{len(accepted)} accepted, {len(conflicts)} refused with both texts, {len(lost)} lost"


def _questions(browser: Browser, scene: Scene) -> list[str]:
    """Five questions of the assessment that the lead may answer."""
    found, address = [], scene.question
    for _ in range(ANSWERS):
        found.append(address)
        following = re.search(r'href="([^"]+)" rel="next"', browser.get(address))
        assert following is not None
        address = following.group(1)
    return found


def _write(
    browser: Browser,
    number: int,
    rounds: int,
    addresses: list[str],
    accepted: list[str],
    conflicts: list[str],
) -> None:
    browser.allowed = frozenset({409})
    for turn in range(rounds):
        address = addresses[turn % ANSWERS]
        page = browser.get(address)
        text = f"Writer {number}, turn {turn}."
        fields = {
            "csrf_token": csrf_token(page),
            "version": hidden_fields(page)["version"],
            "key": f"{number}-{turn}",
            "status": "in_place",
            "explanation": text,
        }
        answer = browser.fetch("POST", address, urlencode(fields))
        if browser.status == 409:
            assert text in answer, "the loser's own text is gone"
            assert "Saved by a colleague" in answer
            conflicts.append(text)
        else:
            accepted.append(text)


def _lost(database: Path, accepted: list[str]) -> list[str]:
    """Accepted saves that someone replaced without having seen them: the trail names what each save replaced."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT subject, json_extract(before, '$.explanation'), json_extract(after, '$.explanation')"
            " FROM audit_event WHERE action = 'answer.save' ORDER BY chain, number"
        ).fetchall()
    saved = [row for row in rows if row[2] in set(accepted)]
    last: dict[str, str] = {}
    unseen = []
    for subject, before, after in saved:
        if subject in last and last[subject] != before:
            unseen.append(after)
        last[subject] = after
    missing = set(accepted) - {after for _subject, _before, after in saved}
    versions = _versions(database)
    # Each accepted save is one version: an overwritten one would make fewer versions than saves seen in order.
    return [*unseen, *missing, *_skipped(saved, versions)]


def _versions(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {f"answer:{id_}": version for id_, version in connection.execute("SELECT id, version FROM answer")}


def _skipped(saved: list[tuple[str, str, str]], versions: dict[str, int]) -> list[str]:
    counts: dict[str, int] = {}
    for subject, _before, _after in saved:
        counts[subject] = counts.get(subject, 0) + 1
    return [json.dumps([subject, count]) for subject, count in counts.items() if versions[subject] < count]
