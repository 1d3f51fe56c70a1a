"""Redaction happens before anything is counted: an answer that is withheld never becomes a fact.

So nothing in a redacted edition, no word, count, list or choice of asks, can depend on it, and two companies that
differ in withheld answers alone get the same edition, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from compliance.domain.answers import AnswerEntry
from compliance.domain.framework import Framework
from compliance.domain.results import Flag, roll_up_of
from compliance.domain.submissions import Sealed
from compliance.reporting import facts as f
from compliance.services.assessment.checks import generic_keys
from compliance.services.portfolio.companies import CompanyView, grid
from compliance.services.portfolio.content import without_change
from compliance.storage.models import Result

Key = tuple[str | None, str]  # service (None: once for the company) and indicator


def is_withheld(entry: AnswerEntry) -> bool:
    """Is the answer confidential, or does it tell how detection works?"""
    return entry.is_withheld


def redacted(view: CompanyView) -> tuple[CompanyView, list[f.Withheld]]:
    """The view without the answers that are withheld, in either cycle, and how many those are by principle."""
    hidden = _hidden(view.sealed, {})
    before = _hidden(view.previous_sealed, view.framework.successors)
    rows = [row for row in view.results if key_of(row) not in hidden]
    earlier = [row for row in view.results_before if earlier_key(row, view.framework) not in before]
    without_change([row for row in rows if key_of(row) in before])
    _judge_copies_anew(rows, _open_part(view.sealed, hidden))
    gone = [row for row in view.results if key_of(row) in hidden]
    service_ids = {row.service_id: row.service.slug for row in view.results if row.service}
    findings = {
        (service_id, indicator): finding
        for (service_id, indicator), finding in view.findings.items()
        if (service_ids.get(service_id) if service_id else None, indicator) not in hidden
    }
    shown = replace(
        view,
        results=rows,
        results_before=earlier,
        grid=grid(view.framework, rows, earlier),
        total=roll_up_of(view.framework.rules, [row.severity for row in rows]),
        sealed=_open_part(view.sealed, hidden),
        previous_sealed=_open_part(view.previous_sealed, _hidden(view.previous_sealed, {})),
        findings=findings,
    )
    return shown, withheld_counts(view.framework, gone)


def withheld_counts(framework: Framework, gone: Sequence[Result]) -> list[f.Withheld]:
    """How many answers are left out, by principle in the order of the framework."""
    counts = Counter(row.principle_id for row in gone)
    return [
        {"principle_number": principle.number, "n": counts[principle.id]}
        for principle in framework.principles
        if counts[principle.id]
    ]


def key_of(row: Result) -> Key:
    """The answer that a result is about."""
    return (row.service.slug if row.service else None, row.indicator_id)


def earlier_key(row: Result, framework: Framework) -> Key:
    """The answer of this cycle that takes the place of the one that a result of the cycle before is about."""
    service, indicator = key_of(row)
    return (service, framework.successors.get(indicator, indicator))


def _hidden(sealed: Sealed | None, successors: Mapping[str, str]) -> frozenset[Key]:
    answers = sealed.answers if sealed else {}
    return frozenset(
        (service, successors.get(indicator, indicator))
        for (service, indicator), entry in answers.items()
        if is_withheld(entry)
    )


def _open_part(sealed: Sealed | None, hidden: frozenset[Key]) -> Sealed | None:
    if sealed is None:
        return None
    return replace(sealed, answers={key: entry for key, entry in sealed.answers.items() if key not in hidden})


def _judge_copies_anew(rows: Sequence[Result], sealed: Sealed | None) -> None:
    """ "Copied" may mean copied from an answer that is withheld: judged again among those that are shown."""
    copied = generic_keys(dict(sealed.answers)) if sealed else set()
    for row in rows:
        if Flag.GENERIC in row.flags and key_of(row) not in copied:
            row.flags = [flag for flag in row.flags if flag != Flag.GENERIC]
