"""Reports over many companies, in a process of their own: `python -m tests.bench.reports`, on the instance in the
environment. Prints the seconds of each and the peak memory of the process with its printers, as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.bench.measure import Row
from tests.bench.scene import Scene
from tests.bench.servers import ROOT

BRIEFS = 1_000
GOAL_BRIEFS, GOAL_ACROSS, GOAL_MEMORY = 30.0, 3.0, 400.0  # seconds, seconds, megabytes


def report_rows(scene: Scene, companies: int) -> list[Row]:
    """The cross-company report as PDF, and a thousand briefs as a worker with two printers makes them."""
    command = [sys.executable, "-m", "tests.bench.reports", scene.reviewer, scene.cycle]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **scene.settings}, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    found: Mapping[str, float] = json.loads(done.stdout.decode().splitlines()[-1])
    goals = {
        "cross_company_pdf": ("s", GOAL_ACROSS),
        "briefs_1000_pdf": ("s", GOAL_BRIEFS),
        "briefs_memory": ("MB", GOAL_MEMORY),
    }
    return [
        Row(id=name, companies=companies, value=found[name], unit=unit, goal=goal, ok=found[name] <= goal)
        for name, (unit, goal) in goals.items()
    ]


def main() -> None:
    """Measure on the instance that the environment names, for the person and the cycle that the arguments name."""
    from compliance.config import load_settings
    from compliance.factory import create_app
    from compliance.reporting.press import CORES, press_for
    from compliance.services.actors import actor_for
    from compliance.services.transaction import reading
    from compliance.storage.queries import people

    email, cycle = sys.argv[1:]
    app = create_app(load_settings())
    with app.app_context():
        user = people.user_by_email(reading(), email)
        actor = actor_for(user.id) if user else None
        if actor is None:
            raise RuntimeError(f"there is no {email}")
        reading().close()
        folders = app.extensions["reports"]
        press_for(folders, CORES)  # as a worker, which takes every core
        with _Watch() as watch:
            found = {"cross_company_pdf": _across(actor, cycle, folders)}
            found |= {"briefs_1000_pdf": _briefs(actor, cycle, folders)}
        times = os.times()
        print(
            f"{times.user + times.system:.0f} s of processor time here, load {os.getloadavg()[0]:.1f}", file=sys.stderr
        )
        print(json.dumps({**found, "briefs_memory": watch.peak}))


def _across(actor: object, cycle: str, folders: object) -> float:
    from compliance.reporting import Job, press_for
    from compliance.services.report import reports
    from compliance.services.report.facts import About

    start = time.perf_counter()
    facts = reports.build("cross-company", About(cycle), actor, folders, now=dt.datetime.now(dt.UTC))  # type: ignore[arg-type]
    press_for(folders).make(Job(facts, "en", ("pdf",)))  # type: ignore[arg-type]
    return round(time.perf_counter() - start, 2)


def _briefs(actor: object, cycle: str, folders: object) -> float:
    """The first thousand of all briefs of the cycle, claimed, made and stored as the worker does it."""
    from compliance.services.report.life import batch_work, batches

    now = dt.datetime.now(dt.UTC)
    batches.request(actor, batches.Order(cycle, "full", ["en"], ["pdf"]), f"bench-{now}", now=now)  # type: ignore[arg-type]
    start = time.perf_counter()
    outcomes = batch_work.make_due(now, folders, limit=BRIEFS)  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    if outcomes["made"] < BRIEFS:
        raise RuntimeError(f"{outcomes} instead of {BRIEFS} briefs")
    return round(seconds * BRIEFS / outcomes["made"], 2)  # they are made in chunks, so a few more may be there


class _Watch:
    """The most memory that this process and its printers hold together, looked at ten times a second.

    What they share is counted once (PSS), as the machine does.
    """

    def __init__(self) -> None:
        self.peak = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.1):
            self.peak = max(self.peak, _held())


def _held() -> float:
    total = 0
    for pid in (os.getpid(), *_printers()):
        with suppress(OSError):  # it has ended meanwhile
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(total / 1024, 1)


def _printers() -> list[int]:
    threads = Path("/proc/self/task").glob("*/children")  # each thread knows the processes that it started
    return [int(pid) for file in threads for pid in file.read_text(encoding="ascii").split()]


if __name__ == "__main__":
    main()
