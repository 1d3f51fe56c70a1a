"""Turning a signed-in account into the person who acts."""

from __future__ import annotations

from compliance.domain.errors import Denied
from compliance.domain.permissions import NO_RECORD, Actor, OrganisationKind, Permission, Record, Role, allows
from compliance.services.transaction import reading
from compliance.storage.queries import people


def actor_for(user_id: int) -> Actor | None:
    """The person behind an account, acting in the organisation of the oldest membership; None without one."""
    rows = people.current_memberships(reading(), user_id)
    if not rows:
        return None
    user, _role, organisation = rows[0]
    roles = frozenset(Role(role) for _user, role, other in rows if other.id == organisation.id)
    kind = OrganisationKind(organisation.kind)
    return Actor(
        user_id=user.id,
        name=user.name,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        kind=kind,
        country=organisation.country if kind is OrganisationKind.GOVERNMENT else None,
        roles=roles,
        language=user.language,
    )


def require(actor: Actor, permission: Permission, record: Record = NO_RECORD) -> None:
    """Raise Denied unless `actor` may use `permission` on `record`. Called by every use case before it acts."""
    if not allows(actor, permission, record):
        raise Denied(f"{permission} is not open to this person here")
