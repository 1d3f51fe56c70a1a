"""All principles in one line: number, symbol, word, how many of how many, and arrows for what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from compliance.reporting.drawing import WIDTH, Box, Drawing, Mark, Words, column, wrapped
from compliance.reporting.facts import Colour

GAP: Final = 3.0
INSET: Final = 3.0
SMALL: Final = 6.4
LINE: Final = SMALL * 1.25
TOP: Final = 34.0  # below number and symbol


@dataclass(frozen=True, slots=True)
class GridCell:
    """One principle: the worst word, how many of how many, and lines on what moved."""

    number: str
    word: str
    symbol: str
    colour: Colour
    count: str
    moved: tuple[str, ...]


def principle_line(cells: Sequence[GridCell]) -> Drawing:
    """The cells beside each other, all as high as the fullest."""
    wide = (WIDTH - GAP * (len(cells) - 1)) / len(cells)
    room = wide - 2 * INSET
    texts = [
        (
            wrapped(cell.word, SMALL, room, bold=True),
            list(chain.from_iterable(wrapped(text, SMALL, room) for text in (cell.count, *cell.moved) if text)),
        )
        for cell in cells
    ]
    high = TOP + LINE * max(len(word) + len(rest) for word, rest in texts) + INSET
    marks: list[Mark] = []
    for place, (cell, (word, rest)) in enumerate(zip(cells, texts, strict=True)):
        left = place * (wide + GAP)
        marks += [
            Box(left, 0, wide, high, cell.colour),
            Box(left, 0, wide, 2.5, cell.colour, "edge"),
            Words(left + INSET, 14, cell.number, 10, bold=True, colour=cell.colour),
            Words(left + INSET, 27, cell.symbol, 10, colour=cell.colour),
            *column(left + INSET, TOP + SMALL * 0.6, word, SMALL, bold=True, colour=cell.colour),
            *column(left + INSET, TOP + SMALL * 0.6 + LINE * len(word), rest, SMALL, colour=cell.colour),
        ]
    return Drawing(WIDTH, high, tuple(marks))
