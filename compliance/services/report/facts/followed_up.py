"""What is followed from cycle to cycle, as facts: the company's replies, its commitments, and the last meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from compliance.domain.commitments import CommitmentState, is_overdue
from compliance.domain.framework import Framework
from compliance.domain.replies import Conclusion, Stance
from compliance.domain.text import Text
from compliance.reporting import facts as f
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.portfolio.companies import CompanyView
from compliance.services.report import fact_words as w
from compliance.services.report.facts.building import Building
from compliance.services.transaction import reading
from compliance.storage.models import Commitment
from compliance.storage.queries import commitments, engagements

STANCES: Mapping[str, Text] = {
    Stance.ACCEPT: Text("The company accepts the finding", "L'entreprise accepte la constatation"),
    Stance.CORRECT: Text("The company corrects a fact", "L'entreprise corrige un fait"),
    Stance.DISAGREE: Text("The company disagrees", "L'entreprise n'est pas d'accord"),
    Conclusion.NO_REPLY_GIVEN: Text("No reply given", "Aucune réplique donnée"),
}
STATES: Mapping[str, Text] = {
    CommitmentState.PROPOSED: Text("Proposed", "Proposé"),
    CommitmentState.AGREED: Text("Agreed", "Convenu"),
    CommitmentState.DONE: Text("Said to be done", "Déclaré réalisé"),
    CommitmentState.VERIFIED: Text("Verified", "Vérifié"),
}
Key = tuple[int | None, str]  # service id and indicator id
Replies = Mapping[Key, f.Reply]


def label(words: Mapping[str, Text], id_: str) -> f.Label:
    """One of our own words with its id."""
    return {"id": id_, "word": w.both(words[id_])}


def replies_of(view: CompanyView) -> dict[Key, f.Reply]:
    """What the company replied to each finding that it has seen, by service id and indicator id.

    A finding that it was shown and let pass until the exchange was concluded says so. What it wrote and did not send
    is its own.
    """
    if view.assessment is None or view.sealed is None:
        return {}
    silent = view.assessment.conclusion == Conclusion.NO_REPLY_GIVEN
    found: dict[Key, f.Reply] = {}
    for key, version in view.versions.items():
        reply = version.reply
        if reply is not None and reply.sent_at is not None:
            found[key] = {"stance": label(STANCES, reply.stance), "text": w.said(reply.text, reply.language)}
        elif silent:
            found[key] = {"stance": label(STANCES, Conclusion.NO_REPLY_GIVEN), "text": None}
    return found


def promised(building: Building, view: CompanyView) -> Sequence[Commitment]:
    """The company's commitments as far as the reader may see them, in whatever state; by date."""
    return commitments.promises_of(reading(), building.actor, view.company.id)


def commitments_of(building: Building, view: CompanyView, rows: Sequence[Commitment]) -> list[f.Commitment]:
    """Those of the company's commitments that stand."""
    on, name = local_day(building.now, view.company), view.company.name
    return [commitment(view.framework, row, name, on=on) for row in rows if _stands(building, view, row)]


def _stands(building: Building, view: CompanyView, row: Commitment) -> bool:
    """What was declined or taken back is no commitment; a redacted edition has none on what it leaves out."""
    if row.state not in STATES:
        return False
    indicator = view.framework.successors.get(row.indicator_id, row.indicator_id)
    shown = {(result.service_id, result.indicator_id) for result in view.results}
    return building.edition == "full" or (row.service_id, indicator) in shown


def commitment(current: Framework, row: Commitment, company: str, *, on: dt.date) -> f.Commitment:
    """A commitment of `company` as it stands on a day."""
    framework = _framework_of(current, row)
    indicator = framework.indicators.get(row.indicator_id)
    number = framework.principles_by_id[indicator.principle_id].number if indicator else 0
    return {
        "company": company,
        "principle_number": number,
        "indicator": w.indicator_of(framework, indicator) if indicator else None,
        "service": row.service.name if row.service else None,
        "text": w.said(row.text, row.language) or {"text": "", "language": "", "shortened": False},
        "due_on": row.due_on.isoformat(),
        "owner": row.owner,
        "state": label(STATES, row.state),
        "overdue": is_overdue(commitments.pledge_of(row), on),
    }


def _framework_of(current: Framework, row: Commitment) -> Framework:
    """The version in which the commitment was made; the current one names the indicator, too, when it still has it."""
    return current if row.indicator_id in current.indicators else framework_for(row.cycle.framework_version)


def last_meeting(building: Building, view: CompanyView, rows: Sequence[Commitment]) -> f.Engagement | None:
    """The newest meeting of the reader's government with the company, and what came of it: how a brief begins.

    `rows` are the company's commitments.

    It is in officials' own words, which may know what a redacted edition leaves out; that one has none.
    """
    if building.edition == "redacted":
        return None
    row = engagements.last_engagement(reading(), building.actor, view.company.id)
    if row is None:
        return None
    came = [item for item in rows if item.engagement_id == row.id]
    on = local_day(building.now, view.company)
    return {
        "held_on": row.held_on.isoformat(),
        "met": row.met,
        "asks": [
            {
                "ask": w.said(ask.text, row.language) or {"text": "", "language": "", "shortened": False},
                "answered": w.said(ask.answer, row.language),
            }
            for ask in row.asks
        ],
        "outcome": w.said(row.summary, row.language),
        "commitments": [
            commitment(view.framework, item, view.company.name, on=on) for item in came if item.state in STATES
        ],
    }
