"""The facts of every kind about every company that strains a report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compliance.reporting.facts import Facts
from tests.proof.reports import world
from tests.support.engines import Databases, bare_app


@pytest.fixture(scope="session")
def facts(databases: Databases) -> Iterator[dict[tuple[str, str, str], Facts]]:
    url = databases.url("sqlite", "stocked")
    with bare_app(url):
        found = world.all_facts(url)
    yield found
    databases.drop(url)
