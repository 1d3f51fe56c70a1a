"""Government's path through the site: who sees what, findings, gaps, brief."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.domain.assessments import Invitation
from compliance.services.transaction import writing
from compliance.storage.models import Assessment, AuditEvent, Cycle, Finding, Organisation, Participation, Result
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.support.statements import statements_of

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)


class Scene:
    """One company that submitted, shared with its lead country CA and with GB; NZ sees nothing of it."""

    def __init__(self) -> None:
        self.company = make.organisation(name="Harbour (fictional)", endorsed_on=dt.date(2024, 5, 1))
        self.cycle = make.cycle(make.REAL, due_on=dt.date(2030, 9, 30))
        make.participation(self.cycle, self.company)
        make.sharing(self.cycle, self.company, "GB")
        self.service = make.service(self.company, ("image_video_sharing",), name="Photos", slug="photos")
        self.lead = make.user(self.company, "lead")
        self.assessment = make.assessment(self.cycle, self.company)
        author = make.acting(self.lead)
        link = EvidenceEntry(Grade.PUBLIC_LINK, "https://harbour.example/report")
        make.answer(
            self.assessment,
            self.service,
            "P01.a",
            author,
            AnswerEntry(Status.IN_PLACE, explanation="Every upload is matched.", evidence=(link,)),
        )
        make.answer(self.assessment, self.service, "P01.b", author, AnswerEntry(Status.NOT_IN_PLACE, explanation="No."))
        make.submitted(author, self.cycle, now=NOW)
        self.reviewer = make.user(make.government("CA"), "reviewer", name="Rae Viewer")

    @property
    def base(self) -> str:
        return f"/companies/{self.company.slug}/{self.cycle.slug}"

    @property
    def answer(self) -> str:
        return f"{self.base}/review/services/photos/P01.a"


@pytest.fixture
def scene(context: object) -> Scene:
    return Scene()


def form_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html))


def severity_of(session: Session, indicator: str) -> str:
    session.rollback()
    return session.scalars(select(Result.severity).where(Result.indicator_id == indicator)).one()


def test_a_finding_is_saved_beside_the_answer_and_changes_the_result(
    client: AuditClient, scene: Scene, session: Session
) -> None:
    make.sign_in(client, scene.reviewer)
    assert severity_of(session, "P01.a") == "claimed"
    page = client.get(scene.answer)
    assert "Every upload is matched." in page.text
    saved = client.post(scene.answer, data=form_of(page.text) | {"rating": "agree", "then": "next"})
    assert saved.status_code == 303
    assert saved.location.endswith("/review/services/photos/P01.b")
    assert severity_of(session, "P01.a") == "in_place"
    refused = client.post(
        scene.answer, data=form_of(client.get(scene.answer).text) | {"rating": "not_met", "reason": " "}
    )
    assert refused.status_code == 422
    assert "Give the reason where you do not agree." in refused.text
    chain = session.scalars(select(AuditEvent.chain).where(AuditEvent.action == "finding.save")).one()
    assert chain != f"organisation:{scene.company.id}", (
        "a finding not shared yet must not show in the company's own trail"
    )


def test_two_reviewers_lose_nothing(client: AuditClient, scene: Scene, session: Session) -> None:
    make.sign_in(client, scene.reviewer)
    mine, theirs = form_of(client.get(scene.answer).text), form_of(client.get(scene.answer).text)
    client.post(scene.answer, data=theirs | {"rating": "partly", "reason": "Theirs: posts only."})
    clash = client.post(scene.answer, data=mine | {"rating": "not_met", "reason": "Mine: nothing seen."})
    assert clash.status_code == 409
    assert "Theirs: posts only." in clash.text
    assert "Mine: nothing seen." in clash.text
    assert session.scalars(select(Finding.reason)).all() == ["Theirs: posts only."]


def test_an_unanswered_question_is_not_known_and_can_get_a_finding(
    client: AuditClient, scene: Scene, session: Session
) -> None:
    make.sign_in(client, scene.reviewer)
    address = scene.answer.replace("P01.a", "P01.d")
    page = client.get(address)
    assert "Not answered." in page.text
    client.post(address, data=form_of(page.text) | {"rating": "not_met", "reason": "The policy page says no."})
    assert severity_of(session, "P01.d") == "gap_without_plan"


def test_what_was_not_asked_does_not_exist(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.reviewer)
    for indicator in ("P05.b", "P99.z", "P09.a"):
        assert client.get(scene.answer.replace("P01.a", indicator)).status_code == 404
        assert client.post(scene.answer.replace("P01.a", indicator), data={"rating": "agree"}).status_code == 404


@pytest.mark.parametrize(
    ("country", "role", "content", "finding"),
    [
        ("CA", "reviewer", 200, 303),
        ("CA", "approver", 200, 403),
        ("CA", "coordinator", 200, 403),
        ("CA", "reader", 403, 403),
        ("GB", "reviewer", 200, 403),
        ("NZ", "reviewer", 404, 404),
        ("NZ", "approver", 404, 404),
    ],
)
def test_who_sees_content_and_who_finds(
    client: AuditClient, scene: Scene, country: str, role: str, content: int, finding: int
) -> None:
    make.sign_in(client, make.user(make.government(country), role))
    assert client.get("/companies").status_code == 200
    assert client.get(f"/companies/{scene.company.slug}").status_code == 200
    assert client.get(f"{scene.base}/review").status_code == content
    assert client.get(scene.answer).status_code == content
    assert client.get(f"{scene.base}/gaps").status_code == content
    posted = client.post(scene.answer, data={"rating": "agree", "reason": "", "version": "0", "key": "k"})
    assert posted.status_code == finding


def test_a_government_that_nothing_is_shared_with_sees_participation_and_endorsement_only(
    client: AuditClient, scene: Scene
) -> None:
    make.sign_in(client, make.user(make.government("NZ"), "reviewer"))
    for page in (client.get("/companies").text, client.get(f"/companies/{scene.company.slug}").text):
        assert "Submitted" in page
        assert "Endorsed 1 May 2024" in page
        assert "Gap without a plan</strong>" not in page
        assert "Photos" not in page
    assert "Not shared with us" in client.get("/companies").text


def test_company_users_and_operators_see_no_staff_page(client: AuditClient, scene: Scene) -> None:
    for person in (scene.lead, make.user(make.operator(), "administrator")):
        make.sign_in(client, person)
        for address in (
            "/companies",
            f"/companies/{scene.company.slug}",
            f"{scene.base}/review",
            scene.answer,
            f"{scene.base}/gaps",
            f"{scene.base}/brief",
        ):
            assert client.get(address).status_code == 403, address


def test_a_draft_shows_its_state_counts_and_last_day_only(client: AuditClient, scene: Scene) -> None:
    drafting = make.organisation(name="Drafting (fictional)")
    make.participation(scene.cycle, drafting)
    service = make.service(drafting, ("image_video_sharing",), name="Secret service", slug="secret")
    author = make.actor(drafting)
    assessment = make.assessment(scene.cycle, drafting, last_activity_at=dt.datetime(2026, 8, 3, 9, tzinfo=dt.UTC))
    make.answer(assessment, service, "P01.a", author, AnswerEntry(Status.NOT_IN_PLACE, explanation="Draft words."))
    make.refresh(scene.cycle, drafting, now=NOW)
    make.sign_in(client, scene.reviewer)
    page = client.get(f"/companies/{drafting.slug}").text
    assert "1 answer saved, last activity 3 August 2026" in page
    assert "Nothing was submitted. Every question that may apply counts as not known." in page
    assert "Secret service" not in page
    assert "Draft words." not in page
    assert "Gap without a plan" not in page
    assert client.get(f"/companies/{drafting.slug}/{scene.cycle.slug}/review").status_code == 404
    gaps = client.get(f"/companies/{drafting.slug}/{scene.cycle.slug}/gaps").text
    assert "Secret service" not in gaps
    assert "Services not named" in gaps


def test_gaps_name_words_counts_and_what_would_close_them(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.reviewer)
    page = client.get(f"{scene.base}/gaps").text
    assert "Gap without a plan" in page
    assert "Not known" in page
    only = client.get(f"{scene.base}/gaps?severity=gap_without_plan").text
    assert "P01.b" in only
    assert "P01.d" not in only
    assert client.get(f"{scene.base}/gaps?severity=nonsense").status_code == 200


def test_last_cycle_stands_beside_the_answer(client: AuditClient, scene: Scene, session: Session) -> None:
    later = make.cycle(make.REAL, previous=scene.cycle, due_on=dt.date(2031, 3, 31), opens_on=dt.date(2027, 1, 1))
    make.participation(later, scene.company)
    assessment = make.assessment(later, scene.company)
    author = make.acting(scene.lead)
    make.answer(
        assessment,
        scene.service,
        "P01.a",
        author,
        AnswerEntry(Status.PARTLY, surfaces=("posts",), explanation="Less now."),
    )
    make.submitted(author, later, now=NOW)
    make.sign_in(client, scene.reviewer)
    page = client.get(scene.answer.replace(scene.cycle.slug, later.slug)).text
    assert "Less now." in page
    assert "Every upload is matched." in page
    changes = dict(session.execute(select(Result.indicator_id, Result.change).where(Result.cycle_id == later.id)).all())
    assert changes["P01.a"] == "worse"
    assert changes["P01.b"] == "no_longer_answered"
    assert "Worse" in client.get(f"/companies/{scene.company.slug}?cycle={later.slug}").text


def test_the_brief_as_page_and_pdf(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.reviewer)
    page = client.get(f"{scene.base}/brief")
    assert page.status_code == 200
    pdf = client.get(f"{scene.base}/brief/brief.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert "attachment" in pdf.headers["Content-Disposition"]
    for layout, start in (("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfTable"), ("json", b"{")):
        assert client.get(f"{scene.base}/brief/brief.{layout}").data.startswith(start)
    assert client.get(f"{scene.base}/brief/brief.exe").status_code == 404
    make.sign_in(client, make.user(make.government("NZ"), "reviewer"))
    assert client.get(f"{scene.base}/brief").status_code == 404
    for layout in ("pdf", "docx", "xlsx", "csv", "json"):
        assert client.get(f"{scene.base}/brief/brief.{layout}").status_code == 404


def test_filters_and_pages_of_the_list(client: AuditClient, scene: Scene) -> None:
    make.participation(scene.cycle, make.organisation(name="Declining (fictional)"), Invitation.DECLINED)
    make.organisation(name="Elsewhere (fictional)")
    make.sign_in(client, scene.reviewer)
    assert "Harbour" not in client.get("/companies?participation=declined").text
    assert "Declining" in client.get("/companies?participation=declined").text
    assert "Declining" not in client.get("/companies?participation=submitted").text
    assert "Not in this cycle" in client.get("/companies?q=elsew").text
    assert "No company fits the filter." in client.get("/companies?q=100%25").text
    for odd in ("?page=99", "?page=-1", "?page=x", "?participation=x", "?q=" + "x" * 500):
        assert client.get(f"/companies{odd}").status_code == 200
    assert client.get("/companies?cycle=none").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_companies(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.reviewer)
    few = statements_of(client, "/companies")
    _many_companies(scene.cycle, 500)
    assert statements_of(client, "/companies") == few <= 12


def _many_companies(cycle: Cycle, number: int) -> None:
    with writing() as session:
        companies = [
            Organisation(slug=f"bulk-{n}", name=f"Bulk {n}", kind="company", country="CA", created_at=NOW)
            for n in range(number)
        ]
        session.add_all(companies)
        session.flush()
        for company in companies:
            session.add(Participation(cycle_id=cycle.id, company_id=company.id, invitation="invited", invited_at=NOW))


def test_the_list_filter_says_the_same_as_the_rule(context: object, session: Session) -> None:
    """`participates_as` in SQL and `participation` in the domain agree for every combination."""
    from itertools import product

    from compliance.domain.assessments import Participation as Word
    from compliance.domain.assessments import State, due_of, participation
    from compliance.domain.permissions import Actor, OrganisationKind, Role
    from compliance.storage.queries import portfolio

    cycle = make.cycle()
    expected: dict[int, dict[bool, Word]] = {}
    for own_due_on, invitation, state, answered in product(
        (None, cycle.due_on + dt.timedelta(days=9)), Invitation, (None, *State), (False, True)
    ):
        if state is None and answered:
            continue
        company = make.organisation()
        own = make.participation(cycle, company, invitation, due_on=own_due_on).due_on
        if state is not None:
            assessment = make.assessment(cycle, company, state)
            if answered:
                make.answer(assessment, None, "C2.a", make.actor(company))
        expected[company.id] = {
            past: participation(
                invitation,
                state,
                has_answers=answered,
                due_on=due_of(cycle.due_on, own),
                on=cycle.due_on + dt.timedelta(days=1 if past else 0),
            )
            for past in (False, True)
        }
    actor = Actor(0, "", 0, "", OrganisationKind.GOVERNMENT, "CA", frozenset({Role.REVIEWER}))
    for past, word in product((False, True), Word):
        which = portfolio.Which(participation=word, on=cycle.due_on + dt.timedelta(days=1 if past else 0))
        rows = portfolio.companies_page(session, actor, cycle, which, offset=0, limit=1000)
        assert {row[0].id for row in rows} == {id_ for id_, words in expected.items() if words[past] is word}
    assert session.scalar(select(func.count()).select_from(Participation)) == len(expected)


def test_the_previous_cycle_shows_nothing_to_whom_it_was_not_shared_with(client: AuditClient, scene: Scene) -> None:
    later = make.cycle(make.REAL, previous=scene.cycle, due_on=dt.date(2031, 3, 31), opens_on=dt.date(2027, 1, 1))
    make.participation(later, scene.company)
    make.sharing(later, scene.company, "NZ")
    assessment = make.assessment(later, scene.company)
    author = make.acting(scene.lead)
    entry = AnswerEntry(Status.PARTLY, surfaces=("posts",), explanation="Less.")
    make.answer(assessment, scene.service, "P01.a", author, entry)
    make.submitted(author, later, now=NOW)
    address = f"/companies/{scene.company.slug}?cycle={later.slug}"
    make.sign_in(client, scene.reviewer)
    assert "No longer answered" in client.get(address).text
    make.sign_in(client, make.user(make.government("NZ"), "reviewer"))
    page = client.get(address).text
    assert "Gap without a plan" in page
    assert "No longer answered" not in page
    assert "Worse" not in page


def test_the_state_is_for_those_it_is_shared_with(client: AuditClient, scene: Scene) -> None:
    with writing() as session:
        session.get_one(Assessment, scene.assessment.id).state = "returned"
    make.sign_in(client, make.user(make.government("NZ"), "reviewer"))
    assert "Returned" not in client.get("/companies").text
    make.sign_in(client, scene.reviewer)
    assert "Returned" in client.get("/companies").text


def test_a_reader_sees_no_public_record(client: AuditClient, scene: Scene) -> None:
    make.public_record(scene.company, principle_id="P01", statement="A sourced fact.")
    make.sign_in(client, scene.reviewer)
    assert "A sourced fact." in client.get(f"/companies/{scene.company.slug}").text
    make.sign_in(client, make.user(make.government("CA"), "reader"))
    assert "A sourced fact." not in client.get(f"/companies/{scene.company.slug}").text
