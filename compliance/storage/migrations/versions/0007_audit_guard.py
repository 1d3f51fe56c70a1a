"""The database itself refuses to change or delete audit events, and to turn a chain's head back.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What each engine refuses: (name, when, condition that must hold, what it says).
EVENT = "audit events are never changed or deleted"
HEAD = "the head of an audit chain only moves forward"

SQLITE = (
    f"CREATE TRIGGER audit_event_keeps BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, '{EVENT}'); END",
    f"CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '{EVENT}'); END",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
    "WHEN NEW.chain <> OLD.chain OR NEW.number < OLD.number "
    f"BEGIN SELECT RAISE(ABORT, '{HEAD}'); END",
    f"CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, '{HEAD}'); END",
)

POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$",
    f"CREATE TRIGGER audit_event_keeps BEFORE UPDATE OR DELETE ON audit_event "
    f"FOR EACH ROW EXECUTE FUNCTION audit_refuse('{EVENT}')",
    f"CREATE TRIGGER audit_event_stays BEFORE TRUNCATE ON audit_event "
    f"FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{EVENT}')",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW "
    "WHEN (NEW.chain <> OLD.chain OR NEW.number < OLD.number) "
    f"EXECUTE FUNCTION audit_refuse('{HEAD}')",
    f"CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse('{HEAD}')",
)


def upgrade() -> None:
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    names = {"audit_event": ("audit_event_keeps", "audit_event_stays")}
    names["audit_head"] = ("audit_head_forward", "audit_head_stays")
    on_table = op.get_bind().dialect.name == "postgresql"
    for table, triggers in names.items():
        for trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger}" + (f" ON {table}" if on_table else ""))
    if on_table:
        op.execute("DROP FUNCTION audit_refuse()")
