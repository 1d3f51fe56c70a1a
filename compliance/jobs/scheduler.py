"""The tick: what is due is queued and sent, every half minute, in the embedded server or in a worker.

The schedule lives in memory of each process and is never shared: unique keys and leases decide what is done, so any
number of processes may tick.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Final

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from compliance.services import audit
from compliance.services.outbox import Outcome, PostOffice, beat, post_office, send_due
from compliance.services.reminders import queue_due
from compliance.services.report_life.batch_work import make_due
from compliance.services.results import refresh_due

log = structlog.get_logger(__name__)

INTERVAL: Final = 30  # seconds
#: Somebody watches the progress of a batch; a look costs one query.
REPORTS_INTERVAL: Final = 3
#: Messages between two heartbeats, so that a long queue does not look like a dead scheduler.
_BATCH: Final = 200


class Schedule:
    """A running schedule. `stop()` waits for the message and the company under way, and for no other."""

    def __init__(self, app: Flask, office: PostOffice, seconds: float) -> None:
        self._app = app
        self._office = office
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(timezone=dt.UTC)
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=seconds,
            next_run_time=dt.datetime.now(dt.UTC),  # the first round catches up what was missed while it was off
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

        self._scheduler.add_job(
            self._results,
            "interval",
            hours=1,  # a day begins at another hour in each country
            next_run_time=dt.datetime.now(dt.UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

        self._scheduler.add_job(
            self._reports,
            "interval",
            seconds=min(seconds, REPORTS_INTERVAL),
            next_run_time=dt.datetime.now(dt.UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _tick(self) -> None:
        try:
            tick(self._app, self._office, stop=self._stopping.is_set)
        except Exception:
            # The next round tries again: whatever broke this one is in the log.
            log.exception("schedule.round_failed")

    def _results(self) -> None:
        try:
            refresh_results(self._app, dt.datetime.now(dt.UTC), stop=self._stopping.is_set)
        except Exception:
            log.exception("schedule.results_failed")

    def _reports(self) -> None:
        try:
            make_reports(self._app, dt.datetime.now(dt.UTC), stop=self._stopping.is_set)
        except Exception:
            log.exception("schedule.reports_failed")


def make_reports(app: Flask, now: dt.datetime, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Make the reports of batches that wait, and those that a worker left behind."""
    token = audit.origin.set("schedule")
    try:
        with app.app_context():
            outcomes = make_due(now, app.extensions["reports"], stop=stop)
    finally:
        audit.origin.reset(token)
    if outcomes:
        log.info("schedule.reports", outcomes=dict(outcomes))
    return outcomes.total()


def refresh_results(app: Flask, now: dt.datetime, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Recompute the results that the calendar changes: plans and evidence run out without anyone writing."""
    token = audit.origin.set("schedule")
    try:
        with app.app_context():
            companies = refresh_due(now=now, stop=stop)
    finally:
        audit.origin.reset(token)
    if companies:
        log.info("schedule.results", companies=companies)
    return companies


def start_scheduler(app: Flask, *, seconds: float = INTERVAL) -> Schedule:
    """Begin to tick in the background of this process. The caller stops it when the process ends."""
    schedule = Schedule(app, office_of(app), seconds)
    schedule.start()
    return schedule


def office_of(app: Flask) -> PostOffice:
    """The post office of the application's settings."""
    settings = app.extensions["settings"]
    return post_office(settings.mail_url, settings.base_url, settings.mail_from)


def tick(
    app: Flask, office: PostOffice, *, stop: Callable[[], bool], clock: Callable[[], dt.datetime] | None = None
) -> None:
    """One round: queue what is due, then send until nothing is ready.

    This is an edge, like a view: here the clock is read. A fault in queueing does not keep what is queued from going.
    """
    clock = clock or (lambda: dt.datetime.now(dt.UTC))
    token = audit.origin.set("schedule")
    try:
        with app.app_context():
            _queue(clock(), office)
            outcomes = Counter({Outcome.SENT: _BATCH})
            while outcomes.total() >= _BATCH and not stop():
                outcomes = send_due(clock(), office, limit=_BATCH, stop=stop)
                beat(clock())
                if outcomes:
                    log.info("schedule.sent", outcomes={str(outcome): number for outcome, number in outcomes.items()})
    finally:
        audit.origin.reset(token)


def _queue(now: dt.datetime, office: PostOffice) -> None:
    try:
        queued = queue_due(now, base_url=office.base_url)
    except Exception:
        log.exception("schedule.queueing_failed")
        return
    for fault in queued.faults:
        log.error("schedule.bad_plan", fault=fault)
    if queued.reminders or queued.skipped or queued.messages:
        log.info("schedule.queued", reminders=queued.reminders, skipped=queued.skipped, messages=queued.messages)
