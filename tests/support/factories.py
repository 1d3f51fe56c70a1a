"""Records to start from: each function stores one and returns it. Call them inside `context` (or `app`, which has it).

Whatever a test does not name gets a value that is valid and different each time.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, Final, TypeVar

from flask.testing import FlaskClient
from sqlalchemy import select

from compliance.domain.accounts import Method
from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.assessments import Invitation, State
from compliance.domain.documents import DocumentState
from compliance.domain.permissions import Actor, Role
from compliance.domain.reminder_plans import dump_plan
from compliance.domain.reminders import Anchor, Audience, Stage
from compliance.domain.submissions import Signature
from compliance.services.account.sessions import Device, begin
from compliance.services.actors import actor_for
from compliance.services.assessment import answers as answer_service
from compliance.services.assessment import checks, submissions
from compliance.services.gap import results
from compliance.services.transaction import writing
from compliance.storage.database import Base
from compliance.storage.models import (
    Answer,
    Assessment,
    Contact,
    Cycle,
    Document,
    Finding,
    FrameworkVersion,
    Membership,
    Organisation,
    Participation,
    PublicRecord,
    Service,
    Sharing,
    Submission,
    User,
)
from compliance.storage.queries import accounts
from tests.support.audit_client import AuditClient

#: When factories say that things happened: before the `now` fixture.
MADE_AT: Final = dt.datetime(2026, 7, 1, 13, tzinfo=dt.UTC)
TINY: Final = ("tiny-charter", "1.0")
REAL: Final = ("voluntary-principles", "2026.1")

#: A plan small enough to count on one hand what it sends.
PLAN: Final = (
    Stage("due_soon", Anchor.DUE, -7, frozenset({Audience.CONTRIBUTOR, Audience.LEAD})),
    Stage("overdue", Anchor.DUE, 3, frozenset({Audience.LEAD})),
)

Row = TypeVar("Row", bound=Base)

_numbers = count(1)


def organisation(kind: str = "company", country: str | None = "CA", **columns: Any) -> Organisation:
    """A company led on by `country`, or a government of it, or (country None) an operator."""
    number = next(_numbers)
    values = {"slug": f"{kind}-{number}", "name": f"{kind.title()} {number}", "time_zone": "America/Toronto"}
    return _stored(Organisation(kind=kind, country=country, created_at=MADE_AT, **(values | columns)))


def government(country: str = "CA", **columns: Any) -> Organisation:
    return organisation("government", country, **columns)


def operator(**columns: Any) -> Organisation:
    return organisation("operator", None, **columns)


def user(organisation: Organisation | None = None, *roles: str, **columns: Any) -> User:
    """A person, with `roles` in an organisation."""
    number = next(_numbers)
    values = {
        "email": f"person-{number}@people.example",
        "name": f"Person {number}",
        "fs_uniquifier": secrets.token_hex(),
    }
    person = _stored(User(created_at=MADE_AT, **(values | columns)))
    for role in roles:
        assert organisation is not None, "a role is a role in an organisation"
        membership(person, organisation, role)
    return person


def membership(person: User, organisation: Organisation, role: str, **columns: Any) -> Membership:
    row = Membership(
        user_id=person.id, organisation_id=organisation.id, role=Role(role), **({"started_at": MADE_AT} | columns)
    )
    return _stored(row)


def contact(organisation: Organisation, **columns: Any) -> Contact:
    """Somebody without an account whom mail reaches: the executive contact of a company."""
    number = next(_numbers)
    values = {"email": f"executive-{number}@people.example", "name": f"Executive {number}", "created_at": MADE_AT}
    return _stored(Contact(organisation_id=organisation.id, **(values | columns)))


def actor(organisation: Organisation, *roles: str, **columns: Any) -> Actor:
    """A new person with `roles` (company: lead, government: reviewer, operator: administrator), ready to act."""
    usual = {"company": "lead", "government": "reviewer", "operator": "administrator"}
    return acting(user(organisation, *(roles or (usual[organisation.kind],)), **columns))


def acting(person: User) -> Actor:
    """A person as services see them."""
    found = actor_for(person.id)
    assert found is not None, f"{person.email} has no role"
    return found


def cycle(framework: tuple[str, str] = TINY, *, previous: Cycle | None = None, **columns: Any) -> Cycle:
    """A cycle over the first half of 2026, open from 1 July and due on 30 September 2026."""
    number = next(_numbers)
    with writing() as session:
        version = session.scalars(
            select(FrameworkVersion).where(
                FrameworkVersion.framework == framework[0], FrameworkVersion.version == framework[1]
            )
        ).one()
    values = {
        "slug": f"cycle-{number}",
        "name_en": f"Cycle {number}",
        "name_fr": f"Cycle {number} (fr)",
        "framework_version_id": version.id,
        "previous_id": previous.id if previous else None,
        "period_start": dt.date(2026, 1, 1),
        "period_end": dt.date(2026, 6, 30),
        "opens_on": dt.date(2026, 7, 1),
        "due_on": dt.date(2026, 9, 30),
        "reminder_plan": dump_plan(PLAN),
    }
    return _stored(Cycle(**(values | columns)))


def participation(
    cycle: Cycle, company: Organisation, invitation: str = Invitation.ACCEPTED, **columns: Any
) -> Participation:
    """A company in a cycle, its content shared with its lead country."""
    values: dict[str, Any] = {"invited_at": MADE_AT}
    if invitation != Invitation.INVITED:
        values["decided_at"] = MADE_AT
    row = Participation(cycle_id=cycle.id, company_id=company.id, invitation=invitation, **(values | columns))
    stored = _stored(row)
    if company.country:
        sharing(cycle, company, company.country)
    return stored


def sharing(cycle: Cycle, company: Organisation, *countries: str) -> list[Sharing]:
    """The company's content in the cycle is shared with `countries`."""
    return [
        _stored(Sharing(cycle_id=cycle.id, company_id=company.id, country=country, started_at=MADE_AT))
        for country in countries
    ]


def service(company: Organisation, functions: Iterable[str] | None = ("letters",), **columns: Any) -> Service:
    """A service with `functions` (None: the company never said what it does)."""
    number = next(_numbers)
    values = {"slug": f"service-{number}", "name": f"Service {number}"}
    row = Service(
        company_id=company.id,
        functions=sorted(functions) if functions is not None else None,
        **(values | columns),
    )
    return _stored(row)


def assessment(cycle: Cycle, company: Organisation, state: str = State.DRAFT, **columns: Any) -> Assessment:
    """An assessment in any state. `submitted` makes one that holds a sealed copy."""
    values = {"started_at": MADE_AT, "last_activity_at": MADE_AT}
    return _stored(Assessment(cycle_id=cycle.id, company_id=company.id, state=state, **(values | columns)))


def answer(
    assessment: Assessment, service: Service | None, indicator_id: str, by: Actor, entry: AnswerEntry | None = None
) -> Answer:
    """An answer, stored as it is without any check."""
    row = Answer(
        assessment_id=assessment.id,
        service_id=service.id if service else None,
        indicator_id=indicator_id,
        updated_by_id=by.user_id,
        updated_at=MADE_AT,
    )
    answer_service.fill(row, entry or AnswerEntry(Status.IN_PLACE, explanation=f"This is how we do {indicator_id}."))
    return _stored(row)


def document(company: Organisation, by: Actor, **columns: Any) -> Document:
    """A document of the company, without a file in the store."""
    number = next(_numbers)
    values = {
        "key": secrets.token_hex(16),
        "name": f"report-{number}.pdf",
        "media_type": "application/pdf",
        "size": 1_000 + number,
        "sha256": f"{number:064x}",
        "state": DocumentState.CLEAN,
    }
    row = Document(company_id=company.id, uploaded_by_id=by.user_id, uploaded_at=MADE_AT, **(values | columns))
    return _stored(row)


def submitted(actor: Actor, cycle: Cycle, *, now: dt.datetime) -> Submission:
    """The actor's company submits what it has answered, as it does on the site."""
    fingerprint = checks.check(actor, cycle.slug, now=now).fingerprint
    signature = Signature(name=actor.name, role="Head of safety", authority="By decision of the board")
    return submissions.submit(actor, cycle.slug, signature, fingerprint=fingerprint, now=now)


def finding(assessment: Assessment, service: Service | None, indicator_id: str, by: Actor, **columns: Any) -> Finding:
    """A finding by a reviewer, stored without any check; call `refresh` when results matter."""
    values = {"rating": "agree", "reason": "", "country": by.country or "CA", "updated_at": MADE_AT}
    row = Finding(
        assessment_id=assessment.id,
        service_id=service.id if service else None,
        indicator_id=indicator_id,
        author_id=by.user_id,
        **(values | columns),
    )
    return _stored(row)


def public_record(company: Organisation, services: Sequence[Service] = (), **columns: Any) -> PublicRecord:
    number = next(_numbers)
    values = {
        "reference": f"fact-{number}",
        "services_scope": "named" if services else "company",
        "principle_id": "C1",
        "indicator_id": None,
        "statement": f"Fact {number} about the company.",
        "source_address": f"https://sources.example/{number}",
        "source_date": "2026-03",
        "entered_at": MADE_AT,
    }
    row = PublicRecord(company_id=company.id, **(values | columns))
    with writing() as session:
        row.services = [session.get_one(Service, item.id) for item in services]
        session.add(row)
    return row


def refresh(cycle: Cycle, company: Organisation, *, now: dt.datetime) -> int:
    """Bring the results of a company up to date after a factory changed what they rest on."""
    with writing() as session:
        return results.refresh(session, cycle.id, company.id, now=now)


def sign_in(client: FlaskClient, person: User, *, language: str | None = None) -> None:
    """Sign a person in without the form, second factor shown; pages must then be in the person's language."""
    with client.session_transaction() as stored:
        stored.clear()
        stored.update(cookie_of(person, language=language))
    if isinstance(client, AuditClient):
        client.language = language or person.language


def cookie_of(person: User, *, language: str | None = None) -> dict[str, str]:
    """What stands in the cookie of a person who has just signed in: a session is begun for it."""
    now = dt.datetime.now(dt.UTC)
    with writing() as opened:
        account = accounts.sign_in_user(opened, person.email)
        assert account is not None
        key = begin(opened, account, Method.PASSWORD, Device("127.0.0.1", "a test"), second=True, now=now)
    return {"key": key, **({"language": language} if language else {})}


def _stored(row: Row) -> Row:
    with writing() as session:
        session.add(row)
    return row
