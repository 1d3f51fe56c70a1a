"""The facts of the report on one principle: its answers beside each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from compliance.domain.framework import Principle
from compliance.domain.results import Change, roll_up
from compliance.domain.submissions import Sealed, unseal
from compliance.reporting import facts as f
from compliance.services.portfolio.companies import GridLine
from compliance.services.report import fact_words as w
from compliance.services.report.facts.across import MOST_NAMED, AcrossFacts, by_rank, count_facts
from compliance.services.report.facts.building import Building
from compliance.services.report.facts.company import principle_facts
from compliance.services.report.facts.company_brief import finding_facts
from compliance.services.report.facts.editions import is_withheld, key_of
from compliance.services.transaction import reading
from compliance.storage.models import Finding, Organisation, Result
from compliance.storage.queries import assessments, review
from compliance.storage.queries import reports as queries


def principle_report(building: Building) -> f.PrincipleReport:
    """One principle across the companies that are shared with the reader; raises NotFound for an unknown one."""
    known = AcrossFacts.of(building)
    principle = known.principle(building.about.principle)
    session, framework = reading(), known.framework
    spread = known.spread(principle)
    cell = roll_up(framework.rules, queries.counts_of_principle(session, known.basis, principle.id))
    changes = {Change(change["id"]): change["n"] for change in spread[0]["changes"]}
    envelope = known.envelope
    envelope["withheld"] = [item for item in envelope["withheld"] if item["principle_number"] == principle.number]
    return {
        **envelope,
        "basis": known.basis_facts(),
        "spread": spread,
        "principle": principle_facts(framework, GridLine(principle, cell, None, changes)),
        "indicators": _indicators(known, principle),
    }


def _indicators(known: AcrossFacts, principle: Principle) -> list[f.SideBySide]:
    session, framework = reading(), known.framework
    counts = by_rank(framework, queries.spread_by_indicator(session, known.basis, principle.id))
    answers = _answers(known, principle) if known.with_results <= MOST_NAMED else {}
    return [
        {
            "indicator": w.indicator_of(framework, indicator),
            "counts": count_facts(counts.get(indicator.id, {}).items()),
            "companies": sum(counts.get(indicator.id, {}).values()),
            "answers": answers.get(indicator.id, []),
        }
        for indicator in framework.indicators.values()
        if indicator.principle_id == principle.id
    ]


def _answers(known: AcrossFacts, principle: Principle) -> Mapping[str, list[f.SideAnswer]]:
    """The answers to each indicator, by company and service; what does not apply is left out."""
    session, rules = reading(), known.framework.rules
    rows = queries.results_of_principle(session, known.basis, principle.id)
    companies = {company.id for _, company in rows}
    found_in = {row.company_id: row.id for row in queries.assessments_in(session, known.basis, [*companies])}
    copies = assessments.last_submissions(session, [*found_in.values()]) if found_in else {}
    sealed = {company_id: unseal(copies[id_].sealed) for company_id, id_ in found_in.items() if id_ in copies}
    findings = _findings(review.findings_of(session, [*found_in.values()]), found_in)
    answers: dict[str, list[f.SideAnswer]] = defaultdict(list)
    for row, company in rows:
        if rules.severity_by_id[row.severity].kind != "outside":
            finding = findings.get((company.id, row.service_id, row.indicator_id))
            answers[row.indicator_id].append(_answer(known, row, company, sealed.get(company.id), finding))
    return answers


def _findings(rows: Sequence[Finding], found_in: Mapping[int, int]) -> dict[tuple[int, int | None, str], Finding]:
    companies = {assessment_id: company_id for company_id, assessment_id in found_in.items()}
    return {(companies[row.assessment_id], row.service_id, row.indicator_id): row for row in rows}


def _answer(
    known: AcrossFacts, row: Result, company: Organisation, sealed: Sealed | None, finding: Finding | None
) -> f.SideAnswer:
    framework = known.framework
    entry = sealed.answers.get(key_of(row)) if sealed else None
    if entry and known.basis.open_only and is_withheld(entry):
        entry = None  # the row would not be here; an answer claimed a moment ago stays out, too
    words = framework.rules.words
    return {
        "company": company.name,
        "service": row.service.name if row.service else None,
        "status": w.term_word(framework.status_words[row.status]),
        "severity": w.severity_word(framework.rules.severity_by_id[row.severity]),
        "grade": w.label_word(words["grades"][row.grade]),
        "explanation": w.said(entry.explanation, entry.language) if entry else None,
        "finding": finding_facts(framework, finding, {}),
    }
