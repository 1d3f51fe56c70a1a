"""workbooks that wait for their sender to say yes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_pending_workbook_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pending_workbook_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_workbook")),
        sa.UniqueConstraint("assessment_id", "user_id", name=op.f("uq_pending_workbook_assessment_id_user_id")),
    )
    with op.batch_alter_table("pending_workbook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_workbook_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pending_workbook_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("pending_workbook")
