"""The portfolio at 100 and at 10,000 companies: as fast as promised beside a hello world, with as many statements."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.__main__ import GOAL_FULL_PAGE, many
from tests.bench.measure import Row
from tests.bench.queries import MOST_QUERIES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, int], Row]]:
    """Both amounts, loaded as `demo load` does and served as `make run` does."""
    before = dict(os.environ)
    folder: Path = tmp_path_factory.mktemp("many")
    found = [row for companies in GOAL_FULL_PAGE for row in many(folder, companies)]
    yield {(row.id, row.companies): row for row in found}
    os.environ.clear()
    os.environ.update(before)


def test_as_many_statements_at_ten_thousand_as_at_a_hundred(
    rows: dict[tuple[str, int], Row], record_property: object
) -> None:
    few, most = (rows["portfolio_page", companies].queries for companies in GOAL_FULL_PAGE)
    assert few == most
    assert few is not None
    assert few <= MOST_QUERIES


@pytest.mark.parametrize("companies", list(GOAL_FULL_PAGE))
def test_the_page_beside_a_hello_world(rows: dict[tuple[str, int], Row], companies: int) -> None:
    row = rows["portfolio_page", companies]
    assert row.ratio is not None
    assert row.ratio <= GOAL_FULL_PAGE[companies], f"{row.median_ms} ms beside {row.hello_ms} ms"


def test_the_facts_of_heatmap_and_overview(rows: dict[tuple[str, int], Row]) -> None:
    value = rows["heatmap_facts", max(GOAL_FULL_PAGE)].value
    assert value is not None
    assert value <= 250, f"{value} ms"
