"""Signing in with an address and a password."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from compliance.domain.accounts import ACCOUNT_LIMIT, ADDRESS_LIMIT, CODE_LIMIT, DEVICE_LIMIT, Method
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid
from compliance.services import audit
from compliance.services.account import guessing
from compliance.services.account.sessions import Device, Entered, Visit, begin, own_chain, proved
from compliance.services.actors import actor_of
from compliance.services.transaction import looking, writing
from compliance.storage.models import User
from compliance.storage.queries import accounts, second_factors


@dataclass(frozen=True, slots=True)
class Passwords:
    """How passwords are hashed and compared."""

    hash: Callable[[str], str]
    verify: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """What the cookie of a device says: on it this person has signed in, when the account had this marker."""

    id: str
    user_id: int
    marker: str


@dataclass(frozen=True, slots=True)
class From:
    """From where somebody tries to sign in."""

    device: Device
    known: KnownDevice | None = None


def by_password(
    email: str, password: str, source: From, passwords: Passwords, *, second_factor: bool, now: dt.datetime
) -> Entered:
    """Begin a session. Raises Invalid when address and password do not fit, TooMany when too often tried.

    Whether there is such an account shows neither in the answer nor in the time it takes: the same things are done.
    """
    address = email.strip().lower()[:320]
    with looking() as session:
        user = accounts.sign_in_user(session, address)
        only = accounts.must_use_provider(session, address)
    buckets = _buckets(address, user, source)
    guessing.count(buckets, now=now)
    right = passwords.verify(password[:1024], (user.password if user else None) or _nobodys(passwords.hash))
    if user is None or user.password is None or not right or only or actor_of(user) is None:
        with writing() as session:
            subject = f"user:{user.id}" if user else "user:unknown"
            audit.record(session, None, "session.refused", subject, now=now)
        raise Invalid([Problem("email", "sign_in_failed")])
    guessing.give_back(buckets)
    with writing() as session:
        has_passkey = second_factors.count_passkeys(session, user.id) > 0
        second_needed = second_factor or has_passkey or user.totp_secret is not None
        key = begin(session, user, Method.PASSWORD, source.device, second=not second_needed, now=now)
    return Entered(key, user.id, user.fs_uniquifier, second_needed)


def confirm(visit: Visit, password: str, passwords: Passwords, *, now: dt.datetime) -> str:
    """Show again who one is, by the password where no second factor is needed; the session's new key.

    Raises Invalid and TooMany as `by_password` does.
    """
    actor = visit.actor
    limit = (f"code:{actor.user_id}", CODE_LIMIT)
    guessing.count([limit], now=now)
    with looking() as session:
        stored = session.get_one(User, actor.user_id).password
    if stored is None or not passwords.verify(password[:1024], stored):
        raise Invalid([Problem("password", "password_wrong")])
    guessing.give_back([limit])
    with writing() as session:
        chain = own_chain(actor)
        audit.record(session, actor, "session.confirmed", f"user:{actor.user_id}", now=now, organisation_id=chain)
        return proved(session, visit.id, now=now)


def _buckets(address: str, user: User | None, source: From) -> list[guessing.Counted]:
    """What a try counts against. A device that the person has used before is counted apart from all strangers."""
    known = source.known
    own = known is not None and user is not None and (known.user_id, known.marker) == (user.id, user.fs_uniquifier)
    if own and known is not None:
        return [(f"device:{known.id}", DEVICE_LIMIT)]
    return [(f"account:{address}", ACCOUNT_LIMIT), (f"address:{source.device.address}", ADDRESS_LIMIT)]


@cache
def _nobodys(hash_password: Callable[[str], str]) -> str:
    """The hash of a password that nobody has, to be compared with where there is no account."""
    return hash_password(secrets.token_urlsafe(16))
