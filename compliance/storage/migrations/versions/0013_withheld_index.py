"""An index that finds the few companies that withhold an answer, for sums that leave it out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index(
            "ix_result_withheld",
            ["cycle_id", "company_id"],
            unique=False,
            sqlite_where=sa.text("withheld"),
            postgresql_where=sa.text("withheld"),
        )


def downgrade() -> None:
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index("ix_result_withheld")
