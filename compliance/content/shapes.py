"""Checks a sheet against the shape of its file and says each fault with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema

from compliance.content.faults import Fault
from compliance.content.sheet import Sheet, Where


def shape_faults(sheet: Sheet, shape: type[Schema]) -> list[Fault]:
    """What keeps `sheet` from being a file of `shape`; empty when it fits."""
    found = _walk(shape().validate(sheet.data), ())
    return [sheet.fault(where, reason + _hint(sheet, where)) for where, reason in found]


def _hint(sheet: Sheet, where: Where) -> str:
    """`{en: Yes, fr: Oui, toujours}` makes "toujours" a field without a value: by far the most common slip."""
    text = where[:-1] and sheet.value(where[:-1])
    is_text = isinstance(text, dict) and {"en", "fr"}.intersection(text)
    if is_text and where[-1] not in ("en", "fr"):
        return "; between { } a text that holds a comma must be in quotes"
    return ""


def _walk(errors: Any, where: Where) -> Iterator[tuple[Where, str]]:
    """The reasons in marshmallow's tree of errors: dicts by field or place, lists of messages at the leaves."""
    if isinstance(errors, dict):
        for step, inner in errors.items():
            # "_schema" holds what is wrong with the whole of a mapping, which is the value at `where` itself
            yield from _walk(inner, where if step == "_schema" else (*where, step))
    elif isinstance(errors, list):
        for reason in errors:
            yield where, str(reason)
    else:
        yield where, str(errors)
