"""The facts of a company engagement brief: plain data from what one government may know of a company."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from compliance.domain.answers import Status
from compliance.domain.assessments import State
from compliance.domain.framework import Framework
from compliance.domain.questionnaire import Profile
from compliance.domain.results import Change
from compliance.domain.rules import Kind, Severity
from compliance.domain.text import Text
from compliance.reporting import facts as f
from compliance.reporting.selection import choose_asks, never_answered
from compliance.services import fact_words as w
from compliance.services.companies import CompanyView, GridLine
from compliance.storage.models import Finding, PublicRecord, Result


def brief_facts(view: CompanyView, marking: f.Marking, *, on: dt.date) -> f.CompanyBrief:
    """Everything that the brief on `view` may show, dated `on`."""
    gaps = [_gap(view, row) for row in view.results if _severity(view, row).kind in (Kind.GAP, Kind.UNKNOWN)]
    asked = [row for row in view.results if _severity(view, row).kind is not Kind.OUTSIDE]
    by_principle = Counter(view.framework.principles_by_id[row.principle_id].number for row in asked)
    previous = view.previous_cycle
    return {
        "kind": "company-brief",
        "generated_on": on.isoformat(),
        "marking": marking,
        "releasable": False,
        "edition": {"version": 1, "approved_by": "", "approved_on": None},
        "seen_by_company": view.state in (State.FINDINGS_SHARED, State.CONCLUDED, State.REOPENED),
        "company": _company(view),
        "cycle": w.cycle_of(view.cycle, view.due_on),
        "previous_cycle": w.cycle_of(previous)["name"]
        if previous and any(line.previous for line in view.grid)
        else None,
        "participation": _participation(view, asked),
        "objective": None,
        "services": _services(view),
        "principles": [_principle(view.framework, line) for line in view.grid],
        "strengths": _strengths(view),
        "asks": choose_asks(gaps, Counter(row.indicator_id for row in asked)),
        "gaps": gaps,
        "public_record": [_public_fact(view.framework, record) for record in view.records],
        "never_answered": never_answered(gaps, by_principle),
        "framework": w.framework_of(view.framework),
    }


def _severity(view: CompanyView, row: Result) -> Severity:
    return view.framework.rules.severity_by_id[row.severity]


def _company(view: CompanyView) -> f.Company:
    company = view.company
    return {
        "name": company.name,
        "slug": company.slug,
        "description": {"en": company.description_en, "fr": company.description_fr},
        "endorsed_on": company.endorsed_on.isoformat() if company.endorsed_on else None,
        "endorsement_source": company.endorsement_source,
        "lead_country": w.country_name(company.country) if company.country else None,
        "fictional": company.fictional,
    }


def _participation(view: CompanyView, asked: Sequence[Result]) -> f.Participation:
    word = view.word or Text("Not in this cycle", "Hors de ce cycle")
    return {
        "id": view.participation or "not_invited",
        "word": w.both(word),
        "unanswered": sum(row.status == Status.UNANSWERED for row in asked),
        "applicable": len(asked),
        "reason": w.said(view.reason, view.company.language),
    }


def _services(view: CompanyView) -> list[f.Service]:
    """The services as signed; of a company that submitted nothing, those that its results rest on."""
    if view.sealed is None:
        names = {row.service.slug: row.service.name for row in view.results if row.service}
        profiles = [Profile(slug, name, None) for slug, name in names.items()]
    else:
        profiles = [Profile(service.slug, service.name, service.functions) for service in view.sealed.services]
    before = view.previous_sealed.services_by_slug if view.previous_sealed else {}
    return [_service(view.framework, profile, before) for profile in profiles]


def _service(framework: Framework, profile: Profile, before: Mapping[str, object]) -> f.Service:
    earlier = getattr(before.get(profile.slug), "functions", None) or frozenset()
    dropped = earlier - profile.functions if profile.functions is not None else frozenset()
    return {
        "name": profile.name,
        "functions_declared": profile.functions is not None,
        "functions": _functions(framework, profile.functions or frozenset()),
        "dropped_functions": _functions(framework, dropped),
    }


def _functions(framework: Framework, ids: frozenset[str]) -> list[f.Both]:
    """Labels in the order of the framework; one that this version no longer has is left out."""
    return [w.both(term.label) for term in framework.functions if term.id in ids]


def _principle(framework: Framework, line: GridLine) -> f.Principle:
    wording = line.principle.wording
    words = framework.rules.words["changes"]
    return {
        "id": line.principle.id,
        "number": line.principle.number,
        "name": None,
        "text": w.both(wording.text),
        "official": w.official_of(wording),
        "provenance": {"en": wording.provenance["en"], "fr": wording.provenance["fr"]},
        "theme": w.both(framework.themes_by_id[line.principle.theme_id].wording.text),
        "cell": w.cell_of(line.cell),
        "previous": w.cell_of(line.previous) if line.previous else None,
        "changes": [
            {"id": change, "word": w.both(words[change].label), "n": line.changes[change]}
            for change in Change
            if line.changes.get(change)
        ],
    }


def _strengths(view: CompanyView) -> list[f.Strength]:
    """What is in place, evidence seen first; what is only claimed is labelled as claimed."""
    found: dict[tuple[str, str], list[Result]] = {}
    for row in view.results:
        kind = _severity(view, row).kind
        if kind in (Kind.MET, Kind.CLAIMED):
            found.setdefault((row.indicator_id, "met" if kind is Kind.MET else "claimed"), []).append(row)
    order = {indicator_id: place for place, indicator_id in enumerate(view.framework.indicators)}
    return [
        {
            "kind": "met" if kind == "met" else "claimed",
            "indicator": w.indicator_of(view.framework, view.framework.indicators[indicator_id]),
            "services": [row.service.name for row in rows if row.service],
            "sources": _sources(view, rows),
        }
        for (indicator_id, kind), rows in sorted(
            found.items(), key=lambda item: (item[0][1] != "met", order[item[0][0]])
        )
    ]


def _sources(view: CompanyView, rows: Sequence[Result]) -> list[str]:
    """The addresses of the evidence, each once."""
    entries = [entry for row in rows if (entry := view.entry_of(row))]
    return list(dict.fromkeys(item.address for entry in entries for item in entry.evidence if item.address))


def _gap(view: CompanyView, row: Result) -> f.Gap:
    framework, entry = view.framework, view.entry_of(row)
    indicator = framework.indicators[row.indicator_id]
    language = entry.language if entry else ""
    status = framework.status_words[row.status]
    reason = framework.reason_words[entry.reason] if entry and entry.reason else None
    words = framework.rules.words
    return {
        "indicator": w.indicator_of(framework, indicator),
        "service": row.service.name if row.service else None,
        "severity": w.severity_word(_severity(view, row)),
        "status": w.term_word(status),
        "surfaces": [w.both(framework.surface_words[s].label) for s in (entry.surfaces if entry else ())],
        "explanation": w.said(entry.explanation, language) if entry else None,
        "planned_on": entry.planned_on.isoformat() if entry and entry.planned_on else None,
        "reason": w.term_word(reason) if reason else None,
        "reason_text": w.said(entry.reason_text, language) if entry else None,
        "grade": w.label_word(words["grades"][row.grade]),
        "finding": _finding(view, view.findings.get((row.service_id, row.indicator_id))),
        "flags": [w.label_word(words["flags"][flag]) for flag in row.flags],
        "standard_ask": w.both(indicator.ask),
        "by": entry.planned_on.isoformat() if entry and entry.planned_on and row.plan == "current" else None,
    }


def _finding(view: CompanyView, finding: Finding | None) -> f.Finding | None:
    if finding is None:
        return None
    return {
        "rating": w.label_word(view.framework.rules.words["findings"][finding.rating]),
        "reason": w.said(finding.reason, ""),
    }


def _public_fact(framework: Framework, record: PublicRecord) -> f.PublicFact:
    indicator = framework.indicators.get(record.indicator_id) if record.indicator_id else None
    status = framework.status_words.get(record.status) if record.status else None
    return {
        "statement": {"text": record.statement, "language": "", "shortened": False},
        "indicator": w.indicator_of(framework, indicator) if indicator else None,
        "principle_id": record.principle_id,
        "principle_number": framework.principles_by_id[record.principle_id].number,
        "scope": record.services_scope,  # type: ignore[typeddict-item]  # one of the three, as stored
        "services_text": record.services_text,
        "status": w.term_word(status) if status else None,
        "value": None if record.value is None else format(record.value.normalize(), "f"),
        "unit": record.unit,
        "period": record.period,
        "geography": record.geography,
        "source_address": record.source_address,
        "source_date": record.source_date,
        "entered_by": record.entered_by.name if record.entered_by else "",
    }
