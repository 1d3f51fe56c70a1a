"""The facts of the one table of a cycle that is published: nobody is named, no small number can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compliance.domain.errors import NotAllowed
from compliance.domain.rules import Kind, Severity
from compliance.reporting import facts as f
from compliance.reporting.suppression import SMALLEST, NotSafe, Published, publish, suppress
from compliance.services.report import fact_words as w
from compliance.services.report.facts.across import AcrossFacts, by_rank
from compliance.services.report.facts.building import Building
from compliance.services.transaction import reading
from compliance.storage.queries import reports as queries

#: From the finest table to the coarsest: which kinds of word stand in one column. None: each word in its own.
GROUPINGS: tuple[tuple[tuple[Kind, ...], ...] | None, ...] = (
    None,
    ((Kind.GAP,), (Kind.UNKNOWN,), (Kind.CLAIMED, Kind.MET), (Kind.OUTSIDE,)),
    ((Kind.GAP, Kind.UNKNOWN), (Kind.CLAIMED, Kind.MET, Kind.OUTSIDE)),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and the words that share it."""

    words: tuple[Severity, ...]

    @property
    def id(self) -> str:
        return "+".join(word.id for word in self.words)


def sector_aggregate(building: Building) -> f.SectorAggregate:
    """The finest table that the audit lets out and that shows a number at all. Raises NotAllowed when there is none.

    Whatever the edition, answers that are confidential or tell of a sensitive method are not counted.
    """
    known = AcrossFacts.of(building, open_only=True)
    counts = by_rank(known.framework, queries.spread(reading(), known.basis))
    for columns in _groupings(known.framework.rules.severities):
        table = [
            [sum(counts.get(principle.id, {}).get(word, 0) for word in column.words) for column in columns]
            for principle in known.framework.principles
        ]
        try:
            published = publish(table, suppress(table))
        except NotSafe:
            continue
        if any(number is not None for row in published.cells for number in row):
            return _facts(known, columns, published)
    raise NotAllowed(f"{known.with_results} companies are too few: no table of them can be published safely")


def _groupings(severities: Sequence[Severity]) -> list[tuple[Column, ...]]:
    found: list[tuple[Column, ...]] = []
    for grouping in GROUPINGS:
        groups = [(word,) for word in severities] if grouping is None else [
            tuple(word for word in severities if word.kind in kinds) for kinds in grouping
        ]  # fmt: skip
        found.append(tuple(Column(words) for words in groups if words))
    return found


def _facts(known: AcrossFacts, columns: Sequence[Column], table: Published) -> f.SectorAggregate:
    rows = zip(known.framework.principles, table.cells, table.row_totals, strict=True)
    return {
        **known.envelope,
        "companies": known.with_results,
        "smallest": SMALLEST,
        "columns": [
            {"id": column.id, "words": [w.both(word.word) for word in column.words], "total": total}
            for column, total in zip(columns, table.column_totals, strict=True)
        ],
        "rows": [
            {
                "principle_number": principle.number,
                "theme": known.theme(principle),
                "cells": [{"column": column.id, "n": number} for column, number in zip(columns, cells, strict=True)],
                "total": total,
            }
            for principle, cells, total in rows
        ],
        "suppressed": sum(number is None for row in table.cells for number in row),
    }
