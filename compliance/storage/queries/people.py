"""People and their organisations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from compliance.storage.models import Membership, Organisation, User


def current_memberships(session: Session, user_id: int) -> Sequence[Row[User, str, Organisation]]:
    """The user with each current role and its organisation, oldest membership first."""
    query = (
        select(User, Membership.role, Organisation)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.id == user_id, User.active.is_(True), Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return session.execute(query).all()


def organisation_by_slug(session: Session, slug: str) -> Organisation | None:
    """An organisation by slug, without scope: for the command line."""
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()


def user_by_email(session: Session, email: str) -> User | None:
    """A user by address, without scope: for the command line and sign-in."""
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def name_of(session: Session, user_id: int) -> str:
    """A user's name as kept in the record; a leaver's name stays."""
    return session.scalar(select(User.name).where(User.id == user_id)) or ""
