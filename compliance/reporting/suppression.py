"""Small numbers in a published table: which cells to hide, and the proof that none can be worked out.

A reader knows every cell that is shown, every row and column total and the grand total. A hidden cell is safe when
those leave its value open. Primary suppression hides the small cells, secondary suppression hides more until the
audit (linear programming, largest and smallest value that fit all that is shown) finds no hidden cell determined.
Such equations have whole-number corners, so both ends are reached by tables of whole numbers: two different ones prove
that a cell is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 5  # fewer companies than this are not published
_CLOSE: Final = 0.5  # cells are whole numbers: less between largest and smallest leaves one value

Table = Sequence[Sequence[int]]
Place = tuple[int, int]


class NotSafe(ValueError):
    """A suppressed cell can be worked out from what would be published; `places` names row and column."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__(", ".join(f"row {row + 1}, column {column + 1}" for row, column in places))
        self.places = tuple(places)


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it may leave the house: None stands for a suppressed cell; totals are always shown."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]


def small_cells(table: Table, smallest: int = SMALLEST) -> frozenset[Place]:
    """Where a number is too small to publish. A zero says as much about each company as a one."""
    return frozenset((r, c) for r, row in enumerate(table) for c, value in enumerate(row) if value < smallest)


def determined(table: Table, hidden: frozenset[Place]) -> list[Place]:
    """The hidden cells whose value follows from everything that is shown."""
    # Fifty megabytes that only the one table for publication needs: every process would hold them.
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linprog  # noqa: PLC0415

    places = sorted(hidden)
    if not places:
        return []
    rows, columns = len(table), len(table[0])
    equations = np.zeros((rows + columns, len(places)))
    known = np.zeros(rows + columns)
    for at, (row, column) in enumerate(places):
        equations[row, at] = equations[rows + column, at] = 1
        known[row] += table[row][column]
        known[rows + column] += table[row][column]
    found: list[Place] = []
    for at, place in enumerate(places):
        aim = np.zeros(len(places))
        aim[at] = 1
        ends = [linprog(sign * aim, A_eq=equations, b_eq=known, bounds=(0, None), method="highs") for sign in (1, -1)]
        if any(not end.success for end in ends) or -ends[1].fun - ends[0].fun < _CLOSE:
            found.append(place)
    return found


def suppress(table: Table, smallest: int = SMALLEST) -> frozenset[Place]:
    """The cells to hide: the small ones, and of the others as few and as small as it takes."""
    hidden = small_cells(table, smallest)
    while open_cells := determined(table, hidden):
        more = _partners(table, hidden, open_cells[0])
        if not more:
            break  # the audit refuses what cannot be protected
        hidden |= more
    return hidden


def _partners(table: Table, hidden: frozenset[Place], place: Place) -> frozenset[Place]:
    """What to hide beside `place`: the corners of a rectangle, within which numbers can move unseen.

    The cheapest rectangle, counted first in cells, then in companies hidden. Numbers must be able to move in one of the
    two directions, so one of the diagonals has no zero.
    """
    row, column = place
    best: tuple[int, int, tuple[Place, ...]] | None = None
    for r, c in ((r, c) for r in range(len(table)) for c in range(len(table[0])) if r != row and c != column):
        beside, across = table[row][c] and table[r][column], table[row][column] and table[r][c]
        new = tuple(corner for corner in ((row, c), (r, column), (r, c)) if corner not in hidden)
        if new and (beside or across):
            cost = (len(new), sum(table[x][y] for x, y in new), new)
            best = cost if best is None else min(best, cost)
    return frozenset(best[2]) if best else frozenset()


def publish(table: Table, hidden: frozenset[Place], smallest: int = SMALLEST) -> Published:
    """`table` without its `hidden` cells; raises NotSafe when it gives one away.

    Refused are a small cell or total that is shown, and a hidden cell that follows from what is shown.
    """
    if any(len(row) != len(table[0]) for row in table) or any(value < 0 for row in table for value in row):
        raise ValueError("a table has rows of one length and no number below zero")
    unsafe = sorted(small_cells(table, smallest) - hidden) or determined(table, hidden)
    unsafe = unsafe or _under_small_totals(table, smallest)
    if unsafe:
        raise NotSafe(unsafe)
    return Published(
        cells=tuple(
            tuple(None if (r, c) in hidden else value for c, value in enumerate(row)) for r, row in enumerate(table)
        ),
        row_totals=tuple(sum(row) for row in table),
        column_totals=tuple(sum(column) for column in zip(*table, strict=True)),
    )


def _under_small_totals(table: Table, smallest: int) -> list[Place]:
    """The cells whose row or column adds up to a number that is too small itself: totals are published, too."""
    rows = {r for r, row in enumerate(table) if sum(row) < smallest}
    columns = {c for c, column in enumerate(zip(*table, strict=True)) if sum(column) < smallest}
    return [(r, c) for r in range(len(table)) for c in range(len(table[0])) if r in rows or c in columns]
