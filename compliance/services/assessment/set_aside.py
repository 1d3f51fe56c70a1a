"""What whoever runs the installation does about documents that were set aside. Nothing here reads a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.documents import DocumentState
from compliance.domain.errors import Invalid, NotFound
from compliance.services import audit
from compliance.services.assessment.documents import quarantine
from compliance.services.transaction import reading, writing
from compliance.storage.models import Document
from compliance.storage.queries import documents, people


@dataclass(frozen=True, slots=True)
class Kept:
    company: str  # slug
    document: Document


def documents_kept(*, only_set_aside: bool) -> Sequence[Kept]:
    """Every document of the installation, by company and time."""
    rows = documents.all_with_company(reading())
    return [Kept(slug, row) for row, slug in rows if not only_set_aside or row.state == DocumentState.QUARANTINED]


def set_aside(company: str, sha256: str, reason: str, *, now: dt.datetime) -> None:
    """Set a company's document aside. Raises NotFound, Invalid."""
    with writing() as session:
        quarantine(session, None, _document(session, company, sha256), reason, now=now)


def release(company: str, sha256: str, reason: str, *, now: dt.datetime) -> None:
    """Take a document back into use, with the reason in the trail. Raises NotFound, Invalid without a reason."""
    if not reason.strip():
        raise Invalid([Problem("note", "quarantine_reason_needed")])
    with writing() as session:
        row = _document(session, company, sha256)
        row.state, row.note = DocumentState.CLEAN, ""
        session.flush()
        audit.record(
            session,
            None,
            "document.release",
            f"document:{row.id}",
            now=now,
            organisation_id=row.company_id,
            after={"sha256": sha256, "reason": reason.strip()},
        )


def _document(session: Session, company: str, sha256: str) -> Document:
    organisation = people.organisation_by_slug(session, company)
    rows = documents.of_company(session, organisation.id, [sha256]) if organisation else []
    if not rows:
        raise NotFound(f"{company} {sha256}")
    return rows[0]
