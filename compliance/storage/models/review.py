"""What government adds: findings on answers, sourced facts from the public record, and the results of both."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, Index, Numeric, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Base, Model
from compliance.storage.models.keys import per_question
from compliance.storage.models.organisation import Organisation, Service, User


class Finding(Model):
    """The finding of the lead country on one answer; it stands beside the answer and never overwrites it."""

    __tablename__ = "finding"
    __table_args__ = per_question("finding", "assessment_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    rating: Mapped[str]  # domain Rating
    reason: Mapped[str] = mapped_column(Text, default="")
    closes: Mapped[str] = mapped_column(Text, default="")  # what would close the gap, where it is not the standard ask
    language: Mapped[str] = mapped_column(default="")  # in which the texts were typed; empty when nobody knows
    submission_number: Mapped[int] = mapped_column(default=1)  # the sealed copy that was read
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    country: Mapped[str]
    updated_at: Mapped[dt.datetime]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    service: Mapped[Service | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


public_record_service = Table(
    "public_record_service",
    Base.metadata,
    Column("public_record_id", ForeignKey("public_record.id"), primary_key=True),
    Column("service_id", ForeignKey("service.id"), primary_key=True, index=True),
)


class PublicRecord(Model):
    """A sourced fact about a company, kept as published. It is never the company's own answer.

    `services_scope`: "company" (the whole company), "named" (see `services`) or "not_named" (some service, the
    source does not say which). Period, unit and date are as exact as the source is, so they are text.
    """

    __tablename__ = "public_record"
    __table_args__ = (UniqueConstraint("company_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    reference: Mapped[str]  # the id in the source file, or one of ours; unique per company
    services_scope: Mapped[str]
    services_text: Mapped[str] = mapped_column(default="")  # the services as the source names them
    principle_id: Mapped[str]
    indicator_id: Mapped[str | None]
    statement: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(default="")  # of the statement; empty when nobody knows
    status: Mapped[str | None]  # domain Status, when the fact is a statement about a measure
    value: Mapped[Decimal | None] = mapped_column(Numeric(24, 6))
    unit: Mapped[str] = mapped_column(default="")  # as published
    period: Mapped[str] = mapped_column(default="")
    geography: Mapped[str] = mapped_column(default="")
    source_address: Mapped[str]
    source_date: Mapped[str] = mapped_column(default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    entered_at: Mapped[dt.datetime]
    review_on: Mapped[dt.date | None]  # when staff are to look at it again; sources change

    corrections: Mapped[list[RecordCorrection]] = relationship(
        back_populates="record", order_by="RecordCorrection.id", lazy="raise"
    )
    company: Mapped[Organisation] = relationship(lazy="raise")
    entered_by: Mapped[User | None] = relationship(lazy="raise")
    services: Mapped[list[Service]] = relationship(
        secondary=public_record_service, order_by="Service.name", lazy="raise"
    )


class RecordCorrection(Model):
    """What the company says about a fact that was entered about it, and what staff decided. Both texts stay."""

    __tablename__ = "record_correction"
    __table_args__ = (
        # One at a time: the next is proposed when this one is decided.
        Index(
            "uq_record_correction_proposed",
            "public_record_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_record_id: Mapped[int] = mapped_column(ForeignKey("public_record.id"), index=True)
    state: Mapped[str] = mapped_column(index=True)  # domain CorrectionState
    before: Mapped[str] = mapped_column(Text)  # how the fact read
    statement: Mapped[str] = mapped_column(Text)  # how it should read
    reason: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    source_address: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    proposed_at: Mapped[dt.datetime]
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    decided_at: Mapped[dt.datetime | None]

    record: Mapped[PublicRecord] = relationship(back_populates="corrections", lazy="raise")


class Result(Model):
    """The projection: one word per company, cycle, service and indicator, as government may see it.

    Written in the transaction of every act that changes an input. `next_change_on` is the day on which the word
    may change although nobody writes; the daily job recomputes the rows whose day has come.
    """

    __tablename__ = "result"
    __table_args__ = (
        *per_question("result", "participation_id"),
        # One covering index serves every count of gaps over companies in a cycle.
        Index("ix_result_gaps", "cycle_id", "severity", "indicator_id", "company_id"),
        # Few answers are withheld: sums that leave them out find these companies at once.
        Index(
            "ix_result_withheld",
            "cycle_id",
            "company_id",
            sqlite_where=text("withheld"),
            postgresql_where=text("withheld"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    principle_id: Mapped[str]
    indicator_id: Mapped[str]
    severity: Mapped[str]
    status: Mapped[str]
    grade: Mapped[str]
    finding: Mapped[str]  # domain Rating or "none"
    plan: Mapped[str]
    flags: Mapped[list[str]]
    change: Mapped[str | None]  # domain Change, against the previous cycle; NULL when there is nothing to compare
    next_change_on: Mapped[dt.date | None] = mapped_column(index=True)
    withheld: Mapped[bool] = mapped_column(default=False)  # confidential, or it tells how detection works

    service: Mapped[Service | None] = relationship(lazy="raise")
