"""An import of ten thousand answers is killed in the middle, ten times: all of them are there, or none."""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url

from compliance.reporting.answers import load_words, render_workbook
from compliance.services.assessment import taking
from compliance.services.transaction import writing
from compliance.storage.database import db
from compliance.storage.models import Service, User
from tests.proof.row import SEED
from tests.support import factories as make
from tests.support.engines import ROOT
from tests.support.taken import REPORTS, entry

KILLS, ROWS = 10, 10_000
FUNCTIONS = ["children_can_use", "image_video_sharing", "live_streaming", "private_messages", "public_posts", "search"]


def test_all_or_nothing(context: Flask, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    database = Path(make_url(str(db.engine.url)).database or "")
    lead, cycle = _company()
    path, rows = _workbook(lead, cycle, tmp_path)
    db.session.remove()
    db.engine.dispose()
    kept = tmp_path / "before.db"
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(database, kept)
    whole = _run(database, path, lead, cycle, kill_after=None)
    assert _stored(database) == (rows, rows), "the import by itself saves everything"
    chance = random.Random(SEED)
    found, killed = [], 0
    for turn in range(KILLS):
        _restore(kept, database)
        wait = whole * (0.35 + 0.6 * (turn + chance.random()) / KILLS)
        killed += _run(database, path, lead, cycle, kill_after=wait) < 0
        found.append(_stored(database))
    halves = [each for each in found if each not in ((0, 0), (rows, rows))]
    record_property(
        "result",
        f"{rows} answers in {whole:.0f} s; {killed} of {KILLS} kills came before the end; "
        f"{found.count((0, 0))} times nothing, {found.count((rows, rows))} times all, {len(halves)} times a part",
    )
    assert rows >= ROWS
    assert killed >= KILLS // 2
    assert halves == []


def _company() -> tuple[User, str]:
    company = make.organisation(slug="harbour")
    lead = make.user(company, "lead")
    cycle = make.cycle(make.REAL)
    make.participation(cycle, company)
    make.assessment(cycle, company)
    with writing() as session:
        session.add_all(
            Service(company_id=company.id, slug=f"service-{n}", name=f"Service {n}", functions=FUNCTIONS)
            for n in range(320)
        )
    return lead, cycle.slug


def _workbook(lead: User, cycle: str, folder: Path) -> tuple[Path, int]:
    empty = taking.draft(make.acting(lead), cycle, "workbook", now=make.MADE_AT)
    filled = {question.key: entry(question, f"Done since 2020, {n}.") for n, question in enumerate(empty.questions)}
    path = folder / "answers.xlsx"
    path.write_bytes(render_workbook(dataclasses.replace(empty, entries=filled), load_words(REPORTS), "en"))
    return path, len(filled)


def _run(database: Path, path: Path, lead: User, cycle: str, *, kill_after: float | None) -> float:
    """How long the import took; negative when it was killed before it ended."""
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "tests.proof.launch:create_app",
        "assessment",
        "import",
        str(path),
    ]
    command += ["--cycle", cycle, "--as", lead.email]
    settings = {"DATABASE_URL": f"sqlite:///{database}", "INSTANCE": str(path.parent / "instance"), "SCHEDULER": "0"}
    start = time.monotonic()
    with (path.parent / "import.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            process.wait(timeout=kill_after if kill_after is not None else 900)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)
            return -1
    assert process.returncode == 0, (path.parent / "import.log").read_text()[-2000:]
    return time.monotonic() - start


def _stored(database: Path) -> tuple[int, int]:
    """Answers, and what the trail says of them; the file is whole."""
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        answers = opened.execute("SELECT count(*) FROM answer").fetchone()[0]
        told = opened.execute("SELECT count(*) FROM audit_event WHERE action = 'answer.save'").fetchone()[0]
        evidence = opened.execute("SELECT count(*) FROM evidence").fetchone()[0]
    assert evidence == answers
    return answers, told


def _restore(kept: Path, database: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(kept, database)
