"""The migrations make exactly the tables of the models, on both engines, and can be undone and done again."""

from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, inspect, text

from compliance.storage.database import NAMING_CONVENTION, db
from tests.support.engines import bare_app


@pytest.fixture
def context_everywhere() -> None:
    """These tests open databases of their own."""


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(found, db.metadata))


def test_head_equals_models(migrated_url: str) -> None:
    with bare_app(migrated_url):
        assert differences() == []
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE heartbeat"))
        assert differences() != [], "a difference would be seen"


def test_down_to_nothing_and_up_again(migrated_url: str) -> None:
    with bare_app(migrated_url):
        flask_migrate.downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        flask_migrate.upgrade()
        assert differences() == []


def test_upgrade_twice_changes_nothing(migrated_url: str) -> None:
    with bare_app(migrated_url), db.engine.connect() as connection:
        before = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
        connection.rollback()
        flask_migrate.upgrade()
        assert connection.scalars(text("SELECT version_num FROM alembic_version")).all() == before


def test_every_constraint_has_the_name_that_the_convention_gives(migrated_url: str) -> None:
    with bare_app(migrated_url):
        found = inspect(db.engine)
        names = [
            constraint["name"] or ""
            for table in found.get_table_names()
            if table != "alembic_version"
            for constraint in [
                found.get_pk_constraint(table),
                *found.get_foreign_keys(table),
                *found.get_unique_constraints(table),
                *found.get_indexes(table),
            ]
        ]
    assert len(names) > 100
    assert {name.split("_")[0] for name in names} <= NAMING_CONVENTION.keys()


def test_every_foreign_key_has_an_index() -> None:
    """One that begins a longer index or key counts; a partial index does not."""
    missing = []
    for table in db.metadata.tables.values():
        whole = [index for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
        keys = [key for key in table.constraints if isinstance(key, UniqueConstraint | PrimaryKeyConstraint)]
        first = {next(iter(found.columns)).name for found in (*whole, *keys)}
        missing += [f"{table.name}.{key.parent.name}" for key in table.foreign_keys if key.parent.name not in first]
    assert missing == []
