"""Reminders about anything and for people without an account; contacts, pauses, preferences, calendar addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WAITING = sa.text("message_id IS NULL AND dropped_reason = ''")
CURRENT = sa.text("ended_at IS NULL")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _contact()
    _put_aside()
    _message(recipient_key=True)
    _reminder(recipient_key=True)
    _take_back(
        "message",
        "recipient_key, recipient_id, contact_id",
        "'user:' || recipient_id, recipient_id, NULL",
    )
    _take_back("reminder", "recipient_key, go_at", "'user:' || recipient_id, created_at")
    _watch()
    _pause()
    _preference()
    _feed()


def downgrade() -> None:
    for table in ("calendar_feed", "mail_preference", "reminder_pause", "reminder_watch"):
        op.drop_table(table)
    # What went to people without an account cannot be told in the older tables.
    op.execute("UPDATE reminder SET message_id = NULL WHERE recipient_key NOT LIKE 'user:%'")
    op.execute("DELETE FROM reminder WHERE recipient_key NOT LIKE 'user:%'")
    op.execute("DELETE FROM message WHERE recipient_id IS NULL")
    _put_aside()
    _message(recipient_key=False)
    _reminder(recipient_key=False)
    _take_back("message", "recipient_id", "recipient_id")
    _take_back("reminder", "recipient_id", "CAST(substr(recipient_key, 6) AS INTEGER)")
    op.drop_table("contact")


_MESSAGE = (
    "id, kind, day, language, state, state_reason, data, created_at, not_before, lease_until, attempts, last_error, "
    "sent_at, message_id"
)
_REMINDER = (
    "id, subject_type, subject_id, stage, occurrence, due_on, company_id, kind, message_id, created_at, dropped_reason"
)


def _put_aside() -> None:
    """Copy the rows and drop the tables, the one that refers to the other first: SQLite cannot change a unique key."""
    for table in ("reminder", "message"):
        op.execute(f"CREATE TABLE {table}_aside AS SELECT * FROM {table}")  # noqa: S608  # nosec B608 - our own names
        op.drop_table(table)


def _take_back(table: str, columns: str, values: str) -> None:
    same = _MESSAGE if table == "message" else _REMINDER
    op.execute(f"INSERT INTO {table} ({same}, {columns}) SELECT {same}, {values} FROM {table}_aside")  # noqa: S608  # nosec B608 - our own names
    op.execute(f"DROP TABLE {table}_aside")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 0) + 1, false) FROM {table}"  # noqa: S608  # nosec B608 - our own names
        )


def _message(*, recipient_key: bool) -> None:
    who = (
        [
            sa.Column("recipient_key", sa.String(), nullable=False),
            sa.Column("recipient_id", sa.Integer(), nullable=True),
            sa.Column("contact_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_message_contact_id_contact")),
        ]
        if recipient_key
        else [sa.Column("recipient_id", sa.Integer(), nullable=False)]
    )
    key = "recipient_key" if recipient_key else "recipient_id"
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        *who,
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["user.id"], name=op.f("fk_message_recipient_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
        sa.UniqueConstraint(key, "kind", "day", name=op.f(f"uq_message_{key}_kind_day")),
    )
    with op.batch_alter_table("message") as batch_op:
        batch_op.create_index(batch_op.f("ix_message_recipient_id"), ["recipient_id"])
        batch_op.create_index("ix_message_state_not_before", ["state", "not_before"])
        if recipient_key:
            batch_op.create_index(batch_op.f("ix_message_contact_id"), ["contact_id"])
            batch_op.create_index("ix_message_sent_at", ["sent_at"])


def _reminder(*, recipient_key: bool) -> None:
    who = (
        [
            sa.Column("recipient_key", sa.String(), nullable=False),
            sa.Column("go_at", sa.DateTime(timezone=True), nullable=False),
        ]
        if recipient_key
        else [
            sa.Column("recipient_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["recipient_id"], ["user.id"], name=op.f("fk_reminder_recipient_id_user")),
        ]
    )
    key = "recipient_key" if recipient_key else "recipient_id"
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *who,
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_reminder_company_id_organisation")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reminder_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            "stage",
            "occurrence",
            "due_on",
            key,
            name=op.f(f"uq_reminder_subject_type_subject_id_stage_occurrence_due_on_{key}"),
        ),
    )
    with op.batch_alter_table("reminder") as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_company_id"), ["company_id"])
        batch_op.create_index(batch_op.f("ix_reminder_message_id"), ["message_id"])
        batch_op.create_index(batch_op.f(f"ix_reminder_{key}"), [key])
        batch_op.create_index(
            "ix_reminder_waiting",
            ["go_at", key] if recipient_key else [key],
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact") as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_organisation_id"), ["organisation_id"])


def _watch() -> None:
    op.create_table(
        "reminder_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_reminder_watch_company_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_watch")),
        sa.UniqueConstraint("subject_type", "subject_id", name=op.f("uq_reminder_watch_subject_type_subject_id")),
    )
    with op.batch_alter_table("reminder_watch") as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_watch_company_id"), ["company_id"])


def _pause() -> None:
    op.create_table(
        "reminder_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["organisation.id"], name=op.f("fk_reminder_pause_company_id_organisation")
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name=op.f("fk_reminder_pause_started_by_id_user")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_reminder_pause_ended_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_pause")),
    )
    with op.batch_alter_table("reminder_pause") as batch_op:
        for column in ("company_id", "started_by_id", "ended_by_id"):
            batch_op.create_index(batch_op.f(f"ix_reminder_pause_{column}"), [column])
        batch_op.create_index(
            "uq_reminder_pause_current", ["company_id"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        )


def _preference() -> None:
    op.create_table(
        "mail_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient_key", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_preference")),
        sa.UniqueConstraint("recipient_key", "about", name=op.f("uq_mail_preference_recipient_key_about")),
    )


def _feed() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feed_token_sha256")),
    )
    with op.batch_alter_table("calendar_feed") as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_user_id"), ["user_id"])
        batch_op.create_index(
            "uq_calendar_feed_current", ["user_id"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        )
