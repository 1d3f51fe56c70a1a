"""The audit row that every use case writes in its own transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.permissions import Actor
from compliance.storage.models import AuditEvent, AuditHead

#: Where the current act comes from: an address, "command line" or "schedule". Set at the edge, read here.
origin: ContextVar[str] = ContextVar("origin", default="command line")

SYSTEM_CHAIN = "system"
GENESIS = "0" * 64


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
    record_all(session, actor, action, [(subject, before, after)], now=now, organisation_id=organisation_id)


def record_all(
    session: Session,
    actor: Actor | None,
    action: str,
    acts: Iterable[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]],
    *,
    now: dt.datetime,
    organisation_id: int | None = None,
) -> None:
    """Append one event for each (subject, before, after): what one act does to many records is in the trail of each."""
    head = _head(session, chain_of(organisation_id))
    for subject, before, after in acts:
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
    """The sha256 of an event's content and of the hash before it."""
    content = [
        event.chain,
        event.number,
        event.at.isoformat(),
        event.actor_id,
        event.actor_organisation_id,
        event.action,
        event.subject,
        event.before,
        event.after,
        event.origin,
        event.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain no longer agrees with itself."""

    chain: str
    number: int
    reason: str


def verify(session: Session) -> list[ChainFault]:
    """Every fault of every chain: a changed event, a missing one, or a head that does not fit."""
    faults: list[ChainFault] = []
    last: dict[str, tuple[int, str]] = {}
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.chain, AuditEvent.number)):
        number, previous = last.get(event.chain, (0, GENESIS))
        if event.number != number + 1:
            faults.append(ChainFault(event.chain, number + 1, "an event is missing"))
        elif event.previous_hash != previous:
            faults.append(ChainFault(event.chain, event.number, "it does not follow the event before it"))
        if hash_of(event) != event.hash:
            faults.append(ChainFault(event.chain, event.number, "its content was changed"))
        last[event.chain] = (event.number, event.hash)
    return faults + [
        ChainFault(head.chain, head.number, "the newest events are missing")
        for head in session.scalars(select(AuditHead))
        if last.get(head.chain, (0, GENESIS)) != (head.number, head.hash)
    ]
