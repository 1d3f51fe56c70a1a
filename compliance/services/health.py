"""Whether the parts the product depends on answer."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from compliance.services.transaction import reading


def database_answers() -> bool:
    try:
        return bool(reading().scalar(text("SELECT 1")))
    except SQLAlchemyError:
        return False
