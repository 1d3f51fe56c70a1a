"""Does everything that a version refers to exist, and can it be asked?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from compliance.content.faults import Fault, listed, quoted
from compliance.content.folder import Version
from compliance.content.sheet import Sheet, Where
from compliance.domain.framework import AppliesWhen, UnitKind
from compliance.domain.text import LANGUAGES


def reference_faults(version: Version) -> Iterator[Fault]:
    """Unknown functions, surfaces, units, themes, sources, indicators and principles; questions nobody is asked."""
    yield from _wording_faults(version.wording)
    yield from _surface_faults(version.framework)
    yield from _unit_faults(version.units)
    yield from _principle_faults(version)
    known = _Known(version)
    for sheet in version.principles:
        for place, indicator in enumerate(sheet.data["indicators"]):
            yield from _indicator_faults(sheet, ("indicators", place), indicator, known)
        for place, metric in enumerate(sheet.data.get("metrics", ())):
            yield from _metric_faults(sheet, ("metrics", place), metric, known)


class _Known:
    """The ids that may be referred to."""

    def __init__(self, version: Version) -> None:
        self.functions = ids(version.framework.data["functions"])
        self.surfaces = ids(version.framework.data["surfaces"])
        self.units = ids(version.units.data["units"])
        self.sources = ids(version.wording.data["sources"])


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of `items`, in their order."""
    return [item["id"] for item in items]


def unknown(sheet: Sheet, where: Where, names: Iterable[str], known: Collection[str], noun: str) -> Iterator[Fault]:
    """A fault for each of the `names` (the list at `where`) that is not `known`."""
    for place, name in enumerate(names):
        if name not in known:
            yield sheet.fault((*where, place), _no_such(name, known, noun))


def _no_such(name: str, known: Collection[str], noun: str) -> str:
    return f"is {quoted(name)}, which is no {noun}; there are {listed(known) or 'none'}"


def _wording_faults(sheet: Sheet) -> Iterator[Fault]:
    sources = ids(sheet.data["sources"])
    themes = ids(sheet.data["themes"])
    yield from _one_wording(sheet, ("title",), sheet.data["title"], sources)
    for name in ("themes", "principles"):
        for place, item in enumerate(sheet.data[name]):
            yield from _one_wording(sheet, (name, place), item, sources)
    for place, principle in enumerate(sheet.data["principles"]):
        if principle["theme"] not in themes:
            yield sheet.fault(("principles", place, "theme"), _no_such(principle["theme"], themes, "theme"))


def _one_wording(sheet: Sheet, where: Where, wording: dict[str, Any], sources: list[str]) -> Iterator[Fault]:
    """What a text says about itself must hold together: nobody verifies a text without having read it somewhere."""
    named = wording.get("source", {})
    for language in LANGUAGES:
        source = named.get(language)
        if source is not None and source not in sources:
            yield sheet.fault((*where, "source", language), _no_such(source, sources, "source"))
        if wording["provenance"][language] == "verified":
            at = (*where, "provenance", language)
            if not wording["official"][language]:
                yield sheet.fault(at, "is verified, but the text is not official; only official texts can be verified")
            elif source is None:
                yield sheet.fault(at, f"is verified, so source.{language} must say where the text was read")


def _surface_faults(sheet: Sheet) -> Iterator[Fault]:
    functions = ids(sheet.data["functions"])
    for place, surface in enumerate(sheet.data["surfaces"]):
        where = ("surfaces", place, "functions")
        yield from unknown(sheet, where, surface.get("functions", ()), functions, "function")


def _unit_faults(sheet: Sheet) -> Iterator[Fault]:
    for place, unit in enumerate(sheet.data["units"]):
        is_duration = unit["kind"] == UnitKind.DURATION
        if is_duration and "seconds" not in unit:
            yield sheet.fault(("units", place, "seconds"), "is missing: how many seconds one unit of a duration lasts")
        if not is_duration and "seconds" in unit:
            yield sheet.fault(("units", place, "seconds"), "belongs to a duration only")


def _principle_faults(version: Version) -> Iterator[Fault]:
    """Each principle of the wording has its file, and each file its principle."""
    agreed = ids(version.wording.data["principles"])
    asked = {sheet.data["principle"] for sheet in version.principles}
    for sheet in version.principles:
        if sheet.data["principle"] not in agreed:
            yield sheet.fault(("principle",), _no_such(sheet.data["principle"], agreed, "principle of wording.yaml"))
    for place, principle in enumerate(agreed):
        if principle not in asked:
            reason = f"is {quoted(principle)}, but no file in the version folder begins with principle: {principle}"
            yield version.wording.fault(("principles", place, "id"), reason)


def _indicator_faults(sheet: Sheet, where: Where, indicator: dict[str, Any], known: _Known) -> Iterator[Fault]:
    conditions = indicator.get("applies_when", {})
    found = [
        fault
        for name, functions in conditions.items()
        for fault in unknown(sheet, (*where, "applies_when", name), functions, known.functions, "function")
    ]
    yield from found
    condition = AppliesWhen(**{name: frozenset(functions) for name, functions in conditions.items()})
    if not found and not condition.possible:
        yield sheet.fault((*where, "applies_when"), "can be met by no service: what it needs is also ruled out")
    yield from unknown(sheet, (*where, "surfaces"), indicator.get("surfaces", ()), known.surfaces, "surface")
    for place, entry in enumerate(indicator.get("lines_up_with", ())):
        if entry["source"] not in known.sources:
            at = (*where, "lines_up_with", place, "source")
            yield sheet.fault(at, _no_such(entry["source"], known.sources, "source of wording.yaml"))


def _metric_faults(sheet: Sheet, where: Where, metric: dict[str, Any], known: _Known) -> Iterator[Fault]:
    if metric["unit"] not in known.units:
        yield sheet.fault((*where, "unit"), _no_such(metric["unit"], known.units, "unit"))
    indicators = {indicator["id"]: indicator for indicator in sheet.data["indicators"]}
    indicator = indicators.get(metric["indicator"])
    if indicator is None:
        reason = _no_such(metric["indicator"], indicators, f"indicator of {sheet.data['principle']}")
        yield sheet.fault((*where, "indicator"), reason)
    elif metric["scope"] != indicator["scope"]:
        reason = f"is {metric['scope']}, but {metric['indicator']} is asked once per {indicator['scope']}"
        yield sheet.fault((*where, "scope"), reason)
