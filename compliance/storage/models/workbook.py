"""A workbook that was uploaded and waits for its sender to say yes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compliance.storage.database import Model


class PendingWorkbook(Model):
    """One per person and assessment: the next upload takes its place, and saving what it says removes it.

    It is kept in the database and not in the store of documents, because it goes in the same transaction that saves.
    """

    __tablename__ = "pending_workbook"
    __table_args__ = (UniqueConstraint("assessment_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    name: Mapped[str]
    uploaded_at: Mapped[dt.datetime]
