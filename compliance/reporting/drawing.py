"""A drawing as data: boxes, lines and short texts on a plane. The same one goes into every format.

Measures are in points from the top left corner. Colours are names, given their value by `svg`: no text or number of a
drawing is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from compliance.reporting.facts import Colour

Ink = Colour | Literal["ink", "slate", "hairline", "paper", "brand"]
Tone = Literal["text", "tint", "edge"]

WIDTH: Final = 480  # points: the width between the margins of a page


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: Ink
    tone: Tone = "tint"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from one point to another."""

    x: float
    y: float
    to_x: float
    to_y: float
    colour: Ink = "hairline"
    width: float = 0.75


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `x` and `y` are where its base line starts, is centred, or ends."""

    x: float
    y: float
    text: str
    size: float = 8
    bold: bool = False
    anchor: Literal["start", "middle", "end"] = "start"
    colour: Ink = "ink"


Mark = Box | Stroke | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    marks: tuple[Mark, ...]


#: How wide letters are, in parts of the size; wide enough, so that nothing runs over an edge.
_NARROW: Final = frozenset("iljtfIr.,:;'’|!()[]-· \u00a0")
_WIDE: Final = frozenset("mwMWœŒæ@%")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide `text` is, in points."""
    parts = sum(
        0.34 if c in _NARROW else 0.92 if c in _WIDE else 0.68 if c.isupper() else 0.58 if ord(c) < 0x250 else 1.0
        for c in text
    )
    return parts * size * (1.07 if bold else 1)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """`text` in lines that fit `room`, broken between words; a longer word is broken where it must be."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
            continue
        rest = word
        while text_width(rest, size, bold=bold) > room and len(rest) > 1:
            cut = next(
                (n for n in range(len(rest) - 1, 1, -1) if text_width(rest[:n] + "-", size, bold=bold) <= room), 1
            )
            lines.append(rest[:cut] + "-")
            rest = rest[cut:]
        lines.append(rest)
    return lines


def cut_to(text: str, size: float, room: float) -> str:
    """`text`, its end replaced by … where it does not fit `room`; the table beside has it whole."""
    if text_width(text, size) <= room:
        return text
    end = next((n for n in range(len(text), 0, -1) if text_width(text[:n] + "…", size) <= room), 0)
    return text[:end].rstrip() + "…"


def column(x: float, y: float, lines: Iterable[str], size: float, *, bold: bool = False, colour: Ink) -> list[Words]:
    """Lines under each other, the first with its base line at `y`."""
    return [Words(x, y + place * size * 1.25, text, size, bold, "start", colour) for place, text in enumerate(lines)]
