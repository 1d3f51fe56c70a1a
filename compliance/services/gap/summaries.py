"""Keeping the summaries of the results true: written with the results, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry
from compliance.domain.framework import Framework
from compliance.domain.summaries import Line, summarise
from compliance.storage.bulk import sync_rows
from compliance.storage.models import Participation, ResultCell, ResultMetric

RowKey = tuple[int | None, str]  # service id and indicator id


def store(
    session: Session, participation: Participation, rows: Mapping[RowKey, Mapping[str, Any]], framework: Framework
) -> int:
    """One cell for each principle of the results `rows`; how many were written."""
    lines = (
        Line(row["principle_id"], indicator_id, row["severity"], row["status"], row["change"])
        for (_service, indicator_id), row in rows.items()
    )
    cells = summarise(lines, framework)
    wanted = [owner(participation) | {"principle_id": principle_id} | cell for principle_id, cell in cells.items()]
    mine = ResultCell.participation_id == participation.id
    return sync_rows(session, ResultCell, mine, ("principle_id",), wanted)


def store_metrics(
    session: Session,
    participation: Participation,
    answers: Mapping[tuple[str | None, str], AnswerEntry],
    service_ids: Mapping[str, int],
) -> int:
    """The numbers of the sealed copy, for comparing; none while nothing is signed."""
    wanted = [
        owner(participation)
        | {
            "service_id": service_ids[service] if service else None,
            "metric_id": item.metric_id,
            "value": item.value,
            "unit": item.unit,
            "period_start": item.period_start,
            "period_end": item.period_end,
            "geography": item.geography,
            "method": item.method,
            "not_collected_reason": item.not_collected_reason,
        }
        for (service, _indicator), entry in answers.items()
        for item in entry.metrics
    ]
    mine = ResultMetric.participation_id == participation.id
    return sync_rows(session, ResultMetric, mine, ("service_id", "metric_id"), wanted)


def owner(participation: Participation) -> dict[str, Any]:
    """The columns that say whose a row of the projection is."""
    return {
        "participation_id": participation.id,
        "cycle_id": participation.cycle_id,
        "company_id": participation.company_id,
    }
