"""The second factor: six figures from an app, or a recovery code. A code is accepted once."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from compliance.domain.accounts import CODE_LIMIT, RECOVERY_CODES
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.services import audit
from compliance.services.account import guessing
from compliance.services.account.mails import queue_account_mail
from compliance.services.account.sessions import Visit, own_chain, proved
from compliance.services.account.vault import CannotOpen, Vault, digest
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import RecoveryCode, User
from compliance.storage.queries import accounts, second_factors

ISSUER: Final = "Voluntary Principles tracker"
#: Seconds by which the clock of a phone may be off.
WINDOW: Final = 30
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_USE: Final = "totp"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new secret, not stored yet: sealed for the form, and as the person's app takes it."""

    sealed: str
    key: str
    uri: str


@dataclass(frozen=True, slots=True)
class Factors:
    """Which second factors a person has."""

    app: bool
    passkeys: int
    codes_left: int

    def any(self) -> bool:
        return self.app or self.passkeys > 0


def factors(user_id: int) -> Factors:
    """The second factors of a person."""
    session = reading()
    user = session.get_one(User, user_id)
    return Factors(
        app=user.totp_secret is not None,
        passkeys=second_factors.count_passkeys(session, user_id),
        codes_left=second_factors.count_codes(session, user_id),
    )


def enrol(actor: Actor, vault: Vault, sealed: str = "") -> Enrolment:
    """A secret to put into an app: a new one, or the one that a form has carried."""
    require(actor, Permission.OWN_ACCOUNT)
    key = _carried(actor, vault, sealed) or TOTP.new().base32_key
    email = reading().get_one(User, actor.user_id).email
    uri = TOTP(key=key, format="base32", issuer=ISSUER).to_uri(label=email)
    return Enrolment(vault.seal(f"{_USE} new", {"user": actor.user_id, "key": key}), key, uri)


def _carried(actor: Actor, vault: Vault, sealed: str) -> str | None:
    try:
        value = vault.open(f"{_USE} new", sealed)
    except CannotOpen:
        return None
    return str(value["key"]) if value["user"] == actor.user_id else None


def keep_app(
    visit: Visit, sealed: str, code: str, vault: Vault, *, now: dt.datetime, base_url: str
) -> tuple[str, list[str]]:
    """Keep the secret once a code from it was shown; the session's new key and new recovery codes.

    Raises Invalid for a wrong code.
    """
    actor = visit.actor
    require(actor, Permission.OWN_ACCOUNT)
    key = _carried(actor, vault, sealed)
    if key is None:
        raise Invalid([Problem("code", "code_expired")])
    limit = (f"code:{actor.user_id}", CODE_LIMIT)
    guessing.count([limit], now=now)
    counter = _match(key, code, None, now)
    if counter is None:
        raise Invalid([Problem("code", "code_wrong")])
    guessing.give_back([limit])
    with writing() as session:
        user = accounts.lock_user(session, actor.user_id)
        user.totp_secret, user.totp_counter = vault.seal(_USE, {"user": user.id, "key": key}), counter
        codes = make_codes(session, user.id, now)
        _record(session, actor, "second_factor.app", now)
        queue_account_mail(session, user.id, "notice", now=now, base_url=base_url, what="second_factor")
        return proved(session, visit.id, now=now), codes


def remove_app(actor: Actor, *, now: dt.datetime, required: bool, base_url: str) -> None:
    """Take the app away. Raises Invalid when it is the last second factor and one is required."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        user = accounts.lock_user(session, actor.user_id)
        if user.totp_secret is None:
            raise NotFound("no app")
        if required and not second_factors.count_passkeys(session, user.id):
            raise Invalid([Problem("app", "last_second_factor")])
        user.totp_secret = user.totp_counter = None
        _record(session, actor, "second_factor.app_removed", now)
        queue_account_mail(session, user.id, "notice", now=now, base_url=base_url, what="second_factor")


def new_codes(actor: Actor, *, now: dt.datetime) -> list[str]:
    """Ten new recovery codes; the old ones no longer count."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        accounts.lock_user(session, actor.user_id)
        codes = make_codes(session, actor.user_id, now)
        _record(session, actor, "second_factor.codes", now)
        return codes


def show_code(visit: Visit, code: str, vault: Vault, *, now: dt.datetime) -> str:
    """Show a code of the app or a recovery code: the second step of signing in, or again before what is sensitive.

    The session's new key. Raises Invalid for a wrong or used code, TooMany when too often tried.
    """
    actor = visit.actor
    limit = (f"code:{actor.user_id}", CODE_LIMIT)
    guessing.count([limit], now=now)
    with writing() as session:
        how = _use(session, actor.user_id, code, vault, now)
        _record(session, actor, f"second_factor.{how or 'refused'}", now)
        key = proved(session, visit.id, now=now) if how else None
    if key is None:
        raise Invalid([Problem("code", "code_wrong")])
    guessing.give_back([limit])
    return key


def _use(session: Session, user_id: int, code: str, vault: Vault, now: dt.datetime) -> str | None:
    """Use up a code; which kind it was. The account is locked: of many that show the same code one comes through."""
    user = accounts.lock_user(session, user_id)
    if user.totp_secret is not None:
        counter = _match(_open(user, vault), code, user.totp_counter, now)
        if counter is not None:
            user.totp_counter = counter
            return "code_shown"
    row = second_factors.unused_code(session, user_id, _code_hash(user_id, code))
    if row is None:
        return None
    row.used_at = now
    return "recovery_code_used"


def _open(user: User, vault: Vault) -> str:
    """The secret of the person's app; "" when the secret key of the installation has changed."""
    try:
        value = vault.open(_USE, user.totp_secret or "")
    except CannotOpen:
        return ""
    return str(value["key"]) if value["user"] == user.id else ""


def _match(key: str, code: str, last: int | None, now: dt.datetime) -> int | None:
    """The counter of a code that is right at `now` and newer than the last one; None for any other."""
    figures = "".join(code.split())
    if not key or not (figures.isascii() and figures.isdecimal()):
        return None
    try:
        found = TOTP(key=key, format="base32").match(
            figures, time=int(now.timestamp()), window=WINDOW, last_counter=last
        )
    except TokenError:
        return None
    return int(found.counter)


def make_codes(session: Session, user_id: int, now: dt.datetime) -> list[str]:
    """Ten new recovery codes in the place of the old ones, in the caller's transaction."""
    second_factors.drop_codes(session, user_id)
    codes = ["-".join(_letters() for _ in range(4)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(user_id=user_id, code_hash=_code_hash(user_id, code), created_at=now) for code in codes
    )
    return codes


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def _code_hash(user_id: int, code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    return digest(f"recovery {user_id} {letters}")


def _record(session: Session, actor: Actor, action: str, now: dt.datetime) -> None:
    audit.record(session, actor, action, f"user:{actor.user_id}", now=now, organisation_id=own_chain(actor))
