"""Cycles of assessment, who takes part in them, and with which countries content is shared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.keys import one_current
from compliance.storage.models.organisation import Organisation

STALE = text("stale_since IS NOT NULL")


class FrameworkVersion(Model):
    """A published version of a framework as imported: the whole content as one document, pinned by its sha256."""

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("framework", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework: Mapped[str]
    version: Mapped[str]
    sha256: Mapped[str]
    wording_sha256: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    imported_at: Mapped[dt.datetime]


class Cycle(Model):
    """One round of assessments: which questions, about which period, due when, and how people are reminded."""

    __tablename__ = "cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    name_fr: Mapped[str]
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"), index=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), index=True)
    period_start: Mapped[dt.date]
    period_end: Mapped[dt.date]
    opens_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    reminder_plan: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # stages, see domain.reminders
    closed_on: Mapped[dt.date | None]

    framework_version: Mapped[FrameworkVersion] = relationship(lazy="raise")


class Participation(Model):
    """A company in a cycle: invited, accepted or declined; everything else about it is derived."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("cycle_id", "company_id"),
        Index("ix_participation_stale_since", "stale_since", sqlite_where=STALE, postgresql_where=STALE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    invitation: Mapped[str]  # domain Invitation
    reason: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    #: Since when its results are out of date; the schedule recomputes them, see `services/gap/results`.
    stale_since: Mapped[dt.datetime | None]
    due_on: Mapped[dt.date | None]  # this company's own last day; NULL: the cycle's. Read it through domain `due_of`

    cycle: Mapped[Cycle] = relationship(lazy="raise")
    company: Mapped[Organisation] = relationship(lazy="raise")


class Sharing(Model):
    """A country that may see a company's content in a cycle. The lead country is one of these rows, too."""

    __tablename__ = "sharing"
    __table_args__ = (one_current("sharing", "company_id", "cycle_id", "country"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    country: Mapped[str]
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
