"""The schedule as a process of its own: `flask worker`. Any number may run."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import structlog
from flask import Flask

from compliance.jobs.scheduler import INTERVAL, start_scheduler

log = structlog.get_logger(__name__)


def run_worker(app: Flask, *, seconds: float = INTERVAL) -> None:
    """Tick until SIGTERM or SIGINT; the message under way is finished first."""
    asked = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    schedule = start_scheduler(app, seconds=seconds)
    log.info("worker.started")
    try:
        asked.wait()
    finally:
        log.info("worker.stopping")
        schedule.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
