"""Answering off line on the site, and the papers a company takes away."""

from __future__ import annotations

import datetime as dt
import io
import re

import pypdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.storage.models import Answer, Assessment, Cycle, Organisation, Service, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.support.workbooks import Filled


@pytest.fixture
def company(context: object) -> Organisation:
    return make.organisation(name="Harbour (fictional)")


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    cycle = make.cycle(make.REAL, due_on=dt.date(2027, 3, 31))
    make.participation(cycle, company)
    return cycle


@pytest.fixture
def assessment(cycle: Cycle, company: Organisation) -> Assessment:
    return make.assessment(cycle, company)


@pytest.fixture
def service(company: Organisation) -> Service:
    return make.service(company, ("public_posts", "image_video_sharing"), name="Harbour Photos", slug="photos")


@pytest.fixture
def lead(company: Organisation) -> User:
    return make.user(company, "lead", name="Ada Sample")


@pytest.fixture
def desk(cycle: Cycle, assessment: Assessment, service: Service, lead: User, client: AuditClient) -> str:
    make.sign_in(client, lead)
    return f"/assessments/{cycle.slug}/workbook"


def uploaded(client: AuditClient, desk: str, content: bytes) -> str:
    sent = client.post(desk, data={"upload": (io.BytesIO(content), "answers.xlsx")})
    assert sent.status_code == 303, sent.text
    return client.get(sent.location).text


def mark(page: str) -> str:
    found = re.search(r'name="fingerprint" value="([0-9a-f]*)"', page)
    assert found
    return found.group(1)


def test_download_fill_in_upload_look_and_save(desk: str, client: AuditClient, session: Session) -> None:
    assert "Answer off line" in client.get(desk).text
    file = client.get(f"{desk}/workbook.xlsx")
    assert file.headers["Content-Disposition"].startswith("attachment")
    filled = Filled(file.data)
    filled.answer("photos", "P01.a", status="In place", explanation="Since 2020.")
    page = uploaded(client, desk, filled.content())
    assert "Since 2020." in page
    assert session.scalars(select(Answer)).all() == []
    saved = client.post(f"{desk}/preview", data={"fingerprint": mark(page)})
    assert saved.status_code == 303
    session.rollback()
    assert session.scalars(select(Answer.explanation)).one() == "Since 2020."
    assert client.get(f"{desk}/preview").status_code == 404, "nothing waits any more"
    again = uploaded(client, desk, filled.content())
    assert "There is nothing to save." in again
    assert client.post(f"{desk}/preview", data={"discard": "1"}).status_code == 303


def test_refused_cells_are_named_and_stop_everything(desk: str, client: AuditClient, session: Session) -> None:
    filled = Filled(client.get(f"{desk}/workbook.xlsx?lang=fr").data)
    client.language = "fr"
    filled.answer("photos", "P01.a", status="Peut-être")
    filled.answer("photos", "P01.b", status="En place")
    page = uploaded(client, desk, filled.content())
    assert "Harbour Photos" in page
    assert "Peut-être" in page
    assert "C3" in page
    assert "Tout enregistrer" not in page
    assert client.post(f"{desk}/preview", data={"fingerprint": mark(page)}).status_code == 409
    session.rollback()
    assert session.scalars(select(Answer)).all() == []


def test_what_is_no_workbook_is_refused_in_a_sentence(desk: str, client: AuditClient) -> None:
    for content in (b"", b"text", b"PK\x03\x04" + b"x" * 50):
        sent = client.post(desk, data={"upload": (io.BytesIO(content), "answers.xlsx")})
        assert sent.status_code == 422
        assert "There is a problem" in sent.text


def test_a_conflict_is_saved_only_on_purpose(
    desk: str, client: AuditClient, session: Session, assessment: Assessment, service: Service, lead: User
) -> None:
    row = make.answer(assessment, service, "P01.a", make.acting(lead))
    filled = Filled(client.get(f"{desk}/workbook.xlsx").data)
    filled.answer("photos", "P01.a", explanation="Mine.")
    question = desk.removesuffix("workbook") + "services/photos/P01.a"
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', client.get(question).text))
    client.post(question, data=fields | {"status": "in_place", "explanation": "Theirs."})
    page = uploaded(client, desk, filled.content())
    assert "Theirs." in page
    assert "Mine." in page
    refused = client.post(f"{desk}/preview", data={"fingerprint": mark(page)})
    assert refused.status_code == 409
    assert "Nothing was saved." in refused.text
    done = client.post(f"{desk}/preview", data={"fingerprint": mark(page), "overwrite": "y"})
    assert done.status_code == 303
    session.rollback()
    assert session.get_one(Answer, row.id).explanation == "Mine."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_questionnaire_and_draft(
    desk: str, client: AuditClient, assessment: Assessment, service: Service, lead: User, language: str
) -> None:
    make.answer(assessment, service, "P01.a", make.acting(lead), AnswerEntry(Status.IN_PLACE, explanation="=Said so."))
    client.language = language
    words = {"en": ("BLANK", "DRAFT"), "fr": ("VIERGE", "ÉBAUCHE")}[language]
    for kind, word in zip(("questionnaire", "draft"), words, strict=True):
        pdf = client.get(f"{desk}/{kind}.pdf?lang={language}")
        assert pdf.mimetype == "application/pdf"
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.data)).pages]
        assert all(word in page for page in pages)
        assert ("Said so." in "".join(pages)) == (kind == "draft")
        sheets = load_workbook(io.BytesIO(client.get(f"{desk}/{kind}.xlsx?lang={language}").data))
        headers = [sheet.oddHeader.right.text or "" for sheet in sheets if sheet["A1"].value != "about"]
        assert sum(word in header for header in headers) >= 4
    assert client.get(f"{desk}/sealed.pdf").status_code == 404
    assert client.get(f"{desk}/workbook.pdf").status_code == 404


def test_receipt_and_sealed_copy_as_files(
    desk: str, client: AuditClient, assessment: Assessment, service: Service, cycle: Cycle, lead: User, now: dt.datetime
) -> None:
    make.answer(
        assessment, service, "P01.a", make.acting(lead), AnswerEntry(Status.IN_PLACE, explanation="Signed text.")
    )
    submission = make.submitted(make.acting(lead), cycle, now=now)
    base = f"/assessments/{cycle.slug}/receipts/1"
    assert "Download the receipt (PDF)" in client.get(base).text
    receipt = pypdf.PdfReader(io.BytesIO(client.get(f"{base}/receipt.pdf").data))
    text = re.sub(r"\s|\u200b", "", "".join(page.extract_text() for page in receipt.pages))
    assert submission.sha256 in text
    assert "Signedtext." not in text
    sealed = pypdf.PdfReader(io.BytesIO(client.get(f"{base}/sealed.pdf").data))
    assert "Signed text." in "".join(page.extract_text() for page in sealed.pages)
    sheets = load_workbook(io.BytesIO(client.get(f"{base}/sealed.xlsx").data))
    assert any(cell.value == "Signed text." for sheet in sheets for row in sheet.iter_rows() for cell in row)
    assert client.get(f"{base}/receipt.xlsx").status_code == 404
    assert client.get(f"{base}/draft.pdf").status_code == 404
    make.sign_in(client, make.user(make.organisation(), "lead"))
    assert client.get(f"{base}/sealed.pdf").status_code == 404
    make.sign_in(client, make.user(make.government("CA"), "reviewer"))
    assert client.get(f"{base}/sealed.pdf").status_code == 403
