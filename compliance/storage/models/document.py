"""Files that companies show as evidence. The content is in the evidence store under `key`, never in the database."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.organisation import User


class Document(Model):
    """One file of one company. The same content uploaded twice is one document, which several answers may name.

    `key` is the random name in the store; `name` the one the file had on the uploader's machine, for reading only.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("company_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    uploaded_at: Mapped[dt.datetime]
    state: Mapped[str]  # domain DocumentState
    note: Mapped[str] = mapped_column(default="")  # why it is quarantined

    uploaded_by: Mapped[User] = relationship(lazy="raise")
