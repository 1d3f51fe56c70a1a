"""The fonts of the PDF: which families a folder holds, and which characters they cover."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst


class FontsMissing(RuntimeError):
    """There are no fonts to print with; the message says what to do."""


@dataclass(frozen=True)
class FontSet:
    """The fonts of one folder. `families` are in order of preference; `covered` holds code points."""

    families: tuple[str, ...]
    covered: frozenset[int]
    loaded: typst.Fonts
    by_family: tuple[tuple[str, frozenset[int]], ...] = ()

    def runs(self, text: str) -> list[tuple[str, str]]:
        """`text` in pieces with the family of each: in a drawing the typesetter looks in one font only."""
        pieces: list[tuple[str, str]] = []
        for character in text:
            family = next((name for name, points in self.by_family if ord(character) in points), self.families[0])
            joins = character.isspace() or unicodedata.category(character)[0] in "MC"  # belongs to its neighbour
            if pieces and (pieces[-1][0] == family or joins):
                family = pieces[-1][0]
                pieces[-1] = (family, pieces[-1][1] + character)
            else:
                pieces.append((family, character))
        return pieces


@cache
def load_fonts(folder: Path) -> FontSet:
    """The fonts in `folder`, read once. Raises FontsMissing when there are none.

    The family with the shortest name comes first: it is the text face, the others fill in what it lacks. Faces of
    symbols come after those of scripts, because some hold letters that do not join; emoji, which hold digits, last.
    """
    files = sorted([*folder.glob("*.ttf"), *folder.glob("*.otf")]) if folder.is_dir() else []
    if not files:
        raise FontsMissing(f"There are no fonts in {folder}: run `make assets`.")
    import typst  # noqa: PLC0415 - asking whether there are fonts takes no typesetter

    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    points = {file: frozenset(code_points(file.read_bytes())) for file in files}
    families = sorted(loaded.families(), key=_preference)
    by_family = [
        (family, frozenset().union(*(points[file] for file in files if _is_of(file, family)))) for family in families
    ]
    return FontSet(tuple(families), frozenset().union(*points.values()), loaded, tuple(by_family))


def _preference(family: str) -> tuple[int, int, str]:
    last = ("Emoji" in family) * 2 or ("Math" in family or "Symbols" in family)
    return (last, len(family), family)


def _is_of(file: Path, family: str) -> bool:
    """Is the file a face of the family? Files are named for it: NotoSans_400Regular.ttf is one of Noto Sans."""
    return file.stem.split("_")[0] == family.replace(" ", "")


def code_points(font: bytes) -> Iterator[int]:
    """The code points for which an OpenType font has a glyph, by its `cmap` table (formats 4 and 12)."""
    start = _table(font, b"cmap")
    if start is None:
        return
    (count,) = struct.unpack_from(">H", font, start + 2)
    for place in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 4 + place * 8 + 4)
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == 4:
            yield from _segments(font, start + offset)
        elif kind == 12:
            yield from _groups(font, start + offset)


def _table(font: bytes, name: bytes) -> int | None:
    (count,) = struct.unpack_from(">H", font, 4)
    for place in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + place * 16)
        if tag == name:
            return int(offset)
    return None


def _segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4: runs of 16-bit code points; a run either shifts code points to glyphs or points into an array."""
    (double,) = struct.unpack_from(">H", font, at + 6)
    count = double // 2
    shape = f">{count}H"
    ends = struct.unpack_from(shape, font, at + 14)
    starts = struct.unpack_from(shape, font, at + 16 + double)
    shifts = struct.unpack_from(shape, font, at + 16 + 2 * double)
    offsets_at = at + 16 + 3 * double
    offsets = struct.unpack_from(shape, font, offsets_at)
    for place in range(count):
        for point in range(starts[place], ends[place] + 1):
            if point == 0xFFFF:
                continue
            glyph = point
            if offsets[place]:
                where = offsets_at + place * 2 + offsets[place] + (point - starts[place]) * 2
                (glyph,) = struct.unpack_from(">H", font, where)
                if not glyph:
                    continue
            if (glyph + shifts[place]) & 0xFFFF:
                yield point


def _groups(font: bytes, at: int) -> Iterator[int]:
    """Format 12: runs of 32-bit code points with consecutive glyphs."""
    (count,) = struct.unpack_from(">I", font, at + 12)
    for first, last, glyph in struct.iter_unpack(">III", font[at + 16 : at + 16 + count * 12]):
        yield from (point for point in range(first, last + 1) if glyph + point - first)
