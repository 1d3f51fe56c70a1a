"""Contacts of companies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Contact, Organisation


def company(session: Session, actor: Actor, slug: str) -> Organisation | None:
    """A company that the person may know of."""
    return session.scalars(select(Organisation).where(Organisation.slug == slug, scope.companies(actor))).one_or_none()


def current(session: Session, company_id: int) -> Sequence[Contact]:
    return session.scalars(
        select(Contact)
        .where(Contact.organisation_id == company_id, Contact.ended_at.is_(None))
        .order_by(Contact.name, Contact.id)
    ).all()
