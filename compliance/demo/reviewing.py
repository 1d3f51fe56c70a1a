"""What invented reviewers find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from compliance.demo.answering import Setting
from compliance.demo.statuses import Key
from compliance.demo.wording import phrases
from compliance.domain.answers import AnswerEntry, Grade, Status
from compliance.domain.questionnaire import Profile, asked_questions
from compliance.domain.results import Rating

_RATINGS: Final = (Rating.AGREE, Rating.PARTLY, Rating.NOT_MET, Rating.CANNOT_TELL)
_SHOWN: Final = frozenset({Grade.PUBLIC_LINK, Grade.DOCUMENT_SHOWN, Grade.INDEPENDENTLY_ASSURED})

#: How often each rating is given, in the order of _RATINGS.
_WEIGHTS: Final[Mapping[Status, tuple[float, float, float, float]]] = {
    Status.PARTLY: (0.35, 0.5, 0.1, 0.05),
    Status.PLANNED: (0.45, 0.05, 0.45, 0.05),
    Status.NOT_IN_PLACE: (0.45, 0.0, 0.55, 0.0),
    Status.NOT_APPLICABLE: (0.6, 0.05, 0.25, 0.1),
    Status.CANNOT_SAY: (0.1, 0.0, 0.3, 0.6),
}
_WITH_EVIDENCE: Final = (0.76, 0.12, 0.03, 0.09)
_WITHOUT_EVIDENCE: Final = (0.15, 0.2, 0.15, 0.5)


@dataclass(frozen=True, slots=True)
class FindingPlan:
    key: Key
    rating: Rating
    reason: str
    day: float  # from 0 to 1: when in the days of review


def findings(
    setting: Setting, profiles: Sequence[Profile], answers: Mapping[Key, AnswerEntry], share: float
) -> list[FindingPlan]:
    """Findings on the first `share` of the answers, in the order of the framework: reviewers work through it."""
    asked = [question for question in asked_questions(setting.framework, profiles) if question.key in answers]
    reviewed = asked[: round(len(asked) * share)]
    found = []
    for place, question in enumerate(reviewed):
        dice = setting.dice(question, "finding")
        rating = _rating(answers[question.key], dice)
        reason = dice.choice(phrases()["findings"][rating.value][setting.design.language])
        if rating is Rating.NOT_MET or (rating is Rating.PARTLY and dice.random() < 0.5):
            reason = f"{reason} {question.indicator.ask.get(setting.design.language)}"
        found.append(FindingPlan(question.key, rating, reason, place / len(reviewed)))
    return found


def _rating(entry: AnswerEntry, dice: Random) -> Rating:
    shown = any(item.grade in _SHOWN for item in entry.evidence)
    weights = _WEIGHTS.get(entry.status, _WITH_EVIDENCE if shown else _WITHOUT_EVIDENCE)
    return dice.choices(_RATINGS, weights)[0]
