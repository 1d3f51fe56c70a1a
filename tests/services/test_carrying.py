"""What comes from the last cycle, and copies to other services: on request, marked, compared, never overwriting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, MetricEntry, Status
from compliance.domain.carrying import Since
from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.services.assessment import answers, assessments, carrying, copying, teamwork
from compliance.storage.models import Answer, Assessment, Cycle, Organisation, Result, Service
from tests.support import factories as make

LINK = EvidenceEntry(Grade.PUBLIC_LINK, "https://harbour.example/letters")
NUMBER = MetricEntry(
    "C1-m1", Decimal(3), "weeks", dt.date(2025, 1, 1), dt.date(2025, 12, 31), "worldwide", "counted by hand"
)
THEN = AnswerEntry(
    Status.PARTLY, ("letterbox",), "We answer most letters.", language="en", evidence=(LINK,), metrics=(NUMBER,)
)


@dataclass(frozen=True)
class Scene:
    company: Organisation
    lead: Actor
    service: Service
    last: Cycle
    now: Cycle
    before: Assessment
    after: Assessment

    def place(self, indicator: str = "C1.a") -> Place:
        return Place(self.now.slug, None if indicator == "C2.a" else self.service.slug, indicator)


@pytest.fixture
def scene(context: Flask) -> Scene:
    """A company that answered one of two questions in the last cycle and has just started this one."""
    company = make.organisation()
    lead, service = make.actor(company), make.service(company)
    last = make.cycle(closed_on=dt.date(2026, 6, 1))
    now = make.cycle(previous=last)
    for cycle in (last, now):
        make.participation(cycle, company)
    before, after = make.assessment(last, company, "concluded"), make.assessment(now, company)
    make.answer(before, service, "C1.a", lead, THEN)
    return Scene(company, lead, service, last, now, before, after)


def test_answers_come_marked_and_without_numbers(scene: Scene, session: Session, now: dt.datetime) -> None:
    assert carrying.carry(scene.lead, scene.now.slug, now=now) == 1
    page = answers.question_page(scene.lead, scene.place())
    assert page.entry == AnswerEntry(
        Status.PARTLY, ("letterbox",), "We answer most letters.", language="en", evidence=(LINK,), carried=True
    )
    tasks = assessments.task_list(scene.lead, scene.now.slug)
    assert (tasks.answered, tasks.carried, tasks.total) == (0, 1, 2), "carried is not answered"
    assert carrying.carry(scene.lead, scene.now.slug, now=now) == 0, "nothing comes twice"
    assert session.scalars(select(Answer.explanation).where(Answer.assessment_id == scene.before.id)).all() == [
        "We answer most letters."
    ]


def test_an_answer_that_is_there_is_never_replaced(scene: Scene, now: dt.datetime) -> None:
    answers.save(scene.lead, scene.place(), AnswerEntry(Status.IN_PLACE, explanation="Ours."), Stamp(0, ""), now=now)
    assert carrying.carry(scene.lead, scene.now.slug, now=now) == 0
    entry = answers.question_page(scene.lead, scene.place()).entry
    assert entry is not None
    assert entry.explanation == "Ours."


def test_confirming_takes_the_mark_away_and_is_told_apart_from_a_change(scene: Scene, now: dt.datetime) -> None:
    carrying.carry(scene.lead, scene.now.slug, now=now)
    same = AnswerEntry(Status.PARTLY, ("letterbox",), "We answer most letters.", evidence=(LINK,), language="fr")
    answers.save(scene.lead, scene.place(), same, Stamp(1, ""), now=now)
    page = answers.question_page(scene.lead, scene.place())
    assert page.entry is not None
    assert (page.entry.carried, page.entry.language) == (False, "en")
    acts = [version.act for version in teamwork.history(scene.lead, scene.place()).versions]
    assert acts == ["answer.confirm", "answer.carry"]
    assert assessments.task_list(scene.lead, scene.now.slug).answered == 1


def test_unconfirmed_is_signed_as_such_and_flagged_stale(scene: Scene, session: Session, now: dt.datetime) -> None:
    carrying.carry(scene.lead, scene.now.slug, now=now)
    make.submitted(scene.lead, scene.now, now=now)
    flags = session.scalars(
        select(Result.flags).where(Result.cycle_id == scene.now.id, Result.indicator_id == "C1.a")
    ).one()
    assert "stale" in flags


def test_what_changed_since_last_time(scene: Scene, now: dt.datetime) -> None:
    def found() -> dict[str, Since]:
        return {line.key[1]: line.since for line in carrying.comparison(scene.lead, scene.now.slug).lines}

    assert found() == {"C1.a": Since.NOT_ANSWERED, "C2.a": Since.STILL_OPEN}
    carrying.carry(scene.lead, scene.now.slug, now=now)
    assert found()["C1.a"] is Since.TO_CONFIRM
    same = AnswerEntry(Status.PARTLY, ("letterbox",), "We answer most letters.", evidence=(LINK,))
    answers.save(scene.lead, scene.place(), same, Stamp(1, ""), now=now)
    assert found()["C1.a"] is Since.SAME
    answers.save(scene.lead, scene.place(), AnswerEntry(Status.IN_PLACE), Stamp(2, ""), now=now)
    answers.save(scene.lead, scene.place("C2.a"), AnswerEntry(Status.IN_PLACE), Stamp(0, ""), now=now)
    assert found() == {"C1.a": Since.CHANGED, "C2.a": Since.FIRST_ANSWER}


def test_a_first_cycle_has_nothing_to_compare(scene: Scene) -> None:
    assert carrying.comparison(scene.lead, scene.last.slug).previous is None


def test_who_may_bring_answers_in(scene: Scene, now: dt.datetime) -> None:
    with pytest.raises(Denied):
        carrying.carry(make.actor(scene.company, "viewer"), scene.now.slug, now=now)
    with pytest.raises(NotFound):
        carrying.carry(make.actor(make.organisation()), scene.now.slug, now=now)
    with pytest.raises(NotAllowed):
        carrying.carry(scene.lead, scene.last.slug, now=now)


def test_a_copy_goes_where_it_was_sent_and_nowhere_else(scene: Scene, now: dt.datetime) -> None:
    chosen, other = make.service(scene.company), make.service(scene.company)
    answers.save(scene.lead, scene.place(), THEN, Stamp(0, ""), now=now)
    page = copying.copy_page(scene.lead, scene.place(), now=now)
    assert {target.slug for target in page.targets} == {chosen.slug, other.slug}
    assert copying.copy(scene.lead, scene.place(), {chosen.slug: 0}, now=now) == 1
    there = answers.question_page(scene.lead, Place(scene.now.slug, chosen.slug, "C1.a"))
    assert there.entry is not None
    assert (there.entry.explanation, there.entry.metrics) == ("We answer most letters.", ())
    assert answers.question_page(scene.lead, Place(scene.now.slug, other.slug, "C1.a")).entry is None
    [version] = teamwork.history(scene.lead, Place(scene.now.slug, chosen.slug, "C1.a")).versions
    assert version.act == "answer.copy"


def test_a_copy_overwrites_nothing_unseen_and_is_all_or_nothing(scene: Scene, now: dt.datetime) -> None:
    first, second = make.service(scene.company, slug="a"), make.service(scene.company, slug="b")
    answers.save(scene.lead, scene.place(), THEN, Stamp(0, ""), now=now)
    mine = AnswerEntry(Status.NOT_IN_PLACE, explanation="A colleague's.")
    answers.save(scene.lead, Place(scene.now.slug, "b", "C1.a"), mine, Stamp(0, ""), now=now)
    with pytest.raises(Conflict):
        copying.copy(scene.lead, scene.place(), {first.slug: 0, second.slug: 0}, now=now)
    assert answers.question_page(scene.lead, Place(scene.now.slug, "a", "C1.a")).entry is None
    assert answers.question_page(scene.lead, Place(scene.now.slug, "b", "C1.a")).entry == mine
    with pytest.raises(Invalid):
        copying.copy(scene.lead, scene.place(), {}, now=now)


def test_a_copy_that_does_not_fit_is_refused(scene: Scene, now: dt.datetime) -> None:
    """ "Partly" without a place that the other service has says nothing there."""
    shop = make.service(scene.company, ("letters", "shop"))
    at_counter = AnswerEntry(Status.PARTLY, ("counter",), "At the counter only.")
    answers.save(scene.lead, Place(scene.now.slug, shop.slug, "C1.a"), at_counter, Stamp(0, ""), now=now)
    [target] = copying.copy_page(scene.lead, Place(scene.now.slug, shop.slug, "C1.a"), now=now).targets
    assert target.problem is not None
    with pytest.raises(Invalid):
        copying.copy(scene.lead, Place(scene.now.slug, shop.slug, "C1.a"), {scene.service.slug: 0}, now=now)
