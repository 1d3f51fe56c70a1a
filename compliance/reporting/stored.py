"""A document as JSON and back: a frozen report is laid out again from what was stored, not from today's facts."""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from compliance.reporting import document as d
from compliance.reporting import drawing
from compliance.reporting.document import Block, Document
from compliance.reporting.drawing import Mark

_KIND: Final = "block"
_TAGGED: Final[Mapping[str, type]] = {kind.__name__.lower(): kind for kind in (*get_args(Block), *get_args(Mark))}


class NotADocument(ValueError):
    """What was stored is no document: another version of the product may have written it."""


def dump_document(document: Document) -> str:
    """`document` as JSON with sorted keys: the same text for the same document.

    Not indented: that is ten times slower.
    """
    return json.dumps(_dump(document), ensure_ascii=False, sort_keys=True)


def load_document(text: str) -> Document:
    """The document that `dump_document` wrote. Raises NotADocument when it is none."""
    try:
        return cast(Document, _load(json.loads(text), Document))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotADocument(str(error)) from error


def _dump(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_dump(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        data = {name: _dump(getattr(value, name)) for name in _members(kind)}
        return data | ({_KIND: kind.__name__.lower()} if kind in _TAGGED.values() else {})
    return value


def _load(value: Any, hint: Any) -> Any:
    """`value` as the type `hint` says: a dataclass, a tuple, a date, or what JSON has."""
    if get_origin(hint) in (Union, types.UnionType):
        # a block, a mark, or a plain value
        return _load(value, _TAGGED[value[_KIND]]) if isinstance(value, dict) else value
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return tuple(_load(item, inner[0]) for item in value)
        return tuple(_load(item, part) for item, part in zip(value, inner, strict=True))
    if hint is dt.date:
        return dt.date.fromisoformat(value)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = _members(hint)
        return hint(**{name: _load(part, hints[name]) for name, part in value.items() if name != _KIND})
    return value


@cache
def _members(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind, {**vars(drawing), **vars(d)})
    return {field.name: hints[field.name] for field in fields(kind)}
