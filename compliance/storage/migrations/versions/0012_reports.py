"""Reports, their texts, editions, files and downloads; and many of them in one act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("principle", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("marking", sa.String(), nullable=False),
        sa.Column("releasable", sa.Boolean(), nullable=False),
        sa.Column(
            "distribution",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "writer_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("seen_by_company", sa.Boolean(), nullable=False),
        sa.Column("unseen_reason", sa.Text(), nullable=False),
        sa.Column(
            "languages",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "packages",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("save_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["user.id"], name=op.f("fk_report_approver_id_user")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_report_author_id_user")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_report_company_id_organisation")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_report_cycle_id_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_report_series_number")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_approver_id"), ["approver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_company_id"), ["company_id"], unique=False)
        batch_op.create_index("ix_report_country_state", ["country", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(
            "uq_report_open",
            ["series"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'awaiting_approval', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'awaiting_approval', 'approved')"),
        )

    op.create_table(
        "report_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column(
            "languages",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "layouts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_report_batch_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_report_batch_requested_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch")),
        sa.UniqueConstraint("request_key", name=op.f("uq_report_batch_request_key")),
    )
    with op.batch_alter_table("report_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_batch_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_batch_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_batch_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_batch_requested_by_id"), ["requested_by_id"], unique=False)

    op.create_table(
        "report_batch_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["report_batch.id"], name=op.f("fk_report_batch_item_batch_id_report_batch")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_report_batch_item_company_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch_item")),
        sa.UniqueConstraint("batch_id", "company_id", name=op.f("uq_report_batch_item_batch_id_company_id")),
    )
    with op.batch_alter_table("report_batch_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_batch_item_company_id"), ["company_id"], unique=False)
        batch_op.create_index("ix_report_batch_item_state", ["state", "lease_until"], unique=False)

    op.create_table(
        "report_download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_download_report_id_report")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_download_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_download")),
    )
    with op.batch_alter_table("report_download", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_download_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_download_user_id"), ["user_id"], unique=False)

    op.create_table(
        "report_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column(
            "documents",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_edition_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edition")),
        sa.UniqueConstraint("report_id", "name", name=op.f("uq_report_edition_report_id_name")),
    )
    op.create_table(
        "report_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("save_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_text_report_id_report")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_report_text_updated_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_text")),
        sa.UniqueConstraint("report_id", "slot", name=op.f("uq_report_text_report_id_slot")),
    )
    with op.batch_alter_table("report_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_text_updated_by_id"), ["updated_by_id"], unique=False)

    op.create_table(
        "report_batch_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["report_batch_item.id"], name=op.f("fk_report_batch_file_item_id_report_batch_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch_file")),
        sa.UniqueConstraint("item_id", "name", name=op.f("uq_report_batch_file_item_id_name")),
    )
    op.create_table(
        "report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["report_edition.id"], name=op.f("fk_report_file_edition_id_report_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("edition_id", "layout", "language", name=op.f("uq_report_file_edition_id_layout_language")),
    )


def downgrade() -> None:
    op.drop_table("report_file")
    op.drop_table("report_batch_file")
    with op.batch_alter_table("report_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_text_updated_by_id"))

    op.drop_table("report_text")
    op.drop_table("report_edition")
    with op.batch_alter_table("report_download", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_download_user_id"))
        batch_op.drop_index(batch_op.f("ix_report_download_report_id"))

    op.drop_table("report_download")
    with op.batch_alter_table("report_batch_item", schema=None) as batch_op:
        batch_op.drop_index("ix_report_batch_item_state")
        batch_op.drop_index(batch_op.f("ix_report_batch_item_company_id"))

    op.drop_table("report_batch_item")
    with op.batch_alter_table("report_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_batch_requested_by_id"))
        batch_op.drop_index(batch_op.f("ix_report_batch_finished_at"))
        batch_op.drop_index(batch_op.f("ix_report_batch_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_report_batch_country"))

    op.drop_table("report_batch")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_report_open",
            sqlite_where=sa.text("state IN ('draft', 'awaiting_approval', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'awaiting_approval', 'approved')"),
        )
        batch_op.drop_index(batch_op.f("ix_report_cycle_id"))
        batch_op.drop_index("ix_report_country_state")
        batch_op.drop_index(batch_op.f("ix_report_company_id"))
        batch_op.drop_index(batch_op.f("ix_report_author_id"))
        batch_op.drop_index(batch_op.f("ix_report_approver_id"))

    op.drop_table("report")
