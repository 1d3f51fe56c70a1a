"""Proves that facts are what their types in `facts` say: one marshmallow schema per TypedDict, derived from it."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from compliance.reporting.facts import Facts
from compliance.reporting.shapes import SHAPES
from compliance.reporting.text import clean

#: Dates as text by name: facts name every date `…_on`, `by` or `period_…`.
_DATE_NAMES = ("by", "period_start", "period_end")


class FactsError(ValueError):
    """Facts that are not what their type says; the message names the place (`asks.0.by`) and the reason."""


class _Text(fields.String):
    """Text, cleaned of what no format can print. Subclasses of str (lazy translations) become plain text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return clean(str(super()._deserialize(value, attr, data, **kwargs)))


class _Switch(fields.Boolean):
    """true or false and nothing that merely resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


#: What one check has already seen, by identity: facts name the same few words, indicators and services many times.
_seen: ContextVar[dict[tuple[int, int], Any]] = ContextVar("_seen")


class _Nested(fields.Nested):
    """A nested record; one that stands in several places is checked once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any) -> Any:
        seen, key = _seen.get(), (id(value), id(self.schema))
        if key not in seen:
            seen[key] = super()._deserialize(value, attr, data, partial, **kwargs)
        return seen[key]


class _Strict(Schema):
    class Meta:
        unknown = RAISE


def check_facts(facts: Mapping[str, Any]) -> Facts:
    """A copy of `facts` made of primitives only, its texts cleaned.

    Raises FactsError when the shape is unknown, a fact is missing, unknown or of another type, or a date is not one.
    """
    shape = str(facts.get("shape"))
    if shape not in SHAPES:
        raise FactsError(f"shape: {shape!r} is not a shape of facts")
    token = _seen.set({})
    try:
        return typing.cast(Facts, schema_of(SHAPES[shape].type).load(facts))
    except ValidationError as error:
        raise FactsError("; ".join(_flat(error.messages, ""))) from None
    finally:
        _seen.reset(token)


@cache
def schema_of(shape: type) -> Schema:
    """The schema of the TypedDict `shape`: every key that its type requires is, and no other is allowed."""
    members = {name: _field(hint, name) for name, hint in get_type_hints(shape).items()}
    for name in shape.__optional_keys__:  # type: ignore[attr-defined]  # of a TypedDict
        members[name].required = False
    return _Strict.from_dict(members, name=shape.__name__)()


_SIMPLE: dict[Any, type[fields.Field[Any]]] = {str: _Text, bool: _Switch}


def _field(hint: Any, name: str, *, none: bool = False) -> fields.Field[Any]:
    """The field for one type hint: str, int, bool, Literal, list[…], a TypedDict, or one of these or None."""
    settings: dict[str, Any] = {"required": True, "allow_none": none}
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        return _field(inner, name, none=True)
    if get_origin(hint) is Literal:
        return _Text(validate=validate.OneOf(get_args(hint)), **settings)
    if get_origin(hint) is list:
        return fields.List(_field(get_args(hint)[0], name), **settings)
    if is_typeddict(hint):
        return _Nested(schema_of(hint), **settings)
    if hint is int:
        return fields.Integer(strict=True, validate=validate.Range(min=0), **settings)
    if hint is str and (name.endswith("_on") or name in _DATE_NAMES):
        return _Text(validate=_is_date, **settings)
    return _SIMPLE[hint](**settings)


def _is_date(value: str) -> None:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        raise ValidationError(f"{value!r} is not a date (YYYY-MM-DD)") from None


def _flat(messages: Any, path: str) -> list[str]:
    """marshmallow's nested messages as `place: reason` lines."""
    if isinstance(messages, Mapping):
        return [line for key, inner in messages.items() for line in _flat(inner, f"{path}.{key}" if path else str(key))]
    return [f"{path}: {message}" for message in messages]
