"""How often something may be tried. Counted in the database, so that processes and restarts share the count.

A try is counted before it is looked at: of a thousand that arrive at once, no more than the limit are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias

from compliance.domain.accounts import Limit
from compliance.domain.errors import TooMany
from compliance.services.account.vault import digest
from compliance.services.transaction import writing
from compliance.storage.queries import tries

#: What is tried ("account:someone@example.org") and how often it may be.
Counted: TypeAlias = tuple[str, Limit]


def count(buckets: Sequence[Counted], *, now: dt.datetime) -> None:
    """Count one try in each bucket. Raises TooMany, naming when to come back, when one of them is full."""
    waits: list[dt.timedelta] = []
    with writing() as session:
        for name, limit in sorted(buckets, key=lambda bucket: bucket[0]):  # always in one order: no deadlock
            began_at, number = tries.add(session, digest(name), now=now, since=now - limit.within)
            if number > limit.tries:
                waits.append(began_at + limit.within - now)
    if waits:
        raise TooMany(max(waits))


def give_back(buckets: Sequence[Counted]) -> None:
    """Take back one try from each bucket: it was right, so it was no guess."""
    with writing() as session:
        for name, _limit in sorted(buckets, key=lambda bucket: bucket[0]):
            tries.take_back(session, digest(name))


def used_once(name: str, lifetime: dt.timedelta, *, now: dt.datetime) -> bool:
    """Is it the first time that `name` is used within `lifetime`? Of many at once one is the first."""
    try:
        count([(f"once:{name}", Limit(1, lifetime))], now=now)
    except TooMany:
        return False
    return True


def within(bucket: Counted, *, now: dt.datetime) -> bool:
    """Count one try; was it within the limit?"""
    try:
        count([bucket], now=now)
    except TooMany:
        return False
    return True
