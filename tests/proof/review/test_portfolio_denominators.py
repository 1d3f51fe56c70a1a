"""Whatever is shown as a count: unanswered, not applicable, cannot say and no reply are all in its denominator."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Reason, Status
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.services.cycle import frameworks
from compliance.services.portfolio.companies import company_view
from compliance.services.portfolio.overview import overview
from compliance.services.portfolio.portfolio import Which, portfolio
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
