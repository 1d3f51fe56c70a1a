"""What is wrong with a content folder: one fault per line, each with its file, its line and a reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

QUOTE_LIMIT: Final = 60
LIST_LIMIT: Final = 40


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to put right. `file` begins at the framework's folder ("2026.1/p01.yaml"), `line` counts from 1."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return one_line(f"{self.file}:{self.line}: {self.reason}")


class ContentError(Exception):
    """A content folder that cannot be used. `faults` says all that was found, in the order of files and lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def one_line(text: str) -> str:
    """`text` as it can be printed anywhere: no line break, no control character, no half of a surrogate pair.

    File names and values come from outside; a fault must stay one line whatever they hold.
    """
    return "".join("�" if unicodedata.category(character) in _UNPRINTABLE else character for character in text)


_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def quoted(value: object) -> str:
    """`value` between quotation marks, cut when it is long, for use within a reason."""
    return f'"{cut(str(value))}"'


def cut(text: str) -> str:
    return f"{text[:QUOTE_LIMIT]}…" if len(text) > QUOTE_LIMIT else text


def listed(values: Iterable[object]) -> str:
    """`values` as words of a sentence, in the order given and cut when there are very many: "a, b, c"."""
    words = [cut(str(value)) for value in values]
    return ", ".join(words[:LIST_LIMIT]) + (", …" if len(words) > LIST_LIMIT else "")
