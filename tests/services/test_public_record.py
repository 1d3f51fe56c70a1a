"""Entering and importing facts of the public record: one transaction, audited in the right chain, results up to date."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.public_record import FactEntry, ServicesScope
from compliance.services import audit
from compliance.services.gap import results
from compliance.services.review import public_record
from compliance.services.review.public_record_import import Action, Import, Wish, import_facts
from compliance.storage.models import (
    AuditEvent,
    Cycle,
    FrameworkVersion,
    Organisation,
    Participation,
    PublicRecord,
    Result,
    Service,
)
from tests.support import factories as make

REAL = Path(__file__).resolve().parents[1] / "data" / "public_record_real.json"
COUNTED = (Organisation, Service, PublicRecord, AuditEvent, Result)


def fact(**changes: object) -> FactEntry:
    given: dict[str, object] = {
        "statement": "answers letters",
        "principle_id": "C1",
        "indicator_id": "C1.a",
        "scope": ServicesScope.COMPANY,
        "services": (),
        "services_text": "",
        "status": Status.NOT_IN_PLACE,
        "value": None,
        "unit": "",
        "period": "",
        "geography": "",
        "source_address": "https://source.example/letters",
        "source_date": "2026",
    }
    return FactEntry(**(given | changes))  # type: ignore[arg-type]


def named(*services: str, **changes: object) -> FactEntry:
    return fact(scope=ServicesScope.NAMED, services=services, services_text=", ".join(services), **changes)


def item(reference: str, provider: str = "Harbour", **changes: object) -> dict[str, object]:
    return {
        "id": reference,
        "provider": provider,
        "service": "all services",
        "principle": 1,
        "indicator_idea": f"says {reference}",
        "status": "in place",
        "source_url": f"https://source.example/{reference}",
    } | changes


def file(*items: dict[str, object]) -> bytes:
    return json.dumps({"facts": items}).encode()


def counts(session: Session) -> list[int | None]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(model)) for model in COUNTED]


def records(session: Session) -> list[PublicRecord]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(PublicRecord).order_by(PublicRecord.id)))


def services(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Service.name).order_by(Service.name)))


def flags(session: Session, cycle: Cycle, indicator: str = "C1.a") -> list[list[str]]:
    session.rollback()
    return list(
        session.scalars(
            select(Result.flags)
            .where(Result.cycle_id == cycle.id, Result.indicator_id == indicator)
            .order_by(Result.id)
        )
    )


@pytest.fixture
def company() -> Organisation:
    return make.organisation(name="Harbour", slug="harbour")


@pytest.fixture
def charter() -> Cycle:
    """The newest cycle is about the tiny charter, so facts are filed under its principles."""
    return make.cycle()


@pytest.fixture
def reviewer(charter: Cycle) -> Actor:
    return make.actor(make.government("CA"))


@pytest.fixture
def cycle(charter: Cycle, company: Organisation) -> Cycle:
    make.participation(charter, company)
    return charter


@pytest.fixture
def answered(cycle: Cycle, company: Organisation, now: dt.datetime) -> Service:
    """The company has submitted: letters are answered on its one service."""
    service = make.service(company, name="Post", slug="post")
    lead = make.actor(company)
    assessment = make.assessment(cycle, company)
    make.answer(assessment, service, "C1.a", lead, AnswerEntry(Status.IN_PLACE, explanation="All letters."))
    make.submitted(lead, cycle, now=now)
    return service


# entering a fact


def test_a_fact_is_kept_with_who_entered_it(
    company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    entry = fact(status=None, value=Decimal("2.5"), unit="sacks", period="spring", geography="CA", indicator_id=None)
    public_record.add(reviewer, "harbour", entry, key="k", now=now)
    [row] = records(session)
    assert (row.company_id, row.entered_by_id, row.entered_at) == (company.id, reviewer.user_id, now)
    assert (row.value, row.unit, row.period, row.geography) == (Decimal("2.5"), "sacks", "spring", "CA")
    assert (row.services_scope, row.principle_id, row.indicator_id, row.status) == ("company", "C1", None, None)
    [listed] = public_record.record_list(reviewer, "harbour").records
    assert listed.entered_by is not None
    assert listed.entered_by.name == reviewer.name


def test_the_audit_row_goes_to_the_chain_of_the_department(
    company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    public_record.add(reviewer, "harbour", named("Post"), key="k", now=now)
    events = session.scalars(select(AuditEvent).where(AuditEvent.actor_id == reviewer.user_id)).all()
    assert [event.action for event in events] == ["public_record.add", "service.add"]
    assert {event.chain for event in events} == {audit.chain_of(reviewer.organisation_id)}
    assert not session.scalars(select(AuditEvent).where(AuditEvent.chain == audit.chain_of(company.id))).all()
    assert audit.verify(session) == []


@pytest.mark.parametrize("services_named", [False, True])
def test_an_answer_that_differs_is_flagged_at_once(
    services_named: bool, cycle: Cycle, answered: Service, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    assert flags(session, cycle) == [[]]
    entry = named("post") if services_named else fact()
    public_record.add(reviewer, "harbour", entry, key="k", now=now)
    assert flags(session, cycle) == [["public_record_differs"]]


@pytest.mark.parametrize(
    "entry",
    [
        fact(status=Status.IN_PLACE),
        fact(indicator_id=None),
        fact(status=None),
        fact(scope=ServicesScope.NOT_NAMED),
        named("Another"),
    ],
)
def test_what_says_nothing_else_about_the_answer_flags_nothing(
    entry: FactEntry, cycle: Cycle, answered: Service, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    public_record.add(reviewer, "harbour", entry, key="k", now=now)
    assert flags(session, cycle) == [[]]


def test_a_closed_cycle_stays_as_it_was(
    cycle: Cycle, answered: Service, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    from compliance.services.cycle.cycles import close_cycle

    close_cycle(cycle.slug, early=True, now=now)
    public_record.add(reviewer, "harbour", fact(), key="k", now=now)
    assert flags(session, cycle) == [[]]


def test_a_silent_companys_services_are_those_that_sources_name(
    cycle: Cycle, company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    public_record.add(reviewer, "harbour", named("Post", "Parcels"), key="k", now=now)
    assert services(session) == ["Parcels", "Post"]
    assert session.scalars(select(Service.functions)).all() == [None, None]
    assert flags(session, cycle) == [[], []]
    again = public_record.new_record(reviewer, "harbour")
    assert [service.name for service in again.services] == ["Parcels", "Post"]


def test_a_company_that_lists_its_services_keeps_its_list(
    company: Organisation, answered: Service, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    public_record.add(reviewer, "harbour", named("POST", "Parcels"), key="k", now=now)
    assert services(session) == ["Post"]
    [row] = public_record.record_list(reviewer, "harbour").records
    assert [service.name for service in row.services] == ["Post"]
    assert row.services_text == "POST, Parcels"


def test_a_draft_tells_government_no_service(
    cycle: Cycle, company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    make.service(company, name="Secret plan")
    make.assessment(cycle, company)
    make.refresh(cycle, company, now=now)
    assert public_record.new_record(reviewer, "harbour").services == []
    public_record.add(reviewer, "harbour", named("Secret plan"), key="k", now=now)
    [row] = public_record.record_list(reviewer, "harbour").records
    assert row.services == []


def test_services_of_a_submission_are_known_where_it_is_shared(
    answered: Service, reviewer: Actor, company: Organisation
) -> None:
    elsewhere = make.actor(make.government("NZ"))
    assert [service.name for service in public_record.new_record(reviewer, "harbour").services] == ["Post"]
    assert public_record.new_record(elsewhere, "harbour").services == []


def test_the_same_form_sent_twice_is_one_fact(
    company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    first = public_record.add(reviewer, "harbour", named("Post"), key="k", now=now)
    again = public_record.add(reviewer, "harbour", named("Post"), key="k", now=now)
    assert first.id == again.id
    assert len(records(session)) == 1


def test_the_same_form_sent_twice_at_the_same_time_is_one_fact(
    context: Flask, cycle: Cycle, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    start = Barrier(4)

    def send(_number: int) -> int:
        with context.app_context():
            start.wait()
            return public_record.add(reviewer, "harbour", fact(), key="k", now=now).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(send, range(4)))
    assert ids == {row.id for row in records(session)}
    assert len(ids) == 1
    assert audit.verify(session) == []


def test_another_fact_in_a_form_that_was_sent_is_not_lost(
    company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    public_record.add(reviewer, "harbour", fact(), key="k", now=now)
    public_record.add(reviewer, "harbour", fact(statement="waters plants"), key="k", now=now)
    assert [row.statement for row in records(session)] == ["answers letters", "waters plants"]


def test_a_faulty_fact_is_not_kept(company: Organisation, reviewer: Actor, session: Session, now: dt.datetime) -> None:
    before = counts(session)
    with pytest.raises(Invalid):
        public_record.add(reviewer, "harbour", fact(indicator_id="C2.a"), key="k", now=now)
    assert counts(session) == before


@pytest.mark.parametrize("role", ["reviewer", "coordinator", "approver", "reader"])
def test_roles_of_a_government(role: str, charter: Cycle, company: Organisation, now: dt.datetime) -> None:
    person = make.actor(make.government("NZ"), role)
    if role == "reader":
        with pytest.raises(Denied):
            public_record.record_list(person, "harbour")
    else:
        assert public_record.record_list(person, "harbour").may_add is (role != "approver")
    if role in ("approver", "reader"):
        with pytest.raises(Denied):
            public_record.new_record(person, "harbour")
        with pytest.raises(Denied):
            public_record.add(person, "harbour", fact(), key="k", now=now)
    else:
        public_record.add(person, "harbour", fact(), key="k", now=now)


def test_a_company_sees_and_enters_nothing(company: Organisation, now: dt.datetime) -> None:
    lead = make.actor(company)
    with pytest.raises(Denied):
        public_record.record_list(lead, "harbour")
    with pytest.raises(Denied):
        public_record.new_record(lead, "harbour")
    with pytest.raises(Denied):
        public_record.add(lead, "harbour", fact(), key="k", now=now)


def test_only_companies_have_a_public_record(reviewer: Actor, now: dt.datetime) -> None:
    other = make.government("NZ")
    for slug in ("nowhere", other.slug):
        with pytest.raises(NotFound):
            public_record.record_list(reviewer, slug)
        with pytest.raises(NotFound):
            public_record.add(reviewer, slug, fact(), key="k", now=now)


# importing a file


def imported(data: bytes, now: dt.datetime, *, create: bool = True, preview: bool = False) -> Import:
    return import_facts(data, Wish(create, "CA" if create else None, preview), now=now)


def test_the_facts_about_real_providers(session: Session, now: dt.datetime) -> None:
    done = imported(REAL.read_bytes(), now)
    assert done.written
    assert done.count(Action.ADD) == 25
    assert done.new_companies == ["Apple", "Google", "Discord", "Snap"]
    assert len(done.new_services) == 13  # two tools given to others are no services
    made = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    assert [(row.slug, row.kind, row.country, row.fictional, row.time_zone) for row in made] == [
        (slug, "company", "CA", False, "America/Toronto") for slug in ("apple", "google", "discord", "snap")
    ]
    assert set(session.scalars(select(Service.functions))) == {None}
    rows = {row.reference: row for row in records(session)}
    assert rows["P010"].value == 234
    assert (rows["P010"].unit, rows["P010"].period) == ("reports", "2022-01-01/2022-12-31")
    assert (rows["P052"].source_date, rows["P001"].source_date, rows["P011"].source_date) == ("", "2024-07", "2024")
    assert (rows["P044"].services_scope, rows["P006"].services_scope) == ("not_named", "company")
    assert rows["P094"].geography == "CA"
    assert all(row.entered_by_id is None for row in rows.values())
    names = select(Service.name).join(PublicRecord.services).where(PublicRecord.reference == "P050")
    assert set(session.scalars(names)) == {"Meet", "Chat", "Gmail", "Messages"}
    assert audit.verify(session) == []


def test_a_second_import_of_the_same_file_changes_nothing(session: Session, now: dt.datetime) -> None:
    imported(REAL.read_bytes(), now)
    before = counts(session)
    for create in (True, False):
        again = imported(REAL.read_bytes(), now, create=create)
        assert (again.count(Action.UNCHANGED), len(again.lines), again.refusals) == (25, 25, [])
        assert counts(session) == before


def test_what_differs_is_changed_and_named(company: Organisation, session: Session, now: dt.datetime) -> None:
    imported(file(item("F1"), item("F2")), now)
    done = imported(file(item("F1", source_date="2025", service="Post"), item("F2")), now)
    assert [(line.action, line.detail) for line in done.lines] == [
        (Action.CHANGE, "changes: services_scope, services_text, source_date, services"),
        (Action.UNCHANGED, ""),
    ]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "public_record.change")).one()
    assert event.chain == audit.SYSTEM_CHAIN
    assert (event.before or {})["source_date"] == ""
    assert (event.after or {})["source_date"] == "2025"


def test_facts_that_are_no_longer_in_the_file_stay(company: Organisation, session: Session, now: dt.datetime) -> None:
    imported(file(item("F1"), item("F2")), now)
    imported(file(item("F1")), now)
    assert [row.reference for row in records(session)] == ["F1", "F2"]


def test_a_company_or_service_that_is_not_there_is_refused_without_create(
    company: Organisation, session: Session, now: dt.datetime
) -> None:
    before = counts(session)
    done = imported(file(item("F1"), item("F2", service="Post"), item("F3", "Elsewhere")), now, create=False)
    assert not done.written
    assert {(refusal.item, refusal.reason) for refusal in done.refusals} == {
        ("F2", "Harbour has no service 'Post'; --create makes it"),
        ("F3", "provider 'Elsewhere': there is no such company; --create makes it"),
    }
    assert counts(session) == before


def test_one_item_that_cannot_be_used_refuses_the_file(session: Session, now: dt.datetime) -> None:
    before = counts(session)
    done = imported(file(item("F1"), item("F2", source_url="nowhere")), now)
    assert [refusal.item for refusal in done.refusals] == ["F2"]
    assert not done.written
    assert counts(session) == before


def test_a_preview_says_all_and_writes_nothing(session: Session, now: dt.datetime) -> None:
    before = counts(session)
    seen = imported(REAL.read_bytes(), now, preview=True)
    assert (seen.count(Action.ADD), len(seen.new_services), seen.written) == (25, 13, False)
    assert counts(session) == before


@pytest.mark.parametrize("control", [True, False], ids=["as it is", "canary"])
def test_a_failure_half_way_leaves_nothing(
    control: bool, session: Session, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The canary commits after each fact instead of once: then something is left behind, and this test would see it."""
    stored = public_record.store
    times = 0

    def failing(session: Session, *rest: object, **more: object) -> None:
        nonlocal times
        times += 1
        if times == 3:
            raise RuntimeError("the machine stops here")
        stored(session, *rest, **more)  # type: ignore[arg-type]
        if not control:
            session.connection().connection.commit()

    monkeypatch.setattr(public_record, "store", failing)
    before = counts(session)
    with pytest.raises(RuntimeError):
        imported(REAL.read_bytes(), now)
    assert (counts(session) == before) is control


def test_companies_are_found_by_name_or_slug(company: Organisation, session: Session, now: dt.datetime) -> None:
    done = imported(file(item("F1", "HARBOUR"), item("F2", "harbour")), now, create=False)
    assert done.count(Action.ADD) == 2
    assert {row.company_id for row in records(session)} == {company.id}


def test_a_government_is_no_provider(session: Session, now: dt.datetime) -> None:
    make.government("NZ", name="Ministry", slug="ministry")
    done = imported(file(item("F1", "Ministry")), now)
    assert done.new_companies == ["Ministry"]
    slugs = session.scalars(select(Organisation.slug).where(Organisation.kind == "company")).all()
    assert slugs == ["ministry-2"]


def test_two_companies_of_one_name_are_told_apart_by_slug(company: Organisation, now: dt.datetime) -> None:
    make.organisation(name="Harbour", slug="harbour-2")
    done = imported(file(item("F1", "Harbour")), now)
    assert [refusal.reason for refusal in done.refusals] == [
        "provider 'Harbour': several companies have that name; give the slug of one"
    ]
    assert imported(file(item("F1", "harbour-2")), now).written


def test_a_company_without_a_lead_country(session: Session, now: dt.datetime) -> None:
    import_facts(file(item("F1")), Wish(create=True), now=now)
    row = session.scalars(select(Organisation)).one()
    assert (row.country, row.time_zone) == (None, "UTC")


def test_real_companies_are_not_put_among_invented_ones(session: Session, now: dt.datetime) -> None:
    make.organisation(name="Harbour", slug="harbour", fictional=True)
    before = counts(session)
    with pytest.raises(NotAllowed):
        imported(file(item("F1", "Elsewhere")), now)
    assert counts(session) == before
    assert imported(file(item("F1", "Harbour")), now, create=False).written


def test_a_company_that_lists_its_services_gets_none_from_a_file(
    company: Organisation, answered: Service, session: Session, now: dt.datetime
) -> None:
    done = imported(file(item("F1", service="Post, Parcels")), now)
    assert [line.detail for line in done.lines] == ["not linked, as the company lists its services itself: Parcels"]
    assert services(session) == ["Post"]
    again = imported(file(item("F1", service="Post, Parcels")), now)
    assert again.count(Action.UNCHANGED) == 1


def test_what_a_person_entered_is_not_overwritten(
    company: Organisation, reviewer: Actor, session: Session, now: dt.datetime
) -> None:
    public_record.add(reviewer, "harbour", fact(), key="k", now=now)
    done = imported(file(item("form:k")), now)
    assert [refusal.reason for refusal in done.refusals] == [
        "a person entered a fact with this id; it is not overwritten"
    ]


def test_an_import_brings_the_results_up_to_date(
    cycle: Cycle, answered: Service, session: Session, now: dt.datetime
) -> None:
    imported(file(item("F1", indicator="C1.a", status="not in place")), now)
    assert flags(session, cycle) == [["public_record_differs"]]
    imported(file(item("F1", indicator="C1.a", status="in place")), now)
    assert flags(session, cycle) == [[]]


def test_results_are_what_a_rebuild_says(
    cycle: Cycle, company: Organisation, session: Session, now: dt.datetime
) -> None:
    imported(file(item("F1", service="Post, Parcels"), item("F2", service="Letters")), now)
    assert make.refresh(cycle, company, now=now) == 0
    participation = session.scalars(select(Participation)).one()
    assert participation.company_id == company.id
    assert results.refresh_due(now=now) == 0


def test_without_a_framework_nothing_is_imported(session: Session, now: dt.datetime) -> None:
    from compliance.services.transaction import writing

    with writing() as opened:
        for version in opened.scalars(select(FrameworkVersion)):
            opened.delete(version)
    with pytest.raises(NotAllowed, match="no framework was imported"):
        imported(REAL.read_bytes(), now)
