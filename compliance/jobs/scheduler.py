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

from compliance.services import audit, retention
from compliance.services.audit import heads
from compliance.services.gap.results import refresh_due, refresh_stale
from compliance.services.reminder.outbox import Outcome, PostOffice, beat, post_office, send_due
from compliance.services.reminder.reminders import queue_due
from compliance.services.report.life.batch_work import make_due
from compliance.services.review.replies import conclude_due
from compliance.services.transaction import looking

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
        self._every(self._tick, seconds=seconds)
        self._also("results_left", self._stale, seconds=seconds)  # a cycle opened for many companies waits for it
        self._also("reports", self._reports, seconds=min(seconds, REPORTS_INTERVAL))
        # Every hour, because a day begins at another hour in each country.
        self._also("exchanges", lambda now: conclude_due(now=now), hours=1)
        self._also("results", lambda now: refresh_due(now=now, stop=self._stopping.is_set), hours=1)
        self._also("audit_heads", self._heads, hours=1)
        self._also("retention", self._retention, days=1)

    def _also(self, name: str, work: Callable[[dt.datetime], int], **interval: float) -> None:
        """Run `work` at the interval; what it did and what broke it is in the log, and it is tried again."""

        def run() -> None:
            try:
                done = by_the_calendar(self._app, work, dt.datetime.now(dt.UTC))
            except Exception:
                log.exception(f"schedule.{name}_failed")
                return
            if done:
                log.info(f"schedule.{name}", done=done)

        self._every(run, **interval)

    def _stale(self, now: dt.datetime) -> int:
        return refresh_stale(now=now, stop=self._stopping.is_set)

    def _retention(self, now: dt.datetime) -> int:
        return sum(retention.apply(self._app.extensions["settings"].retention, now=now).values())

    def _reports(self, now: dt.datetime) -> int:
        return make_reports(self._app, now, stop=self._stopping.is_set)

    def _heads(self, now: dt.datetime) -> int:
        settings = self._app.extensions["settings"]
        with looking() as session:
            return bool(heads.write_today(session, settings.audit_heads, settings.secret_key, now=now))

    def _every(self, job: Callable[[], None], **interval: float) -> None:
        """Run `job` now, which catches up what was missed while it was off, and then at the interval."""
        self._scheduler.add_job(
            job,
            "interval",
            **interval,
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


def make_reports(app: Flask, now: dt.datetime, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Make the reports of batches that wait, and those that a worker left behind; how many."""
    return make_due(now, app.extensions["reports"], stop=stop).total()


def by_the_calendar(app: Flask, work: Callable[[dt.datetime], int], now: dt.datetime) -> int:
    """Do what nobody asked for but the calendar; the trail says so."""
    token = audit.origin.set("schedule")
    try:
        with app.app_context():
            return work(now)
    finally:
        audit.origin.reset(token)


def start_scheduler(app: Flask, *, seconds: float = INTERVAL) -> Schedule:
    """Begin to tick in the background of this process. The caller stops it when the process ends."""
    schedule = Schedule(app, office_of(app), seconds)
    schedule.start()
    return schedule


def office_of(app: Flask) -> PostOffice:
    """The post office of the application's settings."""
    settings = app.extensions["settings"]
    return post_office(settings.mail_url, settings.base_url, settings.mail_from, settings.secret_key)


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
