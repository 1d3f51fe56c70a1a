"""Companies by principles: one coloured box with its symbol for the worst word of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compliance.reporting.drawing import WIDTH, Box, Drawing, Mark, Words, cut_to
from compliance.reporting.facts import Colour

NAME: Final = 150.0
ROW: Final = 15.0
HEAD: Final = 16.0
SIZE: Final = 7.5


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One company: symbol and colour for each principle; "" and None where nothing is known."""

    name: str
    boxes: tuple[tuple[str, Colour | None], ...]


def heatmap(columns: Sequence[str], rows: Sequence[HeatRow]) -> Drawing:
    """The rows under each other, the numbers of the principles above."""
    wide = (WIDTH - NAME) / max(1, len(columns))
    marks: list[Mark] = [
        Words(NAME + wide * (place + 0.5), 10, text, SIZE, bold=True, anchor="middle")
        for place, text in enumerate(columns)
    ]
    for down, row in enumerate(rows):
        top = HEAD + down * ROW
        marks.append(Words(0, top + 10, cut_to(row.name, SIZE, NAME - 6), SIZE))
        for place, (symbol, colour) in enumerate(row.boxes):
            left = NAME + place * wide
            shown: Colour = colour or "grey"
            marks.append(Box(left + 1, top + 1, wide - 2, ROW - 2, shown, "tint"))
            if colour:
                marks.append(Words(left + wide / 2, top + 10.5, symbol, 8, anchor="middle", colour=shown))
    return Drawing(WIDTH, HEAD + ROW * len(rows), tuple(marks))
