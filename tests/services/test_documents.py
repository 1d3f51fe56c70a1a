"""Documents: what is taken, who may have them, and what nobody is handed any more."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.domain.documents import DocumentRef
from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound, Unavailable
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.files.scanning import scanner_at
from compliance.files.store import MemoryStore, StoreUnavailable
from compliance.services import audit
from compliance.services.assessment import answers, documents
from compliance.services.assessment.documents import Files, Upload
from compliance.services.review import shown_documents
from compliance.storage.database import db
from compliance.storage.models import AuditEvent, Document, Organisation
from tests.files.clamd import clamd
from tests.files.hostile import EICAR, HOSTILE
from tests.support import factories as make
from tests.support import files as made


class FullStore(MemoryStore):
    def put(self, key: str, content: bytes) -> None:
        raise StoreUnavailable("No space left on device")


@pytest.fixture
def files() -> Files:
    return Files(MemoryStore())


@pytest.fixture
def lead(context: Flask) -> Actor:
    return make.actor(make.organisation())


@pytest.fixture
def company(lead: Actor) -> Organisation:
    return db.session.get_one(Organisation, lead.organisation_id)


def policy(content: bytes = made.pdf(), name: str = "Policy 2026.pdf") -> Upload:
    return Upload(name, content, confirmed=True)


def code(refused: pytest.ExceptionInfo[Invalid]) -> str:
    [problem] = refused.value.problems
    return problem.code


def actions(session: Session) -> list[str]:
    session.rollback()
    return list(
        session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("document.%")).order_by(AuditEvent.id))
    )


def test_a_document_is_kept_under_a_random_name(lead: Actor, files: Files, session: Session, now: dt.datetime) -> None:
    kept = documents.upload(lead, policy(), files, now=now)
    row = session.scalars(select(Document)).one()
    assert (row.name, row.media_type, row.size) == ("Policy 2026.pdf", "application/pdf", len(made.pdf()))
    assert row.sha256 == kept.sha256 == hashlib.sha256(made.pdf()).hexdigest()
    assert isinstance(files.store, MemoryStore)
    assert list(files.store.kept) == [row.key]
    assert "policy" not in row.key
    assert documents.download(lead, kept.sha256, files, now=now).content == made.pdf()
    assert actions(session) == ["document.upload", "document.download"]
    assert audit.verify(session) == []


def test_the_same_content_is_the_same_document(lead: Actor, files: Files, session: Session, now: dt.datetime) -> None:
    first = documents.upload(lead, policy(), files, now=now)
    second = documents.upload(lead, policy(name="other name.pdf"), files, now=now)
    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_nothing_is_taken_without_the_tick(lead: Actor, files: Files, now: dt.datetime) -> None:
    with pytest.raises(Invalid) as refused:
        documents.upload(lead, Upload("a.pdf", made.pdf(), confirmed=False), files, now=now)
    assert code(refused) == "confirm_no_material"


def test_what_is_refused_is_not_kept_and_leaves_a_trace(
    lead: Actor, files: Files, session: Session, now: dt.datetime
) -> None:
    refused = [case for case in HOSTILE if case[2]][:6]
    for name, content, _code in refused:
        with pytest.raises(Invalid):
            documents.upload(lead, policy(content, name), files, now=now)
    assert isinstance(files.store, MemoryStore)
    assert files.store.kept == {}
    assert actions(session) == ["document.refuse"] * len(refused)


def test_limits(
    lead: Actor, files: Files, company: Organisation, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "DOCUMENT_LIMIT", 100)
    with pytest.raises(Invalid) as refused:
        documents.upload(lead, policy(), files, now=now)
    assert code(refused) == "document_too_large"
    monkeypatch.setattr(documents, "DOCUMENT_LIMIT", 10_000)
    monkeypatch.setattr(documents, "DOCUMENTS_LIMIT", 1)
    make.document(company, lead)
    with pytest.raises(Invalid) as refused:
        documents.upload(lead, policy(), files, now=now)
    assert code(refused) == "too_many_documents"


def test_a_full_store_is_said_and_nothing_is_half_kept(lead: Actor, session: Session, now: dt.datetime) -> None:
    with pytest.raises(Invalid) as refused:
        documents.upload(lead, policy(), Files(FullStore()), now=now)
    assert code(refused) == "store_unavailable"
    assert session.scalars(select(Document)).all() == []


def test_the_scanner_decides_when_there_is_one(lead: Actor, session: Session, now: dt.datetime) -> None:
    with clamd() as address:
        scanned = Files(MemoryStore(), scanner_at(address))
        documents.upload(lead, policy(), scanned, now=now)
        with pytest.raises(Invalid) as refused:
            documents.upload(lead, policy(EICAR.join((b"abc ", b"")) + b" " * 2000, "a.txt"), scanned, now=now)
        assert code(refused) == "document_virus"
    with pytest.raises(Invalid) as refused:
        documents.upload(lead, policy(b"text", "a.txt"), Files(MemoryStore(), scanner_at(address)), now=now)
    assert code(refused) == "scanner_unavailable"
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_who_may(lead: Actor, company: Organisation, files: Files, now: dt.datetime) -> None:
    kept = documents.upload(lead, policy(), files, now=now)
    viewer = make.actor(company, "viewer")
    assert documents.download(viewer, kept.sha256, files, now=now).content == made.pdf()
    for act in (
        lambda: documents.upload(viewer, policy(), files, now=now),
        lambda: documents.set_aside(viewer, kept.sha256, "x", now=now),
        lambda: documents.library(make.actor(make.government())),
    ):
        with pytest.raises(Denied):
            act()
    stranger = make.actor(make.organisation())
    with pytest.raises(NotFound):
        documents.download(stranger, kept.sha256, files, now=now)
    with pytest.raises(NotFound):
        documents.set_aside(stranger, kept.sha256, "x", now=now)


def test_a_document_set_aside_is_handed_to_nobody(
    lead: Actor, files: Files, session: Session, now: dt.datetime
) -> None:
    kept = documents.upload(lead, policy(), files, now=now)
    with pytest.raises(Invalid):
        documents.set_aside(lead, kept.sha256, " ", now=now)
    documents.set_aside(lead, kept.sha256, "uploaded by mistake", now=now)
    with pytest.raises(NotAllowed):
        documents.download(lead, kept.sha256, files, now=now)
    with pytest.raises(Invalid) as refused:
        documents.upload(lead, policy(), files, now=now)
    assert code(refused) == "document_quarantined"
    assert documents.choices(lead) == []
    assert isinstance(files.store, MemoryStore)
    assert len(files.store.kept) == 1, "the file stays for whoever has to examine it"
    assert actions(session) == ["document.upload", "document.quarantine"]


def test_what_the_store_changed_is_not_handed_out(lead: Actor, files: Files, now: dt.datetime) -> None:
    kept = documents.upload(lead, policy(), files, now=now)
    assert isinstance(files.store, MemoryStore)
    [key] = files.store.kept
    files.store.kept[key] = b"something else"
    with pytest.raises(Unavailable):
        documents.download(lead, kept.sha256, files, now=now)
    files.store.delete(key)
    with pytest.raises(Unavailable):
        documents.download(lead, kept.sha256, files, now=now)


def test_government_has_what_was_signed_and_shared_with_it(
    lead: Actor, company: Organisation, files: Files, session: Session, now: dt.datetime
) -> None:
    cycle = make.cycle()
    make.participation(cycle, company)
    service = make.service(company)
    make.assessment(cycle, company)
    signed = documents.upload(lead, policy(), files, now=now)
    kept_back = documents.upload(lead, policy(b"not named in any answer", "note.txt"), files, now=now)
    shown = EvidenceEntry(Grade.DOCUMENT_SHOWN, document=DocumentRef(signed.sha256))
    entry = AnswerEntry(Status.IN_PLACE, explanation="See the policy.", evidence=(shown,))
    answers.save(lead, Place(cycle.slug, service.slug, "C1.a"), entry, Stamp(0, ""), now=now)
    reviewer, abroad = make.actor(make.government("CA")), make.actor(make.government("NZ"))

    def download(person: Actor, sha256: str) -> bytes:
        return shown_documents.download(person, company.slug, cycle.slug, sha256, files, now=now).content

    with pytest.raises(NotFound):
        download(reviewer, signed.sha256)  # a draft
    make.submitted(lead, cycle, now=now)
    assert download(reviewer, signed.sha256) == made.pdf()
    with pytest.raises(NotFound):
        download(reviewer, kept_back.sha256)
    with pytest.raises(NotFound):
        download(abroad, signed.sha256)
    with pytest.raises(Denied):
        download(make.actor(make.government("CA"), "reader"), signed.sha256)
    session.rollback()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "document.download")).one()
    assert event.chain == f"organisation:{reviewer.organisation_id}"
    shown_documents.set_aside(reviewer, company.slug, cycle.slug, signed.sha256, "looks harmful", now=now)
    for person in (reviewer,):
        with pytest.raises(NotAllowed):
            download(person, signed.sha256)
    with pytest.raises(NotAllowed):
        documents.download(lead, signed.sha256, files, now=now)
