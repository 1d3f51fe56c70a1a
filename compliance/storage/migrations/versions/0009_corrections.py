"""Corrections of facts from the public record, and the day on which a fact is to be looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PROPOSED = sa.text("state = 'proposed'")


def _foreign_key(column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_record_correction_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name)


def upgrade() -> None:
    op.add_column("public_record", sa.Column("review_on", sa.Date(), nullable=True))
    op.create_table(
        "record_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_record_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source_address", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        _foreign_key("decided_by_id", "user"),
        _foreign_key("proposed_by_id", "user"),
        _foreign_key("public_record_id", "public_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_correction")),
    )
    for column in ("decided_by_id", "proposed_by_id", "public_record_id", "state"):
        op.create_index(op.f(f"ix_record_correction_{column}"), "record_correction", [column])
    op.create_index(
        op.f("uq_record_correction_proposed"),
        "record_correction",
        ["public_record_id"],
        unique=True,
        sqlite_where=PROPOSED,
        postgresql_where=PROPOSED,
    )


def downgrade() -> None:
    op.drop_table("record_correction")
    op.drop_column("public_record", "review_on")
