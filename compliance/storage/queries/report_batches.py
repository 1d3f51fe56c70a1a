"""Batches of reports: what waits to be made, how far it is, and what goes into the zip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from compliance.domain.permissions import Actor
from compliance.domain.reports import BatchState
from compliance.storage.models import (
    Organisation,
    ReportBatch,
    ReportBatchFile,
    ReportBatchItem,
    Result,
    Sharing,
)


def own_batch(session: Session, actor: Actor, batch_id: int) -> ReportBatch | None:
    """A batch that the person asked for; another's may hold what this person may not see."""
    return session.scalars(
        select(ReportBatch)
        .where(ReportBatch.id == batch_id, ReportBatch.requested_by_id == actor.user_id)
        .options(joinedload(ReportBatch.cycle))
    ).one_or_none()


def own_batches(session: Session, actor: Actor, *, limit: int) -> Sequence[ReportBatch]:
    """The person's batches, newest first."""
    return session.scalars(
        select(ReportBatch)
        .where(ReportBatch.requested_by_id == actor.user_id)
        .options(joinedload(ReportBatch.cycle))
        .order_by(ReportBatch.id.desc())
        .limit(limit)
    ).all()


def by_key(session: Session, key: str) -> ReportBatch | None:
    return session.scalars(select(ReportBatch).where(ReportBatch.request_key == key)).one_or_none()


def companies_to_report(session: Session, country: str, cycle_id: int) -> Sequence[int]:
    """The companies with results in a cycle whose content is shared with `country` now."""
    return session.scalars(
        select(Sharing.company_id)
        .join(Organisation, Organisation.id == Sharing.company_id)
        .where(
            Sharing.cycle_id == cycle_id,
            Sharing.country == country,
            Sharing.ended_at.is_(None),
            select(Result.id).where(Result.cycle_id == cycle_id, Result.company_id == Sharing.company_id).exists(),
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()


def any_ready(session: Session, now: dt.datetime) -> bool:
    """Is there an item that may be made at `now`?"""
    left_behind = and_(ReportBatchItem.state == BatchState.CLAIMED, ReportBatchItem.lease_until <= now)
    ready = select(ReportBatchItem.id).where(or_(ReportBatchItem.state == BatchState.WAITING, left_behind))
    return session.scalar(ready.limit(1)) is not None


def ready_items(session: Session, now: dt.datetime, *, limit: int) -> Sequence[ReportBatchItem]:
    """Items that may be made at `now`, locked: one that a worker left behind, else those that wait, oldest first.

    What was left behind is made alone: if it is what killed the worker, it takes no other report with it again.
    """
    left_behind = and_(ReportBatchItem.state == BatchState.CLAIMED, ReportBatchItem.lease_until <= now)
    return _unlocked(session, left_behind, 1) or _unlocked(session, ReportBatchItem.state == BatchState.WAITING, limit)


def _unlocked(session: Session, which: ColumnElement[bool], limit: int) -> Sequence[ReportBatchItem]:
    return session.scalars(
        select(ReportBatchItem)
        .where(which)
        .order_by(ReportBatchItem.id)
        .limit(limit)
        .options(joinedload(ReportBatchItem.company))
        .with_for_update(skip_locked=True, of=ReportBatchItem)
    ).all()


def leased_items(session: Session, item_ids: Sequence[int], lease_until: dt.datetime) -> dict[int, ReportBatchItem]:
    """Those of the items on which this worker's lease still stands, locked."""
    found = session.scalars(
        select(ReportBatchItem)
        .where(
            ReportBatchItem.id.in_(item_ids),
            ReportBatchItem.state == BatchState.CLAIMED,
            ReportBatchItem.lease_until == lease_until,
        )
        .with_for_update()
    )
    return {item.id: item for item in found}


def batches(session: Session, batch_ids: Sequence[int]) -> dict[int, ReportBatch]:
    found = session.scalars(
        select(ReportBatch).where(ReportBatch.id.in_(batch_ids)).options(joinedload(ReportBatch.cycle))
    )
    return {batch.id: batch for batch in found}


def counts(session: Session, batch_id: int) -> dict[str, int]:
    """How many items are in which state."""
    rows = session.execute(
        select(ReportBatchItem.state, func.count())
        .where(ReportBatchItem.batch_id == batch_id)
        .group_by(ReportBatchItem.state)
    )
    return {state: number for state, number in rows}  # noqa: C416 - rows are not pairs to mypy


def unfinished(session: Session) -> Sequence[int]:
    """Batches that are not finished although none of their items waits or is being made."""
    busy = select(ReportBatchItem.id).where(
        ReportBatchItem.batch_id == ReportBatch.id,
        ReportBatchItem.state.in_((BatchState.WAITING, BatchState.CLAIMED)),
    )
    return session.scalars(select(ReportBatch.id).where(ReportBatch.finished_at.is_(None), ~busy.exists())).all()


def failures(session: Session, batch_id: int, *, limit: int) -> Sequence[ReportBatchItem]:
    """The items that could not be made, with their companies."""
    return session.scalars(
        select(ReportBatchItem)
        .where(ReportBatchItem.batch_id == batch_id, ReportBatchItem.state == BatchState.FAILED)
        .options(joinedload(ReportBatchItem.company))
        .order_by(ReportBatchItem.id)
        .limit(limit)
    ).all()


def batch_file_ids(session: Session, batch_id: int) -> Sequence[int]:
    """The files of a batch in the order of their names."""
    return session.scalars(
        select(ReportBatchFile.id)
        .join(ReportBatchItem, ReportBatchItem.id == ReportBatchFile.item_id)
        .where(ReportBatchItem.batch_id == batch_id)
        .order_by(ReportBatchFile.name)
    ).all()


def batch_file(session: Session, file_id: int) -> tuple[str, bytes]:
    """Name and content of one file: a thousand at once would fill the memory."""
    found = session.execute(
        select(ReportBatchFile.name, ReportBatchFile.content).where(ReportBatchFile.id == file_id)
    ).one()
    return found.name, found.content
