"""The public record on the site: always labelled, nothing typed is lost, and companies have no part in it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.storage.models import Cycle, Organisation, PublicRecord, Result, Service, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient

LIST = "/companies/harbour/public-record"
NEW = f"{LIST}/new"
LABEL = "From the public record: not the company's own answer"
GOOD = {
    "statement": "does not match videos",
    "principle": "P01",
    "indicator": "P01.a",
    "scope": "company",
    "status": "not_in_place",
    "source_address": "https://source.example/videos",
    "source_date": "2026-03",
}


@pytest.fixture
def company(context: object) -> Organisation:
    return make.organisation(name="Harbour", slug="harbour")


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    made = make.cycle(make.REAL)
    make.participation(made, company)
    return made


@pytest.fixture
def reviewer(cycle: Cycle, client: AuditClient) -> User:
    """A reviewer of the lead country, signed in."""
    person = make.user(make.government("CA"), "reviewer", name="Rita Reader")
    make.sign_in(client, person)
    return person


def key_of(html: str) -> str:
    [key] = re.findall(r'name="key" value="([^"]+)"', html)
    return str(key)


def records(session: Session) -> list[PublicRecord]:
    session.rollback()
    return list(session.scalars(select(PublicRecord).order_by(PublicRecord.id)))


def test_a_fact_is_entered_and_listed(client: AuditClient, reviewer: User, session: Session) -> None:
    empty = client.get(LIST).text
    assert "Nothing was entered." in empty
    assert LABEL in empty
    form = client.get(NEW)
    saved = client.post(NEW, data=GOOD | {"key": key_of(form.text)})
    assert (saved.status_code, saved.location) == (303, LIST)
    shown = client.get(LIST).text
    for text in (LABEL, "does not match videos", "Not in place", "P01.a", "Whole company", "March 2026", "Rita Reader"):
        assert text in shown
    assert 'href="https://source.example/videos"' in shown
    assert 'href="/companies/harbour"' in shown
    assert [row.entered_by_id for row in records(session)] == [reviewer.id]


def test_a_number_is_shown_as_published(client: AuditClient, reviewer: User) -> None:
    number = {
        "status": "", "indicator": "", "value": "1 234", "unit": "sacks", "period": "2024-07-01/2024-12-31",
        "geography": "CA", "source_date": "", "scope": "named", "services_text": "Clips, Chat",
    }  # fmt: skip
    assert client.post(NEW, data=GOOD | number).status_code == 303
    shown = client.get(LIST).text
    for text in ("1,234 sacks", "1 July 2024 – 31 December 2024", "date not stated", "Clips, Chat"):
        assert text in shown


def test_bad_input_is_named_beside_its_field_and_nothing_typed_is_lost(
    client: AuditClient, reviewer: User, session: Session
) -> None:
    typed = {
        "statement": "Kept “word for word” <b>&amp;</b>",
        "principle": "P02",
        "indicator": "P05.b",
        "scope": "named",
        "status": "partly",
        "value": "many",
        "unit": "sacks",
        "period": "spring",
        "geography": "everywhere",
        "source_address": "not an address",
        "source_date": "some day",
    }
    refused = client.post(NEW, data=typed)
    assert refused.status_code == 422
    for message in (
        "Choose an indicator of the principle above, or none.",
        "Name the services, or choose that the source does not say which.",
        "Enter a number without a separator of thousands",
        "Enter an address that begins with https://",
    ):
        assert message in refused.text
    assert "Kept “word for word” &lt;b&gt;&amp;amp;&lt;/b&gt;" in refused.text
    for kept in ("P02", "P05.b", "partly"):
        assert f'value="{kept}" selected' in refused.text
    assert 'value="named" checked' in refused.text
    for kept in ("many", "sacks", "spring", "everywhere", "not an address", "some day"):
        assert f'value="{kept}"' in refused.text
    for field in ("indicator", "services_text", "value", "source_address"):
        assert f'href="#{field}"' in refused.text
    assert records(session) == []


def test_an_empty_form_says_what_is_needed(client: AuditClient, reviewer: User, session: Session) -> None:
    refused = client.post(NEW, data={})
    assert refused.status_code == 422
    for message in (
        "Say what the source says.",
        "Choose the principle that it is about.",
        "Choose what the source speaks of.",
        "Enter the address of the page.",
    ):
        assert message in refused.text
    assert records(session) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"principle": "P99"},
        {"indicator": "P99.z"},
        {"scope": "moon"},
        {"status": "unanswered"},
        {"status": "nonsense"},
        {"scope": "company", "services_text": "Clips"},
        {"scope": "named", "services": "not-theirs"},
        {"value": "3", "unit": "sacks"},
        {"status": "", "value": "3"},
        {"unit": "sacks"},
        {"status": "", "unit": "sacks", "value": "99999999999999999999"},
        {"statement": "é" * 2_001},
        {"source_address": "https://source.example/" + "x" * 2_000},
        {"source_address": "javascript:alert(1)"},
        {"source_date": "x" * 201},
    ],
)
def test_hostile_input_is_refused(
    client: AuditClient, reviewer: User, session: Session, changes: dict[str, str]
) -> None:
    assert client.post(NEW, data=GOOD | changes).status_code == 422
    assert records(session) == []


def test_the_same_form_sent_twice_is_one_fact(client: AuditClient, reviewer: User, session: Session) -> None:
    data = GOOD | {"key": key_of(client.get(NEW).text)}
    assert [client.post(NEW, data=data).status_code for _ in range(2)] == [303, 303]
    assert client.post(NEW, data=data | {"statement": "another fact"}).status_code == 303
    assert [row.statement for row in records(session)] == ["does not match videos", "another fact"]


def test_an_answer_that_differs_is_flagged(
    client: AuditClient, reviewer: User, cycle: Cycle, company: Organisation, session: Session, now: dt.datetime
) -> None:
    service = make.service(company, ("image_video_sharing",), name="Clips", slug="clips")
    lead = make.actor(company)
    make.answer(
        make.assessment(cycle, company), service, "P01.a", lead, AnswerEntry(Status.IN_PLACE, explanation="All.")
    )
    make.submitted(lead, cycle, now=now)
    assert 'value="clips"' in client.get(NEW).text
    assert client.post(NEW, data=GOOD | {"scope": "named", "services": "clips"}).status_code == 303
    session.rollback()
    flags = session.scalars(select(Result.flags).where(Result.indicator_id == "P01.a")).all()
    assert flags == [["public_record_differs"]]


def test_services_of_a_draft_are_not_offered(client: AuditClient, reviewer: User, company: Organisation) -> None:
    make.service(company, ("search",), name="Secret plan")
    assert "Secret plan" not in client.get(NEW).text


def test_a_company_user_is_turned_away(
    client: AuditClient, company: Organisation, cycle: Cycle, session: Session
) -> None:
    make.sign_in(client, make.user(company, "lead"))
    assert client.get(LIST).status_code == 403
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, data=GOOD).status_code == 403
    assert records(session) == []


@pytest.mark.parametrize(
    ("role", "seen", "entered"), [("approver", 200, 403), ("coordinator", 200, 303), ("reader", 403, 403)]
)
def test_roles_of_a_government(
    client: AuditClient, company: Organisation, cycle: Cycle, role: str, seen: int, entered: int
) -> None:
    make.sign_in(client, make.user(make.government("NZ"), role))
    listed = client.get(LIST)
    assert listed.status_code == seen
    assert ("Enter a fact" in listed.text) is (entered == 303)
    assert client.post(NEW, data=GOOD).status_code == entered


def test_only_companies_have_a_public_record(client: AuditClient, reviewer: User) -> None:
    ministry = make.government("NZ", slug="ministry")
    for slug in ("nowhere", ministry.slug):
        assert client.get(f"/companies/{slug}/public-record").status_code == 404
        assert client.get(f"/companies/{slug}/public-record/new").status_code == 404
        assert client.post(f"/companies/{slug}/public-record/new", data=GOOD).status_code == 404


def test_in_french(client: AuditClient, reviewer: User) -> None:
    client.post(NEW, data=GOOD)
    make.sign_in(client, reviewer, language="fr")
    assert "Pas en place" in client.get(LIST).text
    assert re.search(r'<span lang="en">[^<]*does not match videos', client.get(LIST).text)
    assert "mars 2026" in client.get(LIST).text
    assert "Comparaison d&#39;empreintes d&#39;images" in client.get(NEW).text
    assert client.post(NEW, data={}).status_code == 422


def test_service_rows_keep_no_invented_function(client: AuditClient, reviewer: User, session: Session) -> None:
    client.post(NEW, data=GOOD | {"scope": "named", "services_text": "Clips"})
    session.rollback()
    assert [(row.name, row.functions) for row in session.scalars(select(Service))] == [("Clips", None)]
