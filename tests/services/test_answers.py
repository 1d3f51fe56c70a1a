"""Saving answers: nobody overwrites what they have not seen, and what was acknowledged is there."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Ground, MetricEntry, Status
from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.services import audit
from compliance.services.assessment import answers
from compliance.services.transaction import writing
from compliance.storage.database import db
from compliance.storage.models import Answer, Assessment, AuditEvent, Cycle, Evidence, Organisation
from tests.support import factories as make


@pytest.fixture
def lead(context: Flask) -> Actor:
    return make.actor(make.organisation())


@pytest.fixture
def place(lead: Actor, context: Flask) -> Place:
    """The first question of the small framework, asked of a service of the lead's company."""
    company = db.session.get_one(Organisation, lead.organisation_id)
    cycle = make.cycle()
    make.participation(cycle, company)
    service = make.service(company)
    make.assessment(cycle, company)
    return Place(cycle.slug, service.slug, "C1.a")


def entry(text: str) -> AnswerEntry:
    return AnswerEntry(Status.IN_PLACE, explanation=text, evidence=(EvidenceEntry(Grade.STATED, description="letter"),))


def test_versions_count_and_each_save_is_audited(lead: Actor, place: Place, session: Session, now: dt.datetime) -> None:
    assert answers.save(lead, place, entry("one"), Stamp(0, "a"), now=now).version == 1
    assert answers.save(lead, place, entry("two"), Stamp(1, "b"), now=now).version == 2
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "answer.save").order_by(AuditEvent.id)).all()
    assert [(event.before or {}).get("explanation") for event in events] == [None, "one"]
    assert [(event.after or {}).get("explanation") for event in events] == ["one", "two"]
    assert audit.verify(session) == []
    assert session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_only_evidence_changed_is_a_new_version_too(lead: Actor, place: Place, now: dt.datetime) -> None:
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE), Stamp(0, ""), now=now)
    more = AnswerEntry(Status.IN_PLACE, evidence=(EvidenceEntry(Grade.STATED, description="letter"),))
    assert answers.save(lead, place, more, Stamp(1, ""), now=now).version == 2
    with pytest.raises(Conflict):
        answers.save(lead, place, more, Stamp(1, ""), now=now)


def test_a_conflict_and_a_repeated_form_write_nothing(
    lead: Actor, place: Place, session: Session, now: dt.datetime
) -> None:
    answers.save(lead, place, entry("one"), Stamp(0, "a"), now=now)
    assert answers.save(lead, place, entry("one"), Stamp(0, "a"), now=now).version == 1
    with pytest.raises(Conflict):
        answers.save(lead, place, entry("other"), Stamp(0, "b"), now=now)
    assert session.scalars(select(Answer.explanation)).all() == ["one"]
    assert session.scalar(select(func.count()).where(AuditEvent.action == "answer.save")) == 1


def test_what_stands_in_the_way(lead: Actor, place: Place, context: Flask, session: Session, now: dt.datetime) -> None:
    with pytest.raises(Invalid):
        answers.save(lead, place, AnswerEntry(Status.PLANNED), Stamp(0, ""), now=now)
    with pytest.raises(NotFound):
        answers.save(lead, Place(place.cycle, None, "C1.a"), entry("x"), Stamp(0, ""), now=now)
    with pytest.raises(NotFound):
        answers.save(make.actor(make.organisation()), place, entry("x"), Stamp(0, ""), now=now)
    company = session.get_one(Organisation, lead.organisation_id)
    with pytest.raises(Denied):
        answers.save(make.actor(company, "viewer"), place, entry("x"), Stamp(0, ""), now=now)
    with writing() as other:
        other.execute(update(Assessment).values(state="submitted"))
    with pytest.raises(NotAllowed):
        answers.save(lead, place, entry("x"), Stamp(0, ""), now=now)
    assert session.scalars(select(Answer)).all() == []


def test_eight_writers_lose_nothing(
    lead: Actor, place: Place, context: Flask, session: Session, now: dt.datetime
) -> None:
    """Each accepted save follows the one it saw: as many versions as accepted saves, and none was overwritten unseen."""
    accepted: Counter[int] = Counter()
    outcomes: list[str] = []

    def write(number: int) -> None:
        with context.app_context():
            seen = 0
            for turn in range(12):
                try:
                    stamp = Stamp(seen, f"{number}/{turn}")
                    seen = answers.save(lead, place, entry(f"{number}/{turn}"), stamp, now=now).version
                    accepted[seen] += 1
                except Conflict as conflict:
                    outcomes.append("conflict")
                    seen = conflict.version

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [row] = session.scalars(select(Answer)).all()
    assert max(accepted.values()) == 1, "a version was given out twice"
    assert row.version == len(accepted) == max(accepted)
    assert len(accepted) + len(outcomes) == 8 * 12
    texts = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "answer.save").order_by(AuditEvent.number)
    ).all()
    assert len(texts) == len(accepted)
    assert audit.verify(session) == []


def test_numbers_and_days_come_back_as_they_were(lead: Actor, place: Place, now: dt.datetime) -> None:
    metric = answers.question_page(lead, place).metrics[0]
    period = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    given = AnswerEntry(
        Status.IN_PLACE,
        explanation="Zażółć « gęślą » 🙂",
        evidence=(EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x", "page", period[0], None),),
        metrics=(MetricEntry(metric.id, Decimal(12), metric.unit.id, *period, "CA", "counted"),),
    )
    answers.save(lead, place, given, Stamp(0, ""), now=now)
    assert answers.question_page(lead, place).entry == given


def test_other_words_under_the_same_key_are_never_dropped(lead: Actor, place: Place, now: dt.datetime) -> None:
    """Save, Back, change, Save: the browser sends the same hidden fields with another text."""
    answers.save(lead, place, entry("one"), Stamp(0, "a"), now=now)
    with pytest.raises(Conflict):
        answers.save(lead, place, entry("two"), Stamp(0, "a"), now=now)
    assert answers.save(lead, place, entry("two"), Stamp(1, "a"), now=now).version == 2


def test_a_closed_cycle_takes_no_answer(lead: Actor, place: Place, now: dt.datetime) -> None:
    with writing() as other:
        other.execute(update(Cycle).values(closed_on=dt.date(2026, 9, 1)))
    with pytest.raises(NotAllowed):
        answers.save(lead, place, entry("late"), Stamp(0, ""), now=now)
    assert not answers.question_page(lead, place).editable


def test_the_language_is_that_in_which_the_text_was_typed(
    lead: Actor, place: Place, session: Session, now: dt.datetime
) -> None:
    """A colleague on a page in the other language who changes only the status has not translated the text."""

    def typed(text: str, language: str, status: Status = Status.IN_PLACE) -> AnswerEntry:
        return AnswerEntry(status, explanation=text, language=language)

    answers.save(lead, place, typed("Toujours.", "fr"), Stamp(0, ""), now=now)
    answers.save(lead, place, typed("Toujours.", "en", Status.NOT_IN_PLACE), Stamp(1, ""), now=now)
    assert answers.question_page(lead, place).entry == typed("Toujours.", "fr", Status.NOT_IN_PLACE)
    answers.save(lead, place, typed("Always.", "en"), Stamp(2, ""), now=now)
    assert answers.question_page(lead, place).entry == typed("Always.", "en")


def test_a_claim_keeps_the_day_it_was_made(lead: Actor, place: Place, now: dt.datetime) -> None:
    claim = AnswerEntry(Status.IN_PLACE, claim_ground=Ground.TRADE_SECRET, claim_reason="It is our own.")
    answers.save(lead, place, claim, Stamp(0, ""), now=now)
    answers.save(lead, place, replace(claim, explanation="More."), Stamp(1, ""), now=now + dt.timedelta(days=9))
    stored = answers.question_page(lead, place).entry
    assert stored is not None
    assert stored.claimed_on == now.date()
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE), Stamp(2, ""), now=now)
    assert answers.question_page(lead, place).entry == AnswerEntry(Status.IN_PLACE)
