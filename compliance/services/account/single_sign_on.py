"""Signing in at an organisation's own identity provider (OpenID Connect).

The provider vouches for people of its organisation and of no other: an account counts only when it has a role there.
Nobody gets an account by it; people are invited as ever, and someone invited may come in this way.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from compliance.domain.accounts import Method
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, OrganisationKind, Permission
from compliance.services import audit
from compliance.services.account.invitations import take_up
from compliance.services.account.sessions import Device, Entered, Visit, begin
from compliance.services.account.vault import Vault
from compliance.services.actors import actor_of, require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Identity, Organisation, SingleSignOn, User
from compliance.storage.queries import accounts, people, single_sign_on

_USE: Final = "identity provider"
_DOMAIN: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
LIMIT: Final = 300


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation's identity provider, as much as is needed to talk to it."""

    organisation_id: int
    slug: str
    organisation: str
    issuer: str
    client_id: str
    secret: str
    email_domain: str


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What is said of a provider. Without a secret the one that is kept stays."""

    issuer: str
    client_id: str
    secret: str
    email_domain: str
    only: bool


def provider(slug: str, vault: Vault) -> Provider:
    """The provider of an organisation. Raises NotFound."""
    row = single_sign_on.of_organisation(reading(), slug)
    if row is None:
        raise NotFound(slug)
    kept, organisation = row
    return Provider(
        organisation.id,
        organisation.slug,
        organisation.name,
        kept.issuer,
        kept.client_id,
        str(vault.open(_USE, kept.sealed_secret)),
        kept.email_domain,
    )


def slug_for(email: str) -> str:
    """The organisation whose people have addresses like this one. Raises Invalid when none has its own sign-in."""
    slug = single_sign_on.slug_of_domain(reading(), email.strip().lower().rpartition("@")[2])
    if slug is None:
        raise Invalid([Problem("email", "no_provider")])
    return slug


def of_visit(visit: Visit) -> str | None:
    """The organisation at whose provider a session began; None for any other."""
    if visit.method is not Method.SINGLE_SIGN_ON:
        return None
    return reading().get_one(Organisation, visit.actor.organisation_id).slug


def configured(actor: Actor, slug: str) -> tuple[Organisation, SingleSignOn | None]:
    """An organisation, and how its provider is set up. Raises NotFound."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    organisation = people.organisation_by_slug(reading(), slug)
    if organisation is None:
        raise NotFound(slug)
    return organisation, reading().get(SingleSignOn, organisation.id)


def configure(actor: Actor, slug: str, new: NewProvider, vault: Vault, *, now: dt.datetime, loopback: bool) -> None:
    """Set a provider up. `loopback` allows one on this machine, over http. Raises Invalid."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    with writing() as session:
        organisation = people.organisation_by_slug(session, slug)
        if organisation is None:
            raise NotFound(slug)
        row = session.get(SingleSignOn, organisation.id)
        problems = _problems(session, new, organisation, row, loopback=loopback)
        if problems:
            raise Invalid(problems)
        before = _described(row) if row is not None else None
        if row is None:
            row = SingleSignOn(organisation_id=organisation.id, sealed_secret="")  # nosec B106 - sealed below
            session.add(row)
        row.issuer, row.client_id = new.issuer.rstrip("/"), new.client_id
        row.email_domain, row.only, row.updated_at = new.email_domain.lower(), new.only, now
        if new.secret:
            row.sealed_secret = vault.seal(_USE, new.secret)
        _record(session, actor, organisation, "single_sign_on.set", now, before=before, after=_described(row))


def remove(actor: Actor, slug: str, *, now: dt.datetime) -> None:
    """Take the provider away: people sign in with a password again. Raises NotFound."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    with writing() as session:
        found = single_sign_on.of_organisation(session, slug)
        if found is None:
            raise NotFound(slug)
        row, organisation = found
        _record(session, actor, organisation, "single_sign_on.remove", now, before=_described(row), after=None)
        session.delete(row)


def sign_in(
    provider: Provider, claims: Mapping[str, Any], device: Device, *, second_factor: bool, now: dt.datetime
) -> Entered:
    """Begin a session for whom the provider vouches. The second factor is asked for unless the provider did.

    Raises Invalid when the person has no account in the provider's organisation.
    """
    with writing() as session:
        user = _person(session, provider, claims, now)
        if user is None:
            audit.record(session, None, "session.refused", f"organisation:{provider.organisation_id}", now=now)
        else:
            shown = "mfa" in (claims.get("amr") or ())
            second_needed = (second_factor or user.totp_secret is not None) and not shown
            key = begin(session, user, Method.SINGLE_SIGN_ON, device, second=not second_needed, now=now)
            return Entered(key, user.id, user.fs_uniquifier, second_needed)
    raise Invalid([Problem("email", "no_account_here")])


def _person(session: Session, provider: Provider, claims: Mapping[str, Any], now: dt.datetime) -> User | None:
    """Whom the claims mean: by what was noted at their first sign-in, or then by a confirmed address."""
    subject = str(claims.get("sub") or "")[:LIMIT]
    if not subject or str(claims.get("iss") or "").rstrip("/") != provider.issuer:
        return None
    noted = single_sign_on.identity(session, provider.issuer, subject)
    email = str(claims.get("email") or "").lower()
    if noted is not None:
        user = accounts.sign_in_user(session, session.get_one(User, noted.user_id).email)
    elif email.endswith(f"@{provider.email_domain}") and claims.get("email_verified") is not False:
        user = accounts.sign_in_user(session, email)
    else:
        return None
    if user is not None and not user.active:
        take_up(session, user, provider.organisation_id, now)
        session.flush()
        session.expire(user)
        user = accounts.sign_in_user(session, user.email)
    actor = actor_of(user) if user is not None else None
    if user is None or actor is None or actor.organisation_id != provider.organisation_id:
        return None
    if noted is None:
        session.add(Identity(user_id=user.id, issuer=provider.issuer, subject=subject, created_at=now))
    return user


def _problems(
    session: Session, new: NewProvider, organisation: Organisation, row: SingleSignOn | None, *, loopback: bool
) -> list[Problem]:
    problems = []
    parts = urlsplit(new.issuer)
    local = loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local) or len(new.issuer) > LIMIT:
        problems.append(Problem("issuer", "https_needed"))
    if not new.client_id or len(new.client_id) > LIMIT:
        problems.append(Problem("client_id", "needed"))
    if not new.secret and row is None:
        problems.append(Problem("secret", "needed"))
    if not _DOMAIN.fullmatch(new.email_domain.lower()):
        problems.append(Problem("email_domain", "domain_needed"))
    elif single_sign_on.slug_of_domain(session, new.email_domain.lower()) not in (None, organisation.slug):
        problems.append(Problem("email_domain", "domain_taken"))
    return problems


def _described(row: SingleSignOn) -> dict[str, object]:
    """A provider for the audit trail: without its secret."""
    return {name: getattr(row, name) for name in ("issuer", "client_id", "email_domain", "only")}


def _record(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    action: str,
    now: dt.datetime,
    *,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    chain = organisation.id if organisation.kind == OrganisationKind.COMPANY else None
    subject = f"organisation:{organisation.id}"
    audit.record(session, actor, action, subject, now=now, organisation_id=chain, before=before, after=after)
