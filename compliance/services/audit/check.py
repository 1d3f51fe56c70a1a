"""Checking the audit trail: every chain recomputed, and compared with the heads that were kept outside the database."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, create_engine, func, select, tuple_, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from compliance.domain.audit_chain import ChainFault, Head, Link, Walk, faults_at_the_end
from compliance.storage.models import AuditEvent, AuditHead

#: Rows held in memory at a time.
_CHUNK: Final = 5_000
#: Events that one process walks along; a shorter trail is not worth a second process.
_PIECE: Final = 50_000
_ORDER: Final = (AuditEvent.chain, AuditEvent.number)
#: Read as the driver gives them: a million rows through the types of the models take three times as long.
_RAW: Final = frozenset({"at", "before", "after"})


class Found(NamedTuple):
    """What was found along one piece of the trail."""

    faults: list[ChainFault]
    ends: dict[str, Head]
    met: set[Head]


class Piece(NamedTuple):
    """A piece of the trail: from one event (chain, number) up to, not including, another; None is the very end."""

    first: tuple[str, int] | None
    end: tuple[str, int] | None
    kept: tuple[Head, ...]


def verify(session: Session, kept: Iterable[Head] = ()) -> list[ChainFault]:
    """Every fault of every chain, also against heads kept elsewhere, ordered by chain and number.

    A long trail is walked by as many processes as the machine has cores; memory does not grow with the trail.
    """
    kept = tuple(kept)
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    pieces = [Piece(first, end, kept) for first, end in _cuts(session)]
    if len(pieces) == 1:
        found = [_walk(session, pieces[0])]
    else:
        with ProcessPoolExecutor(min(os.cpu_count() or 1, len(pieces)), mp_context=get_context("spawn")) as pool:
            found = list(pool.map(_walk_in_process, [url] * len(pieces), pieces))
    return sorted(_together(found, heads(session), kept))


def heads(session: Session) -> list[Head]:
    """The ends of all chains, by chain."""
    rows = session.execute(select(AuditHead.chain, AuditHead.number, AuditHead.hash).order_by(AuditHead.chain))
    return [Head(*row) for row in rows]


def _together(found: list[Found], ends: list[Head], kept: tuple[Head, ...]) -> Iterator[ChainFault]:
    last: dict[str, Head] = {}
    missing = set(kept)
    for piece in found:
        yield from piece.faults
        last |= piece.ends
        missing -= piece.met
    yield from faults_at_the_end(last, ends)
    for head in missing:
        yield ChainFault(head.chain, head.number, "an event whose signed hash was kept is missing")


def _cuts(session: Session) -> list[tuple[tuple[str, int] | None, tuple[str, int] | None]]:
    """Where the pieces begin and end."""
    row = func.row_number().over(order_by=_ORDER).label("row")
    numbered = select(*_ORDER, row).subquery()
    query = select(numbered.c.chain, numbered.c.number).where(numbered.c.row % _PIECE == 0).order_by(*numbered.c[:2])
    starts = [None, *(tuple(found) for found in session.execute(query))]
    return list(zip(starts, [*starts[1:], None], strict=True))


def _walk_in_process(url: str, piece: Piece) -> Found:
    engine = create_engine(url)
    gc.disable()  # rows are read once and hold no cycles: looking for them took a tenth of the time
    try:
        with Session(engine) as session:
            return _walk(session, piece)
    finally:
        engine.dispose()


def _walk(session: Session, piece: Piece) -> Found:
    walk = Walk(_before(session, piece.first), piece.kept)
    for link, stored in _links(session, piece):
        walk.step(link, stored)
    return Found(walk.faults, walk.ends, walk.met)


def _before(session: Session, first: tuple[str, int] | None) -> Head | None:
    """The event that stands before the piece in its chain."""
    if first is None:
        return None
    earlier = select(*_ORDER, AuditEvent.hash).where(AuditEvent.chain == first[0], AuditEvent.number < first[1])
    row = session.execute(earlier.order_by(AuditEvent.number.desc()).limit(1)).one_or_none()
    return Head(*row) if row else None


def _links(session: Session, piece: Piece) -> Iterator[tuple[Link, str]]:
    rows = session.execute(_between(piece).execution_options(yield_per=_CHUNK))
    for chain, number, at, actor, organisation, action, subject, before, after, origin, previous, stored in rows:
        link = Link(
            *(chain, number, _moment(at), actor, organisation, action, subject),
            *(_document(before), _document(after), origin, previous),
        )
        yield link, stored


def _between(piece: Piece) -> Select[Any]:
    columns = [getattr(AuditEvent, name) for name in Link._fields]
    read = [type_coerce(column, NullType) if column.key in _RAW else column for column in columns]
    query = select(*read, AuditEvent.hash).order_by(*_ORDER)
    if piece.first:
        query = query.where(tuple_(*_ORDER) >= piece.first)
    if piece.end:
        query = query.where(tuple_(*_ORDER) < piece.end)
    return query


def _moment(value: Any) -> dt.datetime:
    moment: dt.datetime = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _document(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


__all__ = ["heads", "verify"]
