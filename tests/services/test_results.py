"""The projection: written with every act, moved by the calendar, and always what a rebuild from scratch gives."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.services.gap import results
from compliance.services.transaction import writing
from compliance.storage.models import Assessment, Cycle, Organisation, Result, Service
from tests.support import factories as make

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation(time_zone="Pacific/Auckland")


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    """A plan that runs out on 20 September, and evidence that is valid until the 25th, on a submitted assessment."""
    made = make.cycle(make.REAL)
    make.participation(made, company)
    service = make.service(company, ("image_video_sharing",))
    assessment = make.assessment(made, company)
    author = make.actor(company)
    plan = AnswerEntry(Status.PLANNED, explanation="By then.", planned_on=dt.date(2026, 9, 20))
    link = EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x", expires_on=dt.date(2026, 9, 25))
    make.answer(assessment, service, "P01.a", author, plan)
    make.answer(
        assessment, service, "P01.b", author, AnswerEntry(Status.IN_PLACE, explanation="Done.", evidence=(link,))
    )
    make.submitted(author, made, now=NOW)
    make.finding(assessment, service, "P01.b", make.actor(make.government()))
    make.refresh(made, company, now=NOW)
    return made


def words(session: Session) -> dict[str, tuple[str, dt.date | None]]:
    session.rollback()
    rows = session.scalars(select(Result).order_by(Result.id)).all()
    return {row.indicator_id: (row.severity, row.next_change_on) for row in rows}


def test_the_calendar_moves_results_without_a_write(cycle: Cycle, session: Session) -> None:
    before = words(session)
    assert before["P01.a"][1] == dt.date(2026, 9, 21)
    assert results.refresh_due(now=NOW + DAY) == 0
    assert words(session) == before
    # In Auckland the 21st begins while it is still the 20th in UTC.
    assert results.refresh_due(now=dt.datetime(2026, 9, 20, 13, tzinfo=dt.UTC)) == 1
    moved = words(session)
    assert moved["P01.a"][0] != before["P01.a"][0]
    assert moved["P01.a"][1] is None
    assert moved["P01.b"] == before["P01.b"]
    results.refresh_due(now=NOW + 30 * DAY)
    assert words(session)["P01.b"][0] != before["P01.b"][0]
    assert results.refresh_due(now=NOW + 400 * DAY) == 0


def test_a_rebuild_from_scratch_gives_the_same(cycle: Cycle, company: Organisation, session: Session) -> None:
    later = NOW + 400 * DAY
    results.refresh_due(now=later)
    kept = words(session)
    with writing() as other:
        other.execute(delete(Result))
    make.refresh(cycle, company, now=later)
    assert words(session) == kept


def test_refreshing_again_writes_nothing(cycle: Cycle, company: Organisation) -> None:
    assert make.refresh(cycle, company, now=NOW) == 0


def test_a_company_that_never_answered_is_not_known_in_everything(context: Flask, session: Session) -> None:
    silent = make.organisation()
    made = make.cycle(make.REAL)
    make.participation(made, silent, "invited")
    make.refresh(made, silent, now=NOW)
    rows = session.scalars(select(Result).where(Result.company_id == silent.id)).all()
    assert len(rows) == 59
    assert {row.status for row in rows} == {"unanswered"}
    assert len({row.severity for row in rows}) == 1
    assert all(row.service_id is None for row in rows)


def test_what_happens_in_a_cycle_reaches_the_one_after_it(
    cycle: Cycle, company: Organisation, session: Session
) -> None:
    later = make.cycle(make.REAL, previous=cycle)
    make.participation(later, company, "invited")
    make.refresh(later, company, now=NOW)
    changes = {
        row.indicator_id: row.change for row in session.scalars(select(Result).where(Result.cycle_id == later.id))
    }
    assert changes["P01.c"] == "same"
    session.rollback()
    assessment = session.scalars(select(Assessment).where(Assessment.cycle_id == cycle.id)).one()
    service = session.scalars(select(Service)).one()
    make.finding(assessment, service, "P01.c", make.actor(make.government()), rating="not_met", reason="Seen.")
    make.refresh(cycle, company, now=NOW)
    session.rollback()
    row = session.scalars(select(Result).where(Result.cycle_id == later.id, Result.indicator_id == "P01.c")).one()
    assert row.change == "no_longer_answered"


def test_the_hour_before_a_day_begins_recomputes_nothing(cycle: Cycle, company: Organisation) -> None:
    """In Auckland the 21st begins at 12:00 UTC on the 20th; an hour earlier nothing has changed."""
    assert results.refresh_due(now=dt.datetime(2026, 9, 20, 11, tzinfo=dt.UTC)) == 0
    assert results.refresh_due(now=dt.datetime(2026, 9, 20, 12, tzinfo=dt.UTC)) == 1
    assert results.refresh_due(now=dt.datetime(2026, 9, 20, 13, tzinfo=dt.UTC)) == 0


def test_the_hourly_round_stops_when_asked_and_survives_a_bad_company(
    cycle: Cycle, company: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert results.refresh_due(now=NOW + 9 * DAY, stop=lambda: True) == 0
    other = make.organisation(time_zone="Atlantis/Capital")
    make.participation(cycle, other)
    make.refresh(cycle, other, now=NOW)
    with writing() as session:
        for row in session.scalars(select(Result).where(Result.company_id == other.id)):
            row.next_change_on = NOW.date()
    original = results.refresh

    def breaks_for_one(session: Session, cycle_id: int, company_id: int, *, now: dt.datetime) -> int:
        if company_id == company.id:
            raise RuntimeError("this one is broken")
        return original(session, cycle_id, company_id, now=now)

    monkeypatch.setattr(results, "refresh", breaks_for_one)
    assert results.refresh_due(now=NOW + 9 * DAY) == 1, "the one with a time zone that is none"


def test_a_fact_under_an_earlier_id_is_about_what_has_taken_its_place() -> None:
    from dataclasses import replace
    from pathlib import Path

    from compliance.content import load

    framework = load(Path("tests/data/frameworks/tiny-charter/1.0")).framework
    first = framework.principles[0]
    renamed = replace(first.indicators[0], id="C1.z", replaces=("C1.a",))
    later = replace(
        framework, principles=(replace(first, indicators=(renamed, *first.indicators[1:])), *framework.principles[1:])
    )
    assert later.indicator_now("C1.a") is renamed
    assert later.indicator_now("C1.z") is renamed
    assert later.indicator_now("none") is later.indicator_now(None) is None
