"""Meetings with a company, and what came of them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.organisation import Organisation, Service


class Engagement(Model):
    """A meeting of one government with a company: the department's own record, never shown to the company.

    `followed_up_on` NULL with a `follow_up_on` is what is still to be followed up.
    """

    __tablename__ = "engagement"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)  # the department that met
    country: Mapped[str]
    held_on: Mapped[dt.date]
    met: Mapped[str] = mapped_column(Text)  # who met, of both sides
    brief_used: Mapped[str] = mapped_column(default="")  # which brief was taken along, with its version or date
    summary: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(default="en")
    follow_up_on: Mapped[dt.date | None]
    follow_up: Mapped[str] = mapped_column(Text, default="")  # what is to be followed up
    followed_up_on: Mapped[dt.date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    recorded_at: Mapped[dt.datetime]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    company: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[company_id])
    asks: Mapped[list[EngagementAsk]] = relationship(
        order_by="EngagementAsk.position", cascade="all, delete-orphan", lazy="raise"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class EngagementAsk(Model):
    """One thing that was asked at a meeting, and what was answered."""

    __tablename__ = "engagement_ask"

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    position: Mapped[int]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str | None]
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str]  # domain Outcome of an ask: agreed, partly, declined, open

    service: Mapped[Service | None] = relationship(lazy="raise")
