"""What a start prepares: the tables, and the frameworks that come with the product."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask_migrate import upgrade as migrate

from compliance.content import ContentError
from compliance.domain.errors import NotAllowed
from compliance.services.frameworks import import_framework


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
