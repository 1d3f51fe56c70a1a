"""Which indicators of a principle are a gap or not known with a company, so that common gaps are counted at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SUMMED = (
    "applicable",
    "unanswered",
    "not_applicable",
    "cannot_say",
    "change_same",
    "change_better",
    "change_worse",
    "change_new",
    "change_gone",
    "change_no_longer_answered",
    "change_now_stated",
)
COLUMNS = ("gap_bits", "unknown_bits", "applies_bits")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("result_cell", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_result_cell_bits"), "result_cell", ["cycle_id", "principle_id", *COLUMNS, "company_id"])
    op.drop_index(op.f("ix_result_cell_sums"), table_name="result_cell")
    op.create_index(op.f("ix_result_cell_sums"), "result_cell", ["cycle_id", "principle_id", "company_id", *SUMMED])
    op.execute("UPDATE participation SET stale_since = CURRENT_TIMESTAMP")  # the schedule fills them


def downgrade() -> None:
    op.drop_index(op.f("ix_result_cell_sums"), table_name="result_cell")
    op.create_index(op.f("ix_result_cell_sums"), "result_cell", ["cycle_id", "company_id", "principle_id", "worst"])
    op.drop_index(op.f("ix_result_cell_bits"), table_name="result_cell")
    for name in COLUMNS:
        op.drop_column("result_cell", name)
