"""The schedule as a process of its own: `flask worker`. Any number may run."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext

from compliance.jobs.scheduler import INTERVAL, start_scheduler
from compliance.reporting.press import CORES, press_for

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


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send what is due until stopped; any number of workers may run."""
    press_for(current_app.extensions["reports"], CORES)  # nobody waits for a page of this process
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined]  # the proxy's own way to the app
