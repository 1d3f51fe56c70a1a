"""Text that every format can print: control characters, half surrogates and hidden direction marks are taken out."""

from __future__ import annotations

import re
from typing import Final

#: What XML, Word and PDF refuse or what changes how the words around it are read (bidirectional overrides).
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LINE_END: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NOT_A_CHARACTER: Final = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(1, 17))
    + "]"
)
REPLACEMENT: Final = "\ufffd"


def clean(value: str) -> str:
    """`value` without characters that cannot be printed; line ends become "\\n", non-characters become U+FFFD."""
    if value.isascii() and value.isprintable():
        return value
    value = _LINE_END.sub("\n", value)
    return _NOT_A_CHARACTER.sub(REPLACEMENT, _UNPRINTABLE.sub("", value))


def excerpt(value: str, limit: int) -> tuple[str, bool]:
    """The first words of `value`, at most `limit` characters, and whether anything was left out.

    A word that is longer than the limit is cut; nothing is added, so that what is shown is what was written.
    """
    value = value.strip()
    if len(value) <= limit:
        return value, False
    cut = value[: limit + 1]
    words = re.match(r"(.*\S)\s", cut, re.DOTALL)
    return (words.group(1) if words else cut[:limit]), True
