"""A company's own due date in a cycle, and an index for lists of companies by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and dropping the old one fails while results refer to it.
    op.add_column("participation", sa.Column("due_on", sa.Date(), nullable=True))
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_kind_name_id"), ["kind", "name", "id"], unique=False)
        batch_op.drop_index(batch_op.f("ix_organisation_kind"))


def downgrade() -> None:
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_kind"), ["kind"], unique=False)
        batch_op.drop_index(batch_op.f("ix_organisation_kind_name_id"))
    op.drop_column("participation", "due_on")
