"""What public sources say about a company, entered by government staff. It is never the company's own answer."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.corrections import REVIEW_AFTER
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework, Scope
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.public_record import FactEntry, problems_of
from compliance.domain.slugs import free_slug
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.cycle import frameworks
from compliance.services.gap import results
from compliance.services.transaction import reading, writing
from compliance.storage.models import Organisation, PublicRecord, Service
from compliance.storage.queries import assessments, cycles, review
from compliance.storage.queries import public_record as queries

#: How the reference of a fact begins that a person entered; that of an imported fact is its id in the file.
FORM: Final = "form:"

PAGE: Final = 50

#: The columns that say what the fact is; the rest says who entered it and when.
COLUMNS: Final = (
    "services_scope", "services_text", "principle_id", "indicator_id", "statement", "status", "value", "unit", "period",
    "geography", "source_address", "source_date", "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordList:
    """The public record of a company. `framework` is None before any was imported."""

    company: Organisation
    framework: Framework | None
    records: Sequence[PublicRecord]
    total: int
    may_add: bool
    may_decide: bool  # on corrections that the company proposes
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What the form for a new fact needs: the services to choose from are those that government knows of."""

    company: Organisation
    framework: Framework
    services: Sequence[Service]


def record_list(actor: Actor, slug: str, *, page: int = 1) -> RecordList:
    """A page of what was entered about a company. Raises NotFound for an unknown one."""
    require(actor, Permission.PUBLIC_RECORD_VIEW)
    session = reading()
    company = _company(session, actor, slug)
    total = review.public_record_count(session, actor, company.id)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    record = Record(company_id=company.id, lead_country=company.country)
    return RecordList(
        company=company,
        framework=frameworks.newest(session),
        records=review.public_records_page(session, actor, company.id, offset=(page - 1) * PAGE, limit=PAGE),
        total=total,
        may_add=allows(actor, Permission.PUBLIC_RECORD_EDIT),
        may_decide=allows(actor, Permission.CORRECTION_DECIDE, record),
        page=page,
        pages=pages,
    )


def new_record(actor: Actor, slug: str) -> NewRecord:
    """The form for a new fact. Raises NotFound for an unknown company, NotAllowed before any framework was imported."""
    require(actor, Permission.PUBLIC_RECORD_EDIT)
    return _new_record(reading(), actor, slug)


def _new_record(session: Session, actor: Actor, slug: str) -> NewRecord:
    company = _company(session, actor, slug)
    framework = frameworks.newest(session)
    if framework is None:
        raise NotAllowed("no framework was imported yet")
    return NewRecord(company, framework, queries.known_services(session, actor, company.id))


def add(actor: Actor, slug: str, entry: FactEntry, *, key: str, now: dt.datetime) -> PublicRecord:
    """Keep a fact about a company; the record. The same form (`key`) sent twice is one record.

    Raises Invalid for a fault in `entry`, NotFound for an unknown company.
    """
    require(actor, Permission.PUBLIC_RECORD_EDIT)
    try:
        return _add(actor, slug, entry, key=key, now=now)
    except IntegrityError:
        # The same form arrived twice at once, and the database let one through: by now it is there to be found.
        return _add(actor, slug, entry, key=key, now=now)


def _add(actor: Actor, slug: str, entry: FactEntry, *, key: str, now: dt.datetime) -> PublicRecord:
    with writing() as session:
        page = _new_record(session, actor, slug)
        problems = problems_of(entry, page.framework)
        if problems:
            raise Invalid(problems)
        reference, company_id = f"{FORM}{key}", page.company.id
        linker = Linker(session, company_id, page.services, page.framework)
        stored = queries.by_reference(session, company_id, [reference]).get(reference)
        if stored is not None and not differences(stored, entry, linker):
            return stored
        if stored is not None:  # the person went back and wrote another fact into the form that was sent before
            reference = f"{FORM}{secrets.token_hex(16)}"
        record = PublicRecord(company_id=company_id, reference=reference, entered_by_id=actor.user_id)
        store(session, record, entry, linker.services_for(entry), now=now)
        # Government's own act goes to the chain of the department: the company's trail, which its people may look at,
        # must not show what government reads about it.
        chain = actor.organisation_id
        note(session, actor, record, None, now=now, chain=chain)
        note_services(session, actor, linker.added, now=now, chain=chain)
        refresh_open_cycles(session, company_id, now=now)
        return record


def _company(session: Session, actor: Actor, slug: str) -> Organisation:
    company = cycles.company_for(session, actor, slug)
    if company is None:
        raise NotFound(slug)
    return company


class Linker:
    """Finds the services that a fact names among those of a company, and adds those that nobody listed yet.

    A service is added only while the company says nothing about itself: its own list is never touched, and a name
    that is not on it stays what it is, the words of a source.
    """

    def __init__(self, session: Session, company_id: int, known: Sequence[Service], framework: Framework) -> None:
        self._session = session
        self._framework = framework
        self._company_id = company_id
        self.may_add = not queries.lists_own_services(session, company_id)
        everything = assessments.services_of(session, company_id) if self.may_add else known
        self._known = {service.name.casefold(): service for service in everything}
        self._slugs = {service.slug for service in everything}
        self.added: list[Service] = []

    def missing(self, entry: FactEntry) -> list[str]:
        """The names in a fact that are no service known here."""
        if not self._adds_for(entry):
            return []
        return [name for name in entry.services if name.casefold() not in self._known]

    def _adds_for(self, entry: FactEntry) -> bool:
        """Is the fact about services at all? What a source names on a company-wide question, such as a tool that is
        given to others, is no service to be asked about."""
        principle = self._framework.principles_by_id[entry.principle_id]
        about = [i for i in principle.indicators if entry.indicator_id in (None, i.id)]
        return any(indicator.scope is Scope.SERVICE for indicator in about)

    def names_for(self, entry: FactEntry) -> set[str]:
        """The services that a fact is linked with, by name without case."""
        names = {name.casefold() for name in entry.services}
        return names if self.may_add and self._adds_for(entry) else names & self._known.keys()

    def services_for(self, entry: FactEntry) -> list[Service]:
        """The services to link, stored; in the order in which the fact names them."""
        wanted = self.names_for(entry)
        return [self._service(name) for name in entry.services if name.casefold() in wanted]

    def _service(self, name: str) -> Service:
        service = self._known.get(name.casefold())
        if service is None:
            slug = free_slug(name, self._slugs, "service")
            # What the service can do, nobody has said: no functions, so that everything is asked.
            service = Service(company_id=self._company_id, slug=slug, name=name, functions=None)
            self._session.add(service)
            self._session.flush()
            self._known[name.casefold()] = service
            self._slugs.add(slug)
            self.added.append(service)
        return service


def differences(record: PublicRecord, entry: FactEntry, linker: Linker) -> list[str]:
    """The names of what `entry` says otherwise than the stored fact."""
    found = [name for name, value in columns_of(entry).items() if getattr(record, name) != value]
    linked = {service.name.casefold() for service in record.services}
    return found if linked == linker.names_for(entry) else [*found, "services"]


def columns_of(entry: FactEntry) -> dict[str, object]:
    """A fact as column values."""
    assert entry.scope is not None, "checked before"
    return {
        "services_scope": entry.scope.value,
        "services_text": entry.services_text or ", ".join(entry.services),
        "principle_id": entry.principle_id,
        "indicator_id": entry.indicator_id,
        "statement": entry.statement,
        "status": entry.status.value if entry.status else None,
        "value": entry.value,
        "unit": entry.unit,
        "period": entry.period,
        "geography": entry.geography,
        "source_address": entry.source_address,
        "source_date": entry.source_date,
        "language": entry.language,
    }


def store(
    session: Session, record: PublicRecord, entry: FactEntry, services: Sequence[Service], *, now: dt.datetime
) -> None:
    """Put a fact into a row."""
    for name, value in columns_of(entry).items():
        setattr(record, name, value)
    record.services = list(services)
    record.entered_at = now
    record.review_on = now.date() + REVIEW_AFTER
    session.add(record)
    session.flush()


def note(
    session: Session,
    actor: Actor | None,
    record: PublicRecord,
    before: Mapping[str, object] | None,
    *,
    now: dt.datetime,
    chain: int | None,
) -> None:
    """Write the audit row of a fact that was added or (with what was there `before`) changed."""
    action = "public_record.add" if before is None else "public_record.change"
    subject = f"public_record:{record.id}"
    audit.record(
        session, actor, action, subject, now=now, organisation_id=chain, before=before, after=described(record)
    )


def note_services(
    session: Session, actor: Actor | None, services: Sequence[Service], *, now: dt.datetime, chain: int | None
) -> None:
    """Write the audit row of each service that a source named first."""
    for service in services:
        after = {"company": service.company_id, "name": service.name, "functions": None}
        audit.record(
            session, actor, "service.add", f"service:{service.id}", now=now, organisation_id=chain, after=after
        )


def described(record: PublicRecord) -> dict[str, object]:
    """A fact as plain data, for the audit trail."""
    data = {name: getattr(record, name) for name in COLUMNS}
    data["value"] = None if record.value is None else format(record.value.normalize(), "f")
    return {"company": record.company_id, "services": [service.slug for service in record.services], **data}


def refresh_open_cycles(session: Session, company_id: int, *, now: dt.datetime) -> None:
    """A fact may name a service that no result knew of, and may differ from an answer."""
    for cycle_id in queries.open_cycle_ids(session, company_id):
        results.refresh(session, cycle_id, company_id, now=now)
