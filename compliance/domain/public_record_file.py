"""Facts of the public record from a JSON file (docs/public-record.md describes the form). Nothing is guessed.

A quotation in the file is never kept: the source is a link, and a quotation belongs to whoever wrote it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from compliance.domain.answers import Problem, Status
from compliance.domain.framework import Framework
from compliance.domain.public_record import STATUSES, FactEntry, ServicesScope, problems_of

FILE_LIMIT: Final = 5_000_000  # bytes
FACTS_LIMIT: Final = 10_000
REFERENCE_LIMIT: Final = 100
PROVIDER_LIMIT: Final = 120

METRIC: Final = "metric"  # the status of a fact that is a number
WHOLE_COMPANY: Final = frozenset({"all services", "whole company"})
NOT_NAMED: Final = frozenset({"services not named in the passage", "services not named", "not named"})

_TEXTS: Final = frozenset({
    "id", "provider", "service", "indicator", "indicator_idea", "statement", "status", "unit", "period_start",
    "period_end", "territory", "source_url", "source_date", "quote", "note",
    "language",
})  # fmt: skip
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_FIELDS: Final = _TEXTS | {"principle", "value", "services"}

_REASONS: Final = {
    "statement_needed": "statement or indicator_idea is missing",
    "unknown_indicator": "there is no indicator {indicator!r}",
    "indicator_elsewhere": "the indicator {indicator!r} belongs to another principle",
    "public_service_needed": 'service is missing: names with commas between, "all services" or "services not named"',
    "value_needed": "it has a unit but no value",
    "status_or_value": 'it has a value, so its status must be "metric"',
    "unit_needed": "it has a value but no unit",
    "number_out_of_range": "value is not a number from 0 of at most 15 digits, 6 of them decimals",
    "address_needed": "source_url is missing",
    "not_a_web_address": "source_url is not an address that begins with https:// or http://",
    "too_long": "{field} is longer than {limit} characters",
}  # fmt: skip


#: What the rules name otherwise than the file.
_KEY_OF: Final = {
    "statement": "indicator_idea",
    "services_text": "service",
    "period": "period_start with period_end",
    "geography": "territory",
}


class Unreadable(ValueError):
    """The file as a whole cannot be used; the message says why."""


class _Refused(ValueError):
    """One fact cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class FileFact:
    """A fact of the file: whose it is, under which reference, and the fact itself."""

    reference: str
    provider: str
    entry: FactEntry


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that cannot be used: its reference, or "item 3" when it has none, and the reason."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    facts: Sequence[FileFact]
    refusals: Sequence[Refusal]


def read(data: bytes, framework: Framework) -> Reading:
    """The facts in `data`, checked against `framework`. Raises Unreadable when it is not such a file at all."""
    facts: list[FileFact] = []
    refusals: list[Refusal] = []
    items = _items(data)
    references = Counter(_reference(item) for item in items)
    for number, item in enumerate(items, start=1):
        reference = _reference(item)
        name = _shown(reference) or f"item {number}"
        try:
            if reference and references[reference] > 1:
                raise _Refused(f"the id is there {references[reference]} times")
            facts.append(_fact(item, framework))
        except _Refused as refused:
            refusals.append(Refusal(name, str(refused)))
    return Reading(facts, refusals)


def _items(data: bytes) -> list[object]:
    text = _decoded(data)
    if not text.strip():
        raise Unreadable("the file is empty")
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_no_repetition)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("the file is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"the file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except (ValueError, ArithmeticError):  # thousands of digits, or an exponent beyond all bounds
        raise Unreadable("the file holds a number that is too long") from None
    facts = document.get("facts") if isinstance(document, dict) else None
    if not isinstance(facts, list):
        raise Unreadable('the file is not an object with a list "facts"')
    if not facts:
        raise Unreadable("the file holds no fact")
    if len(facts) > FACTS_LIMIT:
        raise Unreadable(f"the file holds more than {FACTS_LIMIT:,} facts")
    return facts


def _decoded(data: bytes) -> str:
    if len(data) > FILE_LIMIT:
        raise Unreadable("the file is larger than 5 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"the file is not UTF-8: byte {error.start + 1} cannot be read") from None


def _no_number(text: str) -> float:
    raise Unreadable(f"the file holds {text}, which is not a number")


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        repeated = next(name for name, number in Counter(name for name, _value in pairs).items() if number > 1)
        raise Unreadable(f"{_shown(repeated)} is given twice in one object")
    return found


def _reference(item: object) -> str:
    """The id as it is stored; "" when there is none."""
    found = item.get("id") if isinstance(item, dict) else None
    return " ".join(found.split()) if isinstance(found, str) else ""


def _shown(text: str) -> str:
    """A text from outside within one line of a message."""
    short = f"{text[:60]}…" if len(text) > 60 else text
    return "".join("�" if unicodedata.category(sign)[0] in "CZ" and sign != " " else sign for sign in short).strip()


def _fact(item: object, framework: Framework) -> FileFact:
    if not isinstance(item, dict):
        raise _Refused("it is not an object")
    unknown = next((name for name in item if name not in _FIELDS), None)
    if unknown is not None:
        raise _Refused(f"{_shown(unknown)!r} is no field of a fact")
    text = {name: _text(item, name) for name in _TEXTS}
    for name, limit in (("id", REFERENCE_LIMIT), ("provider", PROVIDER_LIMIT)):
        if not text[name]:
            raise _Refused(f"{name} is missing")
        if len(text[name]) > limit:
            raise _Refused(f"{name} is longer than {limit} characters")
    entry = _entry(item, text, framework)
    problems = problems_of(entry, framework)
    if problems:
        raise _Refused("; ".join(_reason(problem, text) for problem in problems))
    return FileFact(text["id"], text["provider"], entry)


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Refused(f"{name} is not a text")
    if any(_deceives(sign) for sign in value):
        raise _Refused(f"{name} holds a control character")
    return " ".join(value.split())


def _deceives(sign: str) -> bool:
    """Control characters, and marks that turn the direction of writing so that a text reads differently."""
    turns = 0x202A <= ord(sign) <= 0x202E or 0x2066 <= ord(sign) <= 0x2069
    return turns or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t")


def _entry(item: Mapping[str, Any], text: Mapping[str, str], framework: Framework) -> FactEntry:
    status = _status(text["status"])
    value = _value(item.get("value"))
    if text["status"].casefold() == METRIC and value is None:
        raise _Refused('it has the status "metric" but no value')
    scope, services = _services(item, text["service"])
    return FactEntry(
        statement=text["statement"] or text["indicator_idea"],
        principle_id=_principle(item.get("principle"), framework),
        indicator_id=text["indicator"] or None,
        scope=scope,
        services=services,
        services_text=text["service"] if scope is ServicesScope.NAMED and text["service"] else ", ".join(services),
        status=status,
        value=value,
        unit=text["unit"],
        period=_period(text["period_start"], text["period_end"]),
        geography=text["territory"],
        source_address=text["source_url"],
        source_date=text["source_date"],
        language=_language(text["language"]),
    )


def _status(text: str) -> Status | None:
    """The status stated; None for a number, and for a fact that is a statement and nothing more."""
    word = text.casefold().replace(" ", "_").replace("-", "_")
    if word in ("", METRIC):
        return None
    if word not in STATUSES:
        known = ", ".join(status.value.replace("_", " ") for status in STATUSES)
        raise _Refused(f"the status {_shown(text)!r} is none of: {known}, {METRIC}")
    return Status(word)


def _language(text: str) -> str:
    """The language of the statement as a tag (BCP 47); empty when the file does not say."""
    if text and not _TAG.fullmatch(text):
        raise _Refused(f'the language {_shown(text)!r} is no tag such as "en" or "fr"')
    return text


def _value(value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise _Refused("value is not a number")
    return Decimal(value)


def _principle(value: object, framework: Framework) -> str:
    """The id of a principle given by its number in the framework or by its id."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise _Refused("principle is missing" if value is None else "principle is not a number")
    found = next((one.id for one in framework.principles if value in (one.number, one.id)), None)
    if found is None:
        raise _Refused(f"there is no principle {_shown(str(value))} (1 to {len(framework.principles)})")
    return found


def _services(item: Mapping[str, Any], text: str) -> tuple[ServicesScope, tuple[str, ...]]:
    """Of what the fact speaks. A list `services` is our reading of what the source says in `service`."""
    listed = item.get("services")
    if listed is not None:
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise _Refused("services is not a list of names")
        names = [_text({"services": name}, "services") for name in listed]
    elif text.casefold() in WHOLE_COMPANY:
        return ServicesScope.COMPANY, ()
    elif text.casefold() in NOT_NAMED:
        return ServicesScope.NOT_NAMED, ()
    else:
        names = [" ".join(part.split()) for part in text.split(",")]
    return ServicesScope.NAMED, tuple({name.casefold(): name for name in names if name}.values())


def _period(start: str, end: str) -> str:
    """The period as published, two dates with "/" between; one date where only one is given, however vague."""
    return f"{start}/{end}" if start and end and start != end else start or end


def _reason(problem: Problem, text: Mapping[str, str]) -> str:
    words = {
        "indicator": _shown(text["indicator"]),
        "field": _KEY_OF.get(problem.field, problem.field),
        **problem.details,
    }
    return _REASONS.get(problem.code, problem.code).format(**words)
