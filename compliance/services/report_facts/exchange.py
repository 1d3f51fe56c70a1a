"""Commitments, the last meeting, and replies, as facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from compliance.domain.commitments import is_overdue
from compliance.domain.framework import Framework
from compliance.reporting import facts as f
from compliance.services import fact_words as w
from compliance.services.report_facts.building import Words
from compliance.services.report_facts.editions import Key
from compliance.storage.models import Commitment, Engagement, FindingVersion
from compliance.storage.queries.commitments import pledge_of

#: The commitments that a report names: what was declined or taken back is no commitment.
STANDING = ("proposed", "agreed", "done", "verified")


def commitments(
    framework: Framework, rows: Iterable[Commitment], names: Mapping[int, str], words: Words, *, on: dt.date
) -> list[f.Commitment]:
    """The commitments that stand, earliest first; `names` are those of the companies."""
    return [_commitment(framework, row, names[row.company_id], words, on) for row in rows if row.state in STANDING]


def _commitment(framework: Framework, row: Commitment, name: str, words: Words, on: dt.date) -> f.Commitment:
    indicator = framework.indicators.get(current_id(framework, row.indicator_id))
    text = w.said(row.text, row.language)
    assert text is not None, "a commitment says what it is"
    return {
        "company": name,
        "principle_number": framework.principles_by_id[indicator.principle_id].number if indicator else 0,
        "indicator": w.indicator_of(framework, indicator) if indicator else None,
        "service": row.service.name if row.service else None,
        "text": text,
        "due_on": row.due_on.isoformat(),
        "owner": row.owner,
        "state": words["commitment"][row.state],
        "overdue": is_overdue(pledge_of(row), on),
    }


def current_id(framework: Framework, indicator_id: str) -> str:
    """The id by which this version of the framework knows an indicator."""
    return framework.successors.get(indicator_id, indicator_id)


def without(framework: Framework, rows: Sequence[Commitment], hidden: frozenset[Key]) -> list[Commitment]:
    """The commitments that are about none of the answers in `hidden`."""
    return [
        row
        for row in rows
        if (row.service.slug if row.service else None, current_id(framework, row.indicator_id)) not in hidden
    ]


def engagement(row: Engagement | None, words: Words) -> f.Engagement | None:
    """The last meeting; None when there was none."""
    if row is None:
        return None
    return {
        "held_on": row.held_on.isoformat(),
        "met": row.met,
        "brief_used": row.brief_used,
        "asks": [
            {
                "ask": {"text": ask.text, "language": row.language, "shortened": False},
                "answered": w.said(ask.answer, row.language),
                "outcome": words["outcome"][ask.outcome],
            }
            for ask in row.asks
        ],
        "outcome": w.said(row.summary, row.language),
    }


def reply_of(version: FindingVersion | None) -> tuple[str | None, f.Said | None]:
    """The stance and the words of a reply that was sent; drafts are the company's own."""
    reply = version.reply if version else None
    if reply is None or reply.sent_at is None:
        return None, None
    return reply.stance, w.said(reply.text, reply.language)
