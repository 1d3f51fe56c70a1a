"""The facts of a company engagement brief: plain data from what one government may know of a company."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from babel import Locale

from compliance.domain.answers import Status
from compliance.domain.assessments import State
from compliance.domain.framework import Framework, Indicator, Term, Wording
from compliance.domain.questionnaire import Profile
from compliance.domain.results import Cell, Change
from compliance.domain.rules import Kind, Label, Severity
from compliance.domain.text import Text
from compliance.reporting import facts as f
from compliance.reporting.selection import choose_asks, never_answered
from compliance.reporting.text import excerpt
from compliance.services.companies import CompanyView, GridLine
from compliance.storage.models import Cycle, Finding, PublicRecord, Result

EXCERPT = 600  # characters of a company's explanation that a brief shows


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
        "cycle": _cycle(view.cycle),
        "previous_cycle": _cycle(previous)["name"] if previous and any(line.previous for line in view.grid) else None,
        "participation": _participation(view, asked),
        "objective": None,
        "services": _services(view),
        "principles": [_principle(view.framework, line) for line in view.grid],
        "strengths": _strengths(view),
        "asks": choose_asks(gaps, Counter(row.indicator_id for row in asked)),
        "gaps": gaps,
        "public_record": [_public_fact(view.framework, record) for record in view.records],
        "never_answered": never_answered(gaps, by_principle),
        "framework": _framework(view.framework),
    }


# The same word is the same object wherever it stands: the check of the facts looks at each object once.


@lru_cache(maxsize=4096)
def _both(text: Text) -> f.Both:
    return {"en": text.en, "fr": text.fr}


@lru_cache(maxsize=512)
def _term(term: Term) -> f.Label:
    return {"id": term.id, "word": _both(term.label)}


@lru_cache(maxsize=512)
def _label(label: Label) -> f.Label:
    return {"id": label.id, "word": _both(label.label)}


def _said(text: str, language: str, limit: int = EXCERPT) -> f.Said | None:
    if not text.strip():
        return None
    short, shortened = excerpt(text, limit)
    return {"text": short, "language": language, "shortened": shortened}


def _severity(view: CompanyView, row: Result) -> Severity:
    return view.framework.rules.severity_by_id[row.severity]


@lru_cache(maxsize=64)
def _severity_fact(severity: Severity) -> f.Severity:
    return {
        "id": severity.id,
        "kind": severity.kind.value,
        "word": _both(severity.word),
        "symbol": severity.symbol,
        "colour": severity.colour,  # type: ignore[typeddict-item]  # content checks allow the six colours only
        "rank": severity.rank,
    }


def _company(view: CompanyView) -> f.Company:
    company = view.company
    return {
        "name": company.name,
        "slug": company.slug,
        "description": {"en": company.description_en, "fr": company.description_fr},
        "endorsed_on": company.endorsed_on.isoformat() if company.endorsed_on else None,
        "endorsement_source": company.endorsement_source,
        "lead_country": _country(company.country) if company.country else None,
        "fictional": company.fictional,
    }


def _country(code: str) -> f.Both:
    return {"en": Locale("en").territories[code], "fr": Locale("fr").territories[code]}


def _cycle(cycle: Cycle) -> f.Cycle:
    return {
        "slug": cycle.slug,
        "name": {"en": cycle.name_en, "fr": cycle.name_fr},
        "period_start": cycle.period_start.isoformat(),
        "period_end": cycle.period_end.isoformat(),
        "opens_on": cycle.opens_on.isoformat(),
        "due_on": cycle.due_on.isoformat(),
    }


def _participation(view: CompanyView, asked: Sequence[Result]) -> f.Participation:
    word = view.word or Text("Not in this cycle", "Hors de ce cycle")
    return {
        "id": view.participation or "not_invited",
        "word": _both(word),
        "unanswered": sum(row.status == Status.UNANSWERED for row in asked),
        "applicable": len(asked),
        "reason": _said(view.reason, view.company.language),
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
    return [_both(term.label) for term in framework.functions if term.id in ids]


def _principle(framework: Framework, line: GridLine) -> f.Principle:
    wording = line.principle.wording
    words = framework.rules.words["changes"]
    return {
        "id": line.principle.id,
        "number": line.principle.number,
        "name": None,
        "text": _both(wording.text),
        "official": _official(wording),
        "provenance": {"en": wording.provenance["en"], "fr": wording.provenance["fr"]},
        "theme": _both(framework.themes_by_id[line.principle.theme_id].wording.text),
        "cell": _cell(line.cell),
        "previous": _cell(line.previous) if line.previous else None,
        "changes": [
            {"id": change, "word": _both(words[change].label), "n": line.changes[change]}
            for change in Change
            if line.changes.get(change)
        ],
    }


def _official(wording: Wording) -> f.Official:
    return {"en": wording.official["en"], "fr": wording.official["fr"]}


def _cell(cell: Cell) -> f.Cell:
    return {
        "severity": _severity_fact(cell.worst) if cell.worst else None,
        "counts": [{"severity": _severity_fact(severity), "n": number} for severity, number in cell.counts],
        "applicable": cell.applicable,
        "nothing_applies": cell.nothing_applies,
    }


_indicators: dict[tuple[str, str], f.Indicator] = {}  # by the framework's sha256 and the indicator's id


def _indicator(framework: Framework, indicator: Indicator) -> f.Indicator:
    key = (framework.sha256, indicator.id)
    if key not in _indicators:
        _indicators[key] = _new_indicator(framework, indicator)
    return _indicators[key]


def _new_indicator(framework: Framework, indicator: Indicator) -> f.Indicator:
    return {
        "id": indicator.id,
        "name": _both(indicator.name),
        "principle_id": indicator.principle_id,
        "principle_number": framework.principles_by_id[indicator.principle_id].number,
        "place": list(framework.indicators).index(indicator.id),
        "company_wide": indicator.scope == "company",
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
            "indicator": _indicator(view.framework, view.framework.indicators[indicator_id]),
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
    language = view.sealed.language if view.sealed else ""
    status = framework.status_words[row.status]
    reason = framework.reason_words[entry.reason] if entry and entry.reason else None
    words = framework.rules.words
    return {
        "indicator": _indicator(framework, indicator),
        "service": row.service.name if row.service else None,
        "severity": _severity_fact(_severity(view, row)),
        "status": _term(status),
        "surfaces": [_both(framework.surface_words[s].label) for s in (entry.surfaces if entry else ())],
        "explanation": _said(entry.explanation, language) if entry else None,
        "planned_on": entry.planned_on.isoformat() if entry and entry.planned_on else None,
        "reason": _term(reason) if reason else None,
        "reason_text": _said(entry.reason_text, language) if entry else None,
        "grade": _label(words["grades"][row.grade]),
        "finding": _finding(view, view.findings.get((row.service_id, row.indicator_id))),
        "flags": [_label(words["flags"][flag]) for flag in row.flags],
        "standard_ask": _both(indicator.ask),
        "by": entry.planned_on.isoformat() if entry and entry.planned_on and row.plan == "current" else None,
    }


def _finding(view: CompanyView, finding: Finding | None) -> f.Finding | None:
    if finding is None:
        return None
    return {
        "rating": _label(view.framework.rules.words["findings"][finding.rating]),
        "reason": _said(finding.reason, ""),
    }


def _public_fact(framework: Framework, record: PublicRecord) -> f.PublicFact:
    indicator = framework.indicators.get(record.indicator_id) if record.indicator_id else None
    status = framework.status_words.get(record.status) if record.status else None
    return {
        "statement": {"text": record.statement, "language": "", "shortened": False},
        "indicator": _indicator(framework, indicator) if indicator else None,
        "principle_id": record.principle_id,
        "principle_number": framework.principles_by_id[record.principle_id].number,
        "scope": record.services_scope,  # type: ignore[typeddict-item]  # one of the three, as stored
        "services_text": record.services_text,
        "status": _term(status) if status else None,
        "value": None if record.value is None else format(record.value.normalize(), "f"),
        "unit": record.unit,
        "period": record.period,
        "geography": record.geography,
        "source_address": record.source_address,
        "source_date": record.source_date,
        "entered_by": record.entered_by.name if record.entered_by else "",
    }


def _framework(framework: Framework) -> f.FrameworkVersion:
    return {
        "title": _both(framework.title.text),
        "title_official": _official(framework.title),
        "version": framework.version,
        "sha256": framework.sha256,
        "note": _both(framework.note) if framework.note else None,
    }
