"""What differs between two answers, field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from compliance.domain.answers import AnswerEntry
from compliance.domain.framework import Framework
from compliance.domain.text import Language
from compliance.reporting.answers.words import Words


@dataclass(frozen=True, slots=True)
class Difference:
    """A field by its label; `before` and `after` are lines of text, empty where there is nothing."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(
    before: AnswerEntry | None, after: AnswerEntry | None, framework: Framework, words: Words, language: Language
) -> list[Difference]:
    """The fields that differ, in the order in which they are asked; None is an answer that was not given."""
    told = _Told(framework, words, language)
    pairs = zip(told.fields(before), told.fields(after), strict=True)
    return [Difference(label, old, new) for (label, old), (_label, new) in pairs if old != new]


@dataclass(frozen=True, slots=True)
class _Told:
    framework: Framework
    words: Words
    language: Language

    def fields(self, entry: AnswerEntry | None) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every field of an answer with its label and its lines."""
        entry = entry or AnswerEntry()
        known = self.framework
        status = known.status_words.get(entry.status)
        yield self._label("status"), self._some(status.label.get(self.language) if status else "")
        surfaces = known.surface_words
        named = (surfaces[id_].label.get(self.language) if id_ in surfaces else id_ for id_ in entry.surfaces)
        yield self._label("where", "sheets"), tuple(named)
        yield self._label("explanation"), self._some(entry.explanation)
        yield self._label("planned_on"), self._some(entry.planned_on)
        reason = known.reason_words.get(entry.reason) if entry.reason else None
        yield self._label("reason"), self._some(reason.label.get(self.language) if reason else "")
        yield self._label("reason_text"), self._some(entry.reason_text)
        yield self._label("evidence", "sheets"), tuple(self._evidence(entry))
        yield self._label("numbers", "sheets"), tuple(self._numbers(entry))
        ground = self.words.say(f"grounds.{entry.claim_ground}", self.language) if entry.claim_ground else ""
        yield self._label("claim_ground"), self._some(ground)
        yield self._label("claim_reason"), self._some(entry.claim_reason)
        yes = self.words.say("yes", self.language)
        yield self._label("sensitive_method"), self._some(yes if entry.sensitive_method else "")

    def _label(self, name: str, group: str = "columns") -> str:
        return self.words.say(f"{group}.{name}", self.language)

    @staticmethod
    def _some(value: object) -> tuple[str, ...]:
        return (str(value),) if value else ()

    def _evidence(self, entry: AnswerEntry) -> Iterator[str]:
        grades = self.framework.rules.words["grades"]
        for item in entry.evidence:
            days = "–".join(day.isoformat() if day else "" for day in (item.effective_on, item.expires_on))
            grade = grades[item.grade].label.get(self.language)
            name = item.document.name if item.document else ""
            yield " · ".join(part for part in (grade, item.description, item.address, name, days.strip("–")) if part)

    def _numbers(self, entry: AnswerEntry) -> Iterator[str]:
        for item in entry.metrics:
            value = format(item.value.normalize(), "f") if isinstance(item.value, Decimal) else ""
            days = "–".join(day.isoformat() for day in (item.period_start, item.period_end) if day)
            parts = (item.metric_id, value, days, item.geography, item.method, item.not_collected_reason)
            yield " · ".join(part for part in parts if part)
