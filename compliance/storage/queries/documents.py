"""Documents of a company."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.storage.models import Document


def of_company(session: Session, company_id: int, digests: Collection[str]) -> Sequence[Document]:
    """A company's documents with these sha256: for use cases that have already passed the scope."""
    return session.scalars(
        select(Document).where(Document.company_id == company_id, Document.sha256.in_(digests))
    ).all()
