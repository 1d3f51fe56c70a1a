"""The last look before a message goes: what it says must still be true, and nobody must have been paused since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from compliance.domain.reminder_rules import why_not
from compliance.domain.reminders import NOTICE, About, Why
from compliance.mail.waiting import Waiting
from compliance.services.reminder.sources import SOURCES, Loaded, Round
from compliance.storage.models import Reminder
from compliance.storage.queries import reminders as queries


@dataclass(slots=True)
class Look:
    """What the last look found: reminders to drop and why, reminders to put back, and what is left to say."""

    dropped: list[tuple[Reminder, Why]] = field(default_factory=list)
    held: list[Reminder] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    wanted: list[Reminder] = field(default_factory=list)


def last_look(session: Session, reminders: Collection[Reminder], now: dt.datetime) -> Look:
    """Look once more at each reminder of a message, with the same few queries however many there are."""
    round, look = Round(session, now), Look()
    loaded = load_subjects(round, {(About(item.subject_type), item.subject_id) for item in reminders})
    for reminder in reminders:
        item = loaded.get((About(reminder.subject_type), reminder.subject_id))
        if item is not None and item.subject.paused and reminder.kind != NOTICE and item.subject.stopped is None:
            look.held.append(reminder)
            continue
        key = queries.key_of(reminder)
        why = why_not(item.plan, item.subject, key, now) if item else Why.GONE
        if why is not None or item is None:
            look.dropped.append((reminder, why or Why.GONE))
            continue
        recipient = item.subject.recipient(key.recipient_key)
        look.wanted.append(reminder)
        look.waiting.append(item.waiting(now, recipient.parts if recipient else (), notice=reminder.kind == NOTICE))
    return look


def load_subjects(round: Round, wanted: Collection[tuple[About, int]]) -> dict[tuple[About, int], Loaded]:
    """Subjects of all kinds by kind and id. What is gone, or goes by a plan that cannot be used, is left out."""
    by_kind: dict[About, list[int]] = {}
    for about, id in sorted(wanted):
        by_kind.setdefault(about, []).append(id)
    found: dict[tuple[About, int], Loaded] = {}
    for about, ids in by_kind.items():
        found |= {(about, id): item for id, item in _load(round, about, ids).items()}
    return found


def _load(round: Round, about: About, ids: Sequence[int]) -> dict[int, Loaded]:
    source = SOURCES.get(about)
    return dict(source.load(round, ids)) if source else {}
