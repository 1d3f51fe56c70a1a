"""The workbook: what comes back is what typing on line would have made, all of it or nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Ground, MetricEntry, Status
from compliance.domain.documents import DocumentRef
from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.reporting.answers import load_words, render_workbook
from compliance.services import audit
from compliance.services.assessment import answers, taking, workbooks
from compliance.services.assessment.importing import Plan
from compliance.services.transaction import writing
from compliance.storage.database import db
from compliance.storage.models import Answer, Assessment, AuditEvent, Cycle, Organisation, PendingWorkbook, Service
from tests.support import factories as make
from tests.support.engines import ROOT
from tests.support.workbooks import Filled

REPORTS = ROOT / "reports"
NASTY = "=1+1\n+2 -3 @x ＝4 _x000D_ 'q' é « 🙂 »\ttab"


@pytest.fixture
def lead(context: Flask) -> Actor:
    return make.actor(make.organisation(name="Harbour & Co"))


@pytest.fixture
def company(lead: Actor) -> Organisation:
    return db.session.get_one(Organisation, lead.organisation_id)


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    cycle = make.cycle()
    make.participation(cycle, company)
    make.assessment(cycle, company)
    return cycle


@pytest.fixture
def service(company: Organisation, cycle: Cycle) -> Service:
    return make.service(company, name="Letters: [fast] *new*", slug="letters")


@pytest.fixture
def place(cycle: Cycle, service: Service) -> Place:
    return Place(cycle.slug, service.slug, "C1.a")


@pytest.fixture
def full(lead: Actor, company: Organisation) -> AnswerEntry:
    """An answer with everything in it."""
    document = make.document(company, lead)
    days = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    return AnswerEntry(
        Status.PARTLY,
        surfaces=("letterbox",),
        explanation=NASTY,
        planned_on=dt.date(2027, 3, 1),
        reason=None,
        reason_text="+because",
        evidence=(
            EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x?a=1&b=2", "@page", *days),
            EvidenceEntry(Grade.DOCUMENT_SHOWN, description="-policy", document=DocumentRef(document.sha256)),
        ),
        metrics=(
            MetricEntry("C1-m1", Decimal("12.5"), "weeks", *days, "=worldwide", "+counted"),
            MetricEntry("C1-m1", Decimal("3.000001"), "weeks", dt.date(2025, 7, 1), dt.date(2025, 12, 31), "CA", "x"),
        ),
        language="fr",
        claim_ground=Ground.COMMERCIAL,
        claim_reason="=secret",
        sensitive_method=True,
    )


def book(lead: Actor, cycle: Cycle, now: dt.datetime, language: Any = "en") -> bytes:
    return workbooks.workbook(lead, cycle.slug, language, REPORTS, now=now)


def looked_at(lead: Actor, cycle: Cycle, content: bytes, now: dt.datetime) -> Plan:
    workbooks.bring(lead, cycle.slug, "answers.xlsx", content, REPORTS, now=now)
    return workbooks.preview(lead, cycle.slug, REPORTS, now=now).plan


def brought(lead: Actor, cycle: Cycle, content: bytes, now: dt.datetime, *, overwrite: bool = False) -> int:
    plan = looked_at(lead, cycle, content, now)
    return workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=overwrite, now=now)


def stored(lead: Actor, place: Place) -> AnswerEntry:
    found = answers.question_page(lead, place).entry
    assert found is not None
    return found


def versions(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Answer.version).order_by(Answer.id)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_field_comes_back_exactly(
    lead: Actor, cycle: Cycle, place: Place, full: AnswerEntry, now: dt.datetime, session: Session, language: str
) -> None:
    answers.save(lead, place, full, Stamp(0, ""), now=now)
    before = stored(lead, place)
    plan = looked_at(lead, cycle, book(lead, cycle, now, language), now)
    assert (plan.changes, plan.refused, plan.same) == ([], [], 1)
    with writing() as other:  # the same file where the answer is not there yet
        other.delete(other.scalars(select(Answer)).one())
    plan = looked_at(lead, cycle, book(lead, cycle, now, language), now)
    assert plan.changes == []
    answers.save(lead, place, full, Stamp(0, ""), now=now)
    content = book(lead, cycle, now, language)
    with writing() as other:
        other.delete(other.scalars(select(Answer)).one())
    assert brought(lead, cycle, content, now, overwrite=True) == 1
    after = stored(lead, place)
    assert dataclasses.replace(after, claimed_on=None) == dataclasses.replace(before, claimed_on=None)


def test_filled_in_and_brought_back(
    lead: Actor, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    filled = Filled(book(lead, cycle, now))
    filled.answer("letters", "C1.a", status="Half done", surfaces="letterbox", explanation="Since 2020.")
    filled.add(
        "evidence", service="Letters: [fast] *new*", indicator="C1.a", grade="Link", address="https://a.example/1"
    )
    filled.number(
        "letters",
        "C1-m1",
        value=4,
        period_start=dt.date(2026, 1, 1),
        period_end="2026-06-30",
        geography="CA",
        method="all",
    )
    filled.answer("", "C2.a", status="Soon", planned_on=dt.date(2027, 1, 31))
    content = filled.content()
    plan = looked_at(lead, cycle, content, now)
    assert [change.kind for change in plan.changes] == ["added", "added"], plan.refused
    assert session.scalars(select(Answer)).all() == [], "a preview writes nothing"
    assert workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=False, now=now) == 2
    typed = stored(lead, place)
    assert (typed.status, typed.surfaces, typed.explanation) == (Status.PARTLY, ("letterbox",), "Since 2020.")
    assert typed.evidence == (EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/1"),)
    assert [(item.value, item.unit) for item in typed.metrics] == [(Decimal(4), "weeks")]
    assert stored(lead, Place(cycle.slug, None, "C2.a")).planned_on == dt.date(2027, 1, 31)
    session.rollback()
    assert session.scalars(select(PendingWorkbook)).all() == []
    events = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert events.count("answer.save") == 2
    assert audit.verify(session) == []
    again = looked_at(lead, cycle, content, now)
    assert (again.changes, again.refused, again.same) == ([], [], 2)
    assert versions(session) == [1, 1]


def test_what_a_colleague_saved_is_not_overwritten_unseen(
    lead: Actor, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE, explanation="one"), Stamp(0, ""), now=now)
    filled = Filled(book(lead, cycle, now))
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE, explanation="two"), Stamp(1, ""), now=now)
    filled.answer("letters", "C1.a", explanation="three")
    plan = looked_at(lead, cycle, filled.content(), now)
    assert [change.kind for change in plan.changes] == ["conflict"]
    with pytest.raises(Conflict):
        workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=False, now=now)
    assert stored(lead, place).explanation == "two"
    assert workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=True, now=now) == 1
    assert stored(lead, place).explanation == "three"


def test_a_change_after_the_preview_asks_for_another_look(
    lead: Actor, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    filled = Filled(book(lead, cycle, now))
    filled.answer("letters", "C1.a", status="Done")
    plan = looked_at(lead, cycle, filled.content(), now)
    answers.save(lead, place, AnswerEntry(Status.NOT_IN_PLACE), Stamp(0, ""), now=now)
    with pytest.raises(Conflict):
        workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=True, now=now)
    assert stored(lead, place).status is Status.NOT_IN_PLACE


def test_a_row_that_was_left_alone_confirms_nothing(
    lead: Actor, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE, explanation="last time"), Stamp(0, ""), now=now)
    with writing() as other:
        other.execute(update(Answer).values(carried=True))
    content = book(lead, cycle, now)
    plan = looked_at(lead, cycle, content, now)
    assert (plan.changes, plan.same) == ([], 1)
    filled = Filled(content)
    filled.answer("letters", "C1.a", explanation="this time")
    assert brought(lead, cycle, filled.content(), now) == 1
    assert not stored(lead, place).carried


Change = Callable[[Filled], object]


@pytest.mark.parametrize(
    ("change", "code", "sheet", "cell"),
    [
        (lambda f: f.answer("letters", "C1.a", status="Perhaps"), "unknown_word", "Letters", "C3"),
        (lambda f: f.answer("letters", "C1.a", status="Soon"), "date_needed", "Letters", "G3"),
        (lambda f: f.answer("letters", "C1.a", status="Half done", surfaces="moon"), "unknown_word", "Letters", "E3"),
        (lambda f: f.answer("letters", "C1.a", status="Soon", planned_on="03/04/2027"), "not_a_day", "Letters", "G3"),
        (lambda f: f.answer("letters", "C1.a", explanation="only text"), "status_not_offered", "Letters", "C3"),
        (lambda f: f.answer("letters", "C1.a", status="Done", explanation="x" * 8001), "too_long", "Letters", "F3"),
        (lambda f: f.set("letters", "A3", "Z9.z") or f.set("letters", "C3", "Done"), "unknown_question", "Letters", "A3"),
        (lambda f: f.set("letters", "A3", "C1.b") or f.set("letters", "C3", "Done"), "unknown_question", "Letters", "A3"),
        (lambda f: f.set("letters", "C3", "=1+1"), "formula", "Letters", "C3"),
        (lambda f: f.add("evidence", service="Nobody", indicator="C1.a", grade="Link"), "unknown_service", "Evidence", "A3"),
        (lambda f: f.add("evidence", service="letters", indicator="C1.a", grade="Link", address="ftp://x"), "not_a_web_address", "Evidence", "D3"),
        (lambda f: f.add("evidence", service="letters", indicator="C9.a", description="x"), "answer_missing", "Evidence", "B3"),
        (lambda f: f.number("letters", "C1-m1", value="1.2.3"), "not_a_number", "Numbers", "D3"),
        (lambda f: f.number("letters", "C1-m1", value=-1), "number_out_of_range", "Numbers", "D3"),
        (lambda f: f.add("numbers", service="letters", metric="C9-m9", value=1), "unknown_metric", "Numbers", "B4"),
    ],
)  # fmt: skip
def test_what_is_refused_names_sheet_and_cell_and_nothing_is_written(
    lead: Actor, cycle: Cycle, place: Place, session: Session, now: dt.datetime,
    change: Change, code: str, sheet: str, cell: str,
) -> None:  # fmt: skip
    filled = Filled(book(lead, cycle, now))
    filled.answer("", "C2.a", status="Done")
    change(filled)
    if sheet in ("Evidence", "Numbers") and code != "answer_missing":
        filled.answer("letters", "C1.a", status="Done")
    plan = looked_at(lead, cycle, filled.content(), now)
    found = [(fault.code, fault.place.sheet[: len(sheet)], fault.place.cell) for fault in plan.refused]
    assert (code, sheet, cell) in found
    assert not plan.can_be_saved
    with pytest.raises(Invalid):
        workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=True, now=now)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Answer)) == 0


def test_a_workbook_of_another_assessment_is_refused(lead: Actor, cycle: Cycle, place: Place, now: dt.datetime) -> None:
    stranger = make.actor(make.organisation())
    other = db.session.get_one(Organisation, stranger.organisation_id)
    make.participation(cycle, other)
    make.assessment(cycle, other)
    with pytest.raises(Invalid) as refused:
        looked_at(stranger, cycle, book(lead, cycle, now), now)
    assert [problem.code for problem in refused.value.problems] == ["workbook_other_assessment"]
    with pytest.raises(NotFound):
        workbooks.preview(stranger, cycle.slug, REPORTS, now=now)
    with pytest.raises(NotFound):
        book(make.actor(make.organisation()), cycle, now)


def test_who_may_and_when(
    lead: Actor, company: Organisation, cycle: Cycle, place: Place, session: Session, now: dt.datetime
) -> None:
    viewer = make.actor(company, "viewer")
    content = book(viewer, cycle, now)
    with pytest.raises(Denied):
        looked_at(viewer, cycle, content, now)
    filled = Filled(content)
    filled.answer("letters", "C1.a", status="Done")
    plan = looked_at(lead, cycle, filled.content(), now)
    with writing() as other:
        other.execute(update(Assessment).values(state="submitted"))
    with pytest.raises(NotAllowed):
        workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=True, now=now)
    with pytest.raises(NotAllowed):
        looked_at(lead, cycle, content, now)
    assert session.scalars(select(Answer)).all() == []


def test_the_fields_of_an_answer_are_all_in_the_workbook_or_kept(tmp_path: Path) -> None:
    """A field that is added to answers must be thought of here, too."""
    from compliance.domain import workbook as layout

    columns = set(layout.ANSWER_COLUMNS)
    kept = {"evidence", "metrics", "claimed_on", "carried"}
    assert {field.name for field in dataclasses.fields(AnswerEntry)} <= columns | kept
    assert {field.name for field in dataclasses.fields(EvidenceEntry)} <= set(layout.EVIDENCE_COLUMNS) | {"id"}
    assert {field.name for field in dataclasses.fields(MetricEntry)} <= set(layout.NUMBER_COLUMNS) | {"metric_id"}


def test_the_book_is_locked_where_it_is_for_reading(lead: Actor, cycle: Cycle, place: Place, now: dt.datetime) -> None:
    opened = load_workbook(io.BytesIO(book(lead, cycle, now, "fr")))
    sheet = next(sheet for sheet in opened if sheet["A1"].value == "answers:letters")
    assert sheet.protection.sheet
    assert sheet["B3"].protection.locked
    assert not sheet.column_dimensions["C"].protection.locked, "an empty cell has the format of its column"
    assert sheet.column_dimensions["B"].protection.locked
    assert sheet["C2"].value == "Réponse"
    assert any("C3" in rule.sqref for rule in sheet.data_validations.dataValidation)


def test_the_rows_of_a_retired_service_are_left_out_and_named(
    lead: Actor, cycle: Cycle, place: Place, company: Organisation, now: dt.datetime, session: Session
) -> None:
    other = make.service(company, name="Parcels", slug="parcels")
    filled = Filled(book(lead, cycle, now))
    filled.answer("letters", "C1.a", status="Done", explanation="Kept.")
    filled.answer("parcels", "C1.a", status="Done", explanation="Too late.")
    with writing() as opened:
        opened.execute(update(Service).where(Service.id == other.id).values(retired_on=now.date()))
    plan = looked_at(lead, cycle, filled.content(), now)
    assert (plan.retired, plan.refused) == (("Parcels",), [])
    assert [change.question.key for change in plan.changes] == [("letters", "C1.a")]
    assert workbooks.save(lead, cycle.slug, plan.fingerprint, REPORTS, overwrite=False, now=now) == 1
    assert stored(lead, place).explanation == "Kept."


def test_many_services_come_in_several_workbooks(
    lead: Actor, cycle: Cycle, place: Place, company: Organisation, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each holds its own services, is read back by itself, and touches nothing of the others."""
    monkeypatch.setattr(taking, "SERVICES_LIMIT", 2)
    make.service(company, name="Parcels", slug="parcels")
    make.service(company, name="Stamps", slug="stamps")
    answers.save(lead, place, AnswerEntry(Status.IN_PLACE, explanation="On line."), Stamp(0, ""), now=now)
    assert workbooks.desk(lead, cycle.slug).parts == 2
    with pytest.raises(NotAllowed):
        book(lead, cycle, now)
    first, second = (taking.now(lead, cycle.slug, "workbook", "xlsx", now=now, part=part) for part in (1, 2))
    assert [profile.slug for taken in (first, second) for profile in taken.services] == ["letters", "parcels", "stamps"]
    company_wide = [[q.key for q in taken.questions if q.key[0] is None] for taken in (first, second)]
    assert company_wide[0]
    assert company_wide[1] == []
    filled = Filled(render_workbook(second, load_words(REPORTS), "en"))
    filled.answer("stamps", "C1.a", status="Done", explanation="Off line.")
    plan = looked_at(lead, cycle, filled.content(), now)
    assert [(change.kind, change.question.key) for change in plan.changes] == [("added", ("stamps", "C1.a"))]
    for part in (0, 3):
        with pytest.raises(NotFound):
            taking.now(lead, cycle.slug, "workbook", "xlsx", now=now, part=part)


def test_a_company_with_very_many_services_can_work_off_line(
    lead: Actor, cycle: Cycle, company: Organisation, now: dt.datetime
) -> None:
    """450 services: three workbooks, the last of them read back in full."""
    with writing() as opened:
        opened.add_all(
            Service(company_id=company.id, slug=f"s{n:03}", name=f"Service {n:03}", functions=["letters"])
            for n in range(450)
        )
    assert workbooks.desk(lead, cycle.slug).parts == 3
    last = taking.now(lead, cycle.slug, "workbook", "xlsx", now=now, part=3)
    assert len(last.services) == 50
    plan = looked_at(lead, cycle, render_workbook(last, load_words(REPORTS), "en"), now)
    assert (plan.changes, plan.refused) == ([], [])
