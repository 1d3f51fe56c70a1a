"""What of an answer can be carried to another question: from the last cycle, or to another service.

Nothing is carried in silence: what comes from the last cycle says so until someone confirms or changes it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.framework import Framework, Indicator

Key = tuple[str | None, str]  # service slug (None: asked once for the company) and indicator id


def known_as(indicator: Indicator) -> tuple[str, ...]:
    """The ids under which an indicator may be known in an earlier version: its own first, then those it replaces."""
    return (indicator.id, *indicator.replaces)


def earlier(framework: Framework, answers: Mapping[Key, AnswerEntry], key: Key) -> AnswerEntry | None:
    """The answer that the last cycle had to the question `key` of this one, under the id it had then."""
    service, indicator_id = key
    indicator = framework.indicators[indicator_id]
    return next((answers[service, old] for old in known_as(indicator) if (service, old) in answers), None)


def fitted(entry: AnswerEntry, indicator: Indicator, surfaces: Collection[str]) -> AnswerEntry:
    """An answer as it fits another question: without places that are not there, and without numbers.

    A number belongs to its period and its service; it is shown beside the new one and never taken over. An answer
    whose status is not offered there becomes unanswered, with its words.
    """
    offered = entry.status.value in indicator.statuses
    return dataclasses.replace(
        entry,
        status=entry.status if offered else Status.UNANSWERED,
        surfaces=tuple(surface for surface in entry.surfaces if surface in surfaces),
        metrics=(),
        carried=False,
    )


class Since(StrEnum):
    """What became of a question since the last cycle, for the company's own eyes."""

    NEW = "new"  # not asked then
    FIRST_ANSWER = "first_answer"  # asked then, answered only now
    NOT_ANSWERED = "not_answered"  # answered then, not now
    TO_CONFIRM = "to_confirm"  # carried over, nobody has confirmed it yet
    CHANGED = "changed"
    SAME = "same"
    STILL_OPEN = "still_open"  # answered neither then nor now
    GONE = "gone"  # answered then, no longer asked


def since(before: AnswerEntry | None, now: AnswerEntry | None, *, was_asked: bool) -> Since:
    """What became of one question. Numbers are of another period each time and do not make an answer changed."""
    if now is not None and now.carried:
        return Since.TO_CONFIRM
    if before is None:
        if now is None:
            return Since.STILL_OPEN if was_asked else Since.NEW
        return Since.FIRST_ANSWER if was_asked else Since.NEW
    if now is None:
        return Since.NOT_ANSWERED
    return Since.SAME if _said(before) == _said(now) else Since.CHANGED


def _said(entry: AnswerEntry) -> AnswerEntry:
    return dataclasses.replace(entry, metrics=(), carried=False, language="", claimed_on=None)


def differing(before: AnswerEntry, now: AnswerEntry) -> Iterable[str]:
    """The names of the fields in which two answers differ, numbers included."""
    for field in dataclasses.fields(AnswerEntry):
        if field.name in ("carried", "language", "claimed_on"):
            continue
        if getattr(before, field.name) != getattr(now, field.name):
            yield field.name
