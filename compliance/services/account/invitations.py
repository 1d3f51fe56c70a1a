"""Inviting people: an administrator to any organisation, a company's lead to the own company.

Someone new gets a link by mail and sets a password. Someone with an account gets the role at once. Roles that can let
others in or publish wait for a second administrator first.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from compliance.domain.accounts import INVITATION_LIFETIME, LINK_LIMIT, NEEDS_SECOND_PERSON, Outcome, password_problems
from compliance.domain.accounts import Method as How
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import ROLES_OF, Actor, OrganisationKind, Permission, Role, could_ever
from compliance.domain.text import LANGUAGES
from compliance.services import audit, records
from compliance.services.account import guessing
from compliance.services.account.links import INVITATION
from compliance.services.account.mails import queue_account_mail
from compliance.services.account.sessions import Device, Entered, begin
from compliance.services.account.sign_in import Passwords
from compliance.services.account.users import address_of, tidy_name
from compliance.services.account.vault import digest
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Invitation, Membership, Organisation, User
from compliance.storage.queries import accounts, people


class Next(StrEnum):
    """What follows an invitation."""

    AGREEMENT = "agreement"  # a second person must agree
    MAIL = "mail"  # a link goes to someone new
    NOTHING = "nothing"  # someone with an account has the role


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited to which role. Name and language count for someone new only."""

    email: str
    role: str
    name: str = ""
    language: str = ""  # empty: the organisation's


def invite(
    actor: Actor, new: Invited, *, now: dt.datetime, base_url: str, organisation_slug: str | None = None
) -> Next:
    """Invite a person to a role in an organisation, the actor's own unless another is named.

    Raises Invalid with everything that is wrong.
    """
    address = address_of(new.email)
    with writing() as session:
        organisation = _organisation(session, actor, organisation_slug)
        user = people.user_by_email(session, address) if address else None
        problems = _problems(session, new, address, organisation, user)
        if problems or address is None:
            raise Invalid(problems)
        if user is None:
            user = _account(session, new, address, organisation, now)
        role = Role(new.role)
        _replace(session, user, organisation, role, now)
        needs_second = role in NEEDS_SECOND_PERSON
        invitation = Invitation(
            user_id=user.id,
            organisation_id=organisation.id,
            role=role,
            expires_at=now + INVITATION_LIFETIME,
            created_at=now,
            invited_by_id=actor.user_id,
            agreed_at=None if needs_second else now,
            agreed_by_id=None,
        )
        invitation.user, invitation.organisation = user, organisation
        session.add(invitation)
        session.flush()
        _record(session, actor, "invitation.make", invitation, now)
        if needs_second:
            return Next.AGREEMENT
        return _go_on(session, actor, invitation, now, base_url)


def agree(actor: Actor, invitation_id: int, *, now: dt.datetime, base_url: str) -> None:
    """The second person agrees. Nobody agrees to what they asked for themselves, or to a role of their own."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    with writing() as session:
        invitation = _waiting(session, actor, invitation_id)
        invitation.agreed_at, invitation.agreed_by_id = now, actor.user_id
        _record(session, actor, "invitation.agree", invitation, now)
        _go_on(session, actor, invitation, now, base_url)


def refuse(actor: Actor, invitation_id: int, *, now: dt.datetime) -> None:
    """The second person does not agree."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    with writing() as session:
        invitation = _waiting(session, actor, invitation_id)
        _end(session, actor, invitation, Outcome.REFUSED, now)


def withdraw(actor: Actor, invitation_id: int, *, now: dt.datetime) -> None:
    """Take an invitation back; its link no longer works."""
    with writing() as session:
        invitation = accounts.open_invitation(session, invitation_id)
        if invitation is None:
            raise NotFound(f"invitation {invitation_id}")
        _may_invite(actor, invitation.organisation)
        _end(session, actor, invitation, Outcome.WITHDRAWN, now)


def open_for(token: str, *, now: dt.datetime) -> Invitation:
    """The invitation that a link leads to. Raises NotFound for one that does not work."""
    invitation = accounts.invitation_by_token(reading(), digest(token))
    if invitation is None or invitation.ended_at is not None or invitation.expires_at <= now:
        raise NotFound("the invitation does not work")
    return invitation


def accept(token: str, name: str, password: str, passwords: Passwords, device: Device, *, now: dt.datetime) -> Entered:
    """Take an invitation up: name and password are set, the role begins, the second factor comes next.

    Raises NotFound for a link that does not work, Invalid for a password that is too easy, TooMany.
    """
    guessing.count([(f"link:{device.address}", LINK_LIMIT)], now=now)
    invitation = open_for(token, now=now)
    problems = list(password_problems(password, invitation.user.email))
    problems += [] if tidy_name(name) else [Problem("name", "name_of_person_needed")]
    if problems:
        raise Invalid(problems)
    hashed = passwords.hash(password)
    with writing() as session:
        held = accounts.invitation_by_token(session, digest(token))
        if held is None or held.ended_at is not None or held.expires_at <= now:
            raise NotFound("the invitation was used in the meantime")
        user = held.user
        user.name, user.password, user.active, user.left_at = tidy_name(name), hashed, True, None
        user.fs_uniquifier = secrets.token_hex(32)
        _grant(session, held, now)
        _end(session, None, held, Outcome.ACCEPTED, now)
        session.flush()
        loaded = accounts.sign_in_user(session, user.email)
        assert loaded is not None
        key = begin(session, loaded, How.PASSWORD, device, second=False, now=now)
        return Entered(key, user.id, user.fs_uniquifier, second_needed=True)


def take_up(session: Session, user: User, organisation_id: int, now: dt.datetime) -> None:
    """Take up what stands for a person whom the organisation's identity provider vouches for, if anything does."""
    for invitation in accounts.open_invitations(session, Invitation.user_id == user.id):
        in_time = invitation.agreed_at is not None and invitation.agreed_at + INVITATION_LIFETIME > now
        if invitation.organisation_id == organisation_id and in_time:
            user.active, user.left_at = True, None
            _grant(session, invitation, now)
            _end(session, None, invitation, Outcome.ACCEPTED, now)


def _organisation(session: Session, actor: Actor, slug: str | None) -> Organisation:
    if slug is None:
        organisation: Organisation | None = session.get_one(Organisation, actor.organisation_id)
    else:
        organisation = people.organisation_by_slug(session, slug)
    if organisation is None or organisation.closed_at is not None:
        raise NotFound(slug or "")
    _may_invite(actor, organisation)
    return organisation


def _may_invite(actor: Actor, organisation: Organisation) -> None:
    if organisation.id != actor.organisation_id and not could_ever(actor, Permission.ACCOUNTS_MANAGE):
        raise NotFound(organisation.slug)
    require(actor, Permission.PEOPLE_INVITE, records.of_company(organisation.id))


def _problems(
    session: Session, new: Invited, address: str | None, organisation: Organisation, user: User | None
) -> list[Problem]:
    problems = []
    if address is None:
        problems.append(Problem("email", "not_an_address"))
    if new.role not in ROLES_OF[OrganisationKind(organisation.kind)]:
        problems.append(Problem("role", "role_needed"))
    if new.language and new.language not in LANGUAGES:
        problems.append(Problem("language", "language_needed"))
    for held in accounts.current_memberships(session, user.id) if user else []:
        if held.organisation_id != organisation.id:
            problems.append(Problem("email", "role_elsewhere"))
            break
        if held.role == new.role:
            problems.append(Problem("role", "role_held"))
    return problems


def _account(session: Session, new: Invited, address: str, organisation: Organisation, now: dt.datetime) -> User:
    """An account that does not work yet: it has no password, and no role."""
    user = User(
        email=address,
        name=tidy_name(new.name) or address.partition("@")[0],
        language=new.language or organisation.language,
        password=None,
        active=False,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def _replace(session: Session, user: User, organisation: Organisation, role: Role, now: dt.datetime) -> None:
    """A new invitation takes the place of one to the same role, and for someone new of any other."""
    for other in accounts.open_invitations(session, Invitation.user_id == user.id):
        if other.role == role or not user.active or other.organisation_id != organisation.id:
            other.ended_at, other.outcome = now, Outcome.REPLACED


def _waiting(session: Session, actor: Actor, invitation_id: int) -> Invitation:
    invitation = accounts.open_invitation(session, invitation_id)
    if invitation is None or invitation.agreed_at is not None:
        raise NotFound(f"invitation {invitation_id}")
    require(actor, Permission.INVITATION_AGREE, records.of_invitation(invitation))
    return invitation


def _go_on(session: Session, actor: Actor, invitation: Invitation, now: dt.datetime, base_url: str) -> Next:
    """What follows when nobody has to agree any more: the role at once, or the mail with the link."""
    user, organisation = invitation.user, invitation.organisation.name
    if user.active:
        _grant(session, invitation, now)
        _end(session, actor, invitation, Outcome.ACCEPTED, now)
        queue_account_mail(
            session, user.id, "notice", now=now, base_url=base_url, what="role", organisation=organisation
        )
        return Next.NOTHING
    queue_account_mail(
        session,
        user.id,
        INVITATION,
        now=now,
        base_url=base_url,
        invitation=str(invitation.id),
        organisation=organisation,
    )
    return Next.MAIL


def _grant(session: Session, invitation: Invitation, now: dt.datetime) -> None:
    user_id, organisation_id = invitation.user_id, invitation.organisation_id
    held = accounts.current_memberships(session, user_id)
    if any(item.organisation_id != organisation_id for item in held):
        raise NotFound("the person has a role elsewhere by now")
    if not any(item.role == invitation.role for item in held):
        session.add(Membership(user_id=user_id, organisation_id=organisation_id, role=invitation.role, started_at=now))


def _end(session: Session, actor: Actor | None, invitation: Invitation, outcome: Outcome, now: dt.datetime) -> None:
    invitation.ended_at, invitation.outcome, invitation.token_hash = now, outcome, None
    _record(session, actor, f"invitation.{outcome}", invitation, now)


def _record(session: Session, actor: Actor | None, action: str, invitation: Invitation, now: dt.datetime) -> None:
    organisation = invitation.organisation
    audit.record(
        session,
        actor,
        action,
        f"invitation:{invitation.id}",
        now=now,
        organisation_id=organisation.id if organisation.kind == OrganisationKind.COMPANY else None,
        after={"user": invitation.user_id, "role": invitation.role, "organisation": organisation.slug},
    )
