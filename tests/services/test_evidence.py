"""Evidence keeps its identity from save to save, and names documents of the own company only."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.domain.documents import DocumentRef, DocumentState
from compliance.domain.errors import Invalid
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.domain.submissions import dump_answer, load_answer, unseal
from compliance.services.assessment import answers
from compliance.storage.database import db
from compliance.storage.models import Cycle, Evidence, Organisation, Submission
from tests.support import factories as make

LINK = EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x")
LETTER = EvidenceEntry(Grade.STATED, description="letter")


@pytest.fixture
def lead(context: Flask) -> Actor:
    return make.actor(make.organisation())


@pytest.fixture
def company(lead: Actor) -> Organisation:
    return db.session.get_one(Organisation, lead.organisation_id)


@pytest.fixture
def place(lead: Actor, company: Organisation) -> Place:
    cycle = make.cycle()
    make.participation(cycle, company)
    service = make.service(company)
    make.assessment(cycle, company)
    return Place(cycle.slug, service.slug, "C1.a")


def with_evidence(*items: EvidenceEntry) -> AnswerEntry:
    return AnswerEntry(Status.IN_PLACE, explanation="text", evidence=items)


def stored(session: Session) -> list[tuple[int, str, str]]:
    session.rollback()
    rows = session.scalars(select(Evidence).order_by(Evidence.position)).all()
    return [(row.id, row.address, row.description) for row in rows]


def test_a_saved_piece_of_evidence_keeps_its_row(lead: Actor, place: Place, session: Session, now: dt.datetime) -> None:
    answers.save(lead, place, with_evidence(LINK, LETTER), Stamp(0, ""), now=now)
    first, second = stored(session)
    kept = answers.question_page(lead, place).entry
    assert kept is not None
    link, letter = kept.evidence
    changed = dataclasses.replace(letter, description="a longer letter")
    answers.save(lead, place, with_evidence(changed, link), Stamp(1, ""), now=now)
    assert stored(session) == [(second[0], "", "a longer letter"), first]
    answers.save(lead, place, with_evidence(changed), Stamp(2, ""), now=now)
    assert stored(session) == [(second[0], "", "a longer letter")]


def test_without_ids_the_row_that_says_the_same_is_kept(
    lead: Actor, place: Place, session: Session, now: dt.datetime
) -> None:
    answers.save(lead, place, with_evidence(LINK, LETTER, LETTER), Stamp(0, ""), now=now)
    before = stored(session)
    answers.save(lead, place, with_evidence(LETTER, LINK), Stamp(1, ""), now=now)
    assert stored(session) == [before[1], before[0]]


def test_a_foreign_id_takes_no_row_over(lead: Actor, place: Place, session: Session, now: dt.datetime) -> None:
    answers.save(lead, place, with_evidence(LINK), Stamp(0, ""), now=now)
    [(row_id, *_rest)] = stored(session)
    other = Place(place.cycle, None, "C2.a")
    taken = dataclasses.replace(LETTER, id=row_id)
    answers.save(lead, other, with_evidence(taken), Stamp(0, ""), now=now)
    assert len(stored(session)) == 2
    assert (row_id, LINK.address, "") in stored(session)


def test_one_document_serves_several_answers_and_is_sealed_by_its_digest(
    lead: Actor, company: Organisation, place: Place, session: Session, now: dt.datetime
) -> None:
    document = make.document(company, lead)
    shown = EvidenceEntry(Grade.DOCUMENT_SHOWN, document=DocumentRef(document.sha256))
    for where in (place, Place(place.cycle, None, "C2.a")):
        answers.save(lead, where, with_evidence(shown), Stamp(0, ""), now=now)
    rows = session.scalars(select(Evidence.document_id)).all()
    assert rows == [document.id, document.id]
    make.submitted(lead, make_cycle(place), now=now)
    session.rollback()
    sealed = unseal(session.scalars(select(Submission.sealed)).one())
    [item] = sealed.answers[place.service, "C1.a"].evidence
    assert item.document is not None
    assert (item.document.sha256, item.document.name, item.document.size) == (
        document.sha256,
        document.name,
        document.size,
    )


def make_cycle(place: Place) -> Cycle:
    return db.session.scalars(select(Cycle).where(Cycle.slug == place.cycle)).one()


def test_a_document_of_another_company_is_unknown(
    lead: Actor, place: Place, session: Session, now: dt.datetime
) -> None:
    other = make.organisation()
    document = make.document(other, make.actor(other))
    shown = EvidenceEntry(Grade.DOCUMENT_SHOWN, document=DocumentRef(document.sha256))
    with pytest.raises(Invalid) as refused:
        answers.save(lead, place, with_evidence(LINK, shown), Stamp(0, ""), now=now)
    assert [(p.field, p.code) for p in refused.value.problems] == [("evidence.1.document", "unknown_document")]
    assert stored(session) == []


def test_a_quarantined_document_is_refused(lead: Actor, company: Organisation, place: Place, now: dt.datetime) -> None:
    document = make.document(company, lead, state=DocumentState.QUARANTINED)
    shown = EvidenceEntry(Grade.DOCUMENT_SHOWN, document=DocumentRef(document.sha256))
    with pytest.raises(Invalid) as refused:
        answers.save(lead, place, with_evidence(shown), Stamp(0, ""), now=now)
    assert [problem.code for problem in refused.value.problems] == ["document_quarantined"]


def test_copies_sealed_before_there_were_documents_can_be_read() -> None:
    data = dump_answer(with_evidence(LINK))
    assert data["evidence"][0].pop("document") is None
    assert load_answer(data) == with_evidence(LINK)
