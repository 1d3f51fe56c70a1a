"""The facts of what moved in one company since the last cycle."""

from __future__ import annotations

from compliance.domain.results import Change, roll_up_of
from compliance.reporting import facts as f
from compliance.services.report import fact_words as w
from compliance.services.report.facts.building import Building
from compliance.services.report.facts.company import CompanyFacts, severity
from compliance.services.report.facts.editions import Key, earlier_key, key_of
from compliance.services.report.facts.followed_up import commitments_of, promised
from compliance.storage.models import Result

ORDER = {change: place for place, change in enumerate(Change)}


def progress(building: Building) -> f.Progress:
    """Every question that moved, with its word of both cycles; raises NotFound when nothing is shared."""
    known = CompanyFacts.of(building)
    view = known.view
    rules = view.framework.rules
    before = {earlier_key(row, view.framework): row for row in view.results_before}
    earlier = roll_up_of(rules, [row.severity for row in view.results_before if row.severity in rules.severity_by_id])
    rows = [row for row in view.results if row.change and row.change != Change.SAME]
    places = {indicator_id: place for place, indicator_id in enumerate(view.framework.indicators)}
    rows.sort(key=lambda row: (ORDER[Change(row.change or Change.SAME)], places[row.indicator_id], row.service_id or 0))
    return {
        **known.envelope,
        "company": known.company(),
        "participation": known.participation(),
        "services": known.services(),
        "total": w.cell_of(view.total),
        "previous_total": w.cell_of(earlier) if view.results_before else None,
        "principles": known.principles(),
        "moved": [_moved(known, row, before) for row in rows],
        "commitments": commitments_of(building, view, promised(building, view)),
    }


def _moved(known: CompanyFacts, row: Result, before: dict[Key, Result]) -> f.Moved:
    view = known.view
    earlier = before.get(key_of(row))
    word = view.framework.rules.words["changes"][str(row.change)]
    return {
        "indicator": w.indicator_of(view.framework, view.framework.indicators[row.indicator_id]),
        "service": row.service.name if row.service else None,
        "change": w.label_word(word),
        "before": w.severity_word(severity(view, earlier)) if earlier else None,
        "now": w.severity_word(severity(view, row)),
    }
