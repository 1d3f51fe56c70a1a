"""The audit trail of the demo, written in one go: the same chains and hashes as `services.audit` makes one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.services import audit
from compliance.storage.models import AuditEvent

ORIGIN: Final = "demo"
_COLUMNS: Final = tuple(column.key for column in AuditEvent.__table__.columns if column.key != "id")


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted: an account and its organisation."""

    user_id: int
    organisation_id: int


@dataclass(slots=True)
class Trail:
    """Collects events; `write` puts them into their chains in the order of time."""

    _events: dict[str, list[AuditEvent]] = field(default_factory=dict)

    def add(
        self,
        at: dt.datetime,
        person: Person | None,
        action: str,
        subject: str,
        *,
        chain: int | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """One event, as `audit.record` takes it; `chain` is its organisation's id, None the system's."""
        event = AuditEvent(
            chain=audit.chain_of(chain),
            at=at,
            actor_id=person.user_id if person else None,
            actor_organisation_id=person.organisation_id if person else None,
            action=action,
            subject=subject,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
            origin=ORIGIN,
        )
        self._events.setdefault(event.chain, []).append(event)

    def write(self, session: Session) -> None:
        """Append what was collected to its chains, and begin again."""
        audit.append(session, [event for events in self._events.values() for event in sorted(events, key=_when)])
        self._events.clear()


def _when(event: AuditEvent) -> dt.datetime:
    return event.at
