"""What colleagues of a company share among themselves. Government never sees any of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.organisation import User


class Assignment(Model):
    """Who is to answer a principle or a single question.

    `subject` is a principle id, or "service/indicator" for one question ("/indicator": asked once for the company).
    The assignment of a question goes before that of its principle.
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("assessment_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    subject: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[dt.datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")


class AnswerNote(Model):
    """A note among colleagues about one question."""

    __tablename__ = "answer_note"
    __table_args__ = (Index("ix_answer_note_question", "assessment_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    written_at: Mapped[dt.datetime]

    author: Mapped[User] = relationship(lazy="raise")
