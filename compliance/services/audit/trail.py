"""Reading the audit trail: an organisation its own part, an administrator what concerns accounts and the system."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compliance.domain.permissions import Actor, Permission
from compliance.reporting.data_files import csv_text
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.transaction import looking, reading, writing
from compliance.storage.queries import trail as queries
from compliance.storage.queries.trail import Found, Which

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `person` is None for the schedule and the command line, and for people of other organisations."""

    id: int
    chain: str
    number: int
    at: dt.datetime
    person: str | None
    organisation: str | None
    action: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    origin: str
    hash: str

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """Field, value before, value after, of each field that is not the same."""
        names = dict.fromkeys([*self.before, *self.after])
        pairs = ((name, self.before.get(name), self.after.get(name)) for name in names)
        return [change for change in pairs if change[1] != change[2]]


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of events, newest first; `older` is the id to go on from, None at the end."""

    events: Sequence[Event]
    older: int | None


def trail(actor: Actor, which: Which, *, before_id: int | None = None) -> Trail:
    """One page of what the person may read. Raises Denied for roles that do not answer for their organisation."""
    require(actor, Permission.TRAIL_VIEW)
    rows = queries.page(reading(), actor, which, before_id=before_id, limit=PAGE + 1)
    events = [_event(actor, row) for row in rows[:PAGE]]
    return Trail(events, events[-1].id if len(rows) > PAGE else None)


def export(actor: Actor, which: Which, form: str, *, now: dt.datetime) -> Iterator[str]:
    """All of it as "csv" or "json" (one object per line), written as it is read. The export is an event itself."""
    require(actor, Permission.TRAIL_VIEW)
    own = None if not (actor.is_company or actor.is_government) else actor.organisation_id
    with writing() as session:
        audit.record(
            session,
            actor,
            "audit.export",
            f"chain:{audit.chain_of(own)}",
            now=now,
            organisation_id=own,
            after={"form": form},
        )
    return {"csv": _csv, "json": _json}[form](actor, which)


def _csv(actor: Actor, which: Which) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    yield "\ufeff"  # spreadsheets look for it
    writer.writerow(_COLUMNS)
    for event in _every(actor, which):
        writer.writerow([csv_text(value) for value in _plain(event).values()])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _json(actor: Actor, which: Which) -> Iterator[str]:
    for event in _every(actor, which):
        yield json.dumps(_plain(event, whole=True), ensure_ascii=False) + "\n"


def _every(actor: Actor, which: Which) -> Iterator[Event]:
    with looking() as session:
        for row in queries.every(session, actor, which):
            yield _event(actor, row)


_COLUMNS: Final = (
    *("chain", "number", "at", "person", "organisation", "action", "subject", "before", "after", "origin", "hash"),
)


def _plain(event: Event, *, whole: bool = False) -> dict[str, Any]:
    """An event as plain values; the two documents as JSON text, or `whole`."""
    plain = {name: getattr(event, name) for name in _COLUMNS} | {"at": event.at.isoformat()}
    if not whole:
        for name in ("before", "after"):
            plain[name] = json.dumps(plain[name], ensure_ascii=False) if plain[name] else ""
    return plain


def _event(actor: Actor, row: Found) -> Event:
    event, person, organisation_id, organisation = row
    # A company never learns who in government acted, nor a department who in another.
    named = organisation_id == actor.organisation_id or not (actor.is_company or actor.is_government)
    return Event(
        id=event.id,
        chain=event.chain,
        number=event.number,
        at=event.at,
        person=person if named else None,
        organisation=organisation,
        action=event.action,
        subject=event.subject,
        before=event.before or {},
        after=event.after or {},
        origin=event.origin if named else "",
        hash=event.hash,
    )


__all__ = ["Event", "Trail", "Which", "export", "trail"]
