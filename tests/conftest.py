"""What every test can ask for. How the pieces fit: tests/support/README.md."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from compliance.config import Settings, load_settings
from compliance.storage.database import db
from tests.support import network
from tests.support.audit_client import AuditClient
from tests.support.commands import CommandRunner
from tests.support.engines import Databases, bare_app

# How fast inputs are made says something about the machine, not about the product.
hypothesis_settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any-machine")

#: Proofs that kill servers and the like take minutes; `make prove` asks for them.
collect_ignore = [] if os.environ.get("PROOF") else ["proof"]


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """No test reaches beyond this machine, whatever it does."""
    with network.only_loopback():
        yield


@pytest.fixture(scope="session", autouse=True)
def _every_act_has_words() -> Iterator[None]:
    """What a use case writes into the audit trail is read by people: no test meets an action without words."""
    from compliance.storage.models import AuditEvent
    from compliance.web.audit.words import ACTIONS

    def look(_event: AuditEvent, _arguments: tuple[object, ...], values: dict[str, object]) -> None:
        action = values.get("action")
        assert action in ACTIONS, f"give {action!r} its words in compliance/web/audit/words.py"

    event.listen(AuditEvent, "init", look)
    yield
    event.remove(AuditEvent, "init", look)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases; PostgreSQL starts with the first test that needs it."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on. tests/services and tests/storage run on both; elsewhere mark `both_engines`."""
    name: str = getattr(request, "param", "sqlite")
    return name


@pytest.fixture
def engine_url(databases: Databases, engine: str) -> Iterator[str]:
    """A database of the test's own: migrated, both frameworks imported, nothing else in it."""
    url = databases.url(engine, "stocked")
    yield url
    databases.drop(url)


@pytest.fixture
def migrated_url(databases: Databases, engine: str) -> Iterator[str]:
    """A database that was migrated and holds no row."""
    url = databases.url(engine, "migrated")
    yield url
    databases.drop(url)


@pytest.fixture
def empty_url(databases: Databases, engine: str) -> Iterator[str]:
    """A database without any table."""
    url = databases.url(engine, "empty")
    yield url
    databases.drop(url)


@pytest.fixture
def context(engine_url: str) -> Iterator[Flask]:
    """The database opened for factories and services, without the site."""
    with bare_app(engine_url) as app:
        yield app


@pytest.fixture
def session(context: Flask) -> Iterator[Session]:
    """A session to look at what was stored; it sees what services commit after `session.rollback()`."""
    with Session(db.engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    """The settings of `app`: mails into memory, no clock of its own; nothing comes from the environment."""
    given = {
        "DATABASE_URL": engine_url,
        "INSTANCE": str(tmp_path / "instance"),
        "SECRET_KEY": "only for tests, and long enough for that",
        "MAIL_URL": "memory:",
        "SCHEDULER": "0",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in (field.name.upper() for field in dataclasses.fields(Settings)):
            patch.delenv(name, raising=False)
        for name, value in given.items():
            patch.setenv(name, value)
        return load_settings()


@pytest.fixture
def app(context: Flask, settings: Settings) -> Iterator[Flask]:
    """The whole product on the same database as `context`."""
    from compliance.factory import create_app

    made = create_app(settings)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.test_client_class = AuditClient
    made.test_cli_runner_class = CommandRunner
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Iterator[AuditClient]:
    """A browser without JavaScript that complains about every page that is not well made."""
    with app.test_client() as made:
        assert isinstance(made, AuditClient)
        yield made


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    """Runs `flask …`: `cli.invoke(args=["audit", "verify"])`."""
    return app.test_cli_runner()


@pytest.fixture
def now() -> dt.datetime:
    """Noon in Ottawa on a day in the middle of the standard cycle of the factories."""
    return dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
