"""Organisations and accounts without scope: for the command line, which acts for whoever runs the installation."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Row, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from compliance.domain.permissions import OrganisationKind
from compliance.storage.models import Membership, Organisation, Participation, User


def companies(session: Session, slugs: Collection[str] | None = None) -> Sequence[Organisation]:
    """The companies with these slugs, or all of them, by slug."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.COMPANY).order_by(Organisation.slug)
    if slugs is not None:
        query = query.where(Organisation.slug.in_(slugs))
    return session.scalars(query).all()


def company_ids_in(session: Session, cycle_id: int) -> Sequence[int]:
    """The companies that were invited to a cycle."""
    return session.scalars(select(Participation.company_id).where(Participation.cycle_id == cycle_id)).all()


def any_organisation(session: Session, *, fictional: bool) -> bool:
    """Is there any organisation that is (not) fictional?"""
    return bool(session.scalar(select(exists().where(Organisation.fictional.is_(fictional)))))


def current_roles(session: Session, user_id: int) -> Sequence[Row[str, int]]:
    """Role and organisation id of each current membership."""
    return session.execute(
        select(Membership.role, Membership.organisation_id).where(
            Membership.user_id == user_id, Membership.ended_at.is_(None)
        )
    ).all()


def fictional_accounts(session: Session, *, companies: int) -> Sequence[Row[User, str, Organisation]]:
    """Everyone with a role in a fictional organisation, of companies the first few; in the order they were made."""
    is_company = Organisation.kind == OrganisationKind.COMPANY
    first = select(Organisation.id).where(is_company, Organisation.fictional).order_by(Organisation.id).limit(companies)
    return session.execute(
        select(User, Membership.role, Organisation)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Organisation.fictional,
            Membership.ended_at.is_(None),
            or_(not_(is_company), Organisation.id.in_(first.scalar_subquery())),
        )
        .order_by(is_company.desc(), Organisation.id, Membership.id)
    ).all()


def company_countries(session: Session) -> dict[str | None, int]:
    """How many companies each country leads on."""
    rows = session.execute(
        select(Organisation.country, func.count())
        .where(Organisation.kind == OrganisationKind.COMPANY)
        .group_by(Organisation.country)
    )
    return dict(rows.all())


def slugs_led_by(session: Session, country: str) -> Sequence[str]:
    """The companies that a country leads on, by slug."""
    led = select(Organisation.slug).where(
        Organisation.kind == OrganisationKind.COMPANY, Organisation.country == country
    )
    return session.scalars(led.order_by(Organisation.slug)).all()
