"""The counting of tries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from compliance.storage.models import TryCount


def add(session: Session, bucket: str, *, now: dt.datetime, since: dt.datetime) -> tuple[dt.datetime, int]:
    """Count one more in `bucket`; when its time began, and the number now. What began before `since` begins anew.

    One statement, so that no two processes count the same number.
    """
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    old = TryCount.began_at <= since
    statement = (
        insert(TryCount)
        .values(bucket=bucket, began_at=now, tries=1)
        .on_conflict_do_update(
            index_elements=[TryCount.bucket],
            set_={
                "began_at": case((old, now), else_=TryCount.began_at),
                "tries": case((old, 1), else_=TryCount.tries + 1),
            },
        )
        .returning(TryCount.began_at, TryCount.tries)
    )
    began_at, tries = session.execute(statement).one()
    return began_at, tries


def take_back(session: Session, bucket: str) -> None:
    """Count one less in `bucket`."""
    session.execute(
        update(TryCount).where(TryCount.bucket == bucket, TryCount.tries > 0).values(tries=TryCount.tries - 1)
    )


def forget(session: Session, before: dt.datetime) -> int:
    """Remove what began before; how many rows."""
    result = session.execute(delete(TryCount).where(TryCount.began_at < before))
    return int(getattr(result, "rowcount", 0))
