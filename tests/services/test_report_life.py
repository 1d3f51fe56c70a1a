"""A report from its first word to the record: who may do what, what is frozen, what is kept, what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.reports import ReportState
from compliance.domain.saving import Stamp
from compliance.services.report.life import approval, files, pages, writing
from compliance.services.transaction import writing as transaction
from compliance.storage.models import (
    AuditEvent,
    Organisation,
    Report,
    ReportDownload,
    ReportEdition,
    ReportFile,
    ReportText,
)
from compliance.storage.queries.report_life import Wanted
from tests.services.report_world import FOLDERS, KIND, NOW, World, world
from tests.support import factories as make

DAY = dt.timedelta(days=1)
BOTH = {"en": "Agree a date.", "fr": "Convenir d'une date."}


@pytest.fixture
def known(context: Flask) -> World:
    return world()


def state(session: Session, report_id: int) -> Report:
    session.rollback()
    return session.get_one(Report, report_id)


def test_the_whole_life(known: World, session: Session) -> None:
    first = known.start()
    assert known.start() == first, "a second start finds the one that is being worked on"
    known.write(first, "objective", {"objective": BOTH})
    known.submit(first)
    assert state(session, first).state == ReportState.AWAITING_APPROVAL
    known.approve(first)
    known.release(first)
    released = state(session, first)
    assert (released.state, released.languages, released.approver_id) == (
        "released",
        ["en", "fr"],
        known.approver.user_id,
    )
    assert released.unseen_reason == "The meeting is tomorrow."
    made = session.scalars(select(ReportFile)).all()
    # two editions, five formats in two languages, and the facts once
    assert len(made) == 2 * (5 * 2 + 1)
    assert all(file.sha256 == hashlib.sha256(file.content).hexdigest() and file.size for file in made)
    facts = json.loads(session.scalars(select(ReportEdition.facts).order_by(ReportEdition.id)).first() or "")
    assert facts["edition"]["approved_by"] == "Ben Approver"
    assert facts["author"]["objective"] == BOTH

    second = known.start()
    assert second != first
    assert state(session, second).number == 2
    texts = session.scalars(select(ReportText.content).where(ReportText.report_id == second)).all()
    assert texts == [{"objective": BOTH}], "a new version begins with what was written"
    known.submit(second)
    known.approve(second)
    known.release(second)
    assert state(session, first).state == ReportState.SUPERSEDED
    approval.withdraw(known.approver, second, "The figures were wrong.", known.stamp(second), now=NOW)
    assert (state(session, second).state, state(session, second).state_reason) == (
        "withdrawn",
        "The figures were wrong.",
    )
    session.rollback()
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"report:{first}")).all()
    assert [action.partition(".")[2] for action in actions] == [
        "start", "text", "submit", "approve", "release", "supersede",
    ]  # fmt: skip


def test_whoever_wrote_in_it_never_approves(known: World) -> None:
    both = make.actor(known.government, "reviewer", "approver")
    report_id = writing.start(both, KIND, known.about, FOLDERS, now=NOW)
    known.write(report_id, "objective", {"objective": BOTH}, by=known.approver)
    known.submit(report_id)
    for person in (both, known.approver, known.author, known.reader):
        with pytest.raises((Denied, NotFound)):
            known.approve(report_id, by=person)
    known.approve(report_id, by=make.actor(known.government, "approver"))


def test_permissions(known: World) -> None:
    report_id = known.start()
    stranger = make.actor(make.government("NZ"), "reviewer", "approver")
    company = make.actor(known.company)
    for person in (stranger, company):
        with pytest.raises((NotFound, Denied)):
            pages.report_page(person, report_id, FOLDERS)
        with pytest.raises((NotFound, Denied)):
            writing.start(person, KIND, known.about, FOLDERS, now=NOW)
        with pytest.raises((NotFound, Denied)):
            writing.save_text(person, report_id, "objective", {}, Stamp(0, ""), now=NOW)
    with pytest.raises(NotFound):
        pages.report_page(known.reader, report_id, FOLDERS)
    assert pages.listing(known.reader, Wanted()).reports == []
    with pytest.raises(Denied):
        approval.withdraw(make.actor(known.government, "coordinator"), report_id, "x", known.stamp(report_id), now=NOW)
    known.submit(report_id)
    known.approve(report_id)
    for person in (known.author, make.actor(known.government, "coordinator")):
        with pytest.raises(Denied):
            approval.release(person, report_id, "x", known.stamp(report_id), FOLDERS, now=NOW)
    known.release(report_id)
    assert [item.id for item in pages.listing(known.reader, Wanted()).reports] == [report_id]
    assert not pages.report_page(known.reader, report_id, FOLDERS).may.see_log
    for state_ in ("withdraw", "superseded"):
        assert pages.report_page(known.reader, report_id, FOLDERS).report.id == report_id, state_


def test_an_unseen_report_needs_the_approvers_reason(known: World, session: Session) -> None:
    report_id = known.start()
    known.submit(report_id)
    known.approve(report_id)
    for reason in ("", "   ", "x" * 5_000):
        with pytest.raises(Invalid):
            known.release(report_id, reason)
    assert session.scalars(select(ReportFile)).all() == []


def test_a_language_is_released_only_when_its_texts_are_there(known: World, session: Session) -> None:
    report_id = known.start()
    known.write(report_id, "objective", {"objective": {"en": "Only English.", "fr": ""}})
    page = pages.report_page(known.author, report_id, FOLDERS)
    assert page.written is not None
    assert [(item.slot, item.language) for item in page.written.missing] == [("objective", "fr")]
    assert list(page.written.languages) == ["en"]
    known.submit(report_id)
    known.approve(report_id)
    known.release(report_id)
    assert state(session, report_id).languages == ["en"]
    assert {file.language for file in session.scalars(select(ReportFile))} == {"en", ""}
    with pytest.raises(NotFound):
        files.take(known.reader, report_id, "full", "fr", "pdf", FOLDERS, now=NOW)
    other = make.organisation(name="Other")
    make.participation(known.cycle, other)
    make.refresh(known.cycle, other, now=NOW)
    neither = known.start(about=type(known.about)(known.cycle.slug, other.slug))
    known.write(neither, "objective", {"objective": {"en": "Only English.", "fr": ""}})
    known.write(neither, "next_steps", {"next_steps": {"en": "", "fr": "Seulement en français."}})
    with pytest.raises(Invalid, match="no_language_ready"):
        known.submit(neither)


def test_frozen_means_frozen(known: World, session: Session) -> None:
    report_id = known.start()
    known.submit(report_id)
    with transaction() as other:
        other.execute(update(Organisation).where(Organisation.id == known.company.id).values(name="Renamed"))
    shown = pages.shown(known.approver, report_id, "full", "en", "html", FOLDERS, now=NOW + DAY)[1].decode()
    assert "Aster" in shown
    assert "Renamed" not in shown
    known.approve(report_id)
    known.release(report_id)
    taken = files.take(known.reader, report_id, "full", "en", "html", FOLDERS, now=NOW + DAY)
    assert b"Aster" in taken.content
    assert b"Renamed" not in taken.content
    assert {checked.verdict for checked in files.verify(report_id, FOLDERS)} == {files.Verdict.SAME_BYTES}
    with pytest.raises(NotAllowed):
        known.write(report_id, "objective", {"objective": BOTH})


def test_sent_back_with_a_reason_and_written_on(known: World, session: Session) -> None:
    report_id = known.start()
    known.submit(report_id)
    with pytest.raises(Invalid):
        approval.send_back(known.approver, report_id, " ", known.stamp(report_id), now=NOW)
    approval.send_back(known.approver, report_id, "Say by when.", known.stamp(report_id), now=NOW)
    found = state(session, report_id)
    assert (found.state, found.state_reason) == ("draft", "Say by when.")
    assert session.scalars(select(ReportEdition)).all() == []
    known.write(report_id, "objective", {"objective": BOTH})
    known.submit(report_id)
    approval.take_back(known.author, report_id, known.stamp(report_id), now=NOW)
    assert state(session, report_id).state == "draft"


def test_colleagues_do_not_overwrite_each_other(known: World, session: Session) -> None:
    report_id = known.start()
    colleague = make.actor(known.government)
    mine = writing.text_page(known.author, report_id, "lines_to_take")
    known.write(report_id, "lines_to_take", {"lines_to_take": BOTH}, by=colleague)
    with pytest.raises(Conflict):
        writing.save_text(
            known.author, report_id, "lines_to_take", {"lines_to_take": {"en": "x"}}, Stamp(mine.version, "k"), now=NOW
        )
    assert writing.text_page(known.author, report_id, "lines_to_take").content == {"lines_to_take": BOTH}
    again = Stamp(1, "form")
    for _ in range(2):
        assert writing.save_text(known.author, report_id, "lines_to_take", {"lines_to_take": {}}, again, now=NOW) == 2
    stale = known.stamp(report_id)
    known.submit(report_id)
    for act in (approval.submit, approval.approve):
        with pytest.raises((Conflict, NotAllowed)):
            act(known.approver, report_id, stale, FOLDERS, now=NOW)


@pytest.mark.parametrize("slot", ["", "nothing", "ask:", "asks2", "objective "])
def test_a_slot_that_there_is_not(known: World, slot: str) -> None:
    with pytest.raises(NotFound):
        writing.save_text(known.author, known.start(), slot, {}, Stamp(0, ""), now=NOW)


def test_too_long_is_refused(known: World) -> None:
    report_id = known.start()
    with pytest.raises(Invalid) as refused:
        known.write(report_id, "objective", {"objective": {"en": "x" * 601, "fr": "y"}})
    assert [problem.field for problem in refused.value.problems] == ["objective_en"]
    with pytest.raises(Invalid):
        known.write(report_id, "asks", {"indicators": ["a", "b", "c", "d"]})


def test_edits_outlive_the_gap(known: World, session: Session) -> None:
    """What was written on an ask is kept by its indicator while the gap is away, and is back with it."""
    report_id = known.start()
    wording = {"en": "Publish it by June.", "fr": "Publiez-le d'ici juin."}
    known.write(report_id, "ask:C1.a", {"wording": wording, "by": "2027-06-30"})
    page = pages.report_page(known.author, report_id, FOLDERS)
    draft = pages.draft(known.author, page, FOLDERS, now=NOW)
    mine = next(choice for choice in draft.choices if choice.ask["indicator"]["id"] == "C1.a")
    assert (mine.ask["wording"], mine.ask["by"], mine.edited) == (wording, "2027-06-30", True)
    assert draft.made["en"].first_pages >= 1
    texts = {**(page.written.texts if page.written else {}), "ask:Z9.z": {"wording": wording}}
    from compliance.services.report.life.facts import gone

    assert [indicator for indicator, _ in gone(draft.facts, texts)] == ["Z9.z"]


def test_downloads_are_written_down(known: World, session: Session) -> None:
    report_id = known.start()
    draft = files.take(known.author, report_id, "full", "fr", "docx", FOLDERS, now=NOW)
    assert draft.name.startswith("draft-company-brief-aster-")
    known.submit(report_id)
    known.approve(report_id)
    known.release(report_id)
    taken = files.take(known.reader, report_id, "redacted", "en", "json", FOLDERS, now=NOW)
    assert json.loads(taken.content)["edition"]["name"] == "redacted"
    log = session.execute(select(ReportDownload.user_id, ReportDownload.edition, ReportDownload.state)).all()
    assert [tuple(row) for row in log] == [
        (known.author.user_id, "full", "draft"),
        (known.reader.user_id, "redacted", "released"),
    ]
    for edition, language, layout in (("half", "en", "pdf"), ("full", "en", "exe"), ("full", "en", "../x")):
        with pytest.raises(NotFound):
            files.take(known.reader, report_id, edition, language, layout, FOLDERS, now=NOW)  # type: ignore[arg-type]
    log_page = pages.report_page(known.author, report_id, FOLDERS).log
    assert [name for _, name in log_page] == ["Cleo Reader", "Ada Author"]


def test_verify_sees_damage_and_other_packages(known: World, session: Session) -> None:
    report_id = known.released()
    with transaction() as other:
        other.execute(update(Report).values(packages={"typst": "0.0"}))
    checked = files.verify(report_id, FOLDERS)
    assert {item.verdict for item in checked} == {files.Verdict.SAME_BYTES}
    assert "typst" in checked[0].packages
    with transaction() as other:
        file = other.scalars(select(ReportFile).where(ReportFile.layout == "csv")).first()
        assert file is not None
        file.content = file.content + b"x"
    assert files.Verdict.DAMAGED in {item.verdict for item in files.verify(report_id, FOLDERS)}
    with transaction() as other:
        edition = other.scalars(select(ReportEdition)).first()
        assert edition is not None
        edition.facts = edition.facts.replace("Aster", "Other")
    assert files.Verdict.DAMAGED in {item.verdict for item in files.verify(report_id, FOLDERS)}


def test_two_reports_are_compared(known: World) -> None:
    first = known.released()
    second = known.start()
    known.write(second, "objective", {"objective": BOTH})
    known.submit(second)
    older, newer, changes = pages.compared(known.approver, second, first, "full", "en")
    assert (older.id, newer.id) == (first, second)
    assert any("Agree a date." in line for change in changes for line in change.lines if change.kind == "newer")
    assert pages.compared(known.approver, first, first, "full", "en")[2] == []
