"""Summaries of the results, results that the schedule is to recompute, and saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STALE = sa.text("stale_since IS NOT NULL")


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _foreign_key(column: str, table: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}_{parent}"))


def upgrade() -> None:
    op.create_table(
        "result_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("principle_id", sa.String(), nullable=False),
        sa.Column("worst", sa.String(), nullable=False),
        sa.Column("counts", _json(), nullable=False),
        sa.Column("applicable", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Integer(), nullable=False),
        sa.Column("cannot_say", sa.Integer(), nullable=False),
        sa.Column("change_same", sa.Integer(), nullable=False),
        sa.Column("change_better", sa.Integer(), nullable=False),
        sa.Column("change_worse", sa.Integer(), nullable=False),
        sa.Column("change_new", sa.Integer(), nullable=False),
        sa.Column("change_gone", sa.Integer(), nullable=False),
        sa.Column("change_no_longer_answered", sa.Integer(), nullable=False),
        sa.Column("change_now_stated", sa.Integer(), nullable=False),
        _foreign_key("company_id", "result_cell", "organisation"),
        _foreign_key("cycle_id", "result_cell", "cycle"),
        _foreign_key("participation_id", "result_cell", "participation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_cell")),
        sa.UniqueConstraint(
            "participation_id", "principle_id", name=op.f("uq_result_cell_participation_id_principle_id")
        ),
    )
    op.create_index(op.f("ix_result_cell_company_id"), "result_cell", ["company_id"])
    op.create_index(op.f("ix_result_cell_sums"), "result_cell", ["cycle_id", "company_id", "principle_id", "worst"])
    op.create_index(op.f("ix_result_cell_worst"), "result_cell", ["cycle_id", "principle_id", "worst", "company_id"])
    op.create_table(
        "result_metric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("metric_id", sa.String(), nullable=False),
        sa.Column("value", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("geography", sa.String(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("not_collected_reason", sa.Text(), nullable=False),
        _foreign_key("company_id", "result_metric", "organisation"),
        _foreign_key("cycle_id", "result_metric", "cycle"),
        _foreign_key("participation_id", "result_metric", "participation"),
        _foreign_key("service_id", "result_metric", "service"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_metric")),
    )
    op.create_index(op.f("ix_result_metric_company_id"), "result_metric", ["company_id"])
    op.create_index(op.f("ix_result_metric_participation_id"), "result_metric", ["participation_id"])
    op.create_index(op.f("ix_result_metric_service_id"), "result_metric", ["service_id"])
    op.create_index(op.f("ix_result_metric_side_by_side"), "result_metric", ["cycle_id", "metric_id", "company_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("filters", _json(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("user_id", "saved_view", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    op.add_column("participation", sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_participation_stale_since"),
        "participation",
        ["stale_since"],
        sqlite_where=STALE,
        postgresql_where=STALE,
    )
    # Whoever has results has no summaries of them yet: the schedule makes them in its first round.
    op.execute("UPDATE participation SET stale_since = CURRENT_TIMESTAMP")
    op.drop_index(op.f("ix_result_counts"), table_name="result")
    op.create_index(op.f("ix_result_gaps"), "result", ["cycle_id", "severity", "indicator_id", "company_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_result_gaps"), table_name="result")
    op.create_index(op.f("ix_result_counts"), "result", ["cycle_id", "company_id", "principle_id", "severity"])
    op.drop_index(op.f("ix_participation_stale_since"), table_name="participation")
    op.drop_column("participation", "stale_since")
    op.drop_table("saved_view")
    op.drop_table("result_metric")
    op.drop_table("result_cell")
