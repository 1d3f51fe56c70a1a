"""One transaction per use case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from compliance.storage.database import db


@contextmanager
def writing() -> Iterator[Session]:
    """A session for one use case that writes: committed at the end of the block, undone when it raises.

    It has a connection of its own that queues for SQLite's write lock at its start, so that what is read in it is
    still true when it is written. On PostgreSQL unique keys and version columns decide.
    """
    _forget()  # two connections at a time for one request would exhaust a small pool
    try:
        with Session(db.engine.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        _forget()


def _forget() -> None:
    """End the view of the database that `reading` has held: what follows must see this write and those of others.

    Without it a page that shows a colleague's text after a conflict would show the text from before the conflict.
    What was loaded stays as it was loaded; it only belongs to no session any more.
    """
    if db.session.registry.has():
        db.session.close()


def reading() -> Session:
    """The session of the current request or command, for use cases that only read."""
    return db.session()


@contextmanager
def looking() -> Iterator[Session]:
    """A session that reads and is closed at once.

    The session of a request lives as long as the request; the schedule must see what others have written since its
    last look, and must not hold an old view of the database open while it talks to a mail server.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        yield session
