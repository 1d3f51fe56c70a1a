"""Events of the audit trail, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import AuditEvent, Organisation, User

_CHUNK: Final = 1_000

Found = Row[AuditEvent, str | None, int | None, str | None]


@dataclass(frozen=True, slots=True)
class Which:
    """Which events are wanted; an empty filter wants all. `since` and `until` are moments, `until` not included."""

    person: str = ""
    noun: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def page(session: Session, actor: Actor, which: Which, *, before_id: int | None, limit: int) -> Sequence[Found]:
    """Events older than `before_id`, each with the name and organisation of who acted."""
    query = _events(actor, which)
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    return session.execute(query.limit(limit)).all()


def every(session: Session, actor: Actor, which: Which) -> Iterator[Found]:
    """All of them, a few at a time in memory."""
    yield from session.execute(_events(actor, which).execution_options(yield_per=_CHUNK))


def _events(actor: Actor, which: Which) -> Select[AuditEvent, str | None, int | None, str | None]:
    return (
        select(AuditEvent, User.name, AuditEvent.actor_organisation_id, Organisation.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(Organisation, Organisation.id == AuditEvent.actor_organisation_id)
        .where(scope.trail(actor), *_conditions(actor, which))
        .order_by(AuditEvent.id.desc())
    )


def _conditions(actor: Actor, which: Which) -> Iterator[ColumnElement[bool]]:
    if which.person:
        # Who acts elsewhere is known by the organisation only; the filter must not tell more than the list does.
        own = (AuditEvent.actor_organisation_id == actor.organisation_id) & _contains(User.name, which.person)
        yield or_(own, _contains(Organisation.name, which.person))
    if which.noun:
        yield AuditEvent.action.startswith(f"{which.noun}.", autoescape=True)
    if which.subject:
        yield AuditEvent.subject == which.subject
    if which.since:
        yield AuditEvent.at >= which.since
    if which.until:
        yield AuditEvent.at < which.until


def _contains(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text.lower(), autoescape=True)
