"""Whom mail can reach: the people of companies, their contacts, and the staff of governments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Select, Subquery, or_, select
from sqlalchemy.orm import Session

from compliance.domain.permissions import OrganisationKind, Role
from compliance.storage.models import Contact, MailPreference, Membership, Organisation, User
from compliance.storage.queries.reminders import batches


class Part(NamedTuple):
    """A role of a person in a company, or of a government's staff."""

    organisation_id: int
    user_id: int
    role: str


class CompanyRow(NamedTuple):
    """A company as far as reminders know it."""

    id: int
    name: str
    slug: str
    time_zone: str
    country: str | None


class Place(NamedTuple):
    """Where a person is reached: address, language, and where the organisation works."""

    key: str
    name: str
    address: str
    language: str
    time_zone: str
    country: str | None


def user_key(user_id: int) -> str:
    return f"user:{user_id}"


def contact_key(contact_id: int) -> str:
    return f"contact:{contact_id}"


def ids_of(recipient_key: str) -> tuple[int | None, int | None]:
    """The user id and the contact id of a recipient; one of them is None."""
    kind, _, number = recipient_key.partition(":")
    return (int(number), None) if kind == "user" else (None, int(number))


def companies(session: Session, ids: Sequence[int]) -> Mapping[int, CompanyRow]:
    found: dict[int, CompanyRow] = {}
    for some in batches(ids):
        query = select(
            Organisation.id, Organisation.name, Organisation.slug, Organisation.time_zone, Organisation.country
        ).where(Organisation.id.in_(some))
        found |= {row.id: CompanyRow(*row) for row in session.execute(query)}
    return found


def members(session: Session, company_ids: Sequence[int]) -> list[Part]:
    """Everyone who has not left the companies, with their roles."""
    found: list[Part] = []
    for some in batches(company_ids):
        query = (
            select(Membership.organisation_id, Membership.user_id, Membership.role)
            .join(User, User.id == Membership.user_id)
            .where(Membership.organisation_id.in_(some), Membership.ended_at.is_(None), User.active)
            .order_by(Membership.organisation_id, Membership.user_id)
        )
        found += [Part(*row) for row in session.execute(query)]
    return found


def contacts(session: Session, company_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Company and contact of everyone without an account who is to be reached for the companies."""
    found: list[tuple[int, int]] = []
    for some in batches(company_ids):
        query = (
            select(Contact.organisation_id, Contact.id)
            .where(Contact.organisation_id.in_(some), Contact.ended_at.is_(None))
            .order_by(Contact.organisation_id, Contact.id)
        )
        found += [(row[0], row[1]) for row in session.execute(query)]
    return found


def staff(session: Session) -> Sequence[tuple[int, str, str, int]]:
    """Reviewers and coordinators: government, its country and time zone, and the person."""
    query = (
        select(Organisation.id, Organisation.country, Organisation.time_zone, Membership.user_id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Organisation.kind == OrganisationKind.GOVERNMENT,
            Membership.role.in_([Role.REVIEWER, Role.COORDINATOR]),
            Membership.ended_at.is_(None),
            User.active,
        )
        .distinct()
        .order_by(Organisation.id, Membership.user_id)
    )
    return [(row[0], row[1] or "", row[2], row[3]) for row in session.execute(query)]


def preferences(session: Session, about: str) -> Mapping[str, str]:
    """How often people want to hear of one thing, where they said so."""
    query = select(MailPreference.recipient_key, MailPreference.rhythm).where(MailPreference.about == about)
    return {row[0]: row[1] for row in session.execute(query)}


def places(session: Session, recipient_keys: Collection[str]) -> Mapping[str, Place]:
    """Where each recipient is reached. A person belongs where the oldest current membership is; else to UTC."""
    pairs = [(key, *ids_of(key)) for key in sorted(recipient_keys)]
    found: dict[str, Place] = {}
    for some in batches(sorted(user for _, user, _ in pairs if user is not None)):
        for row in session.execute(_users(some)):
            key = user_key(row.id)
            found.setdefault(key, Place(key, row.name, row.email, row.language, row.time_zone or "UTC", row.country))
    for some in batches(sorted(contact for _, _, contact in pairs if contact is not None)):
        for row in session.execute(_contacts(some)):
            key = contact_key(row.id)
            found[key] = Place(key, row.name, row.email, row.language, row.time_zone, row.country)
    return found


def _users(ids: Collection[int]) -> Select[int, str, str, str, str, str | None]:
    current = (Membership.user_id == User.id) & Membership.ended_at.is_(None)
    return (
        select(User.id, User.name, User.email, User.language, Organisation.time_zone, Organisation.country)
        .outerjoin(Membership, current)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.id.in_(ids))
        .order_by(User.id, Membership.id)
    )


def _contacts(ids: Collection[int]) -> Select[int, str, str, str, str, str | None]:
    return (
        select(Contact.id, Contact.name, Contact.email, Contact.language, Organisation.time_zone, Organisation.country)
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(Contact.id.in_(ids))
    )


def companies_of_user(user_id: int) -> Subquery:
    """The companies of which a person is, or which the person's government leads on; column `id`."""
    own = (
        select(Membership.organisation_id)
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
        .scalar_subquery()
    )
    countries = (
        select(Organisation.country)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.user_id == user_id,
            Membership.ended_at.is_(None),
            Organisation.kind == OrganisationKind.GOVERNMENT,
        )
        .scalar_subquery()
    )
    return (
        select(Organisation.id)
        .where(
            Organisation.kind == OrganisationKind.COMPANY,
            or_(Organisation.id.in_(own), Organisation.country.in_(countries)),
        )
        .subquery()
    )
