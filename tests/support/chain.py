"""A chain of audit events to tamper with, as somebody with the rights of the database would."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from compliance.domain.audit_chain import GENESIS, Link
from compliance.storage.models import AuditEvent, AuditHead

CHAIN = "organisation:77"
NOW = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)

_TRIGGERS = {
    "audit_event_keeps": "audit_event",
    "audit_event_stays": "audit_event",
    "audit_head_forward": "audit_head",
    "audit_head_stays": "audit_head",
}


def links(count: int) -> list[dict[str, Any]]:
    """`count` events of one chain, with their hashes, as rows."""
    rows: list[dict[str, Any]] = []
    previous = GENESIS
    for number in range(1, count + 1):
        link = linked(number, previous, f"Réponse {number}")
        previous = link.digest()
        rows.append({**link._asdict(), "hash": previous})
    return rows


def linked(number: int, previous: str, words: str) -> Link:
    at = NOW + dt.timedelta(seconds=number, microseconds=number % 3)
    before = {"explanation": words, "numbers": [number, None]} if number % 2 else None
    after = {"explanation": f"{words} '", "z": 1, "a": {"é": True}}
    return Link(CHAIN, number, at, None, None, "answer.save", f"answer:{number}", before, after, "127.0.0.1", previous)


def store(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(AuditEvent), rows)
    session.execute(insert(AuditHead), [{"chain": CHAIN, "number": len(rows), "hash": rows[-1]["hash"]}])


def disarm(session: Session) -> None:
    """Take the guards of the database away, as only its owner can."""
    on_table = session.get_bind().dialect.name == "postgresql"
    for trigger, table in _TRIGGERS.items():
        session.execute(text(f"DROP TRIGGER {trigger}" + (f" ON {table}" if on_table else "")))


def alter(session: Session, count: int, chance: random.Random) -> int:
    number = chance.randint(1, count)
    change: dict[str, Any] = chance.choice(
        [
            {"action": "answer.saved"},
            {"subject": "answer:9999"},
            {"at": NOW - dt.timedelta(days=1)},
            {"origin": "10.0.0.1"},
            {"after": {"explanation": "softer"}},
            {"before": {"explanation": "earlier"}},
        ]
    )
    session.execute(update(AuditEvent).where(_at(number)).values(change))
    return number


def alter_with_hash(session: Session, count: int, chance: random.Random) -> int:
    """The forger computes the hash of the changed event anew: the next event gives it away, or the head."""
    number = chance.randint(1, count)
    event = session.scalars(select(AuditEvent).where(_at(number))).one()
    forged = Link(*(getattr(event, name) for name in Link._fields))._replace(after={"explanation": "softer"})
    session.execute(update(AuditEvent).where(_at(number)).values(after=forged.after, hash=forged.digest()))
    return min(number + 1, count)


def remove(session: Session, count: int, chance: random.Random) -> int:
    number = chance.randint(1, count)
    session.execute(delete(AuditEvent).where(_at(number)))
    return number


def insert_between(session: Session, count: int, chance: random.Random) -> int:
    """An event put in properly after `number`, the later ones moved on: the first moved one gives it away."""
    number = chance.randint(0, count)
    for later in range(count, number, -1):
        session.execute(update(AuditEvent).where(_at(later)).values(number=later + 1))
    previous = session.scalar(select(AuditEvent.hash).where(_at(number))) or GENESIS
    link = linked(number + 1, previous, "forged")
    session.execute(insert(AuditEvent), [{**link._asdict(), "hash": link.digest()}])
    if number == count - 1:
        return count  # the event that was the head is another one now
    return number + 2 if number < count else count + 1


def swap(session: Session, count: int, chance: random.Random) -> int:
    first, second = sorted(chance.sample(range(1, count + 1), 2))
    for number, other in ((first, -1), (second, first), (-1, second)):
        session.execute(update(AuditEvent).where(_at(number)).values(number=other))
    return first


def truncate(session: Session, count: int, chance: random.Random) -> int:
    number = chance.randint(1, count)
    session.execute(delete(AuditEvent).where(AuditEvent.chain == CHAIN, AuditEvent.number >= number))
    return number


def truncate_with_head(session: Session, count: int, chance: random.Random) -> int:
    """The head is turned back as well, or taken away: only the head that was kept elsewhere knows better."""
    number = truncate(session, count, chance)
    last = session.scalar(select(AuditEvent.hash).where(_at(number - 1)))
    if last is None:
        session.execute(delete(AuditHead).where(AuditHead.chain == CHAIN))
    else:
        session.execute(update(AuditHead).where(AuditHead.chain == CHAIN).values(number=number - 1, hash=last))
    return count


def rewrite(session: Session, count: int, chance: random.Random) -> int:
    """Everything from one event on is forged with proper hashes, the head too."""
    number = chance.randint(1, count)
    previous = session.scalar(select(AuditEvent.hash).where(_at(number - 1))) or GENESIS
    for later in range(number, count + 1):
        link = linked(later, previous, "forged")
        previous = link.digest()
        session.execute(update(AuditEvent).where(_at(later)).values({**link._asdict(), "hash": previous}))
    session.execute(update(AuditHead).where(AuditHead.chain == CHAIN).values(hash=previous))
    return count


def _at(number: int) -> Any:
    return (AuditEvent.chain == CHAIN) & (AuditEvent.number == number)


#: Each way to tamper; what it returns is the number of the event at which the first fault must be named.
WAYS: tuple[Callable[[Session, int, random.Random], int], ...] = (
    alter,
    alter_with_hash,
    remove,
    insert_between,
    swap,
    truncate,
    truncate_with_head,
    rewrite,
)
