"""Documents as government may see them: those that a sealed copy names that is shared with it, and no other."""

from __future__ import annotations

import datetime as dt

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.submissions import Sealed
from compliance.services import records
from compliance.services.actors import require
from compliance.services.assessment.documents import Files, Handed, handed, quarantine
from compliance.services.portfolio.companies import company_view
from compliance.services.transaction import reading, writing
from compliance.storage.models import Document
from compliance.storage.queries import documents


def shown(actor: Actor, slug: str, cycle_slug: str, sha256: str, *, now: dt.datetime) -> Document:
    """A document that the company signed with, in this cycle or the one before. Raises NotFound for any other."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if view.sealed is None or view.assessment is None:
        raise NotFound(slug)
    require(actor, Permission.SUBMISSION_VIEW, records.of_assessment(view.assessment, view.company, view.countries))
    if not any(names(sealed, sha256) for sealed in (view.sealed, view.previous_sealed) if sealed):
        raise NotFound(sha256)
    rows = documents.of_company(reading(), view.company.id, [sha256])
    if not rows:
        raise NotFound(sha256)
    return rows[0]


def names(sealed: Sealed, sha256: str) -> bool:
    """Does the sealed copy name a document with this digest?"""
    return any(
        item.document is not None and item.document.sha256 == sha256
        for entry in sealed.answers.values()
        for item in entry.evidence
    )


def download(actor: Actor, slug: str, cycle_slug: str, sha256: str, files: Files, *, now: dt.datetime) -> Handed:
    """The file of such a document; the hand-over is in the department's trail."""
    return handed(shown(actor, slug, cycle_slug, sha256, now=now), actor, files, now=now)


def set_aside(actor: Actor, slug: str, cycle_slug: str, sha256: str, note: str, *, now: dt.datetime) -> None:
    """Quarantine such a document, with a reason that the company sees."""
    found = shown(actor, slug, cycle_slug, sha256, now=now)
    with writing() as session:
        quarantine(session, actor, session.get_one(Document, found.id), note, now=now)
