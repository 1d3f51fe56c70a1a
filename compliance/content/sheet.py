"""One content file as plain data that still knows its lines, so that any later check can name the line at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from compliance.content.faults import Fault, cut, one_line

#: The way to a value: keys of mappings and places (from 0) in lists.
Where: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`data` holds dicts, lists, texts, whole numbers, true/false and None; `lines` has the line of every value."""

    file: str
    data: Any
    lines: Mapping[Where, int]

    def value(self, where: Where) -> Any:
        """The value at `where`; None when there is none."""
        value = self.data
        for step in where:
            value = _inside(value, step)
        return value

    def line(self, where: Where) -> int:
        """The line of the value at `where`, or of the nearest thing around it when there is none (a missing field)."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def fault(self, where: Where, reason: str) -> Fault:
        """The fault that the value at `where` `reason` ("is missing"), the value named as a reader finds it."""
        return Fault(self.file, self.line(where), f"{self.name_of(where) or 'the file'} {reason}")

    def name_of(self, where: Where) -> str:
        """`where` in words: "indicators[P03.b].question.fr". An entry without an id is named by its place, from 1."""
        name, value = "", self.data
        for step in where:
            value = _inside(value, step)
            if isinstance(step, int):
                name += f"[{_entry_name(value, step)}]"
            else:
                name += f".{cut(step)}" if name else cut(step)
        return one_line(name)


def _inside(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _entry_name(value: Any, place: int) -> str:
    found = value.get("id") if isinstance(value, dict) else None
    return cut(found) if isinstance(found, str) and found else str(place + 1)
