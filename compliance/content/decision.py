"""Does the decision table give exactly one word for every combination, and do the severities make sense?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compliance.content.building import build_rows
from compliance.content.faults import Fault, listed, quoted
from compliance.content.references import ids
from compliance.content.sheet import Sheet
from compliance.domain.rules import Kind, all_cases, holes, unreachable_rows

#: Kinds of which there is exactly one severity, and why.
_ONLY_ONE = {
    Kind.UNKNOWN: 'the comparison between cycles has one word for "no longer answered" and one for "now stated"',
    Kind.OUTSIDE: "what does not apply is counted nowhere, under one word",
}


def decision_faults(sheet: Sheet) -> Iterator[Fault]:
    """What is wrong with the severities and the table of rules.yaml."""
    severities = sheet.data["severities"]
    yield from _kind_faults(sheet, severities)
    yield from _order_faults(sheet, severities)
    known = ids(severities)
    unknown = [place for place, row in enumerate(sheet.data["table"]) if row["severity"] not in known]
    for place in unknown:
        name = sheet.data["table"][place]["severity"]
        reason = f"is {quoted(name)}, which is no severity; there are {listed(known)}"
        yield sheet.fault(("table", place, "severity"), reason)
    yield from _table_faults(sheet)


def _kind_faults(sheet: Sheet, severities: list[dict[str, Any]]) -> Iterator[Fault]:
    for kind, why in _ONLY_ONE.items():
        count = sum(severity["kind"] == kind for severity in severities)
        if count != 1:
            yield sheet.fault(("severities",), f"must have exactly one of kind {kind}, not {count}: {why}")


def _order_faults(sheet: Sheet, severities: list[dict[str, Any]]) -> Iterator[Fault]:
    """Worst first. Silence must not be rewarded, and what does not apply must not hide what does."""
    kinds = [severity["kind"] for severity in severities]
    for place, kind in enumerate(kinds):
        if kind in (Kind.UNKNOWN, Kind.GAP) and {Kind.CLAIMED, Kind.MET}.intersection(kinds[:place]):
            reason = f"is {kind} and stands after what is claimed or met; severities are listed worst first"
            yield sheet.fault(("severities", place, "kind"), reason)
        if kind == Kind.OUTSIDE and place + 1 < len(kinds):
            yield sheet.fault(("severities", place, "kind"), "is outside and must be the last severity")


def _table_faults(sheet: Sheet) -> Iterator[Fault]:
    table = build_rows(sheet.data["table"])
    for place in unreachable_rows(table):
        yield sheet.fault(("table", place), "decides nothing: rows above it take all its combinations")
    uncovered = holes(table)
    if uncovered:
        reason = f"has no row for {len(uncovered):,} of {_combinations():,} combinations; the first is: {uncovered[0]}"
        yield sheet.fault(("table",), reason)


def _combinations() -> int:
    return sum(1 for _ in all_cases())
