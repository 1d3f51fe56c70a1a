"""From the results of one company to one cell per principle: what lists and the heatmap show of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from compliance.domain.answers import Status
from compliance.domain.results import Change, roll_up
from compliance.domain.rules import Rules


@dataclass(slots=True)
class Summary:
    """How many results of a principle have which severity, which status, and which change, each by id."""

    severities: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Line:
    """As much of one result as a summary needs; `change` is None when there is nothing to compare with."""

    principle_id: str
    severity: str
    status: str
    change: str | None


def summarise(lines: Iterable[Line], rules: Rules) -> dict[str, dict[str, object]]:
    """The cell of each principle, by its id, as plain values.

    Unanswered, not applicable and cannot say are counted among what applies only: a question that a service without
    the functions is never asked is not an unanswered one.
    """
    found: dict[str, Summary] = {}
    for line in lines:
        summary = found.setdefault(line.principle_id, Summary())
        summary.severities[line.severity] += 1
        summary.changes.update([line.change] if line.change else [])
        if rules.severity_by_id[line.severity].kind != "outside":
            summary.statuses[line.status] += 1
    return {principle_id: _cell(summary, rules) for principle_id, summary in found.items()}


def _cell(summary: Summary, rules: Rules) -> dict[str, object]:
    cell = roll_up(rules, summary.severities)
    assert cell.worst is not None, "there is at least one result"
    return {
        "worst": cell.worst.id,
        "counts": dict(sorted(summary.severities.items())),
        "applicable": cell.applicable,
        "unanswered": summary.statuses[Status.UNANSWERED],
        "not_applicable": summary.statuses[Status.NOT_APPLICABLE],
        "cannot_say": summary.statuses[Status.CANNOT_SAY],
        **{f"change_{change}": summary.changes[change] for change in Change},
    }
