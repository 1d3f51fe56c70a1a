"""The exchange: clarifications, shared findings and replies, commitments, meetings, and how reviewers share work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column("brief_used", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("save_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_engagement_company_id_organisation")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_engagement_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_engagement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_engagement_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_recorded_by_id"), ["recorded_by_id"], unique=False)

    op.create_table(
        "gap_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_gap_acceptance_approved_by_id_user")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_gap_acceptance_company_id_organisation")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_gap_acceptance_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_gap_acceptance_proposed_by_id_user")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_gap_acceptance_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_acceptance")),
    )
    with op.batch_alter_table("gap_acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_acceptance_approved_by_id"), ["approved_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_acceptance_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_acceptance_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_acceptance_proposed_by_id"), ["proposed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_acceptance_service_id"), ["service_id"], unique=False)
        batch_op.create_index(
            "uq_gap_acceptance_company",
            ["company_id", "indicator_id"],
            unique=True,
            sqlite_where=sa.text("service_id IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("service_id IS NULL AND ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_gap_acceptance_service",
            ["company_id", "service_id", "indicator_id"],
            unique=True,
            sqlite_where=sa.text("service_id IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("service_id IS NOT NULL AND ended_at IS NULL"),
        )

    op.create_table(
        "review_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("principle_id", sa.String(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_review_assignment_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_review_assignment_assigned_by_id_user")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_assignment_reviewer_id_user")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_review_assignment_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignment")),
    )
    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_assignment_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_assignment_assigned_by_id"), ["assigned_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_assignment_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_assignment_service_id"), ["service_id"], unique=False)

    op.create_table(
        "clarification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("submission_number", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_number", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("save_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_clarification_asked_by_id_user")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_clarification_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user.id"], name=op.f("fk_clarification_replied_by_id_user")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_clarification_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
    )
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clarification_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarification_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarification_replied_by_id"), ["replied_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clarification_service_id"), ["service_id"], unique=False)
        batch_op.create_index(
            "uq_clarification_company",
            ["assessment_id", "indicator_id", "round"],
            unique=True,
            sqlite_where=sa.text("service_id IS NULL"),
            postgresql_where=sa.text("service_id IS NULL"),
        )
        batch_op.create_index(
            "uq_clarification_service",
            ["assessment_id", "service_id", "indicator_id", "round"],
            unique=True,
            sqlite_where=sa.text("service_id IS NOT NULL"),
            postgresql_where=sa.text("service_id IS NOT NULL"),
        )

    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence_address", sa.String(), nullable=False),
        sa.Column("evidence_text", sa.Text(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("save_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_commitment_company_id_organisation")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_commitment_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_commitment_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_commitment_made_by_id_user")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_commitment_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_state_commitment_due_on"), ["state", "due_on"], unique=False)

    op.create_table(
        "engagement_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_ask_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_engagement_ask_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_ask")),
    )
    with op.batch_alter_table("engagement_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_ask_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_ask_service_id"), ["service_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_presence_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_presence_service_id_service")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_presence_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_presence")),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_presence_assessment_id_presence_seen_at"), ["assessment_id", "seen_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_presence_service_id"), ["service_id"], unique=False)

    op.create_table(
        "review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_review_note_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_review_note_author_id_user")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_review_note_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_review_note_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_note")),
    )
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_note_assessment_id_review_note_indicator_id"),
            ["assessment_id", "indicator_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_review_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_note_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_note_service_id"), ["service_id"], unique=False)

    op.create_table(
        "commitment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence_address", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_commitment_event_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_event_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_commitment_event_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_event")),
    )
    with op.batch_alter_table("commitment_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_event_commitment_id"), ["commitment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_event_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "commitment_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_step_commitment_id_commitment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_step")),
    )
    with op.batch_alter_table("commitment_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_step_commitment_id"), ["commitment_id"], unique=False)

    op.create_table(
        "finding_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission_number", sa.Integer(), nullable=False),
        sa.Column("rating", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_finding_version_author_id_user")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_version_finding_id_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_version")),
        sa.UniqueConstraint("finding_id", "number", name=op.f("uq_finding_version_finding_id_number")),
    )
    with op.batch_alter_table("finding_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_version_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_version_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_version_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("save_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_version_id"], ["finding_version.id"], name=op.f("fk_reply_finding_version_id_finding_version")
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name=op.f("fk_reply_written_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("finding_version_id", name=op.f("uq_reply_finding_version_id")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_written_by_id"), ["written_by_id"], unique=False)

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("findings_shared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reply_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("conclusion", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closes", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("submission_number", sa.Integer(), nullable=False, server_default="1"))

    # Findings of before were made on the newest sealed copy, because there was no other to be seen.
    op.execute(
        "UPDATE finding SET submission_number = COALESCE("
        "(SELECT MAX(submission.number) FROM submission WHERE submission.assessment_id = finding.assessment_id), 1)"
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.alter_column("conclusion", server_default=None)
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.alter_column("closes", server_default=None)
        batch_op.alter_column("submission_number", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_column("submission_number")
        batch_op.drop_column("closes")

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_column("conclusion")
        batch_op.drop_column("replied_at")
        batch_op.drop_column("reply_due_on")
        batch_op.drop_column("findings_shared_at")

    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_written_by_id"))

    op.drop_table("reply")
    with op.batch_alter_table("finding_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_version_finding_id"))
        batch_op.drop_index(batch_op.f("ix_finding_version_author_id"))

    op.drop_table("finding_version")
    with op.batch_alter_table("commitment_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_step_commitment_id"))

    op.drop_table("commitment_step")
    with op.batch_alter_table("commitment_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_event_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_event_commitment_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_event_actor_id"))

    op.drop_table("commitment_event")
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_note_service_id"))
        batch_op.drop_index(batch_op.f("ix_review_note_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_review_note_author_id"))
        batch_op.drop_index(batch_op.f("ix_review_note_assessment_id_review_note_indicator_id"))

    op.drop_table("review_note")
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presence_service_id"))
        batch_op.drop_index(batch_op.f("ix_presence_assessment_id_presence_seen_at"))

    op.drop_table("presence")
    with op.batch_alter_table("engagement_ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_ask_service_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_ask_engagement_id"))

    op.drop_table("engagement_ask")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_state_commitment_due_on"))
        batch_op.drop_index(batch_op.f("ix_commitment_service_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_company_id"))

    op.drop_table("commitment")
    with op.batch_alter_table("clarification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clarification_service",
            sqlite_where=sa.text("service_id IS NOT NULL"),
            postgresql_where=sa.text("service_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_clarification_company",
            sqlite_where=sa.text("service_id IS NULL"),
            postgresql_where=sa.text("service_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_clarification_service_id"))
        batch_op.drop_index(batch_op.f("ix_clarification_replied_by_id"))
        batch_op.drop_index(batch_op.f("ix_clarification_assessment_id"))
        batch_op.drop_index(batch_op.f("ix_clarification_asked_by_id"))

    op.drop_table("clarification")
    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_assignment_service_id"))
        batch_op.drop_index(batch_op.f("ix_review_assignment_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_review_assignment_assigned_by_id"))
        batch_op.drop_index(batch_op.f("ix_review_assignment_assessment_id"))

    op.drop_table("review_assignment")
    with op.batch_alter_table("gap_acceptance", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_gap_acceptance_service",
            sqlite_where=sa.text("service_id IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("service_id IS NOT NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_gap_acceptance_company",
            sqlite_where=sa.text("service_id IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("service_id IS NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_gap_acceptance_service_id"))
        batch_op.drop_index(batch_op.f("ix_gap_acceptance_proposed_by_id"))
        batch_op.drop_index(batch_op.f("ix_gap_acceptance_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_gap_acceptance_company_id"))
        batch_op.drop_index(batch_op.f("ix_gap_acceptance_approved_by_id"))

    op.drop_table("gap_acceptance")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_company_id"))

    op.drop_table("engagement")
