"""Has everything that the product can say a word in both languages, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compliance.content.faults import Fault, listed, quoted
from compliance.content.folder import Version
from compliance.content.sheet import Sheet
from compliance.domain.answers import Grade, Reason, Status
from compliance.domain.assessments import Participation
from compliance.domain.results import Change, Flag, Rating
from compliance.domain.rules import DIMENSIONS


def _values(*groups: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for group in groups for value in group))  # type: ignore[attr-defined]


#: What must have a word, by list of framework.yaml and of rules.yaml. The last three of the table's dimensions count
#: too: "none" is a finding and a plan that reports have to say.
_FRAMEWORK: Final = {"statuses": _values(Status), "reasons": _values(Reason)}
_RULES: Final = {
    "grades": _values(Grade, DIMENSIONS["evidence"]),
    "findings": _values(DIMENSIONS["finding"], Rating),
    "plans": _values(DIMENSIONS["plan"]),
    "flags": _values(Flag),
    "changes": _values(Change),
    "participation": _values(Participation),
}


def vocabulary_faults(version: Version) -> Iterator[Fault]:
    """Words that are missing, and words for things that do not exist (a misspelt id is both)."""
    for sheet, lists in ((version.framework, _FRAMEWORK), (version.rules, _RULES)):
        for name, expected in lists.items():
            yield from _list_faults(sheet, name, expected)


def _list_faults(sheet: Sheet, name: str, expected: tuple[str, ...]) -> Iterator[Fault]:
    there = [item["id"] for item in sheet.data[name]]
    for place, word in enumerate(there):
        if word not in expected:
            reason = f"is {quoted(word)}, which the product does not know; it knows {listed(expected)}"
            yield sheet.fault((name, place, "id"), reason)
    missing = [word for word in expected if word not in there]
    if missing:
        yield sheet.fault((name,), f"has no entry for {listed(missing)}")
