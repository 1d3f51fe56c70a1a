"""Turning a signed-in account into the person who acts."""

from __future__ import annotations

from dataclasses import replace

from compliance.domain.assessments import State
from compliance.domain.errors import Denied, NotAllowed
from compliance.domain.permissions import NO_RECORD, Actor, OrganisationKind, Permission, Record, Role, allows
from compliance.services.transaction import reading
from compliance.storage.models import User
from compliance.storage.queries import people


def actor_for(user_id: int) -> Actor | None:
    """The person behind an account, by its id; None without an account in use or without a membership."""
    user = people.user_with_memberships(reading(), user_id)
    return actor_of(user) if user is not None else None


def actor_of(user: User) -> Actor | None:
    """The person behind an account that was loaded with its memberships.

    A person acts in one organisation, that of the oldest membership; None without one, or when the account is closed.
    """
    current = [membership for membership in user.memberships if membership.ended_at is None]
    if not user.active or not current:
        return None
    organisation = current[0].organisation
    kind = OrganisationKind(organisation.kind)
    return Actor(
        user_id=user.id,
        name=user.name,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        kind=kind,
        country=organisation.country if kind is OrganisationKind.GOVERNMENT else None,
        roles=frozenset(Role(item.role) for item in current if item.organisation_id == organisation.id),
        language=user.language,
    )


def require(actor: Actor, permission: Permission, record: Record = NO_RECORD) -> None:
    """Raise Denied unless `actor` may use `permission` on `record`. Called by every use case before it acts."""
    if not allows(actor, permission, record):
        raise Denied(f"{permission} is not open to this person here")


def require_now(actor: Actor, permission: Permission, record: Record) -> None:
    """The same, but NotAllowed when only the state of the record stands in the way: at another time it is open."""
    if allows(actor, permission, record):
        return
    if any(allows(actor, permission, replace(record, state=state)) for state in State):
        raise NotAllowed(f"{permission} is not open while the assessment is {record.state}")
    raise Denied(f"{permission} is not open to this person here")
