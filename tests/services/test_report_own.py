"""What a company may fetch of the reports about it, and what stands in them of who else gets them."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.errors import Denied, NotFound
from compliance.domain.permissions import Actor
from compliance.reporting import check_facts
from compliance.reporting.comparing import _pdf
from compliance.services.report.life import approval, files, own, pages, writing
from compliance.services.review import replies
from compliance.storage.models import Assessment, AuditEvent, Finding, ReportDownload, Service
from tests.services.report_world import FOLDERS, NOW, World, world
from tests.support import factories as make

FEEDBACK = "company-feedback"
NAMES = ["Minister of Public Safety", "Deputy Minister, Cyber"]


@pytest.fixture
def known(context: Flask) -> World:
    return world()


def released(known: World, kind: str = FEEDBACK, reason: str = "It is urgent.") -> int:
    report_id = writing.start(known.author, kind, known.about, FOLDERS, now=NOW)
    handling = writing.Handling("protected_a", True, NAMES)
    writing.save_handling(known.author, report_id, handling, known.stamp(report_id), FOLDERS, now=NOW)
    known.submit(report_id)
    known.approve(report_id)
    known.release(report_id, reason)
    return report_id


def find(known: World, session: Session) -> Finding:
    assessment = session.scalars(select(Assessment)).one()
    service = session.scalars(select(Service)).one()
    return make.finding(assessment, service, "C1.a", known.author)


def lead_of(known: World) -> Actor:
    return make.actor(known.company, "lead")


def test_only_what_was_released_to_it(known: World, session: Session) -> None:
    lead = lead_of(known)
    draft = writing.start(known.author, FEEDBACK, known.about, FOLDERS, now=NOW)
    assert own.listing(lead, FOLDERS) == []
    with pytest.raises(NotFound):
        own.take(lead, draft, "en", "pdf", FOLDERS, now=NOW)
    approval.withdraw(known.author, draft, "Begun twice.", known.stamp(draft), now=NOW)
    brief, feedback = released(known, "company-brief"), released(known)
    assert [report.id for report in own.listing(lead, FOLDERS)] == [feedback]
    taken = own.take(lead, feedback, "fr", "pdf", FOLDERS, now=NOW)
    assert taken.content.startswith(b"%PDF-")
    assert "Ce cycle" in own.as_html(lead, feedback, "fr", FOLDERS)[1]
    stranger = make.actor(make.organisation(), "lead")
    for person, number in ((lead, brief), (stranger, feedback), (lead, 999_999)):
        with pytest.raises(NotFound):
            own.take(person, number, "en", "pdf", FOLDERS, now=NOW)
        with pytest.raises(NotFound):
            own.as_html(person, number, "en", FOLDERS)
    assert own.listing(stranger, FOLDERS) == []
    for person in (known.author, known.reader, make.actor(make.operator(), "administrator")):
        with pytest.raises(Denied):
            own.listing(person, FOLDERS)
        with pytest.raises((NotFound, Denied)):
            own.take(person, feedback, "en", "pdf", FOLDERS, now=NOW)
    for language, layout in (("de", "pdf"), ("en", "exe"), ("en", "../x")):
        with pytest.raises(NotFound):
            own.take(lead, feedback, language, layout, FOLDERS, now=NOW)  # type: ignore[arg-type]


def test_findings_that_were_not_shared_stay_unseen(known: World, session: Session) -> None:
    find(known, session)
    make.refresh(known.cycle, known.company, now=NOW)
    lead = lead_of(known)
    early = released(known)
    assert own.listing(lead, FOLDERS) == [], "released for government only: the company has not seen the finding"
    with pytest.raises(NotFound):
        own.take(lead, early, "en", "json", FOLDERS, now=NOW)
    replies.share(known.author, known.company.slug, known.cycle.slug, NOW.date() + dt.timedelta(days=20), now=NOW)
    later = released(known)
    assert [report.id for report in own.listing(lead, FOLDERS)] == [later]
    facts = json.loads(own.take(lead, later, "en", "json", FOLDERS, now=NOW).content)
    assert facts["seen_by_company"] is True
    assert facts["reviewed"][0]["finding"]


def test_who_fetched_it_is_written_down_on_both_sides(known: World, session: Session) -> None:
    lead, feedback = lead_of(known), released(known)
    own.take(lead, feedback, "en", "docx", FOLDERS, now=NOW)
    row = session.scalars(select(ReportDownload)).one()
    assert (row.user_id, row.edition, row.layout, row.language, row.state) == (
        lead.user_id, "full", "docx", "en", "released",
    )  # fmt: skip
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.download")).one()
    assert event.chain == f"organisation:{known.company.id}"
    assert [name for _, name in pages.report_page(known.author, feedback, FOLDERS).log] == [lead.name]


def test_a_withdrawn_one_says_so(known: World) -> None:
    lead, feedback = lead_of(known), released(known)
    approval.withdraw(known.approver, feedback, "A figure was wrong.", known.stamp(feedback), now=NOW)
    assert own.listing(lead, FOLDERS)[0].state == "withdrawn"
    assert own.take(lead, feedback, "en", "pdf", FOLDERS, now=NOW).name.startswith("withdrawn-")


@pytest.mark.parametrize("edition", ["full", "redacted"])
def test_how_it_is_handled_is_printed_and_frozen(known: World, edition: str) -> None:
    report_id = released(known, "company-brief")
    taken: dict[str, bytes] = {}
    for language, words in (("en", ("PROTECTED A", "Yes")), ("fr", ("PROTÉGÉ A", "Oui"))):
        taken = {
            layout: files.take(known.reader, report_id, edition, language, layout, FOLDERS, now=NOW).content  # type: ignore[arg-type]
            for layout in ("html", "pdf", "docx", "xlsx", "csv", "json")
        }
        with zipfile.ZipFile(io.BytesIO(taken["docx"])) as book:
            taken["docx"] = book.read("word/document.xml")
        with zipfile.ZipFile(io.BytesIO(taken["xlsx"])) as book:
            taken["xlsx"] = b"".join(book.read(name) for name in book.namelist() if "sharedStrings" in name)
        taken["pdf"] = _pdf(taken["pdf"]).encode()
        for layout, content in taken.items():
            text = "".join(content.decode().split())
            for expected in (*NAMES, words[0]):
                assert "".join(expected.split()) in text, (layout, expected)
    facts = json.loads(taken["json"])
    assert (facts["distribution"], facts["releasable"]) == (NAMES, True)


def test_facts_frozen_before_there_was_a_distribution_list_are_still_read(known: World) -> None:
    report_id = released(known, "company-brief")
    facts = json.loads(files.take(known.reader, report_id, "full", "en", "json", FOLDERS, now=NOW).content)
    del facts["distribution"]
    assert "distribution" not in check_facts(facts)
