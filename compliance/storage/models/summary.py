"""Summaries of the results: what lists, the heatmap and comparisons read, so that none of them adds up single results.

Written together with the results (`services/gap/results`), never by anyone else.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.domain.results import Change
from compliance.storage.database import Json, Model
from compliance.storage.models.organisation import Service

#: Columns that are summed over companies.
SUMMED = (
    "applicable",
    "unanswered",
    "not_applicable",
    "cannot_say",
    *(f"change_{change}" for change in Change),
)


class ResultCell(Model):
    """One company in one cycle on one principle: the worst word present, and how many results have which word.

    `applicable` is the denominator of every share: it counts what was not answered, cannot be said, or was called not
    applicable without the government's agreement; only what does not apply is left out.
    """

    __tablename__ = "result_cell"
    __table_args__ = (
        UniqueConstraint("participation_id", "principle_id"),
        # Sums over companies read this index alone, in its order.
        Index("ix_result_cell_sums", "cycle_id", "principle_id", "company_id", *SUMMED),
        # How common each gap is: read in the order of this index alone.
        Index(
            "ix_result_cell_bits", "cycle_id", "principle_id", "gap_bits", "unknown_bits", "applies_bits", "company_id"
        ),
        Index("ix_result_cell_worst", "cycle_id", "principle_id", "worst", "company_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    principle_id: Mapped[str]
    worst: Mapped[str]  # severity id
    counts: Mapped[dict[str, int]] = mapped_column(Json)  # results by severity id
    applicable: Mapped[int]
    unanswered: Mapped[int]
    not_applicable: Mapped[int]  # the company says so; whether it counts is what the severity says
    cannot_say: Mapped[int]
    # Which indicators of the principle, by their place in it (1, 2, 4 …): a gap, not known, or asked on any service.
    gap_bits: Mapped[int] = mapped_column(server_default="0")
    unknown_bits: Mapped[int] = mapped_column(server_default="0")
    applies_bits: Mapped[int] = mapped_column(server_default="0")
    # How many results changed how against the previous cycle, one column for each domain Change.
    change_same: Mapped[int]
    change_better: Mapped[int]
    change_worse: Mapped[int]
    change_new: Mapped[int]
    change_gone: Mapped[int]
    change_no_longer_answered: Mapped[int]
    change_now_stated: Mapped[int]


class ResultMetric(Model):
    """A number (or why there is none) as the company last signed it, for comparing companies side by side."""

    __tablename__ = "result_metric"
    __table_args__ = (Index("ix_result_metric_side_by_side", "cycle_id", "metric_id", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    metric_id: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric(24, 6))
    unit: Mapped[str]
    period_start: Mapped[dt.date | None]
    period_end: Mapped[dt.date | None]
    geography: Mapped[str]
    method: Mapped[str] = mapped_column(Text)
    not_collected_reason: Mapped[str] = mapped_column(Text)

    service: Mapped[Service | None] = relationship(lazy="raise")


class SavedView(Model):
    """A view of the portfolio that a person keeps under a name: the page and its filters, as in the address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str]
    page: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[dt.datetime]
