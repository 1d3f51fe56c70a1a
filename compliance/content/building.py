"""From a stored document to the framework of the domain.

The document is plain JSON: {"framework", "wording", "principles" (by id), "units", "rules"}, as written in the files.
It has been checked before it was stored; a document from elsewhere raises KeyError, TypeError or ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compliance.content.digests import version_sha256
from compliance.domain.framework import (
    AppliesWhen,
    Framework,
    Indicator,
    LinesUpWith,
    Metric,
    Principle,
    Scope,
    Source,
    Surface,
    Term,
    Theme,
    Unit,
    UnitKind,
    Wording,
)
from compliance.domain.rules import Condition, Kind, Label, Row, Rules, Severity
from compliance.domain.text import LANGUAGES, Text

Plain = Mapping[str, Any]


def build(document: Plain) -> Framework:
    """The framework that `document` describes, with the sha256 of its version. Pure."""
    framework, wording = document["framework"], document["wording"]
    units = tuple(_unit(item) for item in document["units"])
    title = _wording(wording["title"])
    return Framework(
        id=framework["id"],
        version=framework["version"],
        name=_maybe_text(framework.get("name")) or title.text,
        title=title,
        note=_maybe_text(wording.get("note")),
        sources=tuple(Source(item["id"], item["name"], item["language"]) for item in wording["sources"]),
        themes=tuple(Theme(item["id"], _wording(item)) for item in wording["themes"]),
        principles=_principles(wording["principles"], document["principles"], {unit.id: unit for unit in units}),
        functions=_terms(framework["functions"]),
        surfaces=tuple(_surface(item) for item in framework["surfaces"]),
        statuses=_terms(framework["statuses"]),
        reasons=_terms(framework["reasons"]),
        units=units,
        rules=_rules(document["rules"]),
        sha256=version_sha256(document),
    )


def _text(value: Plain) -> Text:
    # a folded text of YAML ends with a line break that nobody means
    return Text(en=value["en"].strip(), fr=value["fr"].strip())


def _maybe_text(value: Plain | None) -> Text | None:
    return None if value is None else _text(value)


def _wording(value: Plain) -> Wording:
    return Wording(
        text=_text(value["text"]),
        official={language: value["official"][language] for language in LANGUAGES},
        provenance={language: value["provenance"][language] for language in LANGUAGES},
        source=dict(value.get("source", {})),
        remark=_maybe_text(value.get("remark")),
    )


def _terms(items: Iterable[Plain]) -> tuple[Term, ...]:
    return tuple(Term(item["id"], _text(item["label"]), _maybe_text(item.get("help"))) for item in items)


def _surface(item: Plain) -> Surface:
    return Surface(item["id"], _text(item["label"]), frozenset(item.get("functions", ())))


def _unit(item: Plain) -> Unit:
    return Unit(item["id"], UnitKind(item["kind"]), _text(item["label"]), item.get("seconds"))


def _principles(
    agreed: Iterable[Plain], asked: Mapping[str, Plain], units: Mapping[str, Unit]
) -> tuple[Principle, ...]:
    """The principles in the order of the wording, which also numbers them."""
    return tuple(
        Principle(
            id=item["id"],
            number=number,
            theme_id=item["theme"],
            wording=_wording(item),
            indicators=tuple(_indicator(entry, item["id"]) for entry in asked[item["id"]]["indicators"]),
            metrics=tuple(_metric(entry, item["id"], units) for entry in asked[item["id"]].get("metrics", ())),
        )
        for number, item in enumerate(agreed, start=1)
    )


def _indicator(item: Plain, principle_id: str) -> Indicator:
    condition = item.get("applies_when", {})
    return Indicator(
        id=item["id"],
        principle_id=principle_id,
        scope=Scope(item["scope"]),
        name=_text(item["name"]),
        question=_text(item["question"]),
        help=_text(item["help"]),
        evidence_hint=_text(item["evidence_hint"]),
        ask=_text(item["ask"]),
        applies_when=AppliesWhen(**{name: frozenset(functions) for name, functions in condition.items()}),
        surfaces=tuple(item.get("surfaces", ())),
        statuses=tuple(item["statuses"]),
        replaces=tuple(item.get("replaces", ())),
        lines_up_with=tuple(_lines_up_with(entry) for entry in item.get("lines_up_with", ())),
        official=item["official"],
        provenance=item["provenance"],
    )


def _lines_up_with(item: Plain) -> LinesUpWith:
    return LinesUpWith(item["regime"], item["reference"], item["source"], item["provenance"])


def _metric(item: Plain, principle_id: str, units: Mapping[str, Unit]) -> Metric:
    return Metric(
        id=item["id"],
        principle_id=principle_id,
        indicator_id=item["indicator"],
        scope=Scope(item["scope"]),
        name=_text(item["name"]),
        help=_text(item["help"]),
        unit=units[item["unit"]],
        period=item["period"],
        official=item["official"],
        provenance=item["provenance"],
    )


def _rules(value: Plain) -> Rules:
    return Rules(
        severities=tuple(_severity(item, rank) for rank, item in enumerate(value["severities"])),
        table=build_rows(value["table"]),
        grades=_labels(value["grades"]),
        findings=_labels(value["findings"]),
        plans=_labels(value["plans"]),
        flags=_labels(value["flags"]),
        changes=_labels(value["changes"]),
        participation=_labels(value["participation"]),
    )


def build_rows(table: Iterable[Plain]) -> tuple[Row, ...]:
    """The rows of a decision table, as `rules.yaml` writes them."""
    return tuple(Row(row["severity"], tuple(_condition(entry) for entry in row["when"])) for row in table)


def _condition(entry: Plain) -> Condition:
    return Condition({dimension: frozenset(values) for dimension, values in entry.items()})


def _severity(item: Plain, rank: int) -> Severity:
    return Severity(item["id"], Kind(item["kind"]), _text(item["word"]), item["symbol"], item["colour"], rank)


def _labels(items: Iterable[Plain]) -> tuple[Label, ...]:
    return tuple(Label(item["id"], _text(item["label"]), _maybe_text(item.get("help"))) for item in items)
