"""The kinds of value that content files hold, as marshmallow fields whose messages a policy officer can act on.

Every message continues the name of the value: "indicators[P03.b].question.fr" + "is missing".
Marshmallow's own fields convert what they can ("60" to 60, "yes" to true, 1 to true). Content is read as it is
written, so these fields accept one type only.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from compliance.content.faults import listed, quoted

TEXT_LIMIT: Final = 4_000
ID_LIMIT: Final = 60
_COMMON: Final[dict[str, Any]] = {"required": "is missing", "null": "is empty"}


class Words(fields.Field[str]):
    """A text that is not empty."""

    default_error_messages = _COMMON | {
        "number": "is a number where a text is expected; put it in quotes",
        "boolean": "is true or false where a text is expected; put it in quotes",
        "invalid": "must be a text",
        "blank": "is empty",
        "long": f"is longer than {TEXT_LIMIT:,} characters",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, bool):
            raise self.make_error("boolean")
        if isinstance(value, int):
            raise self.make_error("number")
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not value.strip():
            raise self.make_error("blank")
        if len(value) > TEXT_LIMIT:
            raise self.make_error("long")
        return value


class YesNo(fields.Field[bool]):
    default_error_messages = _COMMON | {"invalid": "must be true or false, without quotes"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Whole(fields.Field[int]):
    """A whole number above zero."""

    default_error_messages = _COMMON | {"invalid": "must be a whole number above zero, without quotes"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.make_error("invalid")
        return value


class Several(fields.List[Any]):
    default_error_messages = _COMMON | {"invalid": "must be a list"}


class Part(fields.Nested):
    default_error_messages = _COMMON | {"type": "must be a list"}


class Group(Schema):
    """A mapping in which every field is known."""

    error_messages = Schema.error_messages | {"type": "must hold fields, one a line"}

    class Meta:
        unknown = RAISE

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["unknown"] = f"is not a field here; the fields are {listed(self.fields)}"


def one_of(values: Collection[str] | type[StrEnum]) -> validate.Validator:
    """Accepts exactly `values`."""
    known = [str(value) for value in values]
    return _OneOf(known)


class _OneOf(validate.Validator):
    def __init__(self, known: list[str]) -> None:
        self.known = known

    def __call__(self, value: str) -> str:
        if value not in self.known:
            raise ValidationError(f"is {quoted(value)}; it must be one of {listed(self.known)}")
        return value


def identity() -> Words:
    """An id: what other places refer to; also part of web addresses and of cells in spreadsheets."""
    letters = validate.Regexp(
        r"[A-Za-z0-9][A-Za-z0-9._-]*\Z", error="must begin with a letter or digit and hold only letters, digits, . _ -"
    )
    length = validate.Length(max=ID_LIMIT, error="is longer than {max} characters")
    return Words(required=True, validate=[letters, length])


def choice(values: Collection[str] | type[StrEnum], *, required: bool = True) -> Words:
    """A text that is one of `values`."""
    return Words(required=required, validate=one_of(values))


def names(*, required: bool = False, values: Collection[str] | type[StrEnum] | None = None) -> Several:
    """A list of ids, each at most once; not empty when it is required."""
    inner = Words(validate=one_of(values)) if values is not None else Words()
    checks: list[validate.Validator] = [_NoRepeat()]
    if required:
        checks.append(not_empty())
    return Several(inner, required=required, validate=checks)


def not_empty() -> validate.Length:
    return validate.Length(min=1, error="is an empty list")


class _NoRepeat(validate.Validator):
    def __call__(self, value: list[Any]) -> list[Any]:
        twice = next((item for place, item in enumerate(value) if item in value[:place]), None)
        if twice is not None:
            raise ValidationError(f"lists {quoted(twice)} twice")
        return value
