"""Many reports in one act: what is to be made, by whom it is being made, and what was made."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.cycle import Cycle
from compliance.storage.models.organisation import Organisation, User


class ReportBatch(Model):
    """All reports of one kind on the companies of a cycle, asked for by one person, who may see each of them."""

    __tablename__ = "report_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    country: Mapped[str] = mapped_column(index=True)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    edition: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(Json)
    layouts: Mapped[list[str]] = mapped_column(Json)
    request_key: Mapped[str] = mapped_column(unique=True)  # the form's: sent twice, it is one batch
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None] = mapped_column(index=True)

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    requested_by: Mapped[User] = relationship(lazy="raise")


class ReportBatchItem(Model):
    """The report on one company. Claimed with a lease, so that any number of workers may make them."""

    __tablename__ = "report_batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "company_id"),
        Index("ix_report_batch_item_state", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("report_batch.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[str]  # domain BatchState
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[dt.datetime | None]

    company: Mapped[Organisation] = relationship(lazy="raise")


class ReportBatchFile(Model):
    """One file of a batch, as it goes into the zip."""

    __tablename__ = "report_batch_file"
    __table_args__ = (UniqueConstraint("item_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("report_batch_item.id"))
    name: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
