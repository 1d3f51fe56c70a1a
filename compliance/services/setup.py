"""What a start prepares: the tables, and the frameworks that come with the product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flask_migrate import upgrade as migrate
from sqlalchemy import text

from compliance.content import ContentError
from compliance.domain.errors import NotAllowed
from compliance.services.cycle.frameworks import import_framework
from compliance.storage.database import db

#: Any number will do, as long as every process asks for the same one; not that of the migrations.
_LOCK: Final = 7_313_420_027


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let processes that start together on one PostgreSQL prepare it one after the other.

    On SQLite each step queues for the write lock by itself.
    """
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()  # the lock belongs to the connection, not to the transaction
        try:
            yield
        finally:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                connection.commit()


def upgrade() -> None:
    """Bring the tables to the newest migration. Processes that start together do it one after the other."""
    migrate()


def import_frameworks(folder: Path, *, now: dt.datetime) -> list[str]:
    """Import every version folder in `folder` (principles/<framework>/<version>); what stood in the way, as sentences.

    A version with a fault does not keep the product from starting with what was imported before.
    """
    problems: list[str] = []
    for path in sorted(found.parent for found in folder.glob("*/*/framework.yaml")):
        try:
            import_framework(path, now=now)
        except ContentError as error:
            problems += [f"{path.parent.name}/{fault}" for fault in error.faults[:5]]
        except NotAllowed as error:
            problems.append(f"{path.parent.name}/{path.name}: {error}")
    return problems
