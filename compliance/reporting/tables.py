"""Facts as flat tables, for spreadsheets and CSV: every fact in exactly one cell, whatever the kind of report.

The first table, `report`, holds what there is once, as key and value. Each list becomes a table of its own, named by
its path; `row` numbers its rows, and a list inside a list says in `of` to which row it belongs. Texts that exist in
both languages appear in the language of the edition. The shape comes from the facts' type, so an empty list still has
its columns and a new kind needs no code.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Union, get_args, get_origin, is_typeddict

from compliance.domain.text import Language
from compliance.reporting.facts import Both
from compliance.reporting.schema import check_facts
from compliance.reporting.shapes import SHAPES, members

Value = str | int | bool | None
REPORT: Final = "report"
BETWEEN: Final = " – "
VALUE: Final = "value"
#: What only the tables name: `of_row` is the row of the list around, `of` may be a fact.
TABLE_WORDS: Final = frozenset({"report", "table", "row", "of_row", "column", "key", "value"})


@dataclass(slots=True)
class FactTable:
    """Rows of plain values under their columns; `name` is where the list stands in the facts."""

    name: str
    columns: list[str]
    rows: list[list[Value]] = field(default_factory=list)

    def title(self, headings: Mapping[str, str]) -> str:
        """What the table is called."""
        return named(self.name, headings)

    def heads(self, headings: Mapping[str, str]) -> list[str]:
        """What its columns are called; the first one of a list says in which row around it something stands."""
        names = [named(column, headings) for column in self.columns]
        if self.name != REPORT:
            names[0] = headings.get("of_row", "of")
        return names


def named(path: str, headings: Mapping[str, str]) -> str:
    """A fact by the words for each step to it; a step without a word keeps its key."""
    return BETWEEN.join(headings.get(step, step) for step in path.split("."))


def fact_tables(facts: Mapping[str, Any], language: Language) -> list[FactTable]:
    """The tables of `facts`; raises FactsError when they are not what their type says."""
    checked = check_facts(facts)
    found: dict[str, FactTable] = {}
    shape = SHAPES[checked["shape"]].type
    once = FactTable(REPORT, ["key", VALUE])
    found[REPORT] = once
    flat = dict(_columns(shape, ""))
    values = _flat(checked, shape, language, "")
    once.rows = [[key, values.get(key)] for key in flat]
    _lists(checked, shape, language, "", None, found)
    return list(found.values())


def _inner(hint: Any) -> Any:
    """The type without its "or None"."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _columns(shape: Any, path: str) -> typing.Iterator[tuple[str, Any]]:
    """The leaves of a type that stand once, each with its dotted name."""
    shape = _inner(shape)
    if is_typeddict(shape) and shape is not Both:
        for name, hint in members(shape).items():
            yield from _columns(hint, f"{path}.{name}" if path else name)
    elif get_origin(shape) is not list:
        yield path or VALUE, shape


def _flat(value: Any, shape: Any, language: Language, path: str) -> dict[str, Value]:
    shape = _inner(shape)
    if get_origin(shape) is list:
        return {}
    if shape is Both:
        return {path or VALUE: None if value is None else value[language]}
    if is_typeddict(shape):
        found: dict[str, Value] = {}
        for name, hint in members(shape).items():
            if value is not None:
                found |= _flat(value[name], hint, language, f"{path}.{name}" if path else name)
        return found
    return {path or VALUE: value}


def _lists(value: Any, shape: Any, language: Language, path: str, of: int | None, found: dict[str, FactTable]) -> None:
    """Adds the rows of each list in `value`; `of` is the row in which `value` stands."""
    shape = _inner(shape)
    if is_typeddict(shape) and shape is not Both:
        for name, hint in members(shape).items():
            if value is not None and name not in value:
                continue  # frozen before there was such a fact: no table of it, so that the file stays as it was
            inside = None if value is None else value[name]
            _lists(inside, hint, language, f"{path}.{name}" if path else name, of, found)
    elif get_origin(shape) is list:
        (item_shape,) = get_args(shape)
        leaves = [name for name, _ in _columns(item_shape, "")]
        table = found.setdefault(path, FactTable(path, ["of", "row", *leaves]))
        if not value:
            _lists(None, item_shape, language, path, None, found)  # an empty list still has its tables
        for item in value or ():
            row = len(table.rows) + 1
            flat = _flat(item, item_shape, language, "")
            table.rows.append([of, row, *(flat.get(name) for name in leaves)])
            _lists(item, item_shape, language, path, row, found)
