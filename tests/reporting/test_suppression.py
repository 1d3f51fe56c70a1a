"""Nobody who reads a published table can work out a number that was held back."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compliance.reporting.suppression import (
    NotSafe,
    Published,
    determined,
    publish,
    small_cells,
    suppress,
)

tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 9), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def worked_out(shown: Published, limit: int = 200_000) -> set[tuple[int, int]] | None:
    """The attack, by trying: hidden cells with the same value in every table that fits. None: too many to try."""
    holes = [(r, c) for r, row in enumerate(shown.cells) for c, value in enumerate(row) if value is None]
    row_left = [t - sum(v or 0 for v in row) for t, row in zip(shown.row_totals, shown.cells, strict=True)]
    column_left = [
        t - sum(v or 0 for v in column)
        for t, column in zip(shown.column_totals, zip(*shown.cells, strict=True), strict=True)
    ]
    tops = [min(row_left[r], column_left[c]) for r, c in holes]
    number = 1
    for top in tops:
        number *= top + 1
    if number > limit:
        return None
    values: list[set[int]] = [set() for _ in holes]
    for guess in product(*(range(top + 1) for top in tops)):
        rows, columns = [0] * len(row_left), [0] * len(column_left)
        for (r, c), value in zip(holes, guess, strict=True):
            rows[r] += value
            columns[c] += value
        if rows == row_left and columns == column_left:
            for at, value in enumerate(guess):
                values[at].add(value)
    return {place for place, found in zip(holes, values, strict=True) if len(found) == 1}


@settings(max_examples=150, deadline=None)
@given(table=tables)
def test_no_attack_works_on_what_is_released(table: list[list[int]]) -> None:
    hidden = suppress(table)
    try:
        shown = publish(table, hidden)
    except NotSafe:
        return  # refused: nothing is released
    assert all(value is None or value >= 5 for row in shown.cells for value in row)
    found = worked_out(shown)
    assume(found is not None)
    assert found == set()


def test_primary_suppression_alone_fails() -> None:
    """The canary: one small cell is its row's total less the others."""
    table = [[3, 8, 9], [7, 9, 8], [6, 8, 12]]
    alone = small_cells(table)
    assert determined(table, alone) == [(0, 0)]
    with pytest.raises(NotSafe) as refused:
        publish(table, alone)
    assert refused.value.places == ((0, 0),)
    hidden = suppress(table)
    assert len(hidden) == 4
    assert worked_out(publish(table, hidden)) == set()


def test_two_hidden_zeros_with_total_zero_are_refused() -> None:
    with pytest.raises(NotSafe):
        publish([[0, 0], [0, 0]], suppress([[0, 0], [0, 0]]))


def test_a_small_cell_that_is_shown_is_refused() -> None:
    with pytest.raises(NotSafe):
        publish([[3, 8], [9, 9]], frozenset())


def test_a_small_total_is_refused() -> None:
    """Every cell is hidden and open, but the total of the second row tells of three companies."""
    with pytest.raises(NotSafe) as refused:
        publish([[4, 4], [1, 2]], frozenset({(0, 0), (0, 1), (1, 0), (1, 1)}))
    assert refused.value.places == ((1, 0), (1, 1))


def test_nothing_small_hides_nothing() -> None:
    assert publish([[5, 6], [7, 8]], suppress([[5, 6], [7, 8]])).cells == ((5, 6), (7, 8))


@pytest.mark.parametrize("table", [[[5, 6], [7]], [[-1, 6], [7, 8]]])
def test_what_is_no_table_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="a table"):
        publish(table, frozenset())
