"""Keeping what was typed when a form arrives after its session has run out.

The form is sealed and waits for the same person to be back. It is shown to them then, to be sent again or not: nothing
is done without them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select

from compliance.domain.accounts import HELD_FORM_LIFETIME
from compliance.domain.permissions import Actor
from compliance.services.account.vault import CannotOpen, Vault, digest, new_token
from compliance.services.transaction import reading, writing
from compliance.storage.models import HeldForm

_USE: Final = "held form"
#: Forms that wait for one person at most; more would only be made on purpose.
MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Held:
    """A form as it was sent: to where, and every field in its order."""

    path: str
    fields: Sequence[tuple[str, str]]


def hold(actor: Actor, form: Held, vault: Vault, *, now: dt.datetime) -> str | None:
    """Keep a form for its sender; the key to it. None when too many wait already."""
    with writing() as session:
        query = select(func.count(HeldForm.id)).where(HeldForm.user_id == actor.user_id)
        if (session.scalar(query) or 0) >= MOST:
            return None
        key = new_token()
        content = {"user": actor.user_id, "path": form.path, "fields": [list(field) for field in form.fields]}
        session.add(
            HeldForm(user_id=actor.user_id, key_hash=digest(key), sealed=vault.seal(_USE, content), created_at=now)
        )
    return key


def held(actor: Actor, key: str, vault: Vault, *, now: dt.datetime) -> Held | None:
    """The form that waits under `key`; None for anybody else than its sender, and after a day."""
    row = reading().scalars(select(HeldForm).where(HeldForm.key_hash == digest(key))).one_or_none()
    if row is None or row.user_id != actor.user_id or now - row.created_at >= HELD_FORM_LIFETIME:
        return None
    try:
        content = vault.open(_USE, row.sealed)
    except CannotOpen:
        return None
    if content["user"] != actor.user_id:
        return None
    return Held(content["path"], [(name, value) for name, value in content["fields"]])


def let_go(key: str) -> None:
    """Remove a form that was sent again, or is no longer wanted."""
    with writing() as session:
        session.execute(delete(HeldForm).where(HeldForm.key_hash == digest(key)))
