"""What a company asks of its lead government: what a question means, and more time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.cycle import Participation
from compliance.storage.models.organisation import Service, User


class Inquiry(Model):
    """A company asks what a question means; the lead government replies, and the company's whole team reads it."""

    __tablename__ = "inquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_at: Mapped[dt.datetime]
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_language: Mapped[str] = mapped_column(default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    replied_at: Mapped[dt.datetime | None]

    participation: Mapped[Participation] = relationship(lazy="raise")
    service: Mapped[Service | None] = relationship(lazy="raise")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id], lazy="raise")
    replied_by: Mapped[User | None] = relationship(foreign_keys=[replied_by_id], lazy="raise")


class ExtensionRequest(Model):
    """A company asks for more time in a cycle. A coordinator decides: `granted_due_on` NULL after that is a no.

    One request per participation is open at a time.
    """

    __tablename__ = "extension_request"
    __table_args__ = (
        Index(
            "uq_extension_request_open",
            "participation_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    asked_due_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    decided_at: Mapped[dt.datetime | None]
    granted_due_on: Mapped[dt.date | None]
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    participation: Mapped[Participation] = relationship(lazy="raise")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id], lazy="raise")
