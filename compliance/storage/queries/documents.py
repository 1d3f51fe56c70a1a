"""Documents of a company."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload

from compliance.domain.permissions import Actor
from compliance.storage import scope
from compliance.storage.models import Document, Evidence, Organisation


def of_company(session: Session, company_id: int, digests: Collection[str]) -> Sequence[Document]:
    """A company's documents with these sha256: for use cases that have already passed the scope."""
    return session.scalars(
        select(Document).where(Document.company_id == company_id, Document.sha256.in_(digests))
    ).all()


def own(session: Session, actor: Actor) -> Sequence[Document]:
    """The own company's documents, the newest first."""
    return session.scalars(
        select(Document)
        .where(scope.own(actor, Document.company_id))
        .options(joinedload(Document.uploaded_by))
        .order_by(Document.uploaded_at.desc(), Document.id.desc())
    ).all()


def own_one(session: Session, actor: Actor, sha256: str) -> Document | None:
    return session.scalars(
        select(Document).where(scope.own(actor, Document.company_id), Document.sha256 == sha256)
    ).one_or_none()


def uses(session: Session, actor: Actor) -> dict[int, int]:
    """In how many pieces of evidence each of the own company's documents is named."""
    rows = session.execute(
        select(Evidence.document_id, func.count())
        .join(Document, Document.id == Evidence.document_id)
        .where(scope.own(actor, Document.company_id))
        .group_by(Evidence.document_id)
    )
    return {document_id: number for document_id, number in rows if document_id is not None}


def count_of(session: Session, company_id: int) -> int:
    return session.scalar(select(func.count()).where(Document.company_id == company_id)) or 0


def all_with_company(session: Session) -> Sequence[Row[Document, str]]:
    """Every document with the slug of its company: for the command line only, which no tenant reaches."""
    return session.execute(
        select(Document, Organisation.slug)
        .join(Organisation, Organisation.id == Document.company_id)
        .order_by(Organisation.slug, Document.uploaded_at, Document.id)
    ).all()
