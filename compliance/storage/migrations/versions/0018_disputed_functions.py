"""government disputes what a service can do, and the questions that follow are asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")
KEYS = {"uq_clarification_service": "service_id IS NOT NULL", "uq_clarification_company": "service_id IS NULL"}


def upgrade() -> None:
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile_changes", JSON, server_default="{}", nullable=False))
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.alter_column("profile_changes", server_default=None)
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("function", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("claims", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("opens", JSON, server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("agrees", sa.Boolean(), nullable=True))
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.alter_column("function", server_default=None)
        batch_op.alter_column("opens", server_default=None)
    _keys("function")


def downgrade() -> None:
    op.execute("DELETE FROM clarification WHERE function <> ''")  # there is no place for a dispute before
    _keys()
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.drop_column("agrees")
        batch_op.drop_column("opens")
        batch_op.drop_column("claims")
        batch_op.drop_column("function")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_column("profile_changes")


def _keys(*more: str) -> None:
    """The unique keys of a question, with or without the function."""
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        for name, condition in KEYS.items():
            service = ["service_id"] if "NOT" in condition else []
            where = sa.text(condition)
            batch_op.drop_index(name)
            batch_op.create_index(
                name,
                ["assessment_id", *service, "indicator_id", *more, "round"],
                unique=True,
                sqlite_where=where,
                postgresql_where=where,
            )
