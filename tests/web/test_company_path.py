"""A company's path through the site, without JavaScript: services, task list, question, check, sign, receipt."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.storage.models import Answer, Assessment, AuditEvent, Cycle, Evidence, Organisation, Service, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient

HASHING = "/assessments/{cycle}/services/{service}/P01.a"


@pytest.fixture
def company() -> Organisation:
    return make.organisation(name="Harbour (fictional)")


@pytest.fixture
def cycle(context: object, company: Organisation) -> Cycle:
    made = make.cycle(make.REAL, due_on=dt.date(2027, 3, 31))
    make.participation(made, company)
    return made


@pytest.fixture
def lead(context: object, company: Organisation) -> User:
    return make.user(company, "lead", name="Ada Sample")


@pytest.fixture
def service(context: object, company: Organisation) -> Service:
    return make.service(company, ("public_posts", "image_video_sharing"), name="Harbour Photos", slug="photos")


@pytest.fixture
def assessment(context: object, cycle: Cycle, company: Organisation) -> Assessment:
    return make.assessment(cycle, company)


@pytest.fixture
def page(cycle: Cycle, service: Service, assessment: Assessment, lead: User, client: AuditClient) -> str:
    """The address of a question page, with the lead signed in."""
    make.sign_in(client, lead)
    return HASHING.format(cycle=cycle.slug, service=service.slug)


def form_of(html: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html))


def answers(session: Session) -> list[Answer]:
    session.rollback()
    return list(session.scalars(select(Answer)))


def test_signing_in_by_the_form(client: AuditClient, context: object, company: Organisation, cycle: Cycle) -> None:
    from flask_security import hash_password

    with client.application.app_context():
        password = hash_password("a fine long password")
    make.user(company, "lead", email="ada@harbour.example", password=password)
    wrong = client.post("/sign-in", data={"email": "ada@harbour.example", "password": "no"})
    assert "The e-mail address or the password is not right." in wrong.text
    unknown = client.post("/sign-in", data={"email": "nobody@harbour.example", "password": "no"})
    assert "The e-mail address or the password is not right." in unknown.text
    right = client.post(
        "/sign-in?next=/services", data={"email": "ada@harbour.example", "password": "a fine long password"}
    )
    assert right.status_code == 302
    assert right.location.endswith("/services")
    assert "Your assessments" in client.get("/").text


def test_every_page_asks_to_sign_in_first(client: AuditClient, cycle: Cycle) -> None:
    for address in ("/", "/services", f"/assessments/{cycle.slug}", "/principles", "/companies"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in?next=")


def test_services_are_listed_and_their_functions_ticked(
    client: AuditClient, lead: User, cycle: Cycle, session: Session
) -> None:
    make.sign_in(client, lead)
    refused = client.post("/services/new", data={"name": "  "})
    assert refused.status_code == 422
    assert "Enter the name of the service." in refused.text
    assert "Tick at least one thing" in refused.text
    client.post("/services/new", data={"name": "Harbour Chat", "functions": ["private_messages"]})
    taken = client.post("/services/new", data={"name": "harbour chat", "functions": ["search"]})
    assert "Another service already has this name." in taken.text
    assert 'value="search" checked' in taken.text
    assert [(s.slug, s.functions) for s in session.scalars(select(Service))] == [("harbour-chat", ["private_messages"])]


def test_a_colleagues_change_of_a_service_is_not_overwritten(
    client: AuditClient, lead: User, cycle: Cycle, service: Service, session: Session
) -> None:
    make.sign_in(client, lead)
    first = client.post("/services/photos", data={"name": "Photos A", "functions": ["search"], "version": "1"})
    assert first.status_code == 302
    second = client.post("/services/photos", data={"name": "Photos B", "functions": ["games"], "version": "1"})
    assert second.status_code == 422
    assert "Photos A" in second.text
    assert "Photos B" in second.text
    session.rollback()
    assert session.scalars(select(Service.name)).all() == ["Photos A"]


def test_the_task_list_shows_only_what_applies(client: AuditClient, page: str, cycle: Cycle) -> None:
    text = client.get(f"/assessments/{cycle.slug}").text
    assert "Harbour Photos" in text
    assert "Nothing here applies to your services." in text  # live streaming
    assert client.get(page.replace("P01.a", "P05.b")).status_code == 404
    assert client.get(page.replace("P01.a", "P99.z")).status_code == 404


def test_an_answer_is_saved_and_shown_again(client: AuditClient, page: str, session: Session) -> None:
    shown = client.get(page)
    saved = client.post(
        page,
        data=form_of(shown.text)
        | {
            "status": "partly",
            "surfaces": ["posts"],
            "explanation": "On public posts.\r\nSince 2024.",
            "planned_on-day": "5",
            "planned_on-month": "3",
            "planned_on-year": "2030",
            "evidence-0-grade": "public_link",
            "evidence-0-address": "https://harbour.example/report",
            "metrics-0-metric_id": "P01-m1",
            "metrics-0-value": "1 234",
            "metrics-0-period_start-day": "1",
            "metrics-0-period_start-month": "1",
            "metrics-0-period_start-year": "2026",
            "metrics-0-period_end-day": "30",
            "metrics-0-period_end-month": "6",
            "metrics-0-period_end-year": "2026",
            "metrics-0-geography": "worldwide",
            "metrics-0-method": "counted at the matcher",
        },
    )
    assert saved.status_code == 303
    assert saved.location != page
    again = client.get(page).text
    assert "On public posts.\nSince 2024." in again
    assert 'value="https://harbour.example/report"' in again
    assert 'value="1234"' in again
    [row] = answers(session)
    assert (row.status, row.surfaces, row.version) == ("partly", ["posts"], 1)
    assert session.scalars(select(AuditEvent.action)).all()[-1] == "answer.save"


def test_bad_input_is_named_beside_its_field_and_nothing_typed_is_lost(
    client: AuditClient, page: str, session: Session
) -> None:
    refused = client.post(
        page,
        data=form_of(client.get(page).text)
        | {
            "status": "planned",
            "explanation": "Kept “word for word” <b>&amp;</b>",
            "planned_on-day": "31",
            "planned_on-month": "2",
            "planned_on-year": "2027",
            "evidence-0-address": "not an address",
            "evidence-1-grade": "stated",
            "evidence-2-description": "Something.",
            "metrics-0-metric_id": "P01-m1",
            "metrics-0-value": "many",
        },
    )
    assert refused.status_code == 422
    for message in (
        "There is no such day.",
        "Choose what kind of evidence this is.",
        "Enter an address that begins with https://",
        "Describe the evidence.",
        "Enter a number without a separator of thousands",
    ):
        assert message in refused.text
    assert "Kept “word for word” &lt;b&gt;&amp;amp;&lt;/b&gt;" in refused.text
    for typed in ('value="31"', 'value="2027"', 'value="not an address"', 'value="many"', 'value="stated" selected'):
        assert typed in refused.text
    assert 'href="#planned_on"' in refused.text
    assert 'href="#evidence-0-address"' in refused.text
    assert answers(session) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"status": "unanswered"},
        {"status": "nonsense", "version": "-1", "key": "x" * 10_000},
        {"status": "partly", "surfaces": ["moon"]},
        {"status": "cannot_say", "reason": "because"},
        {"status": "planned", "planned_on-day": "x", "planned_on-month": "٣", "planned_on-year": "12026"},
        {
            "status": "in_place",
            "evidence-999999-grade": "stated",
            "metrics-7-metric_id": "nope",
            "metrics-7-value": "1",
        },
        {"status": "in_place", "explanation": "\x00" + "é" * 8_001},
    ],
)
def test_hostile_input_saves_nothing_and_crashes_nothing(
    client: AuditClient, page: str, session: Session, data: dict[str, object]
) -> None:
    answer = client.post(page, data={"version": "0", "key": "k"} | data)
    assert answer.status_code in (400, 413, 422)
    assert answers(session) == []


def test_a_pasted_link_alone_is_a_public_link(client: AuditClient, page: str, session: Session) -> None:
    form = form_of(client.get(page).text) | {
        "status": "in_place",
        "evidence-0-address": "https://harbour.example/report",
    }
    assert client.post(page, data=form).status_code == 303
    assert session.scalars(select(Evidence.grade)).all() == ["public_link"]


def test_a_colleague_saved_first_and_both_texts_are_there(client: AuditClient, page: str, session: Session) -> None:
    mine, theirs = form_of(client.get(page).text), form_of(client.get(page).text)
    client.post(page, data=theirs | {"status": "in_place", "explanation": "Theirs."})
    clash = client.post(page, data=mine | {"status": "not_in_place", "explanation": "Mine."})
    assert clash.status_code == 409
    assert "Theirs." in clash.text
    assert "Mine." in clash.text
    assert [(row.explanation, row.version) for row in answers(session)] == [("Theirs.", 1)]
    again = client.post(page, data=form_of(clash.text) | {"status": "not_in_place", "explanation": "Mine."})
    assert again.status_code == 303
    assert [(row.explanation, row.version) for row in answers(session)] == [("Mine.", 2)]


def test_the_same_form_sent_twice_is_one_save(client: AuditClient, page: str, session: Session) -> None:
    form = form_of(client.get(page).text) | {"status": "in_place", "explanation": "Once."}
    assert client.post(page, data=form).status_code == 303
    assert client.post(page, data=form).status_code == 303
    assert [row.version for row in answers(session)] == [1]


def test_another_row_of_evidence_saves_nothing_and_loses_nothing(
    client: AuditClient, page: str, session: Session
) -> None:
    form = form_of(client.get(page).text) | {
        "explanation": "Half written",
        "evidence-0-grade": "stated",
        "add_evidence": "1",
    }
    more = client.post(page, data=form)
    assert "Half written" in more.text
    assert 'id="evidence-1-grade"' in more.text
    assert answers(session) == []


def test_checking_signing_and_the_receipt(client: AuditClient, page: str, cycle: Cycle, session: Session) -> None:
    client.post(page, data=form_of(client.get(page).text) | {"status": "in_place", "explanation": "Done."})
    assert "is not answered. Government will see it" not in client.get(f"/assessments/{cycle.slug}/check").text
    assert "Government will see them as “not known”" in client.get(f"/assessments/{cycle.slug}/check").text
    form = form_of(client.get(f"/assessments/{cycle.slug}/sign").text)
    refused = client.post(f"/assessments/{cycle.slug}/sign", data=form | {"name": "Ada Sample", "role": " "})
    assert refused.status_code == 422
    assert "Confirm that no answer contains" in refused.text
    whole = form | {
        "name": "Ada Sample",
        "role": "Head of safety",
        "authority": "By decision of the board",
        "no_material": "y",
    }
    signed = client.post(f"/assessments/{cycle.slug}/sign", data=whole)
    assert signed.status_code == 303
    receipt = client.get(signed.location).text
    sealed = client.get(f"{signed.location}/sealed.json")
    assert hashlib.sha256(sealed.data).hexdigest() in receipt
    assert json.loads(sealed.data)["answers"][0]["explanation"] == "Done."
    assert "Not answered." in client.get(page.replace("P01.a", "P01.b")).text
    late = client.post(page, data={"status": "in_place", "version": "1", "key": "late"})
    assert late.status_code == 409
    again = client.post(f"/assessments/{cycle.slug}/sign", data=whole)
    assert (again.status_code, again.location) == (303, signed.location), "a second click leads to the same receipt"
    other = client.post(f"/assessments/{cycle.slug}/sign", data=whole | {"fingerprint": "0" * 64})
    assert other.status_code == 409


def test_a_signature_counts_for_what_the_signer_saw(
    client: AuditClient, page: str, cycle: Cycle, session: Session
) -> None:
    form = form_of(client.get(f"/assessments/{cycle.slug}/sign").text)
    client.post(page, data=form_of(client.get(page).text) | {"status": "in_place", "explanation": "Later."})
    signature = {"name": "Ada", "role": "Head", "authority": "Board", "no_material": "y"}
    refused = client.post(f"/assessments/{cycle.slug}/sign", data=form | signature)
    assert refused.status_code == 422
    assert "changed since you opened this page" in refused.text
    assert client.post(f"/assessments/{cycle.slug}/sign", data=form_of(refused.text) | signature).status_code == 303


def test_roles_of_a_company(
    client: AuditClient, page: str, cycle: Cycle, company: Organisation, session: Session
) -> None:
    make.sign_in(client, make.user(company, "contributor"))
    assert client.get(page).status_code == 200
    assert client.post(f"/assessments/{cycle.slug}/sign", data={}).status_code == 403
    make.sign_in(client, make.user(company, "viewer"))
    assert "Save and continue" not in client.get(page).text
    assert client.post(page, data={"status": "in_place", "version": "0", "key": "v"}).status_code == 403
    assert answers(session) == []


def test_another_companys_assessment_does_not_exist(client: AuditClient, page: str, cycle: Cycle) -> None:
    stranger = make.organisation()
    make.participation(cycle, stranger)
    make.sign_in(client, make.user(stranger, "lead"))
    for address in (page, f"/assessments/{cycle.slug}", f"/assessments/{cycle.slug}/check", "/services/photos"):
        assert client.get(address).status_code == 404


def test_accepting_an_invitation_starts_the_assessment_once(
    client: AuditClient, lead: User, cycle: Cycle, session: Session
) -> None:
    make.sign_in(client, lead)
    for _ in range(2):
        assert client.post(f"/assessments/{cycle.slug}/accept").status_code == 303
    session.rollback()
    assert len(session.scalars(select(Assessment)).all()) == 1


def test_the_whole_path_in_french(client: AuditClient, page: str, cycle: Cycle, lead: User) -> None:
    make.sign_in(client, lead, language="fr")
    assert "Les images sont-elles" in client.get(page).text
    for address in (
        "/",
        "/services",
        "/services/new",
        f"/assessments/{cycle.slug}",
        f"/assessments/{cycle.slug}/check",
        "/principles",
        "/account",
    ):
        assert client.get(address).status_code == 200


def test_declining_needs_a_reason_and_can_be_taken_back(
    client: AuditClient, lead: User, cycle: Cycle, assessment: Assessment, session: Session
) -> None:
    make.sign_in(client, lead)
    address = f"/assessments/{cycle.slug}/decline"
    refused = client.post(address, data={"reason": " "})
    assert refused.status_code == 422
    assert "Say why your company does not take part." in refused.text
    assert client.post(address, data={"reason": "x" * 501}).status_code == 422
    assert client.post(address, data={"reason": "We close the service in March."}).status_code == 303
    home = client.get("/").text
    assert "Declined" in home
    assert "We close the service in March." in home
    assert "Open the assessment" not in home
    client.post(f"/assessments/{cycle.slug}/accept")
    assert "Open the assessment" in client.get("/").text
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-2:] == ["participation.decline", "participation.accept"]


def test_who_may_decline_and_when(
    client: AuditClient, page: str, cycle: Cycle, company: Organisation, lead: User
) -> None:
    make.sign_in(client, make.user(company, "contributor"))
    assert client.get(f"/assessments/{cycle.slug}/decline").status_code == 403
    make.sign_in(client, make.user(make.organisation(), "lead"))
    assert client.get(f"/assessments/{cycle.slug}/decline").status_code == 404
    assert client.post(f"/assessments/{cycle.slug}/decline", data={"reason": "no"}).status_code == 404
    make.sign_in(client, lead)
    client.post(page, data=form_of(client.get(page).text) | {"status": "in_place", "explanation": "Done."})
    form = form_of(client.get(f"/assessments/{cycle.slug}/sign").text)
    signature = {"name": "Ada", "role": "Head", "authority": "Board", "no_material": "y"}
    client.post(f"/assessments/{cycle.slug}/sign", data=form | signature)
    assert client.post(f"/assessments/{cycle.slug}/decline", data={"reason": "Too late."}).status_code == 409
