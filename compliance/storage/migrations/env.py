"""How Alembic reaches the database: through the application's engine, with the application's models."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from flask import current_app

from compliance.storage import models
from compliance.storage.database import Json, UtcDateTime, db

assert models.__all__, "importing the models puts their tables into the metadata"


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that a migration never depends on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, type(Json)) and item.none_as_null:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
    return False


def refuse_empty(_context: MigrationContext, _revision: Any, directives: list[MigrationScript]) -> None:
    """Write no migration when nothing changed."""
    options = context.config.cmd_opts
    if getattr(options, "autogenerate", False) and directives[0].upgrade_ops and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run() -> None:
    """Run the migrations in one transaction: all of them or none."""
    extension = current_app.extensions["migrate"]
    # On SQLite the write lock is taken first, so that two processes that start together migrate one after the other.
    with db.engine.execution_options(writes=True).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            process_revision_directives=refuse_empty,
            **extension.configure_args,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            context.run_migrations()


#: Any number will do, as long as every process asks for the same one.
LOCK = 7_313_420_026

if context.is_offline_mode():
    raise SystemExit("Migrations run on a database only; there is no offline mode.")
run()
