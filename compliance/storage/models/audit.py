"""The audit trail: append-only, one hash chain per organisation and one for the system."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compliance.storage.database import Json, Model


class AuditEvent(Model):
    """Who did what to which record, with what was there before and after. Never changed, never deleted.

    `chain` is "organisation:<id>" or "system"; `hash` covers the event and the hash before it.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("chain", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str]
    number: Mapped[int]
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    actor_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)  # "answer:12"
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    origin: Mapped[str] = mapped_column(default="")  # an address, or "command line", "schedule"
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Model):
    """The last event of a chain; the row that writers queue at, so that a chain never forks."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str]
