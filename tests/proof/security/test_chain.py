"""A thousand ways to tamper with the audit trail, and a million events in ten seconds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from compliance.services.audit import check
from compliance.storage.models import AuditEvent, AuditHead
from tests.proof.row import SEED
from tests.support import chain

ROOT = Path(__file__).resolve().parents[3]
TRIALS, COUNT = 1_000, 20
EVENTS, SECONDS = 1_000_000, 10


def test_a_thousand_trials(context: Flask, session: Session, record_property: Callable[[str, object], None]) -> None:
    chain.store(session, chain.links(COUNT))
    session.commit()
    kept = check.heads(session)
    chain.disarm(session)
    session.commit()
    chance = random.Random(SEED)
    for trial in range(TRIALS):
        way = chain.WAYS[trial % len(chain.WAYS)]
        expected = way(session, COUNT, chance)
        found = check.verify(session, kept)
        assert found, (trial, way)
        assert (found[0].chain, found[0].number) == (chain.CHAIN, expected), (trial, way, found)
        session.rollback()
    assert check.verify(session, kept) == []
    record_property("result", f"{TRIALS} of {TRIALS} found at the right event")


@pytest.mark.slow
def test_a_million_events(
    context: Flask, session: Session, record_property: Callable[[str, object], None], tmp_path: Path
) -> None:
    """Through the real command, on a trail of one long chain; the command's own start is part of the time."""
    rows = chain.links(EVENTS)
    for first in range(0, EVENTS, 20_000):
        session.execute(insert(AuditEvent), rows[first : first + 20_000])
    session.execute(insert(AuditHead), [{"chain": chain.CHAIN, "number": EVENTS, "hash": rows[-1]["hash"]}])
    session.commit()
    environment = {**os.environ, "DATABASE_URL": session.get_bind().engine.url.render_as_string(hide_password=False)}
    environment |= {"INSTANCE": str(tmp_path), "DEMO": "0"}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "audit", "verify"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.monotonic() - start
    record_property("result", f"{EVENTS:,} events in {took:.1f} s")
    assert done.returncode == 0, done.stdout + done.stderr
    assert took <= SECONDS
