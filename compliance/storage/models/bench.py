"""How reviewers share the work: who reviews what by when, who looks at what now, and their notes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.assessment import Assessment
from compliance.storage.models.organisation import Organisation, Service, User


class ReviewAssignment(Model):
    """A part of a submission given to a reviewer with a date: all of it, one principle, or one answer."""

    __tablename__ = "review_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    principle_id: Mapped[str | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str | None]
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    due_on: Mapped[dt.date]
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    assessment: Mapped[Assessment] = relationship(lazy="raise")
    service: Mapped[Service | None] = relationship(lazy="raise")
    reviewer: Mapped[User] = relationship(lazy="raise", foreign_keys=[reviewer_id])


class Presence(Model):
    """Which answer a reviewer opened last: one row a person, so that it never grows."""

    __tablename__ = "presence"
    __table_args__ = (Index(None, "assessment_id", "seen_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    seen_at: Mapped[dt.datetime]

    user: Mapped[User] = relationship(lazy="raise")


class ReviewNote(Model):
    """A reviewer's note on one answer: stays in the department unless it is shared with the other governments."""

    __tablename__ = "review_note"
    __table_args__ = (Index(None, "assessment_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime]
    shared_at: Mapped[dt.datetime | None]

    author: Mapped[User] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
