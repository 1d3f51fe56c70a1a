"""The pages on which colleagues work together, without JavaScript and in both languages."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, MetricEntry, Status
from compliance.storage.models import (
    Answer,
    AnswerNote,
    Assignment,
    Cycle,
    ExtensionRequest,
    Inquiry,
    MetricValue,
    Organisation,
    Service,
    Sharing,
    User,
)
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.web.test_company_path import form_of

BEFORE = AnswerEntry(
    Status.IN_PLACE,
    explanation="Since 2020.",
    metrics=(
        MetricEntry("P01-m1", Decimal(10), "items", dt.date(2025, 7, 1), dt.date(2025, 12, 31), "worldwide", "counted"),
    ),
)


@pytest.fixture
def company(context: object) -> Organisation:
    return make.organisation()


@pytest.fixture
def lead(company: Organisation) -> User:
    return make.user(company, "lead", name="Ada Sample")


@pytest.fixture
def service(company: Organisation) -> Service:
    return make.service(company, ("public_posts", "image_video_sharing"), name="Harbour Photos", slug="photos")


@pytest.fixture
def cycle(company: Organisation, lead: User, service: Service) -> Cycle:
    """This cycle, after one in which the first question was answered."""
    last = make.cycle(make.REAL, closed_on=dt.date(2026, 6, 30))
    now = make.cycle(make.REAL, previous=last, due_on=dt.date(2027, 3, 31))
    for item in (last, now):
        make.participation(item, company)
    before = make.assessment(last, company, "concluded")
    make.answer(before, service, "P01.a", make.acting(lead), BEFORE)
    make.assessment(now, company)
    return now


@pytest.fixture
def page(cycle: Cycle, lead: User, client: AuditClient) -> str:
    make.sign_in(client, lead)
    return f"/assessments/{cycle.slug}/services/photos/P01.a"


def test_answers_of_the_last_cycle_are_brought_in_confirmed_and_compared(
    client: AuditClient, page: str, cycle: Cycle, session: Session
) -> None:
    tasks = f"/assessments/{cycle.slug}"
    assert "Bring in the answers of the last cycle" in client.get(tasks).text
    client.post(f"{tasks}/carry")
    assert "1 to confirm" in client.get(tasks).text
    shown = client.get(page).text
    assert "Confirm and continue" in shown
    assert "Your answer in the last cycle" in shown
    assert "From last cycle, to confirm" in client.get(f"{tasks}/changes").text
    assert "From last cycle, to confirm" in client.get(f"{tasks}/check").text
    form = form_of(shown) | {"status": "in_place", "explanation": "Since 2020."}
    assert client.post(page, data=form).status_code == 303
    assert "Confirmed unchanged" in client.get(f"{page}/history").text
    assert "to confirm" not in client.get(tasks).text


def test_odd_numbers_get_a_hint_and_are_saved(client: AuditClient, page: str) -> None:
    number = {
        "metric_id": "P01-m1",
        "value": "100",
        "period_start-day": "1",
        "period_start-month": "1",
        "period_start-year": "2026",
        "period_end-day": "30",
        "period_end-month": "6",
        "period_end-year": "2026",
        "geography": "worldwide",
        "method": "counted",
    }
    form = form_of(client.get(page).text) | {"status": "in_place", "explanation": "More."}
    client.post(page, data=form | {f"metrics-0-{name}": value for name, value in number.items()})
    assert "ten times last cycle or more (10, now 100)" in client.get(page).text


def test_notes_assignments_and_questions_to_government(
    client: AuditClient, page: str, cycle: Cycle, company: Organisation, session: Session
) -> None:
    colleague = make.user(company, "contributor", name="Bo Colleague")
    assert client.post(f"{page}/notes", data={"text": "Ask Bo."}).status_code == 303
    assert client.post(f"{page}/notes", data={"text": " "}).status_code == 422
    assert client.post(f"{page}/assign", data={"user": str(colleague.id)}).status_code == 303
    assert client.post(f"{page}/ask", data={"text": " "}).status_code == 422
    assert client.post(f"{page}/ask", data={"text": "Does a hash list count?"}).status_code == 303
    shown = client.get(page).text
    for text in ("Ask Bo.", "Bo Colleague", "Does a hash list count?", "No reply yet"):
        assert text in shown
    assert client.post(f"/assessments/{cycle.slug}/work", data={"who-P02": str(colleague.id)}).status_code == 303
    assert "Bo Colleague" in client.get(f"/assessments/{cycle.slug}/work").text
    make.sign_in(client, colleague)
    assert "Only yours" in client.get(f"/assessments/{cycle.slug}").text
    client.get(f"/assessments/{cycle.slug}?yours=1")
    for table, number in ((AnswerNote, 1), (Assignment, 2), (Inquiry, 1)):
        assert len(session.scalars(select(table)).all()) == number


def test_government_replies_and_sees_nothing_else(
    client: AuditClient, page: str, cycle: Cycle, lead: User, session: Session
) -> None:
    client.post(f"{page}/notes", data={"text": "A secret among colleagues."})
    client.post(f"{page}/ask", data={"text": "Does a hash list count?"})
    [inquiry] = session.scalars(select(Inquiry)).all()
    make.sign_in(client, make.user(make.government(), "reviewer"))
    listed = client.get("/inquiries").text
    assert "Does a hash list count?" in listed
    assert "A secret" not in listed
    assert client.post(f"/inquiries/{inquiry.id}", data={"text": ""}).status_code == 422
    assert client.post(f"/inquiries/{inquiry.id}", data={"text": "It does."}).status_code == 303
    assert client.post(f"/inquiries/{inquiry.id}", data={"text": "No."}).status_code == 409
    for address in (page, f"{page}/history", f"/assessments/{cycle.slug}/asked", f"/assessments/{cycle.slug}/work"):
        assert client.get(address).status_code in (403, 404)
    make.sign_in(client, make.user(make.government("NZ"), "reviewer"))
    assert "hash list" not in client.get("/inquiries").text
    assert client.post(f"/inquiries/{inquiry.id}", data={"text": "It does."}).status_code == 404
    make.sign_in(client, lead)
    assert "It does." in client.get(page).text


def test_more_time_and_sharing(client: AuditClient, page: str, cycle: Cycle, session: Session) -> None:
    address = f"/assessments/{cycle.slug}/more-time"
    day = {"until-day": "30", "until-month": "4", "until-year": "2027"}
    assert "There is no such day" in client.post(address, data=day | {"until-day": "31", "reason": "x"}).text
    assert client.post(address, data=day | {"reason": ""}).status_code == 422
    assert client.post(address, data=day | {"reason": "We are few."}).status_code == 303
    assert "We are few." in client.get(f"/assessments/{cycle.slug}/asked").text
    assert client.post(address, data=day | {"reason": "Again."}).status_code == 409
    assert len(session.scalars(select(ExtensionRequest)).all()) == 1
    sharing = f"/assessments/{cycle.slug}/sharing"
    assert client.post(sharing, data={"countries": ["NZ"], "seen": "CA"}).status_code == 303
    session.rollback()
    current = session.scalars(select(Sharing.country).where(Sharing.cycle_id == cycle.id, Sharing.ended_at.is_(None)))
    assert set(current) == {"CA", "NZ"}


def test_a_team_manages_itself(client: AuditClient, page: str, company: Organisation, session: Session) -> None:
    leaver = make.user(company, "contributor", name="Lee Leaver")
    assert "Lee Leaver" in client.get("/team").text
    assert client.post("/team/invite", data={"email": "x"}).status_code == 422
    new = {"email": "new@harbour.example", "name": "New Person", "role": "contributor", "language": "fr"}
    assert client.post("/team/invite", data=new).status_code == 303
    assert "goes out by e-mail" in client.get("/team").text
    assert client.get(f"/team/{leaver.id}/end").status_code == 200
    assert client.post(f"/team/{leaver.id}/end", data={"successor": "999"}).status_code == 422
    assert client.post(f"/team/{leaver.id}/end", data={"successor": ""}).status_code == 303
    assert "Lee Leaver" not in client.get("/team").text
    assert client.get(f"/team/{leaver.id}/end").status_code == 404
    make.sign_in(client, make.user(company, "contributor"))
    assert client.get("/team/invite").status_code == 403


def test_a_claim_and_what_a_redacted_edition_leaves_out(
    client: AuditClient, page: str, cycle: Cycle, session: Session
) -> None:
    claim = {"status": "in_place", "explanation": "Our own engine.", "claim_ground": "trade_secret"}
    refused = client.post(page, data=form_of(client.get(page).text) | claim)
    assert "Say why the answer is confidential." in refused.text
    client.post(page, data=form_of(refused.text) | claim | {"claim_reason": "Nobody else has it."})
    client.post(
        page.replace("P01.a", "P01.b"),
        data={"version": "0", "key": "b", "status": "in_place", "explanation": "Frames.", "sensitive_method": "y"},
    )
    client.post(
        page.replace("P01.a", "P01.c"),
        data={"version": "0", "key": "c", "status": "in_place", "explanation": "Known to all."},
    )
    [stored] = session.scalars(select(Answer).where(Answer.claim_ground.is_not(None))).all()
    assert stored.claimed_on is not None
    shown = client.get(f"/assessments/{cycle.slug}/redacted").text
    assert "2 answers are withheld." in shown
    assert "Known to all." in shown
    assert "Our own engine." not in shown
    assert "Frames." not in shown


def test_copying_to_another_service(client: AuditClient, page: str, company: Organisation, session: Session) -> None:
    make.service(company, ("image_video_sharing",), name="Harbour Clips", slug="clips")
    client.post(page, data=form_of(client.get(page).text) | {"status": "in_place", "explanation": "Everywhere."})
    shown = client.get(f"{page}/copy").text
    assert "Harbour Clips" in shown
    assert client.post(f"{page}/copy", data={}).status_code == 422
    sent = {"services": ["clips"], "version-clips": "0"}
    assert client.post(f"{page}/copy", data=sent).status_code == 303
    assert client.post(f"{page}/copy", data=sent).status_code == 409, "a colleague's answer is not overwritten unseen"
    assert "Everywhere." in client.get(page.replace("photos", "clips")).text


def test_every_page_in_french(client: AuditClient, page: str, cycle: Cycle, lead: User, company: Organisation) -> None:
    make.sign_in(client, lead, language="fr")
    base = f"/assessments/{cycle.slug}"
    client.post(page, data=form_of(client.get(page).text) | {"status": "in_place", "explanation": "Partout."})
    for address in (base, page, f"{page}/history", f"{page}/ask", f"{page}/copy", f"{base}/changes", f"{base}/asked",
                    f"{base}/redacted", f"{page}/numbers", f"{base}/check", f"{base}/work", f"{base}/sharing", f"{base}/more-time", "/team",
                    "/team/invite", f"/team/{lead.id}/end"):  # fmt: skip
        assert client.get(address).status_code == 200, address


def test_pages_stay_within_their_statements(client: AuditClient, page: str, cycle: Cycle) -> None:
    """However much stands beside a question: notes, questions, a last cycle, assignments."""
    client.post(f"{page}/notes", data={"text": "One."})
    client.post(f"{page}/ask", data={"text": "Two?"})
    client.post(f"/assessments/{cycle.slug}/carry")
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_details: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        for address in (page, f"/assessments/{cycle.slug}"):
            seen.clear()
            client.get(address)
            statements = [statement for statement in seen if not statement.startswith("BEGIN")]
            assert len(statements) <= 12, statements
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_numbers_pasted_from_a_spreadsheet(client: AuditClient, page: str, session: Session) -> None:
    address = f"{page}/numbers"
    assert client.get(address).status_code == 404, "an answer comes first"
    client.post(page, data=form_of(client.get(page).text) | {"status": "in_place", "explanation": "Everywhere."})
    rows = "P01-m1\t2025-H2\t\t1 200\tworldwide\tcounted\t\nP01-m1\t2026-H1\t\tmany\tworldwide\tcounted\t"
    shown = client.post(address, data={"rows": rows, "version": "1"}).text
    assert "The number cannot be read." in shown
    assert "Put these numbers into the answer" not in shown
    assert client.post(address, data={"rows": rows, "version": "1", "save": "1"}).status_code == 422
    good = rows.replace("many", "1300")
    assert "Put these numbers into the answer" in client.post(address, data={"rows": good, "version": "1"}).text
    assert client.post(address, data={"rows": good, "version": "0", "save": "1"}).status_code == 409
    assert client.post(address, data={"rows": good, "version": "1", "save": "1"}).status_code == 303
    session.rollback()
    values = session.scalars(
        select(MetricValue.value).where(MetricValue.value > 100).order_by(MetricValue.period_start)
    ).all()
    assert values == [Decimal(1200), Decimal(1300)]
    shown = client.get(page).text
    assert 'value="1200"' in shown
    assert 'value="1300"' in shown, "the form shows both periods"
    unfinished = "P01-m1\t2024-H2\t\t7\t\t\t"
    assert "Say which countries the number covers" in client.post(address, data={"rows": unfinished}).text


def test_everything_that_stands_out_is_on_the_check_page(
    client: AuditClient, page: str, cycle: Cycle, session: Session
) -> None:
    client.post(f"/assessments/{cycle.slug}/carry")
    for letter in "bc":
        client.post(
            page.replace("P01.a", f"P01.{letter}"),
            data={"version": "0", "key": letter, "status": "in_place", "explanation": "The same words."},
        )
    shown = client.get(f"/assessments/{cycle.slug}/check").text
    for text in (
        "Warnings: what government will see",
        "1 answer is from last cycle and nobody has confirmed it.",
        "2 explanations are empty or the same as others.",
        "Government will see them as “not known”.",
        "Hints: leave them if all is right",
        "3 measures in place have no evidence.",
    ):
        assert text in shown
    assert f'href="{page}"' in shown


def test_what_no_page_offers_is_refused(client: AuditClient, page: str, cycle: Cycle, session: Session) -> None:
    """Forms made by hand: people, subjects, countries and services that are not there."""
    stranger = make.user(make.organisation(), "lead")
    base = f"/assessments/{cycle.slug}"
    for address, data, code in (
        (f"{page}/assign", {"user": str(stranger.id)}, 422),
        (f"{base}/work", {"who-P02": str(stranger.id)}, 422),
        (f"{base}/work", {"who-P99": ""}, 404),
        (f"{base}/sharing", {"countries": ["XX"]}, 422),
        (f"{page}/notes".replace("P01.a", "P99.z"), {"text": "Nowhere."}, 404),
        (f"{page}/ask".replace("photos", "elsewhere"), {"text": "Where?"}, 404),
        (f"{page}/copy", {"services": ["elsewhere"]}, 404),
        (f"{page}/numbers", {"rows": "x", "save": "1"}, 404),
        ("/team/999999/end", {}, 404),
        ("/inquiries/1", {"text": "Not mine."}, 403),
    ):
        assert client.post(address, data=data).status_code == code, address
    assert session.scalars(select(Assignment)).all() == []


def test_a_request_for_more_time_is_decided_and_answered(
    client: AuditClient, page: str, cycle: Cycle, company: Organisation
) -> None:
    day = {"until-day": "30", "until-month": "4", "until-year": "2027"}
    client.post(f"/assessments/{cycle.slug}/more-time", data=day | {"reason": "We are few."})
    government = make.government("CA")
    make.sign_in(client, make.user(government))
    assert "We are few." not in client.get("/queue").text
    make.sign_in(client, make.user(government, "coordinator"))
    queue = client.get("/queue").text
    [address] = set(re.findall(r"/queue/requests/\d+", queue))
    assert "We are few." in client.get(address).text
    assert "Choose a decision." in client.post(address, data={"reason": "Fair."}).text
    given = {"granted": "yes", "due_on-day": "30", "due_on-month": "4", "due_on-year": "2027", "reason": "Fair."}
    assert "There is no such day" in client.post(address, data=given | {"due_on-day": "31"}).text
    assert client.post(address, data=given).status_code == 303
    assert address not in client.get("/queue").text
    assert "Granted until" in client.get(address).text
    assert client.post(address, data=given).status_code == 409
    make.sign_in(client, make.user(company, "viewer"), language="fr")
    told = client.get(f"/assessments/{cycle.slug}/asked").text
    assert "Fair." in told
    assert client.get(address).status_code == 403
