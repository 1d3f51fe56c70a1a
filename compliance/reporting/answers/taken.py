"""All that these files know: who answers what about which services. Made by services, laid out by renderers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from compliance.domain.answers import AnswerEntry
from compliance.domain.framework import Framework
from compliance.domain.questionnaire import Profile, Question
from compliance.domain.submissions import Signature
from compliance.domain.text import Text

Key = tuple[str | None, str]
Kind = Literal["workbook", "questionnaire", "draft", "sealed", "receipt"]
#: What each kind can be had as.
LAYOUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "workbook": ("xlsx",),
    "questionnaire": ("pdf", "xlsx"),
    "draft": ("pdf", "xlsx"),
    "sealed": ("pdf", "xlsx"),
    "receipt": ("pdf",),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One file in the making. `versions` are those of stored answers; `signature` and the rest only when sealed."""

    kind: Kind
    company: str
    company_slug: str
    cycle: Text
    cycle_slug: str
    framework: Framework
    services: Sequence[Profile]
    questions: Sequence[Question]
    entries: Mapping[Key, AnswerEntry]
    made_on: dt.date
    versions: Mapping[Key, int] = field(default_factory=dict)
    number: int = 0
    sha256: str = ""
    signature: Signature | None = None
    received: str = ""

    @property
    def answered(self) -> int:
        return sum(question.key in self.entries for question in self.questions)
