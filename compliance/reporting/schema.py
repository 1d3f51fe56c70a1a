"""Proves that facts are what their types in `facts` say: one check per type, derived from it once.

A report is checked when it is built and again when it is laid out, so this is done thousands of times in a batch. The
checks are plain functions: marshmallow took half of the time that the facts of a brief take.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from compliance.reporting.facts import Facts
from compliance.reporting.shapes import SHAPES
from compliance.reporting.text import clean

#: Dates as text by name: facts name every date `…_on`, `by` or `period_…`.
_DATE_NAMES: Final = ("by", "period_start", "period_end")


class FactsError(ValueError):
    """Facts that are not what their type says; the message names the place (`asks.0.by`) and the reason."""


class Checked(dict[str, Any]):
    """Facts that passed the check and are not changed any more: whoever lays them out need not check them again."""


class _Fault(Exception):
    """What is wrong, and where; the place is put together on the way out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path: list[str] = []


#: Gives a clean copy of a value, or raises _Fault. `seen` holds what was checked already, by identity: facts name the
#: same few words, indicators and services many times.
Check = Callable[[Any, dict[tuple[int, int], Any]], Any]


def check_facts(facts: Mapping[str, Any]) -> Facts:
    """A copy of `facts` made of primitives only, its texts cleaned.

    Raises FactsError, for the first fault, when the shape is unknown, a fact is missing, unknown or of another type, or
    a date is not one.
    """
    if type(facts) is Checked:
        return typing.cast(Facts, facts)
    shape = str(facts.get("shape"))
    if shape not in SHAPES:
        raise FactsError(f"shape: {shape!r} is not a shape of facts")
    try:
        return typing.cast(Facts, _record(SHAPES[shape].type)(facts, {}))
    except _Fault as fault:
        raise FactsError(f"{'.'.join(reversed(fault.path))}: {fault.reason}") from None


@cache
def _record(shape: type) -> Check:
    """The check for a TypedDict: every key that it requires is there, and no other than it knows."""
    members = {name: _check(hint, name) for name, hint in get_type_hints(shape).items()}
    required: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined]  # of a TypedDict
    number = id(members)

    def check(value: Any, seen: dict[tuple[int, int], Any]) -> dict[str, Any]:
        key = (id(value), number)
        if key in seen:
            found: dict[str, Any] = seen[key]
            return found
        if type(value) is not dict and not isinstance(value, Mapping):
            raise _Fault("Not a record")
        made: dict[str, Any] = {}
        for name, member in members.items():
            try:
                if name in value:
                    made[name] = member(value[name], seen)
                elif name in required:
                    raise _Fault("Missing data for a required fact")
            except _Fault as fault:
                fault.path.append(name)
                raise
        if len(made) < len(value):
            unknown = _Fault("Unknown field")
            unknown.path.append(str(next(name for name in value if name not in members)))
            raise unknown
        seen[key] = made
        return made

    return check


def _check(hint: Any, name: str) -> Check:
    """The check for one type hint: str, int, bool, Literal, list[…], a TypedDict, or one of these or None."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return _or_none(_check(inner, name))
    if origin is Literal:
        return _one_of(get_args(hint))
    if origin is list:
        return _list(_check(get_args(hint)[0], name))
    if is_typeddict(hint):
        return _record(hint)
    if hint is str and (name.endswith("_on") or name in _DATE_NAMES):
        return _date
    return _SIMPLE[hint]


def _or_none(inner: Check) -> Check:
    return lambda value, seen: None if value is None else inner(value, seen)


def _list(inner: Check) -> Check:
    def check(value: Any, seen: dict[tuple[int, int], Any]) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise _Fault("Not a valid list")
        made: list[Any] = []
        for item in value:
            try:
                made.append(inner(item, seen))
            except _Fault as fault:
                fault.path.append(str(len(made)))
                raise
        return made

    return check


def _one_of(words: tuple[Any, ...]) -> Check:
    def check(value: Any, seen: dict[tuple[int, int], Any]) -> str:
        text = _text(value, seen)
        if text not in words:
            raise _Fault(f"Must be one of: {', '.join(words)}")
        return text

    return check


def _text(value: Any, _seen: object) -> str:
    """Text, cleaned of what no format can print. Subclasses of str (markup, an enumeration) become plain text."""
    if not isinstance(value, str):
        raise _Fault("Not a valid string")
    return clean(value if type(value) is str else str(value))


def _date(value: Any, seen: object) -> str:
    text = _text(value, seen)
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise _Fault(f"{text!r} is not a date (YYYY-MM-DD)") from None
    return text


def _number(value: Any, _seen: object) -> int:
    if type(value) is not int:
        raise _Fault("Not a valid integer")
    if value < 0:
        raise _Fault("Must be greater than or equal to 0")
    return value


def _switch(value: Any, _seen: object) -> bool:
    """true or false and nothing that merely resembles them."""
    if not isinstance(value, bool):
        raise _Fault("Not a valid boolean")
    return value


_SIMPLE: Final[Mapping[Any, Check]] = {str: _text, int: _number, bool: _switch}
