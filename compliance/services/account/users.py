"""Giving people accounts and roles."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from compliance.domain.accounts import ADMINISTRATORS, NEEDS_SECOND_PERSON, password_problems
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid
from compliance.domain.permissions import ROLES_OF, OrganisationKind, Role
from compliance.domain.text import LANGUAGES
from compliance.services import audit
from compliance.services.transaction import writing
from compliance.storage.models import Membership, Organisation, User
from compliance.storage.queries import accounts, organisations, people

NAME_LIMIT: Final = 120


@dataclass(frozen=True, slots=True)
class NewRole:
    """A person who is to have a role in an organisation. Name, language and password count for a new account only."""

    email: str
    role: Role
    organisation: str  # its slug
    name: str = ""  # empty: the part of the address before the @
    language: str = ""  # empty: the organisation's
    password: str | None = None  # None: one is made up


@dataclass(frozen=True, slots=True)
class Granted:
    """What became of it. `password` is there when it was made up, and nowhere else from then on."""

    user: User
    is_new: bool
    password: str | None


def create_user(new: NewRole, hash_password: Callable[[str], str], *, now: dt.datetime) -> Granted:
    """Give a person a role, and an account if there is none yet. Raises Invalid with everything that is wrong.

    This is for whoever sets the installation up. Once two administrators can act, roles that let others in or publish
    are theirs to give, one inviting and the other agreeing.

    A person acts in one organisation, so someone with a role elsewhere is refused; a second role in the same
    organisation is added to the account.
    """
    address = address_of(new.email)
    with writing() as session:
        organisation = people.organisation_by_slug(session, new.organisation)
        user = people.user_by_email(session, address) if address else None
        problems = [*_problems(new, address, organisation), *_role_problems(session, user, organisation, new.role)]
        if new.role in NEEDS_SECOND_PERSON and accounts.administrators(session) >= ADMINISTRATORS:
            problems.append(Problem("role", "needs_second_person", {"role": new.role}))
        if problems or organisation is None or address is None:
            raise Invalid(problems)
        made_up = secrets.token_urlsafe(12) if user is None and new.password is None else None
        is_new = user is None
        if user is None:
            user = _account(new, address, organisation, hash_password(new.password or made_up or ""), now)
            session.add(user)
            session.flush()
        session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=new.role, started_at=now))
        audit.record(
            session,
            None,
            "user.create" if is_new else "user.role",
            f"user:{user.id}",
            now=now,
            organisation_id=organisation.id if organisation.kind == OrganisationKind.COMPANY else None,
            after={"email": user.email, "role": new.role, "organisation": organisation.slug},
        )
    return Granted(user, is_new, made_up)


def _account(new: NewRole, address: str, organisation: Organisation, password: str, now: dt.datetime) -> User:
    return User(
        email=address,
        name=tidy_name(new.name) or address.partition("@")[0],
        language=new.language or organisation.language,
        password=password,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
    )


def address_of(typed: str) -> str | None:
    """The address as it is stored and looked up, in lower case; None when it is not one."""
    try:
        return validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def tidy_name(typed: str) -> str:
    """A person's name as it is stored."""
    return " ".join(typed.split())[:NAME_LIMIT]


def _problems(new: NewRole, address: str | None, organisation: Organisation | None) -> Iterator[Problem]:
    if address is None:
        yield Problem("email", "not_an_address", {"email": new.email})
    if organisation is None:
        yield Problem("organisation", "unknown_organisation", {"organisation": new.organisation})
    elif new.role not in ROLES_OF[OrganisationKind(organisation.kind)]:
        roles = ", ".join(sorted(ROLES_OF[OrganisationKind(organisation.kind)]))
        yield Problem("role", "role_does_not_fit", {"role": new.role, "kind": organisation.kind, "roles": roles})
    if new.language and new.language not in LANGUAGES:
        yield Problem("language", "unknown_language", {"languages": ", ".join(LANGUAGES)})
    if new.password is not None:
        yield from password_problems(new.password, address or "")


def _role_problems(
    session: Session, user: User | None, organisation: Organisation | None, role: Role
) -> Iterator[Problem]:
    if user is None or organisation is None:
        return
    for held, organisation_id in organisations.current_roles(session, user.id):
        if organisation_id != organisation.id:
            yield Problem("email", "role_elsewhere", {"email": user.email})
            return
        if held == role:
            yield Problem("role", "role_held", {"email": user.email, "role": role, "organisation": organisation.slug})
