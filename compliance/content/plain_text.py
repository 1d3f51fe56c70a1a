"""From a file to its text: regular, readable, of sensible size, UTF-8, and without characters that deceive the eye."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final

from compliance.content.faults import ContentError, Fault, one_line

FILE_LIMIT: Final = 1_000_000  # bytes; the largest file of the voluntary principles has about 25,000

#: Control characters, line breaks that editors do not show, byte order marks inside the text, and marks that turn the
#: direction of writing (a text could then read differently from what is stored).
FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def read_text(path: Path, name: str) -> str:
    """The text of the file at `path`; `name` is what faults call it.

    Raises ContentError with one fault when the file is missing, not a regular file, unreadable, too large, not UTF-8,
    or holds a tab or a control character.
    """
    text = _decoded(_bytes_of(path, name), name)
    _refuse_tabs(text, name)
    found = FORBIDDEN.search(text)
    if found:
        raise _error(name, _line_at(text, found.start()), f"{character_name(found.group())} does not belong in a text")
    return text


def character_name(character: str) -> str:
    """A character that cannot be shown, by its code."""
    return f"the invisible character U+{ord(character):04X}"


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        # Looked at before opening: opening a pipe would wait for its other end.
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise _error(name, 1, "this is not a regular file")
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        raise _error(name, 1, "the file is missing") from None
    except (OSError, ValueError) as error:
        raise _error(name, 1, f"the file cannot be read: {reason_of(error)}") from None
    if len(data) > FILE_LIMIT:
        raise _error(name, 1, "the file is larger than 1 MB; split it")
    return data


def reason_of(error: Exception) -> str:
    """Why the operating system refused, in its own words and without the path."""
    return one_line(error.strerror or "unknown reason") if isinstance(error, OSError) else one_line(str(error))


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _error(name, 1, "the file is UTF-16, not UTF-8; save it as UTF-8")
    try:
        # Some editors put a byte order mark in front of UTF-8; it says nothing and is left out.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        place = error.start - (before.rfind(b"\n") + 1) + 1
        reason = f"byte {place} of this line (0x{data[error.start]:02x}) is not UTF-8; save the file as UTF-8"
        raise _error(name, line, reason) from None


def _refuse_tabs(text: str, name: str) -> None:
    place = text.find("\t")
    if place < 0:
        return
    start = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
    line = _line_at(text, place)
    if text[start:place].strip(" ") == "":
        raise _error(name, line, f"line {line} is indented with a tab; use spaces")
    raise _error(name, line, f"line {line} holds a tab; use spaces")


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _error(name: str, line: int, reason: str) -> ContentError:
    return ContentError([Fault(name, line, reason)])
