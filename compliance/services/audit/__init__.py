"""The audit row that every use case writes in its own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.audit_chain import GENESIS, Link
from compliance.domain.permissions import Actor
from compliance.services.audit.check import verify
from compliance.storage.bulk import insert_missing, insert_rows
from compliance.storage.models import AuditEvent, AuditHead

#: Where the current act comes from: an address, "command line" or "schedule". Set at the edge, read here.
origin: ContextVar[str] = ContextVar("origin", default="command line")

SYSTEM_CHAIN: Final = "system"

_COLUMNS: Final = tuple(column.key for column in AuditEvent.__table__.columns if column.key != "id")


def chain_of(organisation_id: int | None) -> str:
    """The chain of an organisation's events; without one, the system's.

    A company's own acts are in its chain. What a government does about a company stays in the department's chain
    until it is shared, so that a company's view of its trail never shows it.
    """
    return SYSTEM_CHAIN if organisation_id is None else f"organisation:{organisation_id}"


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    subject: str,
    *,
    now: dt.datetime,
    organisation_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append one event to the chain of `organisation_id`, in the caller's transaction.

    `actor` is None for what the schedule or the command line does. `subject` is "noun:id".
    """
    head = _head(session, chain_of(organisation_id))
    event = AuditEvent(
        chain=head.chain,
        number=head.number + 1,
        at=now,
        actor_id=actor.user_id if actor else None,
        actor_organisation_id=actor.organisation_id if actor else None,
        action=action,
        subject=subject,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        origin=origin.get(),
        previous_hash=head.hash,
        hash="",
    )
    event.hash = hash_of(event)
    session.add(event)
    head.number, head.hash = event.number, event.hash


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of many that are recorded together; as `record` takes it."""

    action: str
    subject: str
    organisation_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record_all(session: Session, actor: Actor | None, entries: Sequence[Entry], *, now: dt.datetime) -> None:
    """Append many events, in the caller's transaction, with a few statements however many they are.

    For an act on many companies at once: each company's chain tells of it.
    """
    events = [
        AuditEvent(
            chain=chain_of(entry.organisation_id),
            at=now,
            actor_id=actor.user_id if actor else None,
            actor_organisation_id=actor.organisation_id if actor else None,
            action=entry.action,
            subject=entry.subject,
            before=dict(entry.before) if entry.before is not None else None,
            after=dict(entry.after) if entry.after is not None else None,
            origin=origin.get(),
        )
        for entry in entries
    ]
    append(session, events)


def append(session: Session, events: Sequence[AuditEvent]) -> None:
    """Put events (without number and hashes) at the end of their chains, in the order given."""
    heads = _heads(session, sorted({event.chain for event in events}))
    for event in events:
        number, last = heads[event.chain]
        event.number, event.previous_hash = number + 1, last
        event.hash = hash_of(event)
        heads[event.chain] = (event.number, event.hash)
    insert_rows(session, AuditEvent, [{name: getattr(event, name) for name in _COLUMNS} for event in events])
    moved = [{"a_chain": chain, "a_number": number, "a_hash": last} for chain, (number, last) in heads.items()]
    table = AuditHead.__table__
    statement = update(table).where(table.c.chain == bindparam("a_chain"))  # type: ignore[arg-type]
    if moved:
        session.connection().execute(statement.values(number=bindparam("a_number"), hash=bindparam("a_hash")), moved)


def _heads(session: Session, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Number and hash of the last event of each chain, the heads locked in a stable order; made where there is none."""
    session.flush()
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(chains), 500):
        part = chains[start : start + 500]
        begun = [{"chain": chain, "number": 0, "hash": GENESIS} for chain in part]
        insert_missing(session, AuditHead, begun, AuditHead.chain)
        head = AuditHead.__table__.c
        locked = select(head.chain, head.number, head.hash).where(head.chain.in_(part)).order_by(head.chain)
        found |= {chain: (number, last) for chain, number, last in session.execute(locked.with_for_update())}
    return found


def _head(session: Session, chain: str) -> AuditHead:
    """The locked head of `chain`, made when the chain begins. Two beginners: the second waits and takes the first's."""
    locked = select(AuditHead).where(AuditHead.chain == chain).with_for_update()
    head = session.scalars(locked).one_or_none()
    if head is not None:
        return head
    try:
        with session.begin_nested():
            session.add(AuditHead(chain=chain, number=0, hash=GENESIS))
    except IntegrityError:
        pass  # another transaction began the chain between our look and our insert
    return session.scalars(locked).one()


def hash_of(event: AuditEvent) -> str:
    """The hash that the chain gives an event."""
    return Link(*(getattr(event, name) for name in Link._fields)).digest()


__all__ = ["SYSTEM_CHAIN", "chain_of", "hash_of", "origin", "record", "verify"]
