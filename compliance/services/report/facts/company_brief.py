"""The facts of an engagement brief about one company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from compliance.domain.assessments import State
from compliance.domain.framework import Framework
from compliance.domain.rules import Kind
from compliance.reporting import facts as f
from compliance.reporting.author import no_author
from compliance.reporting.selection import choose_asks, never_answered
from compliance.services.gap.gaps import accepted_gaps
from compliance.services.portfolio.companies import CompanyView
from compliance.services.report import fact_words as w
from compliance.services.report.facts.building import Building
from compliance.services.report.facts.company import CompanyFacts, severity
from compliance.services.report.facts.followed_up import Replies, commitments_of, last_meeting, promised, replies_of
from compliance.services.transaction import reading
from compliance.storage.models import Finding, PublicRecord, Result

#: The states in which the company knows what was found.
SEEN = (State.FINDINGS_SHARED, State.CONCLUDED, State.REOPENED)


def company_brief(building: Building) -> f.CompanyBrief:
    """Everything that one government may be told of a company; raises NotFound when nothing is shared with it."""
    known = CompanyFacts.of(building)
    view = known.view
    replies, promises = replies_of(view), promised(building, view)
    rows = [row for row in view.results if severity(view, row).kind in (Kind.GAP, Kind.UNKNOWN)]
    gaps = [gap_facts(view, row, replies) for row in rows]
    accepted = accepted_gaps(reading(), view)
    asked_for = [
        gap
        for row, gap in zip(rows, gaps, strict=True)
        if (row.service_id, row.indicator_id) not in accepted  # what is accepted as it is needs no asking
    ]
    return {
        **known.envelope,
        "seen_by_company": view.state in SEEN,
        "company": known.company(),
        "participation": known.participation(),
        "author": no_author(),
        "last_engagement": last_meeting(building, view, promises),
        "services": known.services(),
        "principles": known.principles(),
        "strengths": _strengths(view),
        "asks": choose_asks(asked_for, Counter(row.indicator_id for row in known.asked)),
        "gaps": gaps,
        "commitments": commitments_of(building, view, promises),
        "public_record": [_public_fact(view.framework, record) for record in view.records],
        "never_answered": never_answered(gaps, known.by_principle()),
    }


def _strengths(view: CompanyView) -> list[f.Strength]:
    """What is in place, evidence seen first; what is only claimed is labelled as claimed."""
    found: dict[tuple[str, str], list[Result]] = {}
    for row in view.results:
        kind = severity(view, row).kind
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


def gap_facts(view: CompanyView, row: Result, replies: Replies) -> f.Gap:
    """What the company says about one question, the evidence and the finding, beside each other."""
    framework, entry = view.framework, view.entry_of(row)
    indicator = framework.indicators[row.indicator_id]
    language = entry.language if entry else ""
    status = framework.status_words[row.status]
    reason = framework.reason_words[entry.reason] if entry and entry.reason else None
    words = framework.rules.words
    return {
        "indicator": w.indicator_of(framework, indicator),
        "service": row.service.name if row.service else None,
        "severity": w.severity_word(severity(view, row)),
        "status": w.term_word(status),
        "surfaces": [w.both(framework.surface_words[s].label) for s in (entry.surfaces if entry else ())],
        "explanation": w.said(entry.explanation, language) if entry else None,
        "planned_on": entry.planned_on.isoformat() if entry and entry.planned_on else None,
        "reason": w.term_word(reason) if reason else None,
        "reason_text": w.said(entry.reason_text, language) if entry else None,
        "grade": w.label_word(words["grades"][row.grade]),
        "finding": finding_facts(framework, view.findings.get((row.service_id, row.indicator_id)), replies),
        "flags": [w.label_word(words["flags"][flag]) for flag in row.flags],
        "standard_ask": w.both(indicator.ask),
        "by": entry.planned_on.isoformat() if entry and entry.planned_on and row.plan == "current" else None,
    }


def finding_facts(framework: Framework, finding: Finding | None, replies: Replies) -> f.Finding | None:
    """A finding with the company's reply; None when there is none."""
    if finding is None:
        return None
    return {
        "rating": w.label_word(framework.rules.words["findings"][finding.rating]),
        "reason": w.said(finding.reason, finding.language),
        "reply": replies.get((finding.service_id, finding.indicator_id)),
    }


def _public_fact(framework: Framework, record: PublicRecord) -> f.PublicFact:
    indicator = framework.indicator_now(record.indicator_id)
    status = framework.status_words.get(record.status) if record.status else None
    return {
        "statement": {"text": record.statement, "language": record.language, "shortened": False},
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
