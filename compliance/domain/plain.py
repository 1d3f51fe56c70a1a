"""Values of the rules as plain data and back, so that the list of a value's fields stands once: in its dataclass.

Plain data is what JSON has. Days become ISO text, numbers keep every figure as text, words become their id. Reading is
tolerant: a field that the data does not have takes its default and one that the class does not have is ignored, so
that a copy sealed by an older or a newer version of the product can be read.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar

T = TypeVar("T")

MISSING: Final = object()


def fields_of(kind: type[Any]) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a value that say something; those left out of comparison only help whoever handles it."""
    return tuple(field for field in dataclasses.fields(kind) if field.compare)


def key_of(field: dataclasses.Field[Any]) -> str:
    """The name of a field in plain data, where it has one of its own (`metadata={"key": …}`)."""
    return str(field.metadata.get("key", field.name))


def shallow(value: Any) -> dict[str, Any]:
    """The fields of a value by name, as they are: what a row of a table or a form takes."""
    return {field.name: getattr(value, field.name) for field in fields_of(type(value))}


def dump(value: Any) -> Any:
    """`value` as plain data."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [dump(item) for item in value]
    return {key_of(field): dump(getattr(value, field.name)) for field in fields_of(type(value))}


def load(kind: type[T], source: object, *, lenient: bool = False) -> T:
    """A `kind` from plain data (a mapping), or from an object with attributes of the same names, such as a row.

    A word that is none of its kind raises ValueError; `lenient` (for forms) takes the field's default instead.
    """
    given: dict[str, Any] = {}
    data = source if type(source) is dict or isinstance(source, Mapping) else None  # a sealed copy has thousands
    for name, key, convert in _readers(kind):  # type: ignore[arg-type]  # a class is hashable
        found = getattr(source, name, MISSING) if data is None else data.get(key, MISSING)
        if found is MISSING:
            continue
        try:
            given[name] = convert(found)
        except ValueError:
            if not lenient:
                raise
    return kind(**given)


@cache
def _readers(kind: type[Any]) -> tuple[tuple[str, str, Callable[[Any], Any]], ...]:
    """Of each field its name, its name in plain data, and how it is read."""
    hints = typing.get_type_hints(kind)
    return tuple((field.name, key_of(field), _reader(hints[field.name])) for field in fields_of(kind))


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a value of type `hint` is read, from its plain form or from itself."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (UnionType, typing.Union):
        inner = _reader(next(argument for argument in arguments if argument is not NoneType))
        return lambda value: None if value is None or value == "" else inner(value)
    if origin is tuple:
        item = _reader(arguments[0])
        return lambda values: tuple(item(value) for value in values or ())
    if dataclasses.is_dataclass(hint):
        return lambda value: value if isinstance(value, hint) else load(hint, value)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, dt.date):
        return lambda value: value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    if hint is str:
        return lambda value: value if type(value) is str else "" if value is None else str(value)
    reader: Callable[[Any], Any] = hint
    return reader
