"""Fifty released reports are made again, byte for byte, after the data and the outline changed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from compliance.domain.answers import AnswerEntry, Status
from compliance.reporting import Folders
from compliance.services.report.facts import About
from compliance.services.report.life import approval, files, writing
from compliance.services.transaction import writing as transaction
from compliance.storage.models import Organisation, PublicRecord, Report, Service
from compliance.storage.queries import report_life as queries
from tests.services.report_world import FOLDERS, KIND, NOW, World, world
from tests.support import factories as make

REPORTS = 50


def _released(known: World, company: Organisation, folders: Folders) -> int:
    about = About(known.cycle.slug, company.slug)
    report_id = writing.start(known.author, KIND, about, folders, now=NOW)

    def act(do: Callable[..., None], actor: object, *given: object) -> None:
        do(actor, report_id, *given, known.stamp(report_id), folders, now=NOW)

    act(approval.submit, known.author)
    act(approval.approve, known.approver)
    act(approval.release, known.approver, "The meeting is tomorrow.")
    return report_id


def _companies(known: World) -> list[Organisation]:
    made = [known.company]
    for number in range(REPORTS - 1):
        company = make.organisation(name=f"Company {number}", slug=f"rebuilt-{number}")
        make.participation(known.cycle, company)
        service = make.service(company)
        if number % 3:
            lead = make.actor(company)
            assessment = make.assessment(known.cycle, company)
            make.answer(
                assessment, service, "C1.a", lead, AnswerEntry(Status.NOT_IN_PLACE, explanation=f"No {number}.")
            )
            make.submitted(lead, known.cycle, now=NOW)
        if number % 2:
            make.public_record(company)
        make.refresh(known.cycle, company, now=NOW)
        made.append(company)
    return made


def test_fifty_reports(context: Flask, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    folders = replace(FOLDERS, reports=tmp_path / "reports")
    shutil.copytree(FOLDERS.reports, folders.reports)
    known = world()
    ids = [_released(known, company, folders) for company in _companies(known)]
    _everything_changes(folders)
    verdicts = Counter(checked.verdict for report_id in ids for checked in files.verify(report_id, folders))
    record_property(
        "result",
        f"{len(ids)} reports, {verdicts.total()} files: {', '.join(f'{n} {verdict}' for verdict, n in verdicts.items())}",
    )
    assert len(ids) == REPORTS
    assert verdicts.total() == REPORTS * 22
    assert set(verdicts) == {files.Verdict.SAME_BYTES}
    served = files.take(known.reader, ids[0], "full", "en", "html", folders, now=NOW)
    assert b"Another name" not in served.content


def _everything_changes(folders: Folders) -> None:
    with transaction() as session:
        session.execute(update(Organisation).values(name="Another name", description_en="Another."))
        session.execute(update(Service).values(name="Another service"))
        session.execute(update(PublicRecord).values(statement="Another statement."))
    outline = folders.reports / KIND / "outline.yaml"
    words = outline.read_text(encoding="utf-8")
    changed = words.replace("Engagement brief", "Another kind").replace("What to ask for", "Another heading")
    assert changed != words
    outline.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize("damage", ["file", "facts"])
def test_damage_is_seen(context: Flask, damage: str) -> None:
    known = world()
    report_id = known.released()
    with transaction() as session:
        report = session.get_one(Report, report_id)
        edition = queries.editions(session, report.id, whole=True, files=True)[0]
        if damage == "file":
            edition.files[0].sha256 = "0" * 64
        else:
            edition.facts = edition.facts.replace("Aster", "Other")
    assert files.Verdict.DAMAGED in {checked.verdict for checked in files.verify(report_id, FOLDERS)}
