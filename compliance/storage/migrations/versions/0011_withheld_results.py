"""Results know whether they rest on an answer that is withheld, so that sums can leave it out.

Rows of before say no: claims were not kept until now. The next act on a company writes its results anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.alter_column("withheld", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_column("withheld")
