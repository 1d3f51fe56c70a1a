"""A company's assessment: its answers while they are drafts, and what it sealed when it signed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.cycle import Cycle
from compliance.storage.models.document import Document
from compliance.storage.models.keys import per_question
from compliance.storage.models.organisation import Organisation, Service


class Assessment(Model):
    """One per company and cycle."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("cycle_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[str]  # domain State
    state_reason: Mapped[str] = mapped_column(default="")
    started_at: Mapped[dt.datetime]
    last_activity_at: Mapped[dt.datetime]
    amending_since: Mapped[dt.datetime | None]  # the company changes what it submitted, until it signs anew
    findings_shared_at: Mapped[dt.datetime | None]
    reply_due_on: Mapped[dt.date | None]  # the company's last day to reply to the shared findings
    replied_at: Mapped[dt.datetime | None]  # when the company sent its reply; NULL again when findings are shared anew
    conclusion: Mapped[str] = mapped_column(default="")  # domain Conclusion, once concluded
    # By service and function, how disputes change what is asked (domain.disputes): here, for every page needs it.
    profile_changes: Mapped[dict[str, dict[str, bool]]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column()

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    company: Mapped[Organisation] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Answer(Model):
    """The draft answer to one indicator, for one service or (service NULL) once for the company.

    `version` counts the saves; who saves must know the current one, so nobody overwrites what they have not seen.
    `save_key` is the form's key of the last save: the same form sent twice is one save.
    """

    __tablename__ = "answer"
    __table_args__ = per_question("answer", "assessment_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    status: Mapped[str]  # domain Status
    surfaces: Mapped[list[str]]
    explanation: Mapped[str] = mapped_column(Text, default="")
    planned_on: Mapped[dt.date | None]
    reason: Mapped[str | None]  # domain Reason
    reason_text: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")  # in which the texts were typed
    claim_ground: Mapped[str | None]  # domain Ground, when confidentiality is claimed
    claim_reason: Mapped[str] = mapped_column(default="")
    claimed_on: Mapped[dt.date | None]
    sensitive_method: Mapped[bool] = mapped_column(default=False)
    carried: Mapped[bool] = mapped_column(default=False)  # from the last cycle, and nobody has confirmed it yet
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    updated_at: Mapped[dt.datetime]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    evidence: Mapped[list[Evidence]] = relationship(
        order_by="Evidence.position", cascade="all, delete-orphan", lazy="raise"
    )
    metrics: Mapped[list[MetricValue]] = relationship(
        order_by="MetricValue.id", cascade="all, delete-orphan", lazy="raise"
    )
    service: Mapped[Service | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Evidence(Model):
    """A piece of evidence for an answer. Addresses are kept as typed and never fetched.

    A row lives as long as the piece of evidence stands in the answer: saving again changes it and keeps its id.
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    position: Mapped[int]
    grade: Mapped[str]  # domain Grade
    address: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    effective_on: Mapped[dt.date | None]
    expires_on: Mapped[dt.date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)

    document: Mapped[Document | None] = relationship(lazy="raise")


class MetricValue(Model):
    """One number of one metric, or the reason why there is none."""

    __tablename__ = "metric_value"
    __table_args__ = (Index("ix_metric_value_metric_id", "metric_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    metric_id: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric(24, 6))
    unit: Mapped[str]
    period_start: Mapped[dt.date | None]
    period_end: Mapped[dt.date | None]
    geography: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="")
    not_collected_reason: Mapped[str] = mapped_column(default="")


class Submission(Model):
    """What was signed, sealed: never changed. A later signature is a new number."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assessment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    number: Mapped[int]
    sealed: Mapped[str] = mapped_column(Text, deferred=True)
    sha256: Mapped[str]
    signed_name: Mapped[str]
    signed_role: Mapped[str]
    signed_authority: Mapped[str]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    submitted_at: Mapped[dt.datetime]
