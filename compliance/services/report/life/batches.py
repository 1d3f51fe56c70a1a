"""All briefs of a cycle in one act: asked for once, made in the background by any number of workers, one zip.

How they are made is `batch_work`. Each report is built as the person who asked may see it at the moment at which it is
built.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.reports import BatchState
from compliance.domain.text import LANGUAGES
from compliance.reporting import FORMATS
from compliance.reporting.zipping import Entry, zipped
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.report import reports
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import Cycle, ReportBatch, ReportBatchItem
from compliance.storage.queries import cycles
from compliance.storage.queries import report_batches as queries

KIND: Final = "company-brief"
LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    cycle: str
    edition: str
    languages: Sequence[str]
    layouts: Sequence[str]


def request(actor: Actor, order: Order, key: str, *, now: dt.datetime) -> int:
    """Ask for the briefs on all companies that are shared; the id of the batch. The same form twice is one batch.

    Raises Invalid for a faulty order or when no company is shared, Denied for whoever may not.
    """
    require(actor, Permission.REPORT_BATCH)
    problems = _faults(order)
    if problems:
        raise Invalid(problems)
    with writing() as session:
        known = queries.by_key(session, key)
        if known is not None and known.requested_by_id == actor.user_id:
            return known.id
        cycle = cycles.cycle_by_slug(session, order.cycle)
        companies = queries.companies_to_report(session, actor.country or "", cycle.id) if cycle else []
        if cycle is None or not companies:
            raise Invalid([Problem("cycle", "nothing_to_report")])
        batch = ReportBatch(
            kind=KIND,
            cycle_id=cycle.id,
            country=actor.country or "",
            requested_by_id=actor.user_id,
            edition=order.edition,
            languages=list(order.languages),
            layouts=list(order.layouts),
            request_key=key,
            created_at=now,
        )
        session.add(batch)
        session.flush()
        session.add_all(
            ReportBatchItem(batch_id=batch.id, company_id=company_id, state=BatchState.WAITING)
            for company_id in companies
        )
        after = {"cycle": order.cycle, "companies": len(companies), "edition": order.edition}
        trail(session, actor, "report_batch.request", batch, now=now, after=after)
        return batch.id


def _faults(order: Order) -> list[Problem]:
    found = []
    if order.edition not in reports.EDITIONS:
        found.append(Problem("edition", "edition_needed"))
    if not order.languages or not set(order.languages) <= set(LANGUAGES):
        found.append(Problem("languages", "report_language_needed"))
    if not order.layouts or not set(order.layouts) <= set(FORMATS):
        found.append(Problem("layouts", "layout_needed"))
    return found


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch and how far it is."""

    batch: ReportBatch
    made: int
    failed: int
    total: int
    failures: Sequence[ReportBatchItem]

    @property
    def done(self) -> int:
        return self.made + self.failed


def batch_page(actor: Actor, batch_id: int) -> BatchPage:
    """A batch that the person asked for; raises NotFound for any other."""
    require(actor, Permission.REPORT_BATCH)
    session = reading()
    batch = queries.own_batch(session, actor, batch_id)
    if batch is None:
        raise NotFound(str(batch_id))
    counts = queries.counts(session, batch_id)
    failed = counts.get(BatchState.FAILED, 0)
    return BatchPage(
        batch=batch,
        made=counts.get(BatchState.MADE, 0),
        failed=failed,
        total=sum(counts.values()),
        failures=queries.failures(session, batch_id, limit=LISTED) if failed else [],
    )


def listing(actor: Actor) -> tuple[Sequence[ReportBatch], Sequence[Cycle]]:
    """The person's newest batches, and the cycles of which briefs can be asked for."""
    require(actor, Permission.REPORT_BATCH)
    session = reading()
    return queries.own_batches(session, actor, limit=LISTED), cycles.all_cycles(session)


def take_zip(actor: Actor, batch_id: int, *, now: dt.datetime) -> tuple[str, Iterator[bytes]]:
    """Name and content of the zip, in pieces: it is written while it is sent, one report in memory at a time.

    Raises NotAllowed before the batch is finished. Who takes it is written down.
    """
    page = batch_page(actor, batch_id)
    if page.batch.finished_at is None:
        raise NotAllowed("the batch is not finished")
    batch = page.batch
    with writing() as session:
        trail(session, actor, "report_batch.download", batch, now=now, after={"files": page.made})
    return f"{batch.kind}-{batch.cycle.slug}-{batch.id}.zip", zipped(_entries(batch), batch.finished_at or now)


def _entries(batch: ReportBatch) -> Iterator[Entry]:
    with looking() as session:
        ids = queries.batch_file_ids(session, batch.id)
        failed = queries.failures(session, batch.id, limit=100_000)
        lines = [f"{item.company.slug}\t{item.error}\n" for item in failed]
    for file_id in ids:
        with looking() as session:
            name, content = queries.batch_file(session, file_id)
        yield Entry(name, content)
    if lines:
        yield Entry("not-made.txt", "".join(lines).encode())


def trail(
    session: Session,
    actor: Actor | None,
    action: str,
    batch: ReportBatch,
    *,
    now: dt.datetime,
    after: Mapping[str, object],
) -> None:
    organisation_id = actor.organisation_id if actor else None
    subject = f"report_batch:{batch.id}"
    audit.record(session, actor, action, subject, now=now, organisation_id=organisation_id, after=after)
