"""People without an account whom mail reaches for a company: its executive contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from compliance.domain.answers import SHORT_LIMIT, Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission, Record
from compliance.domain.text import LANGUAGES
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Contact, Organisation
from compliance.storage.queries import contacts as queries
from compliance.storage.queries import reminders


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A contact as typed."""

    name: str
    email: str
    position: str
    language: str


def contacts(actor: Actor, slug: str) -> tuple[Organisation, Sequence[Contact]]:
    """The company and those who are its contacts now. Raises NotFound for a company that is not the person's."""
    company = _company(reading(), actor, slug)
    return company, queries.current(reading(), company.id)


def add(actor: Actor, slug: str, entry: ContactEntry, *, now: dt.datetime) -> None:
    """Add a contact. Raises Invalid with everything that is wrong; the same address twice is one contact."""
    problems = problems_of(entry)
    if problems:
        raise Invalid(problems)
    with writing() as session:
        company = _company(session, actor, slug)
        if any(row.email.casefold() == entry.email.casefold() for row in queries.current(session, company.id)):
            return
        row = Contact(
            organisation_id=company.id,
            name=entry.name,
            email=entry.email,
            position=entry.position,
            language=entry.language,
            created_at=now,
        )
        session.add(row)
        session.flush()
        reminders.wake(session, [company.id], now)
        _record(session, actor, "contact.add", row, now)


def end(actor: Actor, slug: str, contact_id: int, *, now: dt.datetime) -> None:
    """A contact has left: no mail goes there any more. Raises NotFound for a contact of another company."""
    with writing() as session:
        company = _company(session, actor, slug)
        row = next((row for row in queries.current(session, company.id) if row.id == contact_id), None)
        if row is None:
            raise NotFound(f"contact {contact_id}")
        row.ended_at = now
        _record(session, actor, "contact.end", row, now)


def problems_of(entry: ContactEntry) -> list[Problem]:
    """What is wrong with a contact as typed."""
    problems = []
    if not entry.name.strip():
        problems.append(Problem("name", "needed"))
    if not is_address(entry.email):
        problems.append(Problem("email", "not_an_address", {"email": entry.email}))
    if entry.language not in LANGUAGES:
        problems.append(Problem("language", "unknown_language", {"languages": ", ".join(LANGUAGES)}))
    limited = (("name", entry.name), ("email", entry.email), ("position", entry.position))
    return problems + [
        Problem(field, "too_long", {"limit": str(SHORT_LIMIT)}) for field, text in limited if len(text) > SHORT_LIMIT
    ]


def is_address(typed: str) -> bool:
    """Can mail be sent there at all? Nothing is asked of the network."""
    try:
        validate_email(typed, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _company(session: Session, actor: Actor, slug: str) -> Organisation:
    company = queries.company(session, actor, slug)
    if company is None:
        raise NotFound(slug)
    require(actor, Permission.CONTACTS_EDIT, Record(company_id=company.id, lead_country=company.country))
    return company


def _record(session: Session, actor: Actor, action: str, row: Contact, now: dt.datetime) -> None:
    """In the trail of the company, whoever of the two sides did it: both see the contact."""
    after = {"name": row.name, "email": row.email, "position": row.position}
    audit.record(session, actor, action, f"contact:{row.id}", now=now, organisation_id=row.organisation_id, after=after)
