"""The people of organisations as an administrator sees them: names, roles and accounts, never any content."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.accounts import End, Outcome
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, OrganisationKind, Permission, Role, could_ever
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Invitation, Membership, Organisation, User
from compliance.storage.queries import accounts, people
from compliance.storage.queries.organisations import OrganisationCount, counted_organisations

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Organisations:
    """One page of the organisations, and whose invitation waits for a second person."""

    rows: Sequence[OrganisationCount]
    page: int
    pages: int
    search: str
    waiting: Sequence[Invitation]


@dataclass(frozen=True, slots=True)
class People:
    """An organisation with everyone who has or had a role, and the invitations that stand."""

    organisation: Organisation
    here: Sequence[User]
    left: Sequence[User]
    invitations: Sequence[Invitation]


def organisations(actor: Actor, search: str = "", page: int = 1) -> Organisations:
    """The organisations by name, those whose name or slug holds `search`."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    session = reading()
    rows, total = counted_organisations(session, search, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    waiting = accounts.open_invitations(session, Invitation.agreed_at.is_(None))
    return Organisations(rows, page, max(1, -(-total // PAGE_SIZE)), search, waiting)


def of_organisation(actor: Actor, slug: str) -> People:
    """The people of an organisation. Raises NotFound."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    session = reading()
    organisation = people.organisation_by_slug(session, slug)
    if organisation is None:
        raise NotFound(slug)
    everyone = accounts.people_of(session, organisation.id)
    here = [user for user in everyone if user.active and any(item.ended_at is None for item in user.memberships)]
    return People(
        organisation,
        here,
        [user for user in everyone if user not in here],
        accounts.open_invitations(session, Invitation.organisation_id == organisation.id),
    )


def close_account(actor: Actor, user_id: int, *, now: dt.datetime) -> None:
    """A person leaves: roles end, the account no longer works, its sessions end at once. The name stays in the record.

    Raises NotFound for someone who is not in an organisation whose people the actor may close; Invalid for the last
    administrator.
    """
    with writing() as session:
        user = _user(session, actor, user_id)
        held = accounts.current_memberships(session, user_id)
        _keep_an_administrator(session, held, Role.ADMINISTRATOR)
        for item in held:
            item.ended_at = now
        shut(session, user, now)
        _record(session, actor, "user.close", user, held, now, before={"roles": sorted(item.role for item in held)})


def shut(session: Session, user: User, now: dt.datetime) -> None:
    """Take from an account everything that lets somebody in, in the caller's transaction."""
    user.active, user.left_at, user.password = False, now, None
    user.totp_secret = user.totp_counter = None
    user.fs_uniquifier = secrets.token_hex(32)
    accounts.forget_factors(session, user.id)
    accounts.drop_links(session, user.id)
    accounts.end_sessions(session, user.id, End.ACCOUNT_CLOSED, now)
    for invitation in accounts.open_invitations(session, Invitation.user_id == user.id):
        invitation.ended_at, invitation.outcome, invitation.token_hash = now, Outcome.WITHDRAWN, None


def take_role(actor: Actor, user_id: int, role: str, *, now: dt.datetime) -> None:
    """Take one of several roles away; it counts from the next request. Raises Invalid for the only one."""
    with writing() as session:
        user = _user(session, actor, user_id)
        held = accounts.current_memberships(session, user_id)
        taken = next((item for item in held if item.role == role), None)
        if taken is None:
            raise NotFound(role)
        if len(held) == 1:
            raise Invalid([Problem("role", "last_role")])
        _keep_an_administrator(session, held, Role(role))
        taken.ended_at = now
        _record(session, actor, "user.role_taken", user, held, now, before={"role": role})


def close_organisation(actor: Actor, slug: str, *, now: dt.datetime) -> None:
    """Archive an organisation: nobody of it can act from now on, and its record stays."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    with writing() as session:
        organisation = people.organisation_by_slug(session, slug)
        if organisation is None or organisation.closed_at is not None:
            raise NotFound(slug)
        if organisation.id == actor.organisation_id:
            raise Invalid([Problem("organisation", "last_administrator")])
        organisation.closed_at = now
        chain = organisation.id if organisation.kind == OrganisationKind.COMPANY else None
        subject = f"organisation:{organisation.id}"
        audit.record(session, actor, "organisation.close", subject, now=now, organisation_id=chain)


def _user(session: Session, actor: Actor, user_id: int) -> User:
    """Someone whose account the actor may close: for a lead only a colleague, for anybody else there is no such."""
    held = accounts.current_memberships(session, user_id)
    if not held:
        raise NotFound(f"user {user_id}")
    organisation_id = held[0].organisation_id
    if organisation_id != actor.organisation_id and not could_ever(actor, Permission.ACCOUNTS_MANAGE):
        raise NotFound(f"user {user_id}")
    require(actor, Permission.PEOPLE_CLOSE, records.of_person(user_id, organisation_id))
    return accounts.lock_user(session, user_id)


def _keep_an_administrator(session: Session, held: Sequence[Membership], role: Role) -> None:
    is_one = role is Role.ADMINISTRATOR and any(item.role == role for item in held)
    if is_one and accounts.administrators(session) < 2:
        raise Invalid([Problem("role", "last_administrator")])


def _record(
    session: Session,
    actor: Actor,
    action: str,
    user: User,
    held: Sequence[Membership],
    now: dt.datetime,
    *,
    before: dict[str, object],
) -> None:
    organisation = held[0].organisation
    chain = organisation.id if organisation.kind == OrganisationKind.COMPANY else None
    audit.record(session, actor, action, f"user:{user.id}", now=now, organisation_id=chain, before=before)
