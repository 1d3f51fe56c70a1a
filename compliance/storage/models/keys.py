"""Unique keys that the engines have no short form for."""

from __future__ import annotations

from sqlalchemy import Index, text


def per_question(table: str, parent: str, *more: str, only: str = "") -> tuple[Index, Index]:
    """One row for each `parent`, service and indicator, where the service may be NULL (asked once for the company).

    NULL is never equal to NULL in a unique key, so the rows without a service need a key of their own. `more` columns
    widen the key; `only` is a condition for the rows that count.
    """
    condition = f" AND {only}" if only else ""
    return (
        _where(
            f"uq_{table}_service", (parent, "service_id", "indicator_id", *more), f"service_id IS NOT NULL{condition}"
        ),
        _where(f"uq_{table}_company", (parent, "indicator_id", *more), f"service_id IS NULL{condition}"),
    )


def one_current(table: str, *columns: str) -> Index:
    """One row for `columns` at a time; those that have ended do not count."""
    return _where(f"uq_{table}_current", columns, "ended_at IS NULL")


def _where(name: str, columns: tuple[str, ...], condition: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))
