<<<<<<< HEAD
"""Whatever is shown as a count: unanswered, not applicable, cannot say and no reply are all in its denominator."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Reason, Status
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.services import frameworks
from compliance.services.companies import company_view
from compliance.services.overview import overview
from compliance.services.portfolio import Which, portfolio
from compliance.storage.models import Cycle, Organisation, Service, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient

NOW = dt.datetime(2026, 10, 15, 16, tzinfo=dt.UTC)  # after the due date: the silent company has not replied
FUNCTIONS = frozenset({"image_video_sharing"})
LINK = EvidenceEntry(Grade.PUBLIC_LINK, "https://nearly.example/report")
DONE = AnswerEntry(Status.IN_PLACE, explanation="Everywhere, as the report says.", evidence=(LINK,))


class Scene:
    """One company with an answer of every kind that may be left out of a count, one whose answers are all in place and
    agreed but for the last, one that never replied."""

    def __init__(self) -> None:
        framework = frameworks.newest()
        assert framework is not None
        everything = asked_questions(framework, [Profile("only", "Only", FUNCTIONS)])
        service = [question for question in everything if question.service]
        self.asked = len(everything)
        self.cycle: Cycle = make.cycle(make.REAL)
        self.reviewer: User = make.user(make.government(), "reviewer")
        self.silent: Organisation = make.organisation(name="Silent")
        make.participation(self.cycle, self.silent, "invited")
        make.refresh(self.cycle, self.silent, now=NOW)
        out = AnswerEntry(Status.NOT_APPLICABLE, reason_text="Another team does it.", explanation="Not here.")
        mute = AnswerEntry(Status.CANNOT_SAY, reason=Reason.CONFIDENTIAL, reason_text="Under contract.")
        self.mixed = self.company("Mixed", [(service[0], out), (service[1], mute), (service[2], DONE)], agreed=False)
        self.nearly = self.company("Nearly", [(question, DONE) for question in everything[:-1]], agreed=True)

    def company(self, name: str, answers: list[tuple[Question, AnswerEntry]], *, agreed: bool) -> Organisation:
        company = make.organisation(name=name)
        make.participation(self.cycle, company)
        only: Service = make.service(company, FUNCTIONS, slug="only", name="Only")
        assessment, author = make.assessment(self.cycle, company), make.actor(company)
        for question, entry in answers:
            make.answer(assessment, only if question.service else None, question.indicator.id, author, entry)
        make.submitted(author, self.cycle, now=NOW - dt.timedelta(days=30))
        for question, _entry in answers if agreed else ():
            reviewer = make.acting(self.reviewer)
            make.finding(assessment, only if question.service else None, question.indicator.id, reviewer)
        make.refresh(self.cycle, company, now=NOW)
        return company


@pytest.fixture
def scene(context: object) -> Scene:
    return Scene()


def test_every_cell_counts_every_question_that_applies(scene: Scene) -> None:
    found = portfolio(make.acting(scene.reviewer), None, Which(), page=1, now=NOW)
    assert found is not None
    lines = {line.company.name: line for line in found.lines}
    for name in ("Mixed", "Nearly"):
        line = lines[name]
        assert line.cell is not None
        assert line.cell.applicable == scene.asked
        assert sum(item.cell.applicable for item in line.cells.values()) == scene.asked
    mixed = lines["Mixed"].cell
    assert mixed is not None
    assert {word.id: number for word, number in mixed.counts if word.kind != "outside"} == {
        "not_known": scene.asked - 1,  # unanswered, called not applicable without agreement, cannot say
        "claimed": 1,
    }


def test_one_missing_answer_is_never_complete(scene: Scene, client: AuditClient) -> None:
    found = portfolio(make.acting(scene.reviewer), None, Which(), page=1, now=NOW)
    assert found is not None
    nearly = next(line for line in found.lines if line.company.name == "Nearly")
    assert nearly.cell is not None
    assert nearly.cell.worst is not None
    assert nearly.cell.worst.id == "not_known"
    assert {word.id: number for word, number in nearly.cell.counts if word.kind != "outside"} == {
        "not_known": 1,
        "in_place": scene.asked - 1,
    }
    make.sign_in(client, scene.reviewer)
    pages = ("/companies", "/portfolio/heatmap", "/portfolio/overview", f"/companies/{scene.nearly.slug}")
    for page in pages:
        text = client.get(page).text
        assert "100 %" not in text
        assert "100%" not in text
        for part, whole in re.findall(r"(\d+) of (\d+)", text):
            assert int(part) <= int(whole)
    assert f"1 of {scene.asked} not known" in client.get("/companies").text
    assert f"1 of {scene.asked} not known" in client.get(f"/companies/{scene.nearly.slug}/{scene.cycle.slug}/gaps").text


def test_who_did_not_reply_is_in_every_sum(scene: Scene, client: AuditClient) -> None:
    found = overview(make.acting(scene.reviewer), None, now=NOW)
    assert found is not None
    assert (found.invited, found.shared) == (3, 3)
    assert {word.value: number for word, number in found.funnel.items() if number} == {"submitted": 2, "no_reply": 1}
    for line in found.principles:
        assert line.total == 3, "three companies on every principle, the silent one too"
        assert {word.id: number for word, number in line.companies}.get("not_known", 0) >= 1
        assert line.unanswered + line.not_applicable + line.cannot_say <= line.applicable
    silent = company_view(make.acting(scene.reviewer), scene.silent.slug, None, now=NOW)
    assert silent.total.applicable == sum(
        sum(number for word, number in item.cell.counts if word.kind == "unknown") for item in silent.grid
    )
    applicable = sum(line.applicable for line in found.principles)
    assert applicable == 2 * scene.asked + silent.total.applicable
    assert sum(line.not_applicable for line in found.principles) == 1
    assert sum(line.cannot_say for line in found.principles) == 1
    make.sign_in(client, scene.reviewer)
    text = client.get("/portfolio/overview").text
    assert "1 of 3" in text
    assert "No reply" in text
=======
"""Every count shown: unanswered, not applicable, cannot say and no reply are in it or said apart; never 100 %."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from compliance.domain.answers import AnswerEntry, Reason, Status
from compliance.domain.findings import FindingEntry
from compliance.domain.questionnaire import Place, Profile, asked_questions
from compliance.domain.results import Rating
from compliance.domain.saving import Stamp
from compliance.services import findings, frameworks, replies
from compliance.services.transaction import looking
from compliance.storage.database import db
from compliance.storage.models import Participation, Result, User
from tests.services.exchange_world import DAY, NOW, World, submitted_world
from tests.support import factories as make
from tests.support.audit_client import AuditClient

OF = re.compile(r"(\d+) of (\d+)")


@pytest.fixture
def world(app: Flask) -> World:
    """All questions but one have an answer: in place, not applicable or cannot say, in turn."""
    made = submitted_world()
    framework = frameworks.newest()
    assert framework is not None
    profile = Profile(made.service.slug, made.service.name, frozenset(made.service.functions or ()))
    questions = [q for q in asked_questions(framework, [profile]) if q.indicator.id not in ("P01.a", "P01.b")]
    for number, question in enumerate(questions[:-1]):
        service = made.service if question.service else None
        make.answer(made.assessment, service, question.indicator.id, made.lead, _entry(number, question.indicator))
    from compliance.services.transaction import writing
    from compliance.storage.models import Assessment

    with writing() as session:
        session.get_one(Assessment, made.assessment.id).state = "reopened"
    make.submitted(made.lead, made.cycle, now=NOW)
    return made


def _entry(number: int, indicator: object) -> AnswerEntry:
    offered = indicator.statuses  # type: ignore[attr-defined]
    if number % 4 == 1 and "not_applicable" in offered:
        return AnswerEntry(Status.NOT_APPLICABLE, reason_text="No such thing here.")
    if number % 4 == 2 and "cannot_say" in offered:
        return AnswerEntry(Status.CANNOT_SAY, reason=Reason.CONFIDENTIAL)
    return AnswerEntry(Status.IN_PLACE, explanation=f"This is how we do {indicator.id}.")  # type: ignore[attr-defined]


def text_of(client: AuditClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    main = page.text.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_no_count_is_full_while_one_answer_is_missing(
    client: AuditClient, world: World, record_property: Callable[[str, object], None]
) -> None:
    with looking() as session:
        rows = session.scalars(select(Result)).all()
    applicable = [row for row in rows if row.severity != "does_not_apply"]
    missing = [row for row in applicable if row.status == "unanswered"]
    assert len(missing) == 1
    assert {"not_applicable", "cannot_say", "in_place", "unanswered"} <= {row.status for row in applicable}
    base, own = f"/companies/{world.company.slug}", f"/assessments/{world.cycle.slug}"
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    pages = {
        address: text_of(client, address)
        for address in (base, f"{base}/{world.cycle.slug}/review", f"{base}/{world.cycle.slug}/gaps", "/companies")
    }
    brief = text_of(client, f"{base}/{world.cycle.slug}/brief")
    make.sign_in(client, db.session.get_one(User, world.lead.user_id))
    pages |= {address: text_of(client, address) for address in (own, f"{own}/check", "/")}
    for address, text in (*pages.items(), ("brief", brief)):
        assert "100 %" not in text, address
        assert "100%" not in text, address
    # The company as a whole: the counts of the words add up to all that applies, the unanswered one among them.
    total = pages[f"{base}/{world.cycle.slug}/gaps"]
    counted = [(int(n), int(of)) for n, of in OF.findall(total.split("Filter")[0])]
    assert {of for _n, of in counted} == {len(applicable)}
    assert sum(n for n, _of in counted) == len(applicable)
    # By principle, as a grid on the company's page: the totals of the eleven add up to the same.
    grid = {int(of) for _n, of in OF.findall(pages[base])}
    by_principle = Counter(row.principle_id for row in applicable)
    assert grid == set(by_principle.values())
    assert f"0 of {len(rows_asked(rows))} questions have a finding" in pages[f"{base}/{world.cycle.slug}/review"]
    assert f"Answered {len(rows_asked(rows)) - 1} of {len(rows_asked(rows))} Not answered 1" in pages[own]
    assert f"no answer to 1 of {len(applicable)} applicable" in brief
    record_property("result", f"{len(pages) + 1} pages, {len(applicable)} applicable, 1 missing: in every count")


def rows_asked(rows: Sequence[Result]) -> list[Result]:
    """What was asked: outside is only what the service lacks the functions for, or a "not applicable" that was agreed."""
    return [row for row in rows if row.severity != "does_not_apply" or row.status == "not_applicable"]


def test_not_applicable_leaves_the_count_only_when_a_reviewer_agrees(client: AuditClient, world: World) -> None:
    with looking() as session:
        before = len([r for r in session.scalars(select(Result)) if r.severity != "does_not_apply"])
        row = session.scalars(select(Result).where(Result.status == "not_applicable")).first()
    assert row is not None
    assert row.severity == "not_known", "nobody has agreed that it does not apply"
    service = world.service.slug if row.service_id else None
    place = Place(world.cycle.slug, service, row.indicator_id, world.company.slug)
    findings.save_finding(world.reviewer, place, FindingEntry(Rating.AGREE), Stamp(0, ""), now=NOW)
    with looking() as session:
        assert len([r for r in session.scalars(select(Result)) if r.severity != "does_not_apply"]) == before - 1


def test_a_company_that_says_nothing_is_counted_in_everything(client: AuditClient, world: World) -> None:
    silent = make.organisation(name="Silent (fictional)")
    make.participation(world.cycle, silent, "invited")
    make.refresh(world.cycle, silent, now=NOW)
    with looking() as session:
        id_ = session.scalars(select(Participation.id).where(Participation.company_id == silent.id)).one()
        rows = session.scalars(select(Result).where(Result.participation_id == id_)).all()
    assert rows
    assert {row.severity for row in rows} == {"not_known"}
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    text = text_of(client, f"/companies/{silent.slug}/{world.cycle.slug}/gaps")
    assert f"{len(rows)} of {len(rows)} not known" in text


def test_no_reply_is_said_and_not_counted_as_consent(client: AuditClient, world: World) -> None:
    slug, cycle = world.company.slug, world.cycle.slug
    findings.save_finding(world.reviewer, world.place(), FindingEntry(Rating.PARTLY, "Half."), Stamp(0, ""), now=NOW)
    replies.share(world.reviewer, slug, cycle, NOW.date() + DAY, now=NOW)
    replies.conclude_due(now=NOW + 5 * DAY)
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    assert "No reply given" in text_of(client, f"/companies/{slug}/{cycle}/review/steps")
    assert "No reply given" in text_of(client, f"/companies/{slug}/{cycle}/brief")
    make.sign_in(client, db.session.get_one(User, world.lead.user_id))
    text = text_of(client, f"/assessments/{cycle}/findings")
    assert "No reply given" in text
    assert "accepts" not in text
>>>>>>> main
