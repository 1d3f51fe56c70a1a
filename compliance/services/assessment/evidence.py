"""The evidence of an answer: rows that keep their identity, and the documents they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Problem
from compliance.domain.documents import DocumentRef, DocumentState
from compliance.domain.errors import Invalid
from compliance.storage.models import Answer, Document, Evidence
from compliance.storage.queries import documents


def with_documents(session: Session, company_id: int, entry: AnswerEntry) -> AnswerEntry:
    """The entry with each document as it is stored. Raises Invalid for one that is not the company's."""
    wanted = {item.document.sha256 for item in entry.evidence if item.document}
    if not wanted:
        return entry
    found = {row.sha256: ref_of(row) for row in documents.of_company(session, company_id, wanted)}
    problems = [
        Problem(f"evidence.{number}.document", "unknown_document")
        for number, item in enumerate(entry.evidence)
        if item.document and item.document.sha256 not in found
    ]
    if problems:
        raise Invalid(problems)
    items = (replace(item, document=found[item.document.sha256]) if item.document else item for item in entry.evidence)
    return replace(entry, evidence=tuple(items))


def fill(row: Answer, items: Sequence[EvidenceEntry]) -> None:
    """Make the evidence of an answer that of `items`: rows that stay are changed and keep their id.

    An item without an id, as in a file, takes the row that says the same; what is left over is new or removed.
    """
    before = list(row.evidence)
    by_id = {item.id: item for item in before}
    kept = [by_id.pop(item.id, None) if item.id else None for item in items]
    for number, item in enumerate(items):
        if kept[number] is None:
            same = next((old for old in by_id.values() if entry_of(old) == item), None)
            kept[number] = by_id.pop(same.id, None) if same else None
    after = []
    for position, (item, old) in enumerate(zip(items, kept, strict=True)):
        stored = old or Evidence()
        stored.position, stored.grade = position, item.grade
        stored.address, stored.description = item.address, item.description
        stored.effective_on, stored.expires_on = item.effective_on, item.expires_on
        stored.document_id = item.document.id if item.document else None
        after.append(stored)
    row.evidence = after


def entry_of(item: Evidence) -> EvidenceEntry:
    """A row of evidence as the rules know it."""
    return EvidenceEntry(
        grade=Grade(item.grade),
        address=item.address,
        description=item.description,
        effective_on=item.effective_on,
        expires_on=item.expires_on,
        document=ref_of(item.document) if item.document_id and item.document else None,
        id=item.id,
    )


def ref_of(row: Document) -> DocumentRef:
    """A stored document as answers name it."""
    return DocumentRef(
        row.sha256, row.name, row.media_type, row.size, quarantined=row.state == DocumentState.QUARANTINED, id=row.id
    )
