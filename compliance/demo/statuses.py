"""Which status an invented company gives to each question, and how that changes from one cycle to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from compliance.domain.answers import Status
from compliance.domain.framework import Indicator
from compliance.domain.questionnaire import Question

Key = tuple[str | None, str]

#: What a status may turn into half a year later, besides staying as it is.
_NEXT: Final[Mapping[Status, Sequence[tuple[Status, float]]]] = {
    Status.IN_PLACE: [(Status.PARTLY, 0.06), (Status.UNANSWERED, 0.03)],
    Status.PARTLY: [(Status.IN_PLACE, 0.25), (Status.NOT_IN_PLACE, 0.04)],
    Status.PLANNED: [(Status.IN_PLACE, 0.35), (Status.PARTLY, 0.25), (Status.NOT_IN_PLACE, 0.1)],
    Status.NOT_IN_PLACE: [(Status.PLANNED, 0.2), (Status.PARTLY, 0.08), (Status.CANNOT_SAY, 0.04)],
    Status.ALTERNATIVE_MEASURE: [(Status.IN_PLACE, 0.1)],
    Status.NOT_APPLICABLE: [(Status.NOT_IN_PLACE, 0.15)],
    Status.CANNOT_SAY: [(Status.NOT_IN_PLACE, 0.3), (Status.IN_PLACE, 0.2)],
    Status.UNANSWERED: [(Status.NOT_IN_PLACE, 0.35), (Status.PARTLY, 0.2)],
}


def first(question: Question, strength: float, dice: Random) -> Status:
    """The status of a question that was not asked before; `strength` is how much the company has in place."""
    weights = {
        Status.IN_PLACE: 0.1 + 0.75 * strength,
        Status.PARTLY: 0.2,
        Status.PLANNED: 0.06 + 0.12 * (1 - strength),
        Status.NOT_IN_PLACE: 0.02 + 0.42 * (1 - strength),
        Status.ALTERNATIVE_MEASURE: 0.05,
        Status.NOT_APPLICABLE: 0.03,
        Status.CANNOT_SAY: 0.04,
        Status.UNANSWERED: 0.04,
    }
    offered = [status for status in weights if _offered(status, question.indicator)]
    return dice.choices(offered, [weights[status] for status in offered])[0]


def later(question: Question, before: Status, dice: Random) -> Status:
    """The status of a question half a year after it was `before`."""
    draw = dice.random()
    for status, chance in _NEXT[before]:
        if draw < chance:
            return status if _offered(status, question.indicator) else before
        draw -= chance
    return before


def _offered(status: Status, indicator: Indicator) -> bool:
    return status is Status.UNANSWERED or status.value in indicator.statuses
