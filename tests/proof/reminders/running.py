"""Two workers as processes, a mail server with faults, and what came out of it."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from compliance.services.transaction import looking
from compliance.storage.models import Message
from tests.proof.reminders.scene import DUE_AT
from tests.support.mail import Inbox, mail_server

ROOT = Path(__file__).resolve().parents[3]
_ID = re.compile(rb"^Message-ID: (<[^>]+>)", re.MULTILINE)


class Faulty(Inbox):
    """Accepts mails, counts them by Message-ID, and fails as often as it is told.

    One mail fails four times in a row at most: the product gives up after six attempts, and a server that is always
    down is another proof.
    """

    def __init__(self, chance: random.Random, share: float) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.drops_after = 0
        self.refusals = 0
        self.drops_before = 0
        self._chance, self._share = chance, share
        self._failed: Counter[str] = Counter()
        self._counting = threading.Lock()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        found = _ID.search(envelope.content)
        assert found is not None
        id = found.group(1).decode()
        with self._counting:
            what = self._chance.random() if self._failed[id] < 4 else 1.0
            if what >= 3 * self._share:
                self.counts[id] += 1
                return "250 fine"
            self._failed[id] += 1
            if what < self._share:
                self.refusals += 1
                return "451 later"
            if what < 2 * self._share:
                self.drops_before += 1
            else:
                self.drops_after += 1
                self.counts[id] += 1
        server.transport.abort()
        return "421 gone"

    @property
    def duplicates(self) -> int:
        return sum(number - 1 for number in self.counts.values())


@contextmanager
def faulty_server(seed: int, share: float) -> Iterator[Faulty]:
    inbox = Faulty(random.Random(seed), share)
    with mail_server(inbox):
        yield inbox


class Workers:
    """Processes that send; any of them can be killed, and another takes its place."""

    def __init__(self, url: str, mail_url: str, lease: float, log: Path, moment: dt.datetime) -> None:
        self._command = [sys.executable, "-m", "tests.proof.reminders.worker", url, mail_url]
        self._lease, self._log, self._began = str(lease), log.open("ab"), time.time()
        self._moment = moment
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        moment = self._moment + dt.timedelta(seconds=time.time() - self._began)
        command = [*self._command, moment.isoformat(), self._lease]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log))

    def kill(self, number: int) -> None:
        process = self.running.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        while self.running:
            self.kill(0)
        self._log.close()


@contextmanager
def workers(
    url: str, mail_url: str, log: Path, *, number: int = 2, lease: float = 5, moment: dt.datetime = DUE_AT
) -> Iterator[Workers]:
    """Workers whose clock stands at `moment` when they begin."""
    made = Workers(url, mail_url, lease, log, moment)
    try:
        for _ in range(number):
            made.start()
        yield made
    finally:
        made.end()


def states() -> Counter[str]:
    with looking() as session:
        return Counter(
            {row[0]: row[1] for row in session.execute(select(Message.state, func.count()).group_by(Message.state))}
        )


def until_done(seconds: float, meanwhile: Callable[[], None] = lambda: None) -> float:
    """Wait until no message waits any more; how long it took."""
    start = time.monotonic()
    while True:
        found = states()
        if not found["queued"] and not found["claimed"]:
            return time.monotonic() - start
        assert time.monotonic() - start < seconds, f"after {seconds} seconds: {dict(found)}"
        meanwhile()
        time.sleep(0.25)
