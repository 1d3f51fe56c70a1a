"""Facts as flat tables, for spreadsheets and CSV: every fact in exactly one cell, whatever the kind of report.

The first table, `report`, holds what there is once, as key and value. Each list becomes a table of its own, named by
its path; `row` numbers its rows, and a list inside a list says in `of` to which row it belongs. Texts that exist in
both languages appear in the language of the edition. The shape comes from the facts' type, so an empty list still has
its columns and a new kind needs no code.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
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
    shape = SHAPES[checked["shape"]].type
    once = [[name, read(checked, language)] for name, read in _leaves(shape)]
    found = {REPORT: FactTable(REPORT, ["key", VALUE], once)}
    _lists(checked, shape, language, "", None, found)
    return list(found.values())


@cache
def _inner(hint: Any) -> Any:
    """The type without its "or None"."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _is_record(shape: Any) -> bool:
    return is_typeddict(shape) and shape is not Both


#: Reads one cell out of facts; None where what stands around it is missing.
_Read = Callable[[Any, Language], Value]


@cache
def _leaves(shape: Any) -> tuple[tuple[str, _Read], ...]:
    """What stands once in facts of a type: each with its dotted name and how it is read."""
    return tuple((".".join(path) or VALUE, _reader(path, both=hint is Both)) for path, hint in _columns(shape, ()))


def _columns(shape: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    shape = _inner(shape)
    if _is_record(shape):
        for name, hint in members(shape).items():
            yield from _columns(hint, (*path, name))
    elif get_origin(shape) is not list:
        yield path, shape


def _reader(path: tuple[str, ...], *, both: bool) -> _Read:
    def read(value: Any, language: Language) -> Value:
        for step in path:
            if value is None:
                return None
            value = value[step]
        found: Value = value[language] if both and value is not None else value
        return found

    return read


@cache
def _lists_in(shape: Any) -> tuple[tuple[str, Any], ...]:
    """The members of a record that are lists or hold some at any depth; most hold none and are not walked through."""
    return tuple((name, _inner(hint)) for name, hint in members(shape).items() if _holds_lists(hint))


@cache
def _holds_lists(shape: Any) -> bool:
    shape = _inner(shape)
    return any(map(_holds_lists, members(shape).values())) if _is_record(shape) else get_origin(shape) is list


def _lists(value: Any, shape: Any, language: Language, path: str, of: int | None, found: dict[str, FactTable]) -> None:
    """Adds the rows of each list in `value`, facts of the type `shape`; `of` is the row in which `value` stands."""
    for name, hint in _lists_in(shape):
        if value is not None and name not in value:
            continue  # frozen before there was such a fact: no table of it, so that the file stays as it was
        inside = None if value is None else value[name]
        inner = f"{path}.{name}" if path else name
        if get_origin(hint) is list:
            _rows(inside, _inner(get_args(hint)[0]), language, inner, of, found)
        else:
            _lists(inside, hint, language, inner, of, found)


def _rows(items: Any, shape: Any, language: Language, path: str, of: int | None, found: dict[str, FactTable]) -> None:
    """Adds a row for each of `items`, and the lists inside them."""
    leaves, nested = _leaves(shape), _is_record(shape)
    table = found.get(path)
    if table is None:
        table = found[path] = FactTable(path, ["of", "row", *(name for name, _ in leaves)])
    if not items and nested:
        _lists(None, shape, language, path, None, found)  # an empty list still has its tables
    for item in items or ():
        row = len(table.rows) + 1
        table.rows.append([of, row, *(read(item, language) for _, read in leaves)])
        if nested:
            _lists(item, shape, language, path, row, found)
