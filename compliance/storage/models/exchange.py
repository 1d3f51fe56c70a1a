"""The exchange between the company and its reviewers: clarifications, shared findings, and the company's reply."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.assessment import Assessment
from compliance.storage.models.keys import per_question
from compliance.storage.models.organisation import Service
from compliance.storage.models.review import Finding


class Clarification(Model):
    """A question to the company about one answer, and what came of it. One row for each round.

    With `function` it is about no answer (`indicator_id` is empty) but disputes that function of the service: `claims`
    is what government says (it has it, or lacks it), `agrees` what the company says to that, `opens` the questions that
    follow from the function and are open with it.

    What the company had signed is in submission `submission_number`, what it signed after the question in
    `answered_number`: both stay, so old and new stand beside each other.
    """

    __tablename__ = "clarification"
    __table_args__ = per_question("clarification", "assessment_id", "function", "round")

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    function: Mapped[str] = mapped_column(default="")
    claims: Mapped[bool | None]
    opens: Mapped[list[list[str | None]]] = mapped_column(default=list)  # [service slug or None, indicator id]
    agrees: Mapped[bool | None]
    round: Mapped[int]  # 1 for the first question about the answer
    state: Mapped[str]  # domain ClarificationState: draft, open, answered, withdrawn
    question: Mapped[str] = mapped_column(Text)
    due_on: Mapped[dt.date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    country: Mapped[str]
    submission_number: Mapped[int]
    written_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]  # NULL while it is a draft that only government sees
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    replied_at: Mapped[dt.datetime | None]
    answered_number: Mapped[int | None]
    closed_at: Mapped[dt.datetime | None]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    assessment: Mapped[Assessment] = relationship(lazy="raise")
    service: Mapped[Service | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def questions(self) -> set[tuple[str | None, str]]:
        """Service slug and indicator id of each answer that it opens while it is with the company."""
        if self.function:
            return {(slug, id_ or "") for slug, id_ in self.opens}
        return {(self.service.slug if self.service else None, self.indicator_id)}


class FindingVersion(Model):
    """A finding as it was shared with the company: never changed. A change is the next number, and the company's
    reply to the number before stays with that one."""

    __tablename__ = "finding_version"
    __table_args__ = (UniqueConstraint("finding_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    number: Mapped[int]
    submission_number: Mapped[int]
    rating: Mapped[str]  # domain Rating
    reason: Mapped[str] = mapped_column(Text, default="")
    closes: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(default="")  # as that of the finding
    change_reason: Mapped[str] = mapped_column(Text, default="")  # why it was changed after it had been shared
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    shared_at: Mapped[dt.datetime]
    reply_due_on: Mapped[dt.date]

    finding: Mapped[Finding] = relationship(lazy="raise")
    reply: Mapped[Reply | None] = relationship(back_populates="finding_version", lazy="raise")


class Reply(Model):
    """The company's word on one shared finding: a draft of its own until it is sent."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_version_id: Mapped[int] = mapped_column(ForeignKey("finding_version.id"), unique=True)
    stance: Mapped[str]  # domain Stance: accept, correct, disagree
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(default="en")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    written_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    finding_version: Mapped[FindingVersion] = relationship(back_populates="reply", lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
