"""What a file that comes back says, cell by cell: where a fault stands, and what the trail tells of what was saved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.errors import Conflict, Invalid, NotAllowed
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place as QuestionPlace
from compliance.domain.saving import Stamp
from compliance.domain.workbook import Place, Row
from compliance.domain.workbook_reading import _Bad, day_of, number_of, text_of
from compliance.services.assessment import answers, workbooks
from compliance.services.assessment.importing import _where
from compliance.storage.models import Answer, AuditEvent
from tests.support import factories as make
from tests.support.engines import ROOT
from tests.support.workbooks import Filled

REPORTS = ROOT / "reports"
NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)


@pytest.fixture
def lead(context: Flask) -> Actor:
    return make.actor(make.organisation(name="Harbour & Co"))


@pytest.fixture
def place(lead: Actor) -> QuestionPlace:
    from compliance.storage.database import db
    from compliance.storage.models import Organisation

    company = db.session.get_one(Organisation, lead.organisation_id)
    cycle = make.cycle()
    make.participation(cycle, company)
    make.assessment(cycle, company)
    make.service(company, name="Letters", slug="letters")
    return QuestionPlace(cycle.slug, "letters", "C1.a")


PLACES = {
    "indicator": Place("Letters", "A2"),
    "status": Place("Letters", "C2"),
    "evidence.0.grade": Place("Evidence", "C5"),
    "evidence.0.address": Place("Evidence", "D5"),
    "evidence.1.grade": Place("Evidence", "C6"),
    "metrics.0.value": Place("Numbers", "D9"),
}


class TestWhereAFaultStands:
    @pytest.mark.parametrize(
        ("field", "cell"),
        [
            ("status", "C2"),  # its own cell
            ("evidence.0.address", "D5"),
            ("evidence.1.address", "C6"),  # none of its own: the row of the piece
            ("metrics.0.method", "D9"),
            ("evidence.2.grade", "A2"),  # no such piece: the question
            ("evidence.1", "A2"),
            ("reason", "A2"),
            ("a.b.c.d", "A2"),
        ],
    )
    def test_the_cell_the_row_or_the_question(self, field: str, cell: str) -> None:
        assert _where(Row(("letters", "C1.a"), 0, AnswerEntry(), PLACES), field).cell == cell

    def test_a_file_without_cells_names_what_it_has(self) -> None:
        row = Row(("letters", "C1.a"), 0, AnswerEntry(), {"status": Place("Letters", "C2")})
        assert _where(row, "reason") == Place("Letters", "C2")
        assert _where(Row(("letters", "C1.a"), 0, AnswerEntry(), {}), "reason") == Place("", "")


def filled(lead: Actor, place: QuestionPlace) -> Filled:
    return Filled(workbooks.workbook(lead, place.cycle, "en", REPORTS, now=NOW))


def test_the_row_and_the_trail_say_who_saved_what(lead: Actor, place: QuestionPlace, session: Session) -> None:
    answers.save(
        lead, place, AnswerEntry(Status.PARTLY, surfaces=("letterbox",), explanation="Before."), Stamp(0, ""), now=NOW
    )
    book = filled(lead, place)
    book.answer("letters", "C1.a", explanation="After.")
    book.answer("", "C2.a", status="Soon", planned_on=dt.date(2027, 1, 31))
    later = NOW + dt.timedelta(hours=1)
    workbooks.bring(lead, place.cycle, "answers.xlsx", book.content(), REPORTS, now=later)
    plan = workbooks.preview(lead, place.cycle, REPORTS, now=later).plan
    assert plan.count("changed") == plan.count("added") == 1
    assert workbooks.save(lead, place.cycle, plan.fingerprint, REPORTS, overwrite=False, now=later) == 2
    rows = {row.indicator_id: row for row in session.scalars(select(Answer))}
    told = {
        event.subject: event
        for event in session.scalars(select(AuditEvent).where(AuditEvent.at == later))
        if event.action == "answer.save"
    }
    assert set(told) == {f"answer:{row.id}" for row in rows.values()}
    assert {row.service_id is None for row in rows.values()} == {True, False}
    for row in rows.values():
        assert (row.updated_by_id, row.updated_at) == (lead.user_id, later)
        assert row.save_key.startswith("workbook-")
        assert told[f"answer:{row.id}"].chain == f"organisation:{lead.organisation_id}"
    changed = told[f"answer:{rows['C1.a'].id}"]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["explanation"], changed.after["explanation"]) == ("Before.", "After.")
    assert told[f"answer:{rows['C2.a'].id}"].before is None
    assert rows["C1.a"].version == 2


def test_what_stands_in_the_way_is_named_by_its_code(lead: Actor, place: QuestionPlace, session: Session) -> None:
    book = filled(lead, place)
    book.answer("letters", "C1.a", status="Half done", surfaces="letterbox", explanation="Mine.")
    workbooks.bring(lead, place.cycle, "answers.xlsx", book.content(), REPORTS, now=NOW)
    answers.save(
        lead, place, AnswerEntry(Status.PARTLY, surfaces=("letterbox",), explanation="Theirs."), Stamp(0, ""), now=NOW
    )
    plan = workbooks.preview(lead, place.cycle, REPORTS, now=NOW).plan
    assert plan.count("conflict") == 1
    with pytest.raises(Conflict):
        workbooks.save(lead, place.cycle, plan.fingerprint, REPORTS, overwrite=False, now=NOW)
    book.add("evidence", service="Letters", indicator="C1.a", grade="Link", address="ftp://a.example/1")
    workbooks.bring(lead, place.cycle, "answers.xlsx", book.content(), REPORTS, now=NOW)
    plan = workbooks.preview(lead, place.cycle, REPORTS, now=NOW).plan
    assert plan.refused
    with pytest.raises(Invalid) as refused:
        workbooks.save(lead, place.cycle, plan.fingerprint, REPORTS, overwrite=True, now=NOW)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("workbook", "workbook_refused")]
    session.rollback()
    assert session.scalars(select(Answer.explanation)).all() == ["Theirs."]


def test_every_fault_of_a_cell_names_sheet_cell_and_word(lead: Actor, place: QuestionPlace) -> None:
    book = filled(lead, place)
    book.answer("letters", "C1.a", status="Nearly " + "x" * 100, surfaces="letterbox; moon;; letterbox")
    book.add("evidence", service="Nobody " + "y" * 100, indicator="C1.a", grade="Link", address="https://a.example")
    book.add(
        "evidence", service="Letters", indicator="C1.a", grade="Link", address="https://b.example", expires_on="5/6/27"
    )
    book.number("letters", "C1-m1", value="about 4", period_start=dt.date(2026, 1, 1), period_end="2026-06-30")
    workbooks.bring(lead, place.cycle, "answers.xlsx", book.content(), REPORTS, now=NOW)
    plan = workbooks.preview(lead, place.cycle, REPORTS, now=NOW).plan
    assert all(fault.place.sheet and fault.place.cell for fault in plan.refused), plan.refused
    found = {(fault.code, str(fault.details.get("word", fault.details.get("service", "")))) for fault in plan.refused}
    assert {
        ("unknown_word", ("Nearly " + "x" * 100)[:60]),
        ("unknown_word", "moon"),
        ("unknown_service", ("nobody " + "y" * 100)[:60]),
        ("not_a_day", "5/6/27"),
        ("not_a_number", "about 4"),
    } <= found
    assert len([fault for fault in plan.refused if fault.code == "unknown_word"]) == 2


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, None),
        ("", None),
        (" 12.5 ", Decimal("12.5")),
        (3, Decimal(3)),
        (0.1, Decimal("0.1")),
        (-4, Decimal(-4)),
        ("0.1234567", Decimal("0.123457")),
        (999_999_999_999_999, Decimal(999_999_999_999_999)),
        ("999999999999999", Decimal(999_999_999_999_999)),
    ],
)
def test_numbers_of_cells(value: object, number: Decimal | None) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize(
    "value",
    [
        True,
        dt.date(2026, 1, 1),
        dt.time(1),
        dt.timedelta(1),
        float("nan"),
        float("inf"),
        10**15,
        1e15,
        -(10**15),
        "1e15",
        "ten",
    ],
)
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(_Bad) as bad:
        number_of(value)
    assert (bad.value.code, str(bad.value)) == ("not_a_number", "not_a_number")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (None, None),
        ("", None),
        ("2026-03-05", dt.date(2026, 3, 5)),
        (dt.date(2026, 3, 5), dt.date(2026, 3, 5)),
        (dt.datetime(2026, 3, 5, 12), dt.date(2026, 3, 5)),  # noqa: DTZ001 - cells know no time zone
    ],
)
def test_days_of_cells(value: object, day: dt.date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize("value", ["20260305", "5/3/2026", "2026-13-01", 46086, "2026-03-05 "[:-1] + "x"])
def test_what_is_no_day(value: object) -> None:
    with pytest.raises(_Bad) as bad:
        day_of(value)
    assert bad.value.code == "not_a_day"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (3.0, "3"),
        (2.5, "2.5"),
        (1e15, "1000000000000000.0"),
        (7, "7"),
        (dt.datetime(2026, 3, 5), "2026-03-05"),  # noqa: DTZ001
        (dt.datetime(2026, 3, 5, 12, 30), "2026-03-05 12:30:00"),  # noqa: DTZ001
        (dt.date(2026, 3, 5), "2026-03-05"),
        (None, ""),
        (" a\x00b ", "ab"),
    ],
)
def test_texts_of_cells(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_closed_assessment_takes_no_file(lead: Actor, place: QuestionPlace, session: Session) -> None:
    from compliance.storage.models import Cycle

    book = filled(lead, place)
    book.answer("letters", "C1.a", status="Half done", surfaces="letterbox", explanation="Late.")
    workbooks.bring(lead, place.cycle, "answers.xlsx", book.content(), REPORTS, now=NOW)
    plan = workbooks.preview(lead, place.cycle, REPORTS, now=NOW).plan
    session.scalars(select(Cycle)).one().closed_on = NOW.date()
    session.commit()
    with pytest.raises(NotAllowed, match="the assessment is not open for answers"):
        workbooks.save(lead, place.cycle, plan.fingerprint, REPORTS, overwrite=False, now=NOW)
    assert session.scalars(select(Answer)).all() == []
