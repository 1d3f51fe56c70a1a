"""What stands out before someone signs: errors stop the signature, warnings say what government will see, hints ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from compliance.domain.answers import AnswerEntry, Grade, Status, grade_in_force
from compliance.domain.carrying import Key, earlier
from compliance.domain.cautions import cautions_of
from compliance.domain.permissions import Actor
from compliance.domain.plausibility import Hint, hints
from compliance.domain.questionnaire import Question
from compliance.services.assessment.carrying import last_answers
from compliance.services.assessment.checks import Check, Checked, check
from compliance.services.days import local_day
from compliance.services.transaction import reading


class Weight(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


#: How heavy each remark weighs, in the order of the page.
WEIGHTS: Final[Mapping[str, Weight]] = {
    "faulty": Weight.ERROR,
    "unanswered": Weight.WARNING,
    "carried": Weight.WARNING,
    "generic": Weight.WARNING,
    "caution": Weight.WARNING,
    "plan_past": Weight.WARNING,
    "evidence_expired": Weight.WARNING,
    "no_evidence": Weight.HINT,
    "number": Weight.HINT,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that stands out about one question; `hint` says what about a number."""

    code: str
    question: Question
    hint: Hint | None = None

    @property
    def weight(self) -> Weight:
        return WEIGHTS[self.code]


@dataclass(frozen=True, slots=True)
class CheckPage:
    check: Check
    remarks: Sequence[Remark] = field(default=())

    def of(self, code: str) -> list[Remark]:
        """The remarks of one kind."""
        return [remark for remark in self.remarks if remark.code == code]

    def count(self, weight: str) -> int:
        """How many questions have a remark of this weight."""
        return len({remark.question.key for remark in self.remarks if remark.weight == weight})


def check_page(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> CheckPage:
    """The check with everything that stands out, each with its question."""
    found = check(actor, cycle_slug, now=now)
    before = last_answers(reading(), found.assessment, found.services)
    today = local_day(now, found.assessment.company)
    return CheckPage(found, [remark for item in found.checked for remark in _remarks(found, item, before, today)])


def _remarks(found: Check, item: Checked, before: Mapping[Key, AnswerEntry], today: dt.date) -> Iterator[Remark]:
    entry = item.entry
    if entry is None:
        yield Remark("unanswered", item.question)
        return
    holds = {
        "faulty": bool(item.errors),
        "carried": entry.carried,
        "generic": item.generic,
        "caution": bool(cautions_of(entry)),
        "plan_past": entry.planned_on is not None and entry.planned_on < today,
        "evidence_expired": grade_in_force(entry.evidence, today) is Grade.EXPIRED,
        "no_evidence": entry.status in (Status.IN_PLACE, Status.ALTERNATIVE_MEASURE) and not entry.evidence,
    }
    for code, true in holds.items():
        if true:
            yield Remark(code, item.question)
    framework, cycle = found.framework, found.assessment.cycle
    last = earlier(framework, before, item.question.key)
    periods = {metric_id: metric.period for metric_id, metric in framework.metrics.items()}
    for hint in hints(entry.metrics, last.metrics if last else (), periods, (cycle.period_start, cycle.period_end)):
        yield Remark("number", item.question, hint)
