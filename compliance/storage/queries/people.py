"""People and their organisations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from compliance.storage.models import Membership, Organisation, User


def user_with_memberships(session: Session, user_id: int) -> User | None:
    """A user with all memberships, ended ones too, and their organisations."""
    query = select(User).where(User.id == user_id)
    return (
        session.scalars(query.options(joinedload(User.memberships).joinedload(Membership.organisation)))
        .unique()
        .one_or_none()
    )


def organisation(session: Session, organisation_id: int) -> Organisation:
    """An organisation by id: the one in which a person acts."""
    return session.get_one(Organisation, organisation_id)


def organisation_by_slug(session: Session, slug: str) -> Organisation | None:
    """An organisation by slug, without scope: for the command line."""
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()


def user_by_email(session: Session, email: str) -> User | None:
    """A user by address, without scope: for the command line and sign-in."""
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def name_of(session: Session, user_id: int) -> str:
    """A user's name as kept in the record; a leaver's name stays."""
    return session.scalar(select(User.name).where(User.id == user_id)) or ""
