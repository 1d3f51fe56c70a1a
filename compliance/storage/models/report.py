"""Reports: what an official writes, what was frozen, the files that were released, and who took them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.cycle import Cycle
from compliance.storage.models.organisation import Organisation, User

_OPEN = text("state IN ('draft', 'awaiting_approval', 'approved')")


class Report(Model):
    """One version of a report of one government about a cycle, and in it about one company or one principle or neither.

    `series` is what its versions have in common; one of them is open at a time. `writer_ids` are all who wrote in it:
    none of them approves it. `languages` are those in which it was frozen. `packages` is what made its files.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        Index("uq_report_open", "series", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_report_country_state", "country", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # a folder of reports/
    series: Mapped[str]
    number: Mapped[int]
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    principle: Mapped[int | None]
    country: Mapped[str]
    marking: Mapped[str]  # an id of reports/markings.yaml
    releasable: Mapped[bool] = mapped_column(default=False)
    distribution: Mapped[list[str]] = mapped_column(default=list)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    writer_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[str]  # domain ReportState
    state_reason: Mapped[str] = mapped_column(Text, default="")  # why it was sent back or withdrawn
    seen_by_company: Mapped[bool] = mapped_column(default=True)
    unseen_reason: Mapped[str] = mapped_column(Text, default="")  # why it is released although it was not seen
    languages: Mapped[list[str]] = mapped_column(default=list)
    packages: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime]
    frozen_at: Mapped[dt.datetime | None]
    approved_at: Mapped[dt.datetime | None]
    released_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    company: Mapped[Organisation | None] = relationship(lazy="raise")
    author: Mapped[User] = relationship(foreign_keys=author_id, lazy="raise")
    approver: Mapped[User | None] = relationship(foreign_keys=approver_id, lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ReportText(Model):
    """What was written on one page of a report, in both languages. `slot` is one of domain.report_texts.

    The text on an ask is kept by its indicator, whatever becomes of the gap.
    """

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("report_id", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    slot: Mapped[str]
    content: Mapped[dict[str, Any]]
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    updated_at: Mapped[dt.datetime]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ReportEdition(Model):
    """One edition as frozen: its facts, and its document in each language, as text; sha256 covers both."""

    __tablename__ = "report_edition"
    __table_args__ = (UniqueConstraint("report_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    name: Mapped[str]  # full or redacted
    facts: Mapped[str] = mapped_column(Text, deferred=True)
    documents: Mapped[dict[str, Any]] = mapped_column(deferred=True)  # by language, each as text
    sha256: Mapped[str]

    files: Mapped[list[ReportFile]] = relationship(order_by="ReportFile.id", lazy="raise")


class ReportFile(Model):
    """A released file. It is the record: it is served as it was stored, and never made again to be served."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("edition_id", "layout", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("report_edition.id"))
    layout: Mapped[str]  # a format of reporting.FORMATS
    language: Mapped[str]  # "" when the file is the same in both
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ReportDownload(Model):
    """Who took which edition of a report, and when. Drafts are logged, too; they have no stored file."""

    __tablename__ = "report_download"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    edition: Mapped[str]
    layout: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]  # of the report at that moment
    at: Mapped[dt.datetime]

    user: Mapped[User] = relationship(lazy="raise")
