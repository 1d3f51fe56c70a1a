"""Numbers pasted from a spreadsheet into an answer: a preview of what was understood, then all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from compliance.domain.answers import MetricEntry, Problem
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.pasting import ROWS_LIMIT, Pasted, merged, read
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.services.assessment import answers
from compliance.services.assessment.answers import QuestionPage


@dataclass(frozen=True, slots=True)
class Preview:
    """What was understood of a text. `problems` are those of the answer with the numbers in it, by their place."""

    page: QuestionPage
    rows: Sequence[Pasted]
    problems: Sequence[Problem]

    @property
    def good(self) -> bool:
        return bool(self.rows) and not self.problems and not any(row.faults for row in self.rows)


def preview(actor: Actor, place: Place, text: str, *, now: dt.datetime) -> Preview:
    """What pasting `text` into the answer at `place` would do. Raises NotFound when there is no answer or no metric."""
    page = answers.question_page(actor, place)
    if not page.editable:
        raise NotAllowed("the answer is not open")
    if page.entry is None or not page.metrics:
        raise NotFound(place.indicator)
    rows = read(text, page.metrics)
    if len(rows) > ROWS_LIMIT:
        return Preview(page, rows[:ROWS_LIMIT], [Problem("rows", "too_many_numbers", {"limit": str(ROWS_LIMIT)})])
    entry = replace(page.entry, carried=False, metrics=merged(page.entry.metrics, _entries(rows)))
    found = [problem for problem in answers.faults_on(page, entry, now=now) if problem.field.startswith("metrics")]
    return Preview(page, rows, found)


def paste(actor: Actor, place: Place, text: str, version: int, *, now: dt.datetime) -> int:
    """Put the numbers in `text` into the answer; how many. Raises Invalid when a row is not understood or not good, and
    Conflict when a colleague saved since `version`."""
    seen = preview(actor, place, text, now=now)
    assert seen.page.entry is not None
    if not seen.good:
        raise Invalid(seen.problems or [Problem("rows", "paste_rows")])
    if seen.page.version != version:
        raise Conflict(seen.page.version)
    entry = replace(seen.page.entry, carried=False, metrics=merged(seen.page.entry.metrics, _entries(seen.rows)))
    answers.save(actor, place, entry, Stamp(version, ""), now=now)
    return len(seen.rows)


def _entries(rows: Sequence[Pasted]) -> list[MetricEntry]:
    return [row.entry for row in rows if row.entry is not None]
