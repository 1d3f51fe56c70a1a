"""The audit row that every use case writes in its own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.audit_chain import GENESIS, Link
from compliance.domain.permissions import Actor
from compliance.services.audit_check import verify
from compliance.storage.models import AuditEvent, AuditHead

#: Where the current act comes from: an address, "command line" or "schedule". Set at the edge, read here.
origin: ContextVar[str] = ContextVar("origin", default="command line")

SYSTEM_CHAIN: Final = "system"


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
