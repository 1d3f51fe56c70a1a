"""The facts of the cross-company report."""

from __future__ import annotations

from collections import Counter, defaultdict

from compliance.domain.assessments import State
from compliance.domain.framework import Framework
from compliance.domain.results import roll_up
from compliance.domain.rules import Kind
from compliance.domain.text import Text
from compliance.reporting import facts as f
from compliance.services.portfolio.portfolio import participation_of
from compliance.services.report import fact_words as w
from compliance.services.report.facts.across import MOST_NAMED, AcrossFacts
from compliance.services.report.facts.building import Building
from compliance.services.report.facts.followed_up import commitment
from compliance.services.transaction import reading
from compliance.storage.queries import portfolio
from compliance.storage.queries import reports as queries

MOST_COMMON = 5
MOST_COMMITMENTS = 100
PENDING = ("proposed", "agreed")


def cross_company(building: Building) -> f.CrossCompany:
    """All companies of a cycle; the number of statements does not depend on how many there are."""
    known = AcrossFacts.of(building)
    return {
        **known.envelope,
        "basis": known.basis_facts(),
        "participations": known.participations(),
        "spread": known.spread(),
        "heatmap": _heatmap(known) if known.with_results <= MOST_NAMED else [],
        "common_gaps": _common_gaps(known),
        "commitments": _commitments(known),
    }


def _common_gaps(known: AcrossFacts) -> list[f.CommonGap]:
    session, framework = reading(), known.framework
    gaps = known.ids_of(Kind.GAP)
    worst = min((framework.rules.severity_by_id[id_] for id_ in gaps), key=lambda severity: severity.rank)
    rows = queries.common_gaps(session, known.basis, gaps, worst.id, MOST_COMMON)
    asked = queries.companies_asked(session, known.basis, [row[0] for row in rows], known.ids_of(Kind.OUTSIDE))
    return [
        {
            "indicator": w.indicator_of(framework, framework.indicators[indicator_id]),
            "companies": number,
            "without_plan": bare,
            "of": asked.get(indicator_id, number),
            "standard_ask": w.both(framework.indicators[indicator_id].ask),
        }
        for indicator_id, number, bare in rows
    ]


def _heatmap(known: AcrossFacts) -> list[f.HeatLine]:
    """Companies that take part, by name: those with results first come as they come, nobody is ranked."""
    session, actor, cycle = reading(), known.building.actor, known.cycle
    which = portfolio.Which()
    rows = portfolio.companies_page(session, actor, cycle, which, offset=0, limit=MOST_NAMED)
    rows = [row for row in rows if row[1] is not None]
    ids = [row[0].id for row in rows]
    answers = portfolio.answer_counts(session, cycle.id, ids)
    counts: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for company_id, principle_id, severity, number in queries.cells_of(session, known.basis, ids):
        counts[company_id][principle_id][severity] = number
    found: list[f.HeatLine] = []
    for company, row, assessment, _country in rows:
        state = State(assessment.state) if assessment else None
        word = participation_of(row, state, answers.get(company.id, 0), cycle, known.today)
        found.append(
            {
                "company": company.name,
                "country": w.country_name(company.country) if company.country else None,
                "participation": w.both(
                    known.framework.rules.words["participation"][word].label if word else Text("–", "–")
                ),
                "cells": _cells(known.framework, counts[company.id]) if company.id in counts else [],
            }
        )
    return found


def _cells(framework: Framework, counts: dict[str, Counter[str]]) -> list[f.HeatCell]:
    cells: list[f.HeatCell] = []
    for principle in framework.principles:
        cell = roll_up(framework.rules, counts.get(principle.id, {}))
        cells.append(
            {
                "principle_number": principle.number,
                "severity": w.severity_word(cell.worst) if cell.worst else None,
                "n": cell.counts[0][1] if cell.counts else 0,
                "of": cell.applicable,
            }
        )
    return cells


def _commitments(known: AcrossFacts) -> list[f.Commitment]:
    """What is proposed or agreed and not done, earliest first. Of a redacted edition none is part: their texts are
    free, and what an answer says that is withheld may stand in them."""
    if known.basis.open_only and known.envelope["withheld"]:
        return []
    rows = queries.commitments_due(reading(), known.building.actor, known.cycle.id, PENDING, MOST_COMMITMENTS)
    return [commitment(known.framework, row, row.company.name, on=known.today) for row in rows]
