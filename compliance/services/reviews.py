"""Reviewing a submission: the answers as signed beside evidence, last cycle and public record; a finding on each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import AnswerEntry
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.findings import FindingEntry, problems_of
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.questionnaire import Place, Profile, Question, asked_questions
from compliance.domain.rules import Severity
from compliance.domain.saving import Stamp
from compliance.domain.submissions import Sealed, unseal
from compliance.services import audit, records, results
from compliance.services.actors import require
from compliance.services.companies import CompanyView, company_view
from compliance.services.frameworks import framework_for
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, Finding, PublicRecord, Result
from compliance.storage.queries import assessments, cycles, people, review


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question with what the company signed (None: not answered), the finding and the result."""

    question: Question
    entry: AnswerEntry | None
    finding: Finding | None
    result: Result | None
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Review:
    view: CompanyView
    sealed: Sealed
    items: Sequence[Reviewed]
    may_find: bool

    @property
    def reviewed(self) -> int:
        return sum(item.finding is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions of a review are listed. Empty means all."""

    principle: str = ""
    severity: str = ""
    unreviewed: bool = False

    def keeps(self, item: Reviewed) -> bool:
        return (
            self.principle in ("", item.question.principle.id)
            and (not self.severity or (item.severity is not None and item.severity.id == self.severity))
            and not (self.unreviewed and item.finding is not None)
        )


def review_of(actor: Actor, slug: str, cycle_slug: str, *, now: dt.datetime) -> Review:
    """All questions of a submission that is shared with the person's government; raises NotFound for any other."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if view.sealed is None or view.assessment is None:
        raise NotFound(slug)
    record = records.of_assessment(view.assessment, view.company, view.countries)
    require(actor, Permission.SUBMISSION_VIEW, record)
    profiles = [Profile(service.slug, service.name, service.functions) for service in view.sealed.services]
    by_key = {(row.service.slug if row.service else None, row.indicator_id): row for row in view.results}
    severities = view.framework.rules.severity_by_id
    items = []
    for question in asked_questions(view.framework, profiles):
        row = by_key.get(question.key)
        finding = view.findings.get((row.service_id, row.indicator_id)) if row else None
        severity = severities[row.severity] if row else None
        items.append(Reviewed(question, view.sealed.answers.get(question.key), finding, row, severity))
    return Review(view, view.sealed, items, allows(actor, Permission.FINDING_EDIT, record))


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
        if record.indicator_id == question.indicator.id
        or (record.indicator_id is None and record.principle_id == question.principle.id)
    ]


def save_finding(actor: Actor, place: Place, entry: FindingEntry, stamp: Stamp, *, now: dt.datetime) -> int:
    """Save the finding on one answer and return its version.

    When a fellow reviewer saved since the version in `stamp`, nothing is written and Conflict is raised. Raises
    Invalid for a fault in `entry`, NotFound for what is not shared or was not asked, Denied for whoever is not a
    reviewer of the lead country.
    """
    try:
        with writing() as session:
            assessment = assessments.submitted_assessment(session, actor, place.company or "", place.cycle)
            if assessment is None:
                raise NotFound(place.cycle)
            assessments.lock(session, assessment)  # a finding and a sharing of findings wait for each other
            require(actor, Permission.FINDING_EDIT, _record(session, assessment))
            service_id = _asked(session, assessment, place)
            problems = problems_of(entry)
            if problems:
                raise Invalid(problems)
            target = _Target(assessment, service_id, place.indicator)
            return _write(session, actor, target, entry, stamp, now=now)
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(stamp.version + 1) from error


def _record(session: Session, assessment: Assessment) -> Record:
    countries = cycles.sharing_countries(session, assessment.company_id, assessment.cycle_id)
    return records.of_assessment(assessment, assessment.company, countries)


def _asked(session: Session, assessment: Assessment, place: Place) -> int | None:
    """The id of the service (None: company-wide) that was asked in the sealed copy; else NotFound."""
    submission = assessments.last_submission(session, assessment.id)
    if submission is None:
        raise NotFound(place.indicator)
    sealed = unseal(submission.sealed)
    profiles = [Profile(known.slug, known.name, known.functions) for known in sealed.services]
    framework = framework_for(assessment.cycle.framework_version)
    if place.key not in {question.key for question in asked_questions(framework, profiles)}:
        raise NotFound(place.indicator)
    ids = {known.slug: known.id for known in assessments.services_of(session, assessment.company_id)}
    return ids[place.service] if place.service else None


@dataclass(frozen=True, slots=True)
class _Target:
    """The answer that a finding is on."""

    assessment: Assessment
    service_id: int | None
    indicator: str


def _write(
    session: Session, actor: Actor, target: _Target, entry: FindingEntry, stamp: Stamp, *, now: dt.datetime
) -> int:
    assert entry.rating is not None, "checked before"
    assessment = target.assessment
    row = review.finding(session, assessment.id, target.service_id, target.indicator)
    same = row is not None and (row.rating, row.reason) == (entry.rating, entry.reason)
    if row is not None and same and stamp.key and row.save_key == stamp.key:
        return row.version
    if (row.version if row else 0) != stamp.version:
        raise Conflict(row.version if row else 0)
    before = {"rating": row.rating, "reason": row.reason} if row else None
    if row is None:
        row = Finding(assessment_id=assessment.id, service_id=target.service_id, indicator_id=target.indicator)
        session.add(row)
    row.rating, row.reason = entry.rating, entry.reason
    row.author_id, row.country, row.updated_at, row.save_key = actor.user_id, actor.country or "", now, stamp.key
    flag_modified(row, "save_key")  # saving is a new version, whatever changed
    session.flush()
    audit.record(
        session,
        actor,
        "finding.save",
        f"finding:{row.id}",
        now=now,
        # A finding is government's own until it is shared: it goes to the chain of the department, not the company's.
        organisation_id=actor.organisation_id,
        before=before,
        after={"rating": row.rating, "reason": row.reason},
    )
    results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)
    return row.version
