"""Reviewing a submission: the answers as signed beside evidence, last cycle and public record; a finding on each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compliance.domain.answers import AnswerEntry
from compliance.domain.disputes import STANDING, applied
from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.questionnaire import Place, Question, asked_questions
from compliance.domain.results import Change
from compliance.domain.rules import Severity
from compliance.domain.submissions import Sealed
from compliance.services import records
from compliance.services.actors import require
from compliance.services.portfolio.companies import CompanyView, company_view
from compliance.services.transaction import reading
from compliance.storage.models import Clarification, Finding, PublicRecord, Result
from compliance.storage.queries import exchange, people


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question with what the company signed (None: not answered), the finding and the result."""

    question: Question
    entry: AnswerEntry | None
    finding: Finding | None
    result: Result | None
    severity: Severity | None
    asked: Clarification | None  # the newest question to the company about it

    @property
    def part(self) -> tuple[str, tuple[str | None, str]]:
        """Its principle and its key: what an assignment may name."""
        return self.question.principle.id, self.question.key


@dataclass(frozen=True, slots=True)
class Review:
    view: CompanyView
    sealed: Sealed
    items: Sequence[Reviewed]
    disputed: Sequence[Clarification]  # functions that government disputes, and did not take back
    may_find: bool
    record: Record

    @property
    def reviewed(self) -> int:
        return sum(item.finding is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions of a review are listed. Empty means all."""

    principle: str = ""
    severity: str = ""
    function: str = ""
    service: str = ""
    unreviewed: bool = False
    changed: bool = False
    questions: bool = False
    mine: bool = False

    def keeps(self, item: Reviewed, mine: Collection[object] = ()) -> bool:
        """`mine` are the parts that are the person's: a principle id, a question's key, or None for all of it."""
        return (
            self.principle in ("", item.question.principle.id)
            and (not self.severity or (item.severity is not None and item.severity.id == self.severity))
            and (not self.function or self._has_function(item))
            and (not self.service or item.question.key[0] == self.service)
            and not (self.unreviewed and item.finding is not None)
            and not (self.changed and not (item.result and item.result.change not in (None, Change.SAME)))
            and not (self.questions and item.asked is None)
            and not (self.mine and not (None in mine or any(part in mine for part in item.part)))
        )

    def _has_function(self, item: Reviewed) -> bool:
        service = item.question.service
        return service is not None and service.functions is not None and self.function in service.functions


def review_of(actor: Actor, slug: str, cycle_slug: str, *, now: dt.datetime) -> Review:
    """All questions of a submission that is shared with the person's government; raises NotFound for any other."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if view.sealed is None or view.assessment is None:
        raise NotFound(slug)
    record = records.of_assessment(view.assessment, view.company, view.countries)
    require(actor, Permission.SUBMISSION_VIEW, record)
    profiles = applied(view.sealed.profiles, view.assessment.profile_changes, agreed=False)
    by_key = {(row.service.slug if row.service else None, row.indicator_id): row for row in view.results}
    severities = view.framework.rules.severity_by_id
    asked = exchange.clarifications(reading(), view.assessment.id)
    newest = {(item.service.slug if item.service else None, item.indicator_id): item for item in asked}
    items = []
    for question in asked_questions(view.framework, profiles):
        row = by_key.get(question.key)
        finding = view.findings.get((row.service_id, row.indicator_id)) if row else None
        severity = severities[row.severity] if row else None
        entry = view.sealed.answers.get(question.key)
        items.append(Reviewed(question, entry, finding, row, severity, newest.get(question.key)))
    may_find = allows(actor, Permission.FINDING_EDIT, record) or allows(actor, Permission.FINDING_REVISE, record)
    disputed = [item for item in asked if item.function and item.state in STANDING]
    return Review(view, view.sealed, items, disputed, may_find, record)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One answer on the bench, with its neighbours. `version` is 0 while there is no finding."""

    review: Review
    item: Reviewed
    before: AnswerEntry | None
    records: Sequence[PublicRecord]
    author: str
    version: int
    position: int
    previous: Reviewed | None
    next: Reviewed | None
    next_unreviewed: Reviewed | None


def review_page(actor: Actor, place: Place, *, now: dt.datetime) -> ReviewPage:
    """One answer of a submission. Raises NotFound when it was not asked."""
    review_ = review_of(actor, place.company or "", place.cycle, now=now)
    items = review_.items
    number = next((number for number, item in enumerate(items) if item.question.key == place.key), None)
    if number is None:
        raise NotFound(place.indicator)
    item = items[number]
    rest = [*items[number + 1 :], *items[:number]]
    return ReviewPage(
        review=review_,
        item=item,
        before=_before(review_, place),
        records=_records(review_, item),
        author=people.name_of(reading(), item.finding.author_id) if item.finding else "",
        version=item.finding.version if item.finding else 0,
        position=number + 1,
        previous=items[number - 1] if number else None,
        next=items[number + 1] if number + 1 < len(items) else None,
        next_unreviewed=next((other for other in rest if other.finding is None), None),
    )


def _before(review_: Review, place: Place) -> AnswerEntry | None:
    """The same service's answer of the cycle before, to this indicator or to one that it replaces."""
    sealed = review_.view.previous_sealed
    if sealed is None:
        return None
    ids = (place.indicator, *review_.view.framework.indicators[place.indicator].replaces)
    return next((sealed.answers[place.service, id_] for id_ in ids if (place.service, id_) in sealed.answers), None)


def _records(review_: Review, item: Reviewed) -> list[PublicRecord]:
    """What the public record says about this indicator, or about its principle as a whole."""
    question = item.question
    return [
        record
        for record in review_.view.records
        if review_.view.framework.indicator_now(record.indicator_id) is question.indicator
        or (record.indicator_id is None and record.principle_id == question.principle.id)
    ]
