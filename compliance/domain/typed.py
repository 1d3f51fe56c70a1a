"""What people type or paste, as it is kept: the same from a form, from a workbook and from a file."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final


def clean(value: str | None) -> str:
    """Text as it is stored: without control characters, with one kind of line end, without white space around it."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character in "\n\t" or _kept(character)).strip()


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


def read_number(text: str) -> Decimal:
    """The number that `text` states, in the English or the French form. Raises ValueError when it is none.

    "1,234" is a thousand in one language and a fraction in the other, so it is refused: nothing is guessed. A single
    point is a decimal point in both. White space separates thousands.
    """
    compact = "".join(character for character in text if not character.isspace())
    if not compact.isascii() or not set(compact) <= set("0123456789.,"):
        raise ValueError(text)
    if "." in compact and "," in compact:
        last = max(compact.rfind("."), compact.rfind(","))
        whole = compact[:last].replace(".", "").replace(",", "")
        compact = f"{whole}.{compact[last + 1 :]}"
    elif compact.count(",") == 1:
        if len(compact) - compact.index(",") - 1 == 3 and len(compact) <= 7:
            raise ValueError(text)
        compact = compact.replace(",", ".")
    elif compact.count(",") > 1 or compact.count(".") > 1:
        if not re.fullmatch(r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:[.][0-9]{3})+)", compact):
            raise ValueError(text)  # 1.2.2026 is a date
        compact = compact.replace(",", "").replace(".", "")
    try:
        return Decimal(compact)
    except InvalidOperation as error:
        raise ValueError(text) from error
