"""Is the process alive, and can it do its work?"""

from __future__ import annotations

from flask import Blueprint

from compliance.services import health

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, str], int]:
    """The database answers."""
    ready = health.database_answers()
    return {"status": "ok" if ready else "the database does not answer"}, 200 if ready else 503
