"""Bars: how many have which word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compliance.reporting.drawing import WIDTH, Box, Drawing, Ink, Mark, Words, cut_to

NAME: Final = 165.0
ROW: Final = 17.0
SIZE: Final = 8.0
END: Final = 40.0  # room for the number behind the longest bar


def bars(rows: Sequence[tuple[str, int, str, Ink]]) -> Drawing:
    """Each row is a word, its number, the number as said, and a colour; the longest bar fills the width."""
    longest = max((number for _, number, _, _ in rows), default=0) or 1
    marks: list[Mark] = []
    for down, (word, number, said, colour) in enumerate(rows):
        top, wide = down * ROW, (WIDTH - NAME - END) * number / longest
        marks.append(Words(0, top + 11, cut_to(word, SIZE, NAME - 6), SIZE))
        if number:
            marks.append(Box(NAME, top + 2, max(wide, 1.5), ROW - 5, colour, "edge"))
        marks.append(Words(NAME + wide + 5, top + 11, said, SIZE, bold=True))
    return Drawing(WIDTH, ROW * max(1, len(rows)), tuple(marks))
