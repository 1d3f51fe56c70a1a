"""The text of a document, and where two documents say different things."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from compliance.reporting.document import Document, Run


def lines_of(document: Document) -> list[str]:
    """Everything that the blocks say, one line of the document each, in order."""
    return [line for block in document.blocks for line in _lines(block)]


def text_of(document: Document) -> str:
    """The text of all blocks."""
    return "\n".join(lines_of(document))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, tuple) and value and all(isinstance(part, Run) for part in value):
        yield "".join(run.text for run in value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _lines(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in ("symbol", "colour", "level", "new_page", "widths"):
                yield from _lines(getattr(value, field.name))


@dataclass(frozen=True, slots=True)
class Changed:
    """Some lines of two documents: the same in both, or only in the older or the newer one."""

    kind: Literal["same", "older", "newer"]
    lines: tuple[str, ...]


def differences(older: Document, newer: Document, *, context: int = 1) -> list[Changed]:
    """What the newer document says differently, each place with `context` lines around it; nothing when it does not."""
    a, b = lines_of(older), lines_of(newer)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    found = []
    for group in matcher.get_grouped_opcodes(context):
        for what, from_a, to_a, from_b, to_b in group:
            if what == "equal":
                found.append(Changed("same", tuple(a[from_a:to_a])))
                continue
            if to_a > from_a:
                found.append(Changed("older", tuple(a[from_a:to_a])))
            if to_b > from_b:
                found.append(Changed("newer", tuple(b[from_b:to_b])))
    return found
