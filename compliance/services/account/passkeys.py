"""Passkeys: registered on the account page, then a way to sign in that is password and second factor in one.

A passkey always checks the person too (finger, face, PIN): who holds the device alone does not get in. The browser
binds it to the host of the site, so that it cannot be used on a page that only looks like it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import webauthn
from sqlalchemy.orm import Session
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from compliance.domain.accounts import LINK_LIMIT, Method
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.services import audit
from compliance.services.account import guessing
from compliance.services.account.mails import queue_account_mail
from compliance.services.account.second_factors import ISSUER, make_codes
from compliance.services.account.sessions import Device, Entered, Visit, begin, own_chain, proved
from compliance.services.account.vault import digest
from compliance.services.actors import actor_of, require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Passkey, User
from compliance.storage.queries import accounts, second_factors

NAME_LIMIT: Final = 60
MOST: Final = 10
#: How long the browser has to answer a challenge.
LIFETIME: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser gave back for a challenge, on a site at `base_url`."""

    credential: str
    challenge: bytes
    base_url: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        return host_of(self.base_url)


def host_of(base_url: str) -> str:
    """The host that passkeys are bound to."""
    return urlsplit(base_url).hostname or "localhost"


def own(actor: Actor) -> Sequence[Passkey]:
    """One's passkeys, oldest first."""
    require(actor, Permission.OWN_ACCOUNT)
    return second_factors.passkeys(reading(), actor.user_id)


def options_to_register(actor: Actor, challenge: bytes, base_url: str) -> str:
    """What the browser needs to make a passkey, as JSON."""
    require(actor, Permission.OWN_ACCOUNT)
    session = reading()
    user = session.get_one(User, actor.user_id)
    options = webauthn.generate_registration_options(
        rp_id=host_of(base_url),
        rp_name=ISSUER,
        user_id=bytes.fromhex(digest(f"passkey {user.id}")),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(second_factors.passkeys(session, user.id)),
    )
    return webauthn.options_to_json(options)


def options_to_sign_in(challenge: bytes, base_url: str, user_id: int | None = None) -> str:
    """What the browser needs to use a passkey, as JSON; any of the site's, or one of a person's."""
    known = _described(second_factors.passkeys(reading(), user_id)) if user_id is not None else []
    options = webauthn.generate_authentication_options(
        rp_id=host_of(base_url),
        challenge=challenge,
        allow_credentials=known,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def register(visit: Visit, name: str, answer: Answer, *, now: dt.datetime) -> list[str]:
    """Keep a new passkey; recovery codes if the person has none yet. Raises Invalid."""
    actor = visit.actor
    require(actor, Permission.OWN_ACCOUNT)
    _once(answer, now)
    try:
        found = webauthn.verify_registration_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.host,
            expected_origin=answer.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid([Problem("name", "passkey_refused")]) from error
    with writing() as session:
        user = accounts.lock_user(session, actor.user_id)
        if second_factors.count_passkeys(session, user.id) >= MOST:
            raise Invalid([Problem("name", "too_many_passkeys")])
        if second_factors.passkey_by_credential(session, found.credential_id) is not None:
            raise Invalid([Problem("name", "passkey_refused")])
        session.add(
            Passkey(
                user_id=user.id,
                name=" ".join(name.split())[:NAME_LIMIT] or f"{now:%Y-%m-%d}",
                credential_id=found.credential_id,
                public_key=found.credential_public_key,
                sign_count=found.sign_count,
                transports=[],
                created_at=now,
            )
        )
        _record(session, actor, "second_factor.passkey", now, answer.base_url)
        return make_codes(session, user.id, now) if not second_factors.count_codes(session, user.id) else []


def remove(actor: Actor, number: int, *, now: dt.datetime, required: bool, base_url: str) -> None:
    """Take a passkey away. Raises NotFound for anybody else's, Invalid for the last second factor."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        user = accounts.lock_user(session, actor.user_id)
        passkey = session.get(Passkey, number)
        if passkey is None or passkey.user_id != user.id:
            raise NotFound(f"passkey {number}")
        if required and user.totp_secret is None and second_factors.count_passkeys(session, user.id) == 1:
            raise Invalid([Problem("passkey", "last_passkey")])
        session.delete(passkey)
        _record(session, actor, "second_factor.passkey_removed", now, base_url)


def sign_in(answer: Answer, device: Device, *, now: dt.datetime) -> Entered:
    """Begin a session by a passkey alone. Raises Invalid, TooMany."""
    guessing.count([(f"link:{device.address}", LINK_LIMIT)], now=now)
    _once(answer, now)
    with writing() as session:
        owner = _used(session, answer, now)
        user = accounts.sign_in_user(session, owner.email) if owner is not None else None
        if user is None or actor_of(user) is None or accounts.must_use_provider(session, user.email):
            raise Invalid([Problem("passkey", "passkey_refused")])
        key = begin(session, user, Method.PASSKEY, device, second=True, now=now)
        return Entered(key, user.id, user.fs_uniquifier, second_needed=False)


def show(visit: Visit, answer: Answer, *, now: dt.datetime) -> str:
    """Show a passkey as the second factor, or again before what is sensitive; the session's new key."""
    guessing.count([(f"link:{visit.actor.user_id}", LINK_LIMIT)], now=now)
    _once(answer, now)
    with writing() as session:
        owner = _used(session, answer, now)
        if owner is None or owner.id != visit.actor.user_id:
            raise Invalid([Problem("passkey", "passkey_refused")])
        chain = own_chain(visit.actor)
        subject = f"user:{owner.id}"
        audit.record(session, visit.actor, "second_factor.passkey_shown", subject, now=now, organisation_id=chain)
        return proved(session, visit.id, now=now)


def _used(session: Session, answer: Answer, now: dt.datetime) -> User | None:
    """Whose passkey answered the challenge; None when it is not one of ours or does not fit."""
    try:
        credential = parse_authentication_credential_json(answer.credential)
        passkey = second_factors.passkey_by_credential(session, credential.raw_id)
        if passkey is None:
            return None
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.host,
            expected_origin=answer.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    passkey.sign_count, passkey.last_used_at = found.new_sign_count, now
    return session.get_one(User, passkey.user_id)


def _once(answer: Answer, now: dt.datetime) -> None:
    """A challenge is answered once: what was overheard is worth nothing."""
    if not answer.challenge or not guessing.used_once(f"challenge {answer.challenge.hex()}", LIFETIME, now=now):
        raise Invalid([Problem("passkey", "passkey_refused")])


def _described(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id, transports=[AuthenticatorTransport(item) for item in passkey.transports] or None
        )
        for passkey in passkeys
    ]


def _record(session: Session, actor: Actor, action: str, now: dt.datetime, base_url: str) -> None:
    audit.record(session, actor, action, f"user:{actor.user_id}", now=now, organisation_id=own_chain(actor))
    queue_account_mail(session, actor.user_id, "notice", now=now, base_url=base_url, what="second_factor")
