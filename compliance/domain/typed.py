"""Text that people type or paste, as it is kept: the same from a form, from a workbook and from a file."""

from __future__ import annotations

import unicodedata
from typing import Final


def clean(value: str | None) -> str:
    """Text as it is stored: without control characters, with one kind of line end, without white space around it."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character in "\n\t" or _kept(character)).strip()


def clean_rows(value: str | None) -> str:
    """The same for rows of cells: a cell that is empty at the end or the beginning of the text stays."""
    return "\n".join("\t".join(clean(cell) for cell in line.split("\t")) for line in (value or "").splitlines())


#: Characters that turn the direction of the text after them and so can make it read as something else.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _kept(character: str) -> bool:
    """No control character, no half of one, nothing that turns the text; spaces that do not break stay.

    A character that this Python does not know yet stays, too: it may be one of a newer Unicode. The 66 code points that
    will never be characters go.
    """
    if character in _TURNS or unicodedata.category(character) in ("Cc", "Cs"):
        return False
    code = ord(character)
    return not (code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF)
