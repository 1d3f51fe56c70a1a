"""Making what batches ask for: in the background, by any number of workers, each report claimed with a lease.

A worker makes its reports outside any transaction and keeps them if its lease still stands. One that dies leaves a
lease that runs out, and another one goes on: what was made is kept.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import structlog

from compliance.domain.errors import Denied, NotFound
from compliance.domain.permissions import Permission
from compliance.domain.reports import MOST_ATTEMPTS, BatchState
from compliance.domain.text import language_of
from compliance.reporting import Folders, Job, Printed, PrintingFailed, press_for
from compliance.services.actors import actor_for, require
from compliance.services.report.facts import About
from compliance.services.report.life import brief_sources
from compliance.services.report.life.batches import KIND, trail
from compliance.services.report.life.brief_sources import Wish
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import ReportBatchFile
from compliance.storage.queries import report_batches as queries

log = structlog.get_logger(__name__)

LEASE: Final = dt.timedelta(minutes=2)
#: Reports that a worker claims and stores at once: what is lost when it is killed.
CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A report to make, as plain data."""

    item_id: int
    batch_id: int
    company: str
    cycle: str
    wish: Wish
    requested_by_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The files by name, or why there are none. `again`: it may go better next time."""

    files: Mapping[str, bytes]
    error: str = ""
    again: bool = False


def _never() -> bool:
    return False


def make_due(
    now: dt.datetime,
    folders: Folders,
    *,
    stop: Callable[[], bool] = _never,
    lease: dt.timedelta = LEASE,
    elapsed: Callable[[], float] | None = None,
    limit: int | None = None,
) -> Counter[str]:
    """Make what waits until nothing does, `limit` reports are made or `stop()` says so; how many ended in which state.

    `now` is the moment at which the pass begins; `elapsed` gives the seconds since then.
    """
    began = time.monotonic()
    passed = elapsed or (lambda: time.monotonic() - began)
    outcomes: Counter[str] = Counter()
    while not stop() and (limit is None or outcomes.total() < limit):
        moment = now + dt.timedelta(seconds=passed())
        with looking() as session:  # without the write lock: nearly always there is nothing
            idle = not queries.any_ready(session, moment)
        if idle:
            break
        claimed, lease_until = _claim(moment, lease)
        if not claimed:
            break  # another worker has them, or was the end of them; the next round looks again
        made = _make(claimed, folders, moment)
        outcomes += _store(made, lease_until, now + dt.timedelta(seconds=passed()))
    _finish(now + dt.timedelta(seconds=passed()))
    return outcomes


def _claim(now: dt.datetime, lease: dt.timedelta) -> tuple[list[_Claimed], dt.datetime]:
    lease_until = now + lease
    with writing() as session:
        items = queries.ready_items(session, now, limit=CHUNK)
        batches = queries.batches(session, sorted({item.batch_id for item in items}))
        claimed = []
        for item in items:
            item.attempts += 1
            if item.attempts > MOST_ATTEMPTS:  # whoever makes it dies each time
                item.state, item.error, item.lease_until = BatchState.FAILED, "gave_up", None
                continue
            item.state, item.lease_until = BatchState.CLAIMED, lease_until
            batch = batches[item.batch_id]
            claimed.append(
                _Claimed(
                    item_id=item.id,
                    batch_id=batch.id,
                    company=item.company.slug,
                    cycle=batch.cycle.slug,
                    wish=Wish(batch.edition, [language_of(language) for language in batch.languages], batch.layouts),
                    requested_by_id=batch.requested_by_id,
                    attempts=item.attempts,
                )
            )
    return claimed, lease_until


def _make(claimed: Sequence[_Claimed], folders: Folders, now: dt.datetime) -> dict[int, _Outcome]:
    """Facts are read here, one report after the other; printers lay out the one before meanwhile."""
    press = press_for(folders)
    made: dict[int, _Outcome] = {}
    with ThreadPoolExecutor(press.printers) as pool:
        waiting: list[tuple[_Claimed, dict[str, bytes], list[tuple[Job, Future[Printed]]]]] = []
        for item in claimed:
            try:
                source = _source(item, folders, now)
            except (NotFound, Denied) as refused:
                made[item.item_id] = _Outcome({}, "not_shared" if isinstance(refused, NotFound) else "not_allowed")
            except Exception:
                log.exception("report_batch.not_built", item=item.item_id)
                made[item.item_id] = _Outcome({}, "not_built", again=True)
            else:
                futures = [(job, pool.submit(press.make, job)) for job in source.jobs]
                waiting.append((item, {**source.stored}, futures))
        for item, files, futures in waiting:
            made[item.item_id] = _collected(item, files, futures)
    return made


def _source(item: _Claimed, folders: Folders, now: dt.datetime) -> brief_sources.Source:
    actor = actor_for(item.requested_by_id)
    if actor is None:
        raise Denied("whoever asked for it has no account any more")
    require(actor, Permission.REPORT_BATCH)
    try:
        return brief_sources.source(actor, KIND, About(item.cycle, item.company), item.wish, folders, now=now)
    finally:
        reading().close()  # the next report is read anew, and no view of the database is held meanwhile


def _collected(item: _Claimed, files: dict[str, bytes], futures: Sequence[tuple[Job, Future[Printed]]]) -> _Outcome:
    try:
        for job, future in futures:
            for layout, content in future.result().files.items():
                files[brief_sources.batch_name(item.company, item.wish.edition, job.language, layout)] = content
    except PrintingFailed:
        log.exception("report_batch.not_printed", item=item.item_id)
        return _Outcome({}, "not_printed", again=True)
    return _Outcome(files) if files else _Outcome({}, "no_language")


def _store(made: Mapping[int, _Outcome], lease_until: dt.datetime, now: dt.datetime) -> Counter[str]:
    """Keep what was made, if the lease still stands; else another worker is at it and keeps its own."""
    outcomes: Counter[str] = Counter()
    with writing() as session:
        for item_id, item in queries.leased_items(session, sorted(made), lease_until).items():
            outcome = made[item_id]
            item.lease_until, item.error = None, outcome.error
            if outcome.error:
                again = outcome.again and item.attempts < MOST_ATTEMPTS
                item.state = BatchState.WAITING if again else BatchState.FAILED
            else:
                item.state, item.made_at = BatchState.MADE, now
                session.add_all(
                    ReportBatchFile(item_id=item.id, name=name, size=len(content), content=content)
                    for name, content in outcome.files.items()
                )
            outcomes[item.state] += 1
    return outcomes


def _finish(now: dt.datetime) -> None:
    with looking() as session:
        if not queries.unfinished(session):
            return
    with writing() as session:
        for batch_id, batch in queries.batches(session, queries.unfinished(session)).items():
            batch.finished_at = now
            counts = queries.counts(session, batch_id)
            trail(session, None, "report_batch.finish", batch, now=now, after={str(k): n for k, n in counts.items()})
