"""Documents on the site: brought with a question or alone, chosen again, downloaded, set aside."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.files.store import MemoryStore, StoreUnavailable
from compliance.services.assessment import documents
from compliance.services.assessment.documents import Files
from compliance.storage.models import Answer, Assessment, Cycle, Document, Evidence, Organisation, Service, User
from tests.files.hostile import HOSTILE
from tests.support import factories as make
from tests.support import files as made
from tests.support.audit_client import AuditClient


class FullStore(MemoryStore):
    def put(self, key: str, content: bytes) -> None:
        raise StoreUnavailable("No space left on device")


@pytest.fixture
def company(context: object) -> Organisation:
    return make.organisation(name="Harbour (fictional)")


@pytest.fixture
def cycle(company: Organisation) -> Cycle:
    cycle = make.cycle(make.REAL, due_on=dt.date(2027, 3, 31))
    make.participation(cycle, company)
    return cycle


@pytest.fixture
def service(company: Organisation) -> Service:
    return make.service(company, ("public_posts", "image_video_sharing"), name="Harbour Photos", slug="photos")


@pytest.fixture
def assessment(cycle: Cycle, company: Organisation) -> Assessment:
    return make.assessment(cycle, company)


@pytest.fixture
def lead(company: Organisation) -> User:
    return make.user(company, "lead", name="Ada Sample")


@pytest.fixture
def page(cycle: Cycle, service: Service, assessment: Assessment, lead: User, client: AuditClient) -> str:
    make.sign_in(client, lead)
    client.application.extensions["documents"] = Files(MemoryStore())
    return f"/assessments/{cycle.slug}/services/photos/P01.a"


def sent(content: bytes = made.pdf(), name: str = "Policy.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def hidden(html: str) -> dict[str, str]:
    main = html[html.index("<main") :]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', main))


def selected(html: str, name: str) -> str:
    select_ = re.search(rf'<select[^>]* name="{re.escape(name)}".*?</select>', html, re.DOTALL)
    assert select_, name
    found = re.search(r'value="([^"]*)" selected', select_.group())
    return found.group(1) if found else ""


def test_a_document_comes_with_a_question_and_typed_text_stays(
    page: str, client: AuditClient, session: Session
) -> None:
    form = hidden(client.get(page).text)
    data = form | {"status": "in_place", "explanation": "Typed before.", "attach": "1", "no_material": "y"}
    answered = client.post(page, data=data | {"upload": sent()})
    assert answered.status_code == 200
    assert "Typed before." in answered.text
    document = session.scalars(select(Document)).one()
    assert selected(answered.text, "evidence-0-document") == document.sha256
    assert selected(answered.text, "evidence-0-grade") == "document_shown"
    assert session.scalars(select(Answer)).all() == [], "bringing a document saves no answer"
    evidence = {"evidence-0-grade": "document_shown", "evidence-0-document": document.sha256}
    saved = client.post(page, data=form | {"status": "in_place", "explanation": "Typed before."} | evidence)
    assert saved.status_code == 303
    session.rollback()
    assert session.scalars(select(Evidence.document_id)).one() == document.id
    assert "Policy.pdf" in client.get(page).text


def test_a_file_chosen_without_its_button_is_not_forgotten(page: str, client: AuditClient, session: Session) -> None:
    data = hidden(client.get(page).text) | {"status": "in_place", "explanation": "x", "no_material": "y"}
    assert client.post(page, data=data | {"upload": sent()}).status_code == 303
    assert session.scalars(select(Evidence.document_id)).one() is not None


@pytest.mark.parametrize("button", [{"attach": "1"}, {"then": "next"}])
def test_what_is_refused_loses_no_typed_text(
    page: str, client: AuditClient, session: Session, button: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "DOCUMENT_LIMIT", 200_000)
    base = hidden(client.get(page).text) | {"status": "in_place", "explanation": "Typed before."} | button
    for more, sentence in (
        ({"no_material": "y", "upload": sent(b"<html>", "a.html")}, "Only PDF, Word (docx)"),
        (
            {"no_material": "y", "upload": sent(b"<html>", "a.pdf")},
            "The content of this file is not what its name says",
        ),
        ({"upload": sent()}, "Confirm that the document holds no abusive material."),
        ({"no_material": "y", "upload": sent(b"x" * 300_000, "a.txt")}, "A document is at most"),
    ):
        answered = client.post(page, data=base | more)
        assert answered.status_code == 422
        assert sentence in answered.text
        assert "Typed before." in answered.text
    client.application.extensions["documents"] = Files(FullStore())
    answered = client.post(page, data=base | {"no_material": "y", "upload": sent()})
    assert answered.status_code == 422
    assert "the store is full or does not answer" in answered.text
    assert "Typed before." in answered.text
    assert session.scalars(select(Document)).all() == []
    assert session.scalars(select(Answer)).all() == []


def test_forty_hostile_files_are_refused_or_come_out_as_downloads(
    page: str, client: AuditClient, session: Session
) -> None:
    for name, content, code in HOSTILE:
        answered = client.post("/documents", data={"no_material": "y", "upload": (io.BytesIO(content), name)})
        split = "\n" in name  # a name with a line end does not survive the headers of a form
        assert answered.status_code == (422 if code or split else 303), name
    kept = session.scalars(select(Document)).all()
    for document in kept:
        assert re.fullmatch(r"[0-9a-f]{40}", document.key)
        file = client.get(f"/documents/{document.sha256}")
        assert file.status_code == 200
        disposition = file.headers["Content-Disposition"]
        assert disposition.startswith("attachment"), disposition
        assert not set(disposition) & set("\r\n/\\")
        assert re.search(r"filename=\"?[^\"]+\.(txt|csv)\"?(;|$)", disposition), disposition
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.mimetype in ("text/plain", "text/csv")
        assert "sandbox" in file.headers["Content-Security-Policy"]
    assert len(kept) >= 4
    assert len(HOSTILE) >= 40
    client.get("/documents")


def test_the_list_of_documents_and_setting_one_aside(
    page: str, client: AuditClient, company: Organisation, session: Session
) -> None:
    assert "No document is kept yet." in client.get("/documents").text
    client.post("/documents", data={"no_material": "y", "upload": sent()})
    sha256 = session.scalars(select(Document.sha256)).one()
    assert "Policy.pdf" in client.get("/documents").text
    aside = f"/documents/{sha256}/set-aside"
    assert client.get(aside).status_code == 200
    assert client.post(aside, data={"note": ""}).status_code == 422
    assert client.post(aside, data={"note": "by mistake"}).status_code == 303
    assert client.get(f"/documents/{sha256}").status_code == 409
    assert "by mistake" in client.get("/documents").text
    make.sign_in(client, make.user(make.organisation(), "lead"))
    assert client.get(f"/documents/{sha256}").status_code == 404
    assert client.get(aside).status_code == 404
    make.sign_in(client, make.user(company, "viewer"))
    assert client.post("/documents", data={"no_material": "y", "upload": sent(b"x", "a.txt")}).status_code == 403


def test_a_reviewer_downloads_what_was_signed(
    page: str, client: AuditClient, company: Organisation, cycle: Cycle, lead: User, session: Session, now: dt.datetime
) -> None:
    data = hidden(client.get(page).text) | {"status": "in_place", "explanation": "x", "no_material": "y"}
    client.post(page, data=data | {"upload": sent()})
    make.submitted(make.acting(lead), cycle, now=now)
    sha256 = session.scalars(select(Document.sha256)).one()
    make.sign_in(client, make.user(make.government("CA"), "reviewer"))
    bench = client.get(f"/companies/{company.slug}/{cycle.slug}/review/services/photos/P01.a").text
    address = f"/companies/{company.slug}/{cycle.slug}/documents/{sha256}"
    assert f'href="{address}"' in bench
    file = client.get(address)
    assert (file.status_code, file.data) == (200, made.pdf())
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{address}/set-aside").status_code == 200
    assert client.post(f"{address}/set-aside", data={"note": "looks harmful"}).status_code == 303
    assert client.get(address).status_code == 409
    make.sign_in(client, make.user(make.government("NZ"), "reviewer"))
    assert client.get(address).status_code == 404


def test_text_with_hashes_or_addresses_is_asked_about(page: str, client: AuditClient) -> None:
    data = hidden(client.get(page).text)
    data |= {"status": "in_place", "explanation": "Seen: d41d8cd98f00b204e9800998ecf8427e"}
    client.post(page, data=data)
    assert "It seems to hold a hash." in client.get(page).text
