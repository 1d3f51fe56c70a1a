"""Writing many rows at once, with ids that are known without asking for them row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from compliance.storage.database import Base

#: Rows to a statement: enough to fill it, few enough for the memory of a small machine.
_AT_ONCE = 5_000


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Insert rows in the caller's transaction; their ids, in the same order.

    The ids are reserved before: a statement that returns them costs more than the rows themselves. PostgreSQL hands
    them out from the table's sequence, on SQLite the transaction holds the only write lock.
    """
    if not rows:
        return []
    table = model.__table__
    assert isinstance(table, Table)
    ids = _reserve(session, table, len(rows))
    session.flush()
    for start in range(0, len(rows), _AT_ONCE):
        part = [{**row, "id": ids[start + place]} for place, row in enumerate(rows[start : start + _AT_ONCE])]
        session.connection().execute(insert(table), part)
    return ids


def _reserve(session: Session, table: Table, count: int) -> Sequence[int]:
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")  # "user" is a reserved word
        return session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))).all()
    last = session.scalar(select(func.max(table.c.id))) or 0
    return range(last + 1, last + count + 1)


def sync_rows(
    session: Session,
    model: type[Base],
    where: ColumnElement[bool],
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> int:
    """Make the rows that meet `where` those of `rows`; how many were added, changed or taken away.

    `key` are the columns that tell two rows apart. What is equal is not written. Rows that the session has loaded
    before are not brought up to date.
    """
    session.flush()
    table = model.__table__
    assert isinstance(table, Table)
    connection = session.connection()
    stored = {
        tuple(row[name] for name in key): row for row in connection.execute(select(table).where(where)).mappings()
    }
    added, changed = [], []
    for row in rows:
        old = stored.pop(tuple(row[name] for name in key), None)
        if old is None:
            added.append(row)
        elif any(old[name] != value for name, value in row.items()):
            changed.append((old["id"], row))
    if stored:
        connection.execute(delete(table).where(table.c.id.in_([row["id"] for row in stored.values()])))
    for row_id, row in changed:
        connection.execute(update(table).where(table.c.id == row_id).values(**row))
    insert_rows(session, model, added)
    return len(stored) + len(changed) + len(added)


def insert_missing(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *returning: InstrumentedAttribute[Any]
) -> Sequence[Row[Any]]:
    """Insert the rows whose unique keys are not taken; the `returning` columns of those that were inserted.

    Another worker may be inserting the same rows. The unique key decides, and PostgreSQL makes the second one wait:
    give the rows in a stable order, or two workers wait for each other.
    """
    if not rows:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing().returning(*returning)  # type: ignore[arg-type]
    return session.connection().execute(statement, rows).all()
