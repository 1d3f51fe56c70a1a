"""Sessions: who is signed in, on which devices, and for how long.

The cookie holds a key and nothing else that counts; the server decides with each request whether the session still
stands, the account still works and which roles the person has now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.accounts import TOUCH_AFTER, End, Method, Times, is_fresh, over
from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.services import audit
from compliance.services.account.vault import digest, new_token
from compliance.services.actors import actor_of, require
from compliance.services.transaction import reading, writing
from compliance.storage.models import User, UserSession
from compliance.storage.queries import accounts

AGENT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that began. `marker` goes into a cookie, so that the person's device is known next time."""

    key: str
    user_id: int
    marker: str
    second_needed: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A session as a request finds it. `actor` is there whether or not the second factor was shown."""

    id: int
    actor: Actor
    method: Method
    second: bool  # the second factor was shown, or is not needed: the person is signed in
    proved_at: dt.datetime
    over: End | None  # why it has run out
    time_zone: str  # in which the person reads times

    def is_open(self) -> bool:
        """Is the person signed in?"""
        return self.second and self.over is None

    def is_fresh(self, now: dt.datetime) -> bool:
        """Has the person shown lately who they are?"""
        return is_fresh(self.proved_at, now)


def begin(session: Session, user: User, method: Method, device: Device, *, second: bool, now: dt.datetime) -> str:
    """Begin a session for a person whose memberships are loaded, in the caller's transaction; its key."""
    key = new_token()
    row = UserSession(
        user_id=user.id,
        key_hash=digest(key),
        method=method,
        created_at=now,
        last_used_at=now,
        second_at=now if second else None,
        fresh_at=now,
        address=device.address[:64],
        agent=device.agent[:AGENT_LIMIT],
    )
    session.add(row)
    session.flush()
    if second:
        record_sign_in(session, user, row, now=now)
    return key


def record_sign_in(session: Session, user: User, row: UserSession, *, now: dt.datetime) -> None:
    actor = actor_of(user)
    audit.record(
        session,
        actor,
        "session.begin",
        f"session:{row.id}",
        now=now,
        organisation_id=own_chain(actor),
        after={"method": row.method},
    )


def own_chain(actor: Actor | None) -> int | None:
    """The organisation in whose chain a person's own acts about the own account stand; None: the system's."""
    return actor.organisation_id if actor is not None and actor.is_company else None


def current(key: str, *, now: dt.datetime) -> Visit | None:
    """The session of a cookie. None when there is none, when it was ended, or when the account does not work.

    That it was used is written down once a minute.
    """
    row = accounts.session_by_key(reading(), digest(key))
    actor = actor_of(row.user) if row is not None else None
    if row is None or actor is None:
        return None
    reason = over(Times(row.created_at, row.last_used_at, row.second_at), actor.kind, now)
    if reason is None and now - row.last_used_at >= TOUCH_AFTER:
        with writing() as session:
            accounts.touch(session, row.id, now)
    organisation = next(item.organisation for item in row.user.memberships if item.ended_at is None)
    return Visit(
        row.id,
        actor,
        Method(row.method),
        row.second_at is not None,
        row.fresh_at,
        reason,
        row.user.time_zone or organisation.time_zone,
    )


def entered(visit: Visit, key: str) -> Entered:
    """What is to be remembered on the device after the second factor was shown."""
    user = reading().get_one(User, visit.actor.user_id)
    return Entered(key, user.id, user.fs_uniquifier, second_needed=False)


def prove(visit: Visit, *, now: dt.datetime) -> str:
    """The person has shown the second factor: the session gets a new key and counts as fresh. Raises NotFound."""
    with writing() as session:
        return proved(session, visit.id, now=now)


def proved(session: Session, session_id: int, *, now: dt.datetime) -> str:
    """As `prove`, in the caller's transaction."""
    row = accounts.session_by_id(session, session_id)
    if row is None:
        raise NotFound("the session was ended")
    key = new_token()
    first = row.second_at is None
    row.key_hash, row.second_at, row.fresh_at, row.last_used_at = digest(key), row.second_at or now, now, now
    if first:
        record_sign_in(session, row.user, row, now=now)
    return key


def sign_out(visit: Visit, *, now: dt.datetime) -> None:
    """End the session: its cookie is worth nothing from now on."""
    with writing() as session:
        _end(session, visit.actor, visit.id, End.SIGNED_OUT, now)


def own_sessions(actor: Actor, *, now: dt.datetime) -> Sequence[UserSession]:
    """Where the person is signed in now."""
    require(actor, Permission.OWN_ACCOUNT)
    rows = accounts.open_sessions(reading(), actor.user_id)
    return [
        row for row in rows if over(Times(row.created_at, row.last_used_at, row.second_at), actor.kind, now) is None
    ]


def revoke(actor: Actor, session_id: int, *, now: dt.datetime) -> None:
    """End one of one's own sessions. Raises NotFound for anybody else's."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        _end(session, actor, session_id, End.REVOKED, now)


def _end(session: Session, actor: Actor, session_id: int, reason: End, now: dt.datetime) -> None:
    row = session.get(UserSession, session_id)
    if row is None or row.user_id != actor.user_id or row.ended_at is not None:
        raise NotFound(f"session {session_id}")
    row.ended_at, row.end_reason = now, reason
    audit.record(
        session,
        actor,
        "session.end",
        f"session:{row.id}",
        now=now,
        organisation_id=own_chain(actor),
        after={"reason": reason},
    )
