"""The facts of the feedback to a company: what it may see itself, and nothing else."""

from __future__ import annotations

from compliance.domain.assessments import State
from compliance.domain.rules import Kind
from compliance.reporting import facts as f
from compliance.reporting.selection import never_answered
from compliance.services.report import fact_words as w
from compliance.services.report.facts.building import Building
from compliance.services.report.facts.company import CompanyFacts, severity
from compliance.services.report.facts.company_brief import gap_facts
from compliance.services.report.facts.followed_up import Replies, commitments_of, promised, replies_of
from compliance.services.transaction import reading
from compliance.storage.models import Result
from compliance.storage.queries import exchange

#: The states in which every finding there is was shared. When the exchange is reopened they change unseen again.
SHARED = (State.FINDINGS_SHARED, State.CONCLUDED)
#: Flags that tell of what the company does not see: the public record is shown to it by another part.
NOT_FOR_COMPANY = frozenset({"public_record_differs"})


def company_feedback(building: Building) -> f.CompanyFeedback:
    """Answers, findings and replies of one company; raises NotFound when nothing is shared with the reader."""
    known = CompanyFacts.of(building)
    view = known.view
    versions = exchange.last_versions(reading(), view.assessment.id) if view.assessment else {}
    replies = replies_of(view)
    gaps = [gap_facts(view, row, {}) for row in view.results if severity(view, row).kind is Kind.UNKNOWN]
    dates = [version.reply_due_on for version in versions.values()]
    return {
        **known.envelope,
        "seen_by_company": not view.findings or view.state in SHARED,
        "company": known.company(),
        "participation": known.participation(),
        "reply_due_on": max(dates).isoformat() if dates else None,
        "services": known.services(),
        "principles": known.principles(),
        "reviewed": [_reviewed(known, row, replies) for row in known.asked if view.entry_of(row)],
        "never_answered": never_answered(gaps, known.by_principle()),
        "commitments": commitments_of(building, view, promised(building, view)),
    }


def _reviewed(known: CompanyFacts, row: Result, replies: Replies) -> f.Reviewed:
    view = known.view
    shown = gap_facts(view, row, replies)
    return {
        "indicator": shown["indicator"],
        "service": shown["service"],
        "status": shown["status"],
        "explanation": shown["explanation"],
        "grade": shown["grade"],
        "severity": shown["severity"],
        "flags": [flag for flag in shown["flags"] if flag["id"] not in NOT_FOR_COMPANY],
        "finding": shown["finding"],
        "standard_ask": w.both(view.framework.indicators[row.indicator_id].ask),
    }
