"""answers carry a language, a claim and where they come from; teams share work; companies ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_answer_note_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_answer_note_author_id_user")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_answer_note_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_note")),
    )
    with op.batch_alter_table("answer_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_answer_note_question", ["assessment_id", "indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_note_service_id"), ["service_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assignment_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_assignment_assigned_by_id_user")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("assessment_id", "subject", name=op.f("uq_assignment_assessment_id_subject")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_assigned_by_id"), ["assigned_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_user_id"), ["user_id"], unique=False)
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("asked_due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_due_on", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_extension_request_asked_by_id_user")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_extension_request_decided_by_id_user")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_extension_request_participation_id_participation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_request_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_request_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_request_participation_id"), ["participation_id"], unique=False)
        batch_op.create_index(
            "uq_extension_request_open",
            ["participation_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_language", sa.String(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_inquiry_asked_by_id_user")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_inquiry_participation_id_participation")
        ),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user.id"], name=op.f("fk_inquiry_replied_by_id_user")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_inquiry_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_participation_id"), ["participation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_replied_by_id"), ["replied_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_service_id"), ["service_id"], unique=False)
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("claim_ground", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("claim_reason", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("claimed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("sensitive_method", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("carried", sa.Boolean(), nullable=False, server_default=sa.false()))
    # What was there has the value of a new row; from here on the product says each of them.
    with op.batch_alter_table("answer", schema=None) as batch_op:
        for name in ("language", "claim_reason", "sensitive_method", "carried"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_subject"))
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_column("carried")
        batch_op.drop_column("sensitive_method")
        batch_op.drop_column("claimed_on")
        batch_op.drop_column("claim_reason")
        batch_op.drop_column("claim_ground")
        batch_op.drop_column("language")
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_service_id"))
        batch_op.drop_index(batch_op.f("ix_inquiry_replied_by_id"))
        batch_op.drop_index(batch_op.f("ix_inquiry_participation_id"))
        batch_op.drop_index(batch_op.f("ix_inquiry_asked_by_id"))
    op.drop_table("inquiry")
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extension_request_open",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_extension_request_participation_id"))
        batch_op.drop_index(batch_op.f("ix_extension_request_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_extension_request_asked_by_id"))
    op.drop_table("extension_request")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_user_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_assigned_by_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_assessment_id"))
    op.drop_table("assignment")
    with op.batch_alter_table("answer_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_note_service_id"))
        batch_op.drop_index("ix_answer_note_question")
        batch_op.drop_index(batch_op.f("ix_answer_note_author_id"))
    op.drop_table("answer_note")
