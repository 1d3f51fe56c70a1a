"""Removing what is no longer needed, as the settings say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.orm import Session

from compliance.services import audit
from compliance.services.transaction import writing
from compliance.storage.queries import retention as queries

_KINDS: Final[Mapping[str, Callable[[Session, dt.datetime], int]]] = {
    "sessions": queries.sessions,
    "tries": queries.tries,
    "held_forms": queries.held_forms,
    "links": queries.links,
    "invitations": queries.invitations,
    "account_mails": queries.account_mails,
}


def apply(days: Mapping[str, int], *, now: dt.datetime) -> dict[str, int]:
    """Remove what is older than `days` says for its kind; how many rows of each kind went."""
    removed: dict[str, int] = {}
    with writing() as session:
        for kind, remove in _KINDS.items():
            count = remove(session, now - dt.timedelta(days=days[kind]))
            if count:
                removed[kind] = count
        if removed:
            audit.record(session, None, "retention.apply", "retention:0", now=now, after=removed)
    return removed
