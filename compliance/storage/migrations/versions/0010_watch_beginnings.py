"""Rounds look at a subject again when it begins anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM reminder_watch")  # the next round writes it again
    with op.batch_alter_table("reminder_watch") as batch_op:
        batch_op.add_column(sa.Column("began_at", sa.DateTime(timezone=True), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("reminder_watch") as batch_op:
        batch_op.drop_column("began_at")
