"""Commitments: what a company will do about a gap, by when, and what came of it; and gaps accepted as they are."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Model
from compliance.storage.models.cycle import Cycle
from compliance.storage.models.keys import per_question
from compliance.storage.models.organisation import Organisation, Service, User


class Commitment(Model):
    """A dated promise on one indicator of one service (NULL: the whole company). Both sides see the same rows.

    `cycle_id` is the cycle in which it was made: who sees that cycle sees the commitment. Overdue is not stored: it
    follows from `state` agreed and `due_on`, and from the steps.
    """

    __tablename__ = "commitment"
    __table_args__ = (Index(None, "state", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]  # as the cycle's framework names it; later ones say what they replace
    state: Mapped[str]  # domain CommitmentState: proposed, agreed, done, verified, declined, withdrawn
    side: Mapped[str]  # domain Side: who proposed it, company or government; the other one agrees
    country: Mapped[str]  # the government it is a promise to
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(default="en")
    owner: Mapped[str]  # who in the company sees to it, by name or role
    due_on: Mapped[dt.date]
    evidence_address: Mapped[str] = mapped_column(default="")
    evidence_text: Mapped[str] = mapped_column(Text, default="")
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    save_key: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    company: Mapped[Organisation] = relationship(lazy="raise")
    cycle: Mapped[Cycle] = relationship(lazy="raise")
    service: Mapped[Service | None] = relationship(lazy="raise")
    steps: Mapped[list[CommitmentStep]] = relationship(
        order_by="CommitmentStep.position", cascade="all, delete-orphan", lazy="raise"
    )
    events: Mapped[list[CommitmentEvent]] = relationship(order_by="CommitmentEvent.id", lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class CommitmentStep(Model):
    """A step on the way, with its own date."""

    __tablename__ = "commitment_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[dt.date]
    done_on: Mapped[dt.date | None]


class CommitmentEvent(Model):
    """What happened to a commitment; shown to both sides, with the organisation that acted."""

    __tablename__ = "commitment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    act: Mapped[str]  # domain CommitmentAct
    text: Mapped[str] = mapped_column(Text, default="")
    evidence_address: Mapped[str] = mapped_column(default="")
    at: Mapped[dt.datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class GapAcceptance(Model):
    """A gap that government accepts as it is: proposed with a reason by one person, approved by another.

    It belongs to the gap (company, service, indicator), not to a cycle, and is looked at again on `review_on`. It
    never changes the severity: that is the rules' alone.
    """

    __tablename__ = "gap_acceptance"
    __table_args__ = per_question("gap_acceptance", "company_id", only="ended_at IS NULL")

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    indicator_id: Mapped[str]
    country: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    review_on: Mapped[dt.date]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    proposed_at: Mapped[dt.datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    approved_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    proposed_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[proposed_by_id])
    approved_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[approved_by_id])
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
