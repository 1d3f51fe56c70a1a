"""The chain of audit events: how an event's hash is made, and what can be wrong with a chain.

Each event's hash covers its content and the hash before it, so that nothing can be changed, taken out, put in or moved
without a place where the chain no longer agrees with itself. Whoever can rewrite a whole chain and its head is caught
by the signed heads that were written outside the database (`services/audit/heads.py`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

#: The hash before the first event.
GENESIS: Final = "0" * 64

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Link(NamedTuple):
    """What the hash of an event covers, in this order. The order is part of every stored hash: never change it."""

    chain: str
    number: int
    at: dt.datetime
    actor_id: int | None
    actor_organisation_id: int | None
    action: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    origin: str
    previous_hash: str

    def digest(self) -> str:
        """The sha256 of the event, in hexadecimal digits."""
        content = (self.chain, self.number, self.at.isoformat(), *self[3:])
        return hashlib.sha256(_ENCODER.encode(content).encode()).hexdigest()


class Head(NamedTuple):
    """Where a chain ends: the number and the hash of its newest event."""

    chain: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True, order=True)
class ChainFault:
    """The first place where a chain no longer agrees with itself, or with a head that was kept."""

    chain: str
    number: int
    reason: str


class Walk:
    """Goes along events in the order of chain and number, and remembers what is wrong.

    A long trail is walked in pieces: `before` is the event that stands before the piece's first, if there is one.
    `kept` are heads that were written down elsewhere at some time: a chain may have grown since, but the event must
    still be there with that hash.
    """

    def __init__(self, before: Head | None = None, kept: Iterable[Head] = ()) -> None:
        self.faults: list[ChainFault] = []
        self.ends: dict[str, Head] = {before.chain: before} if before else {}
        self.met: set[Head] = set()
        self._kept = {(head.chain, head.number): head for head in kept}

    def step(self, link: Link, stored: str) -> None:
        """Look at the next event and its stored hash."""
        before = self.ends.get(link.chain) or Head(link.chain, 0, GENESIS)
        if link.number != before.number + 1:
            self._fault(link.chain, before.number + 1, "an event is missing")
        elif link.previous_hash != before.hash:
            self._fault(link.chain, link.number, "it does not follow the event before it")
        if link.digest() != stored:
            self._fault(link.chain, link.number, "its content was changed")
        if (kept := self._kept.get((link.chain, link.number))) is not None:
            self.met.add(kept)
            if kept.hash != stored:
                self._fault(link.chain, link.number, "it is not the event whose signed hash was kept")
        self.ends[link.chain] = Head(link.chain, link.number, stored)

    def _fault(self, chain: str, number: int, reason: str) -> None:
        self.faults.append(ChainFault(chain, number, reason))


def faults_at_the_end(ends: Mapping[str, Head], heads: Iterable[Head]) -> Iterator[ChainFault]:
    """Chains that end elsewhere than their stored head says. `ends` are the ends that a walk has found."""
    without_head = dict(ends)
    for head in heads:
        end = without_head.pop(head.chain, Head(head.chain, 0, GENESIS))
        if end.number < head.number:
            yield ChainFault(head.chain, end.number + 1, "the newest events are missing")
        elif end != head:
            yield ChainFault(head.chain, min(end.number, head.number + 1), "the chain does not end where its head says")
    for chain, end in sorted(without_head.items()):
        yield ChainFault(chain, end.number, "the head of the chain is missing")


__all__ = ["GENESIS", "ChainFault", "Head", "Link", "Walk", "faults_at_the_end"]
