"""Importing facts of the public record from a file: first a plan that says all, then everything or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.errors import NotAllowed
from compliance.domain.permissions import OrganisationKind
from compliance.domain.public_record_file import FileFact, Reading, Refusal, read
from compliance.domain.slugs import free_slug
from compliance.services import audit
from compliance.services.account.organisations import COUNTRIES, described
from compliance.services.cycle import frameworks
from compliance.services.review import public_record
from compliance.services.review.public_record import Linker
from compliance.services.transaction import writing
from compliance.storage.models import Organisation, PublicRecord
from compliance.storage.queries import assessments, organisations
from compliance.storage.queries import public_record as queries


class Action(StrEnum):
    ADD = "add"
    CHANGE = "change"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Line:
    """What is done with one fact; `detail` names what changes."""

    action: Action
    fact: FileFact
    detail: str = ""

    @property
    def reference(self) -> str:
        return self.fact.reference


@dataclass(slots=True)
class Import:
    """What an import did, or would do. With a refusal nothing was written."""

    lines: list[Line] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    new_companies: list[str] = field(default_factory=list)
    new_services: list[str] = field(default_factory=list)
    written: bool = False

    def count(self, action: Action) -> int:
        return sum(line.action is action for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wish:
    """How to import: may companies be created, which country then leads on them, and is anything written at all?"""

    create: bool = False
    lead_country: str | None = None
    preview: bool = False


class _Undo(Exception):
    """Leaves the transaction without writing: a preview, or a fact that cannot be used."""


def import_facts(data: bytes, wish: Wish, *, now: dt.datetime) -> Import:
    """Import the facts in `data`, all or nothing; what was done with each. Importing a file again changes nothing.

    Raises Unreadable when `data` is not such a file, NotAllowed before any framework was imported and for new
    companies in a database of invented ones.
    """
    done = Import()
    try:
        with writing() as session:
            framework = frameworks.newest(session)
            if framework is None:
                raise NotAllowed("no framework was imported yet; `content import` does that")
            reading = read(data, framework)
            done.refusals.extend(reading.refusals)
            for company, facts in _by_company(session, reading, wish, done, now=now):
                known = assessments.services_of(session, company.id)
                linker = Linker(session, company.id, known, framework)
                _import(session, company, linker, facts, wish, done, now=now)
            if done.refusals or wish.preview:
                raise _Undo
    except _Undo:
        return done
    except IntegrityError as error:
        raise NotAllowed("someone changed the same records meanwhile; nothing was written, run it again") from error
    done.written = True
    return done


def _by_company(
    session: Session, reading: Reading, wish: Wish, done: Import, *, now: dt.datetime
) -> Iterator[tuple[Organisation, Sequence[FileFact]]]:
    """The facts by company in the order of the file; companies that are not there are created or refused."""
    facts: dict[str, list[FileFact]] = {}
    for fact in reading.facts:
        facts.setdefault(fact.provider.casefold(), []).append(fact)
    known = organisations.companies(session)
    for folded, some in facts.items():
        found = [company for company in known if folded in (company.name.casefold(), company.slug)]
        if len(found) == 1:
            yield found[0], some
        elif found:
            _refuse(done, some, "several companies have that name; give the slug of one")
        elif not wish.create:
            _refuse(done, some, "there is no such company; --create makes it")
        else:
            yield _create(session, some[0].provider, wish, done, now=now), some


def _refuse(done: Import, facts: Sequence[FileFact], reason: str) -> None:
    done.refusals.extend(Refusal(fact.reference, f"provider {fact.provider!r}: {reason}") for fact in facts)


def _create(session: Session, name: str, wish: Wish, done: Import, *, now: dt.datetime) -> Organisation:
    if organisations.any_organisation(session, fictional=True):
        raise NotAllowed("this database holds invented companies; real ones are kept apart from them")
    company = Organisation(
        slug=free_slug(name, queries.organisation_slugs(session), "company"),
        name=name,
        kind=OrganisationKind.COMPANY,
        country=wish.lead_country,
        time_zone=COUNTRIES.get(wish.lead_country or "", "UTC"),
        language="en",
        created_at=now,
    )
    session.add(company)
    session.flush()
    subject = f"organisation:{company.id}"
    audit.record(
        session, None, "organisation.create", subject, now=now, organisation_id=company.id, after=described(company)
    )
    done.new_companies.append(name)
    return company


def _import(
    session: Session,
    company: Organisation,
    linker: Linker,
    facts: Sequence[FileFact],
    wish: Wish,
    done: Import,
    *,
    now: dt.datetime,
) -> None:
    stored = queries.by_reference(session, company.id, [fact.reference for fact in facts])
    written = False
    for fact in facts:
        record = stored.get(fact.reference)
        refused = _refusals(company, fact, record, linker, wish)
        done.refusals.extend(refused)
        if refused:
            continue
        line = _line(fact, record, linker)
        done.lines.append(line)
        if line.action is not Action.UNCHANGED:
            _store(session, company, fact, record, linker, now=now)
            written = True
    # Like the facts below: what sources say about a company is no act of the company and stays out of its chain.
    public_record.note_services(session, None, linker.added, now=now, chain=None)
    done.new_services.extend(f"{company.name}: {service.name}" for service in linker.added)
    if written:
        public_record.refresh_open_cycles(session, company.id, now=now)


def _refusals(
    company: Organisation, fact: FileFact, record: PublicRecord | None, linker: Linker, wish: Wish
) -> list[Refusal]:
    """Why a fact that is well formed cannot be used here."""
    reasons = []
    if record is not None and record.entered_by_id is not None:
        reasons.append("a person entered a fact with this id; it is not overwritten")
    if not wish.create:
        reasons += [
            f"{company.name} has no service {name!r}" + ("; --create makes it" if linker.may_add else "")
            for name in linker.missing(fact.entry)
        ]
    return [Refusal(fact.reference, reason) for reason in reasons]


def _line(fact: FileFact, record: PublicRecord | None, linker: Linker) -> Line:
    changes = public_record.differences(record, fact.entry, linker) if record else []
    action = Action.ADD if record is None else Action.CHANGE if changes else Action.UNCHANGED
    details = [f"changes: {', '.join(changes)}"] if changes else []
    if not linker.may_add and linker.missing(fact.entry):
        names = ", ".join(linker.missing(fact.entry))
        details.append(f"not linked, as the company lists its services itself: {names}")
    return Line(action, fact, "; ".join(details))


def _store(
    session: Session,
    company: Organisation,
    fact: FileFact,
    record: PublicRecord | None,
    linker: Linker,
    *,
    now: dt.datetime,
) -> None:
    before = public_record.described(record) if record else None
    record = record or PublicRecord(company_id=company.id, reference=fact.reference)
    public_record.store(session, record, fact.entry, linker.services_for(fact.entry), now=now)
    public_record.note(session, None, record, before, now=now, chain=None)
