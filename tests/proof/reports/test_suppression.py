"""An attacker with every published cell and total of random portfolios cannot determine a suppressed cell."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from compliance.reporting import suppression
from compliance.reporting.suppression import SMALLEST, NotSafe, Published, publish, suppress
from tests.proof.row import SEED

PORTFOLIOS = 150


def portfolio(chance: random.Random) -> list[list[int]]:
    """Companies by principle (rows) and worst word (columns): each company once in each row."""
    companies, words = chance.choice([8, 12, 15, 25, 60]), chance.choice([2, 3, 4, 6])
    weights = [chance.random() ** 2 + 0.02 for _ in range(words)]
    rows = []
    for _ in range(chance.choice([3, 6, 11])):
        row = [0] * words
        for word in chance.choices(range(words), weights, k=companies):
            row[word] += 1
        rows.append(row)
    return rows


def possible(table: Published, row: int, column: int, value: int) -> bool:
    """Is there a table of whole numbers with `value` there that has every published cell and total?

    The attacker's own way, by filling in along flows, not by the audit's linear programming.
    """
    rows = [
        total - sum(v for v in cells if v is not None)
        for cells, total in zip(table.cells, table.row_totals, strict=True)
    ]
    columns = [
        total - sum(cells[place] or 0 for cells in table.cells) for place, total in enumerate(table.column_totals)
    ]
    rows[row] -= value
    columns[column] -= value
    if min(*rows, *columns) < 0 or sum(rows) != sum(columns):
        return False
    size = len(rows) + len(columns) + 2
    room = np.zeros((size, size), dtype=np.int32)
    source, sink, first = size - 2, size - 1, len(rows)
    room[source, : len(rows)] = rows
    room[first : first + len(columns), sink] = columns
    for r, cells in enumerate(table.cells):
        for c, cell in enumerate(cells):
            if cell is None and (r, c) != (row, column):
                room[r, first + c] = sum(rows)
    return int(maximum_flow(csr_matrix(room), source, sink).flow_value) == sum(rows)


def determined_by_attack(table: Published, truth: list[list[int]]) -> list[tuple[int, int]]:
    """The suppressed cells for which no other value than the true one is possible."""
    found = []
    for row, cells in enumerate(table.cells):
        for column, cell in enumerate(cells):
            if cell is None:
                most = min(table.row_totals[row], table.column_totals[column])
                true = truth[row][column]
                near = sorted(
                    (value for value in range(most + 1) if value != true), key=lambda value: abs(value - true)
                )
                if not any(possible(table, row, column, value) for value in near[:12]):
                    found.append((row, column))
    return found


def test_nothing_suppressed_can_be_worked_out(record_property: Callable[[str, object], None]) -> None:
    chance, published, refused, hidden = random.Random(SEED), 0, 0, 0
    for _ in range(PORTFOLIOS):
        table = portfolio(chance)
        try:
            made = publish(table, suppress(table))
        except NotSafe:
            refused += 1
            continue
        published += 1
        hidden += sum(cell is None for row in made.cells for cell in row)
        assert determined_by_attack(made, table) == []
        assert all(cell is None or cell >= SMALLEST for row in made.cells for cell in row)
    record_property(
        "result", f"{published} tables published, {refused} refused; 0 of {hidden} suppressed cells determined"
    )
    assert published >= PORTFOLIOS // 5
    assert hidden > 100


def test_primary_suppression_alone_is_worked_out_and_refused() -> None:
    """The attack is real: it determines cells in tables that hide the small numbers only, and the audit refuses those."""
    chance, broken = random.Random(SEED), 0
    for _ in range(PORTFOLIOS):
        table = portfolio(chance)
        hidden = suppression.small_cells(table)
        bare = Published(
            tuple(tuple(None if (r, c) in hidden else v for c, v in enumerate(row)) for r, row in enumerate(table)),
            tuple(map(sum, table)),
            tuple(map(sum, zip(*table, strict=True))),
        )
        if hidden and determined_by_attack(bare, table):
            broken += 1
            with pytest.raises(NotSafe):
                publish(table, hidden)
    assert broken >= 10
