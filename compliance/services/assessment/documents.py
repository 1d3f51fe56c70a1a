"""Documents shown as evidence: taken, kept, handed out to whoever may see them, set aside when something is wrong.

A file never passes through a mail, a preview or a picture of itself; it is handed out whole or not at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.documents import (
    DOCUMENT_LIMIT,
    DOCUMENTS_LIMIT,
    NOTE_LIMIT,
    DocumentRef,
    DocumentState,
    shown_name,
)
from compliance.domain.errors import Invalid, NotAllowed, NotFound, Unavailable
from compliance.domain.permissions import Actor, Permission
from compliance.files.kinds import Refused, kind_of
from compliance.files.scanning import NoScanner, Scanner, ScannerUnavailable
from compliance.files.store import Store, StoreUnavailable
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment.evidence import ref_of
from compliance.services.transaction import reading, writing
from compliance.storage.models import Document
from compliance.storage.queries import documents


@dataclass(frozen=True, slots=True)
class Files:
    """Where documents are kept, and what looks at them first."""

    store: Store
    scanner: Scanner = field(default_factory=NoScanner)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came. `confirmed`: its sender has ticked that it holds no abusive material."""

    name: str
    content: bytes
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A file to hand out, always as an attachment."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Library:
    """A company's documents, the newest first, and in how many pieces of evidence each stands."""

    documents: Sequence[Document]
    uses: Mapping[int, int]


def library(actor: Actor) -> Library:
    """The own company's documents."""
    require(actor, Permission.DOCUMENT_VIEW, records.of_company(actor.organisation_id))
    session = reading()
    return Library(documents.own(session, actor), documents.uses(session, actor))


def choices(actor: Actor) -> list[DocumentRef]:
    """The documents that an answer of the own company can name."""
    require(actor, Permission.DOCUMENT_VIEW, records.of_company(actor.organisation_id))
    rows = documents.own(reading(), actor)
    return [ref_of(row) for row in rows if row.state == DocumentState.CLEAN]


def upload(actor: Actor, given: Upload, files: Files, *, now: dt.datetime) -> DocumentRef:
    """Take a file into the company's documents. The same content again is the document that is there.

    Raises Invalid with a problem of the field `upload` for whatever is refused, also when the store or the scanner
    cannot be reached: nothing is let through unseen, and nothing is half kept.
    """
    require(actor, Permission.DOCUMENT_EDIT, records.of_company(actor.organisation_id))
    if not given.confirmed:
        raise Invalid([Problem("no_material", "confirm_no_material")])
    name = shown_name(given.name)
    digest = hashlib.sha256(given.content).hexdigest()
    try:
        media_type = _inspected(name, given.content, files)
    except Invalid as refused:
        _note_refusal(actor, name, digest, refused, now)
        raise
    known = documents.own_one(reading(), actor, digest)
    if known is not None:
        return _usable(known)
    if documents.count_of(reading(), actor.organisation_id) >= DOCUMENTS_LIMIT:
        raise _refusal("too_many_documents", limit=str(DOCUMENTS_LIMIT))
    key = secrets.token_hex(20)
    try:
        files.store.put(key, given.content)
    except StoreUnavailable as error:
        raise _refusal("store_unavailable") from error
    row = Document(
        company_id=actor.organisation_id,
        key=key,
        name=name,
        media_type=media_type,
        size=len(given.content),
        sha256=digest,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
        state=DocumentState.CLEAN,
    )
    return _stored(actor, row, files, now)


def _inspected(name: str, content: bytes, files: Files) -> str:
    """The media type of a file that may be taken. Raises Invalid."""
    if len(content) > DOCUMENT_LIMIT:
        raise _refusal("document_too_large", limit=str(DOCUMENT_LIMIT // 2**20))
    try:
        kind = kind_of(name, content)
    except Refused as refused:
        raise _refusal(refused.code) from refused
    try:
        found = files.scanner.finds(content)
    except ScannerUnavailable as error:
        raise _refusal("scanner_unavailable") from error
    if found:
        raise _refusal("document_virus")
    return kind.media_type


def _refusal(code: str, **details: str) -> Invalid:
    return Invalid([Problem("upload", code, details)])


def _note_refusal(actor: Actor, name: str, digest: str, refused: Invalid, now: dt.datetime) -> None:
    """A refused file leaves its name, its digest and the reason; never its content."""
    after = {"name": name, "sha256": digest, "reason": refused.problems[0].code}
    with writing() as session:
        audit.record(
            session,
            actor,
            "document.refuse",
            f"organisation:{actor.organisation_id}",
            now=now,
            organisation_id=actor.organisation_id,
            after=after,
        )


def _stored(actor: Actor, row: Document, files: Files, now: dt.datetime) -> DocumentRef:
    """The row of a file that is already in the store; the file goes again when the row cannot be kept."""
    try:
        with writing() as session:
            session.add(row)
            session.flush()
            _record(session, actor, "document.upload", row, now, after={"name": row.name, "size": row.size})
    except IntegrityError:
        _forget(row.key, files)
        known = documents.own_one(reading(), actor, row.sha256)  # a colleague uploaded the same content just now
        if known is None:
            raise
        return _usable(known)
    except BaseException:
        _forget(row.key, files)
        raise
    return ref_of(row)


def _forget(key: str, files: Files) -> None:
    with contextlib.suppress(StoreUnavailable):  # a file that nothing names is lost space and no more
        files.store.delete(key)


def _usable(known: Document) -> DocumentRef:
    if known.state == DocumentState.QUARANTINED:
        raise _refusal("document_quarantined")
    return ref_of(known)


def own_document(actor: Actor, sha256: str) -> Document:
    """One of the own company's documents; raises NotFound."""
    row = documents.own_one(reading(), actor, sha256)
    if row is None:
        raise NotFound(sha256)
    require(actor, Permission.DOCUMENT_VIEW, records.of_company(row.company_id))
    return row


def download(actor: Actor, sha256: str, files: Files, *, now: dt.datetime) -> Handed:
    """One of the own company's documents. Raises NotFound, NotAllowed when it is set aside, Unavailable."""
    return handed(own_document(actor, sha256), actor, files, now=now)


def handed(row: Document, actor: Actor, files: Files, *, now: dt.datetime) -> Handed:
    """The file of a document that the person may see; the hand-over is in the trail before it happens."""
    if row.state == DocumentState.QUARANTINED:
        raise NotAllowed("the document is set aside and is not handed out")
    with writing() as session:
        _record(session, actor, "document.download", row, now)
    try:
        content = files.store.get(row.key)
    except StoreUnavailable as error:
        raise Unavailable(str(error)) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Unavailable(f"document {row.id} is not what was uploaded")
    return Handed(row.name, row.media_type, content)


def set_aside(actor: Actor, sha256: str, note: str, *, now: dt.datetime) -> None:
    """Quarantine one of the own company's documents, with a reason. Raises NotFound, Invalid."""
    with writing() as session:
        row = documents.own_one(session, actor, sha256)
        if row is None:
            raise NotFound(sha256)
        require(actor, Permission.DOCUMENT_EDIT, records.of_company(row.company_id))
        quarantine(session, actor, row, note, now=now)


def quarantine(session: Session, actor: Actor | None, row: Document, note: str, *, now: dt.datetime) -> None:
    """Set a document aside: from here on nobody is handed it. The file stays, for whoever has to examine it.

    `actor` is None on the command line. Raises Invalid without a reason.
    """
    if not note.strip():
        raise Invalid([Problem("note", "quarantine_reason_needed")])
    if len(note) > NOTE_LIMIT:
        raise Invalid([Problem("note", "too_long", {"limit": str(NOTE_LIMIT)})])
    if row.state == DocumentState.QUARANTINED:
        return
    row.state, row.note = DocumentState.QUARANTINED, note.strip()
    session.flush()
    _record(session, actor, "document.quarantine", row, now, after={"note": row.note})


def _record(
    session: Session,
    actor: Actor | None,
    action: str,
    row: Document,
    now: dt.datetime,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.record(
        session,
        actor,
        action,
        f"document:{row.id}",
        now=now,
        # What a government looks at or sets aside is in the chain of the department.
        organisation_id=actor.organisation_id if actor else row.company_id,
        after={"sha256": row.sha256, **(after or {})},
    )
