"""Identity providers, and who people are there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.storage.models import Identity, Organisation, SingleSignOn


def of_organisation(session: Session, slug: str) -> tuple[SingleSignOn, Organisation] | None:
    """The provider of an organisation that is not closed."""
    row = session.execute(
        select(SingleSignOn, Organisation)
        .join(Organisation, Organisation.id == SingleSignOn.organisation_id)
        .where(Organisation.slug == slug, Organisation.closed_at.is_(None))
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def slug_of_domain(session: Session, domain: str) -> str | None:
    """The organisation whose people have addresses in `domain`."""
    return session.scalar(
        select(Organisation.slug)
        .join(SingleSignOn, SingleSignOn.organisation_id == Organisation.id)
        .where(SingleSignOn.email_domain == domain, Organisation.closed_at.is_(None))
    )


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    return session.scalars(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)).one_or_none()
