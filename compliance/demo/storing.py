"""Writes planned organisations, people and services, many rows to a statement."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from compliance.demo.chance import chance
from compliance.demo.dates import Dates
from compliance.demo.designs import CompanyDesign, GovernmentDesign, RecordDesign
from compliance.demo.planning import CompanyPlan, PersonPlan, government_people
from compliance.demo.trail import Person, Trail
from compliance.demo.wording import description
from compliance.domain.permissions import OrganisationKind, Role
from compliance.domain.text import Language
from compliance.services.account.organisations import COUNTRIES
from compliance.storage.bulk import insert_rows
from compliance.storage.models import Membership, Organisation, PublicRecord, Service, User, public_record_service

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Staff:
    """Who reviews in one country: by role and language, whoever is there."""

    people: Mapping[tuple[Role, Language], Person]

    def one(self, role: Role, language: Language) -> Person:
        """Someone with the role who works in the language; else in English."""
        return self.people.get((role, language)) or self.people[role, "en"]


@dataclass(frozen=True, slots=True)
class StoredCompany:
    """The ids that a planned company has in the database."""

    plan: CompanyPlan
    id: int
    people: Sequence[Person]
    services: dict[str, int]  # by slug


def store_operator(session: Session, trail: Trail, password: str, at: dt.datetime) -> None:
    """Whoever runs the installation."""
    row = _organisation_row("operator", "Installation Operator (fictional)", OrganisationKind.OPERATOR, None, at)
    row |= {
        "description_en": "Runs this installation. Invented.",
        "description_fr": "Exploite cette installation. Inventé.",
    }
    (organisation_id,) = insert_rows(session, Organisation, [row])
    trail.add(at, None, "organisation.create", f"organisation:{organisation_id}", after={"slug": row["slug"]})
    person = PersonPlan("administrator@operator.example", "Robin Marlowe", Role.ADMINISTRATOR, "en")
    _people(session, trail, [(organisation_id, [person])], password, at)


def store_governments(
    session: Session, trail: Trail, designs: Sequence[GovernmentDesign], seed: int, password: str, at: dt.datetime
) -> dict[str, Staff]:
    """The departments and their people; by country, who reviews there."""
    rows = [
        _organisation_row(design.slug, design.name, OrganisationKind.GOVERNMENT, design.country, at)
        | {"description_en": "An invented department.", "description_fr": "Un ministère inventé."}
        for design in designs
    ]
    ids = insert_rows(session, Organisation, rows)
    for row, organisation_id in zip(rows, ids, strict=True):
        trail.add(at, None, "organisation.create", f"organisation:{organisation_id}", after={"slug": row["slug"]})
    people = [government_people(design, seed) for design in designs]
    stored = _people(session, trail, list(zip(ids, people, strict=True)), password, at)
    return {
        design.country: Staff({(plan.role, plan.language): person for plan, person in zip(planned, found, strict=True)})
        for design, planned, found in zip(designs, people, stored, strict=True)
    }


def store_companies(
    session: Session, trail: Trail, plans: Sequence[CompanyPlan], seed: int, password: str, at: dt.datetime
) -> list[StoredCompany]:
    """The companies with their people and services."""
    rows = [_company_row(plan.design, seed, at) for plan in plans]
    ids = insert_rows(session, Organisation, rows)
    for row, company_id in zip(rows, ids, strict=True):
        subject, after = f"organisation:{company_id}", {"slug": row["slug"], "country": row["country"]}
        trail.add(at, None, "organisation.create", subject, chain=company_id, after=after)
    groups = [(company_id, plan.people) for company_id, plan in zip(ids, plans, strict=True)]
    people = _people(session, trail, groups, password, at, is_company=True)
    stored = [
        StoredCompany(plan, company_id, found, {}) for plan, company_id, found in zip(plans, ids, people, strict=True)
    ]
    _services(session, trail, stored, at)
    return stored


def _organisation_row(slug: str, name: str, kind: OrganisationKind, country: str | None, at: dt.datetime) -> Row:
    return {
        "slug": slug,
        "name": name,
        "kind": kind,
        "country": country,
        "time_zone": COUNTRIES.get(country or "", "UTC"),
        "language": "en",
        "endorsed_on": None,
        "endorsement_source": "",
        "fictional": True,
        "created_at": at,
    }


def _company_row(design: CompanyDesign, seed: int, at: dt.datetime) -> Row:
    about = description(design.name, design.kind)
    row = _organisation_row(design.slug, design.name, OrganisationKind.COMPANY, design.country, at)
    row |= {"language": design.language, "description_en": about.en, "description_fr": about.fr}
    if design.endorsed:
        days = chance(seed, design.slug, "endorsed").randint(0, 1500)
        row["endorsed_on"] = dt.date(2021, 1, 11) + dt.timedelta(days=days)
        row["endorsement_source"] = f"https://{design.slug}.example/news/voluntary-principles"
    return row


def _people(
    session: Session,
    trail: Trail,
    groups: Sequence[tuple[int, Sequence[PersonPlan]]],
    password: str,
    at: dt.datetime,
    *,
    is_company: bool = False,
) -> list[list[Person]]:
    """Accounts and roles of several organisations, given by id; the people of each."""
    flat = [(organisation_id, plan) for organisation_id, plans in groups for plan in plans]
    ids = insert_rows(session, User, [_user_row(plan, password, at) for _, plan in flat])
    members = [
        {"user_id": user_id, "organisation_id": organisation_id, "role": plan.role, "started_at": at, "ended_at": None}
        for user_id, (organisation_id, plan) in zip(ids, flat, strict=True)
    ]
    insert_rows(session, Membership, members)
    found: dict[int, list[Person]] = {organisation_id: [] for organisation_id, _ in groups}
    for user_id, (organisation_id, plan) in zip(ids, flat, strict=True):
        found[organisation_id].append(Person(user_id, organisation_id))
        after = {"email": plan.email, "role": plan.role.value}
        company_id = organisation_id if is_company else None
        trail.add(at, None, "user.create", f"user:{user_id}", chain=company_id, after=after)
    return list(found.values())


def _user_row(plan: PersonPlan, password: str, at: dt.datetime) -> Row:
    return {
        "email": plan.email,
        "name": plan.name,
        "language": plan.language,
        "password": password,
        "active": True,
        "fs_uniquifier": secrets.token_hex(32),
        "created_at": at,
    }


def _services(session: Session, trail: Trail, companies: Sequence[StoredCompany], at: dt.datetime) -> None:
    """The services of the companies as they are today; their ids are put into `companies`. Whoever leads added them."""
    flat = [(company, slug, item) for company in companies for slug, item in company.plan.services]
    rows = [
        {
            "company_id": company.id,
            "slug": slug,
            "name": item.name,
            "functions": list(item.functions),
            "retired_on": company.plan.rounds[0].dates.closed_on if item.retired else None,
            "version": 1,
        }
        for company, slug, item in flat
    ]
    for service_id, (company, slug, item) in zip(insert_rows(session, Service, rows), flat, strict=True):
        company.services[slug] = service_id
        subject, after = f"service:{service_id}", {"name": item.name, "functions": list(item.before or item.functions)}
        trail.add(at, company.people[0], "service.add", subject, chain=company.id, after=after)


def store_records(
    session: Session,
    trail: Trail,
    designs: Sequence[RecordDesign],
    companies: Mapping[str, StoredCompany],
    staff: Mapping[str, Staff],
    current: Dates,
) -> None:
    """The public record, entered by a reviewer of the lead country."""
    wanted = [(companies[design.company], design) for design in designs if design.company in companies]
    at = current.moment(20, 30)
    rows = []
    for number, (company, design) in enumerate(wanted, start=1):
        reviewer = staff[company.plan.design.country].one(Role.REVIEWER, "en")
        row = _record_row(company, design, number, current)
        rows.append(row | {"entered_by_id": reviewer.user_id, "entered_at": at})
    ids = insert_rows(session, PublicRecord, rows)
    named: list[Row] = []
    for record_id, row, (company, design) in zip(ids, rows, wanted, strict=True):
        reviewer = staff[company.plan.design.country].one(Role.REVIEWER, "en")
        after = {"reference": row["reference"], "source": row["source_address"]}
        subject, chain = f"public_record:{record_id}", reviewer.organisation_id
        trail.add(at, reviewer, "public_record.add", subject, chain=chain, after=after)
        slugs = {service.name: slug for slug, service in company.plan.services}
        named += [
            {"public_record_id": record_id, "service_id": company.services[slugs[name]]}
            for name in design.services or ()
        ]
    if named:
        session.execute(insert(public_record_service), named)


def _record_row(company: StoredCompany, design: RecordDesign, number: int, current: Dates) -> Row:
    scope = "not_named" if design.services is None else ("named" if design.services else "company")
    return {
        "company_id": company.id,
        "reference": f"demo-{number}",
        "services_scope": scope,
        "services_text": ", ".join(design.services or ()),
        "principle_id": design.indicator.partition(".")[0],
        "indicator_id": design.indicator,
        "statement": design.statement,
        "language": "en",
        "status": design.status,
        "value": None if design.value is None else Decimal(str(design.value)),
        "unit": design.unit,
        "period": str(current.period_start.year - 1) if design.value is not None else "",
        "geography": design.geography,
        "source_address": design.source,
        "source_date": f"{current.opens_on:%Y-%m}",
    }
