"""A company answers one question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain import plain
from compliance.domain.answers import AnswerEntry, Problem, problems_of
from compliance.domain.assessments import State
from compliance.domain.clarifications import ClarificationState
from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework, Metric, Surface
from compliance.domain.permissions import Actor, Permission, Record, allows, could_ever
from compliance.domain.questionnaire import Place, Question, asked_questions
from compliance.domain.saving import Stamp
from compliance.domain.submissions import dump_answer
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment import evidence
from compliance.services.assessment.assessments import open_questions, profiles_in
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.transaction import reading, writing
from compliance.storage.models import Answer, Assessment, Clarification, MetricValue, Service
from compliance.storage.queries import assessments, exchange, people


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """All that the page of one question needs. `version` is 0 while the question is unanswered."""

    assessment: Assessment
    framework: Framework
    question: Question
    surfaces: tuple[Surface, ...]
    metrics: tuple[Metric, ...]
    entry: AnswerEntry | None
    version: int
    save_key: str
    updated_by: str
    updated_at: dt.datetime | None
    previous: Question | None
    next: Question | None
    position: int
    total: int
    editable: bool
    asked: Sequence[Clarification]  # what government asks about it now
    service_id: int | None
    elsewhere: int  # on how many other services the same is asked


def question_page(actor: Actor, place: Place) -> QuestionPage:
    """One question of the own company's assessment. Raises NotFound when it is not asked of the company."""
    session = reading()
    target = target_of(session, actor, place)
    record = _record(session, target.assessment, place)
    require(actor, Permission.ASSESSMENT_VIEW, record)
    row = assessments.answer(session, target.assessment.id, target.service_id, place.indicator)
    functions = target.question.service.functions if target.question.service else None
    return QuestionPage(
        assessment=target.assessment,
        framework=target.framework,
        question=target.question,
        surfaces=target.framework.surfaces_of(target.question.indicator, functions),
        metrics=target.framework.metrics_by_indicator.get(place.indicator, ()),
        entry=entry_of(row) if row else None,
        version=row.version if row else 0,
        save_key=row.save_key if row else "",
        updated_by=people.name_of(session, row.updated_by_id) if row else "",
        updated_at=row.updated_at if row else None,
        previous=target.before,
        next=target.after,
        position=target.position + 1,
        total=len(target.questions),
        editable=allows(actor, Permission.ANSWER_EDIT, record),
        asked=[
            row
            for row in exchange.unsettled(session, target.assessment.id, ClarificationState.OPEN)
            if place.key in row.questions
        ]
        if target.assessment.state == State.RETURNED
        else (),
        service_id=target.service_id,
        elsewhere=sum(other.indicator.id == place.indicator for other in target.questions) - 1,
    )


@dataclass(frozen=True, slots=True)
class Saved:
    """`version` of the answer as saved, and the question after it (None after the last)."""

    version: int
    next: Question | None


def save(actor: Actor, place: Place, entry: AnswerEntry, stamp: Stamp, *, now: dt.datetime) -> Saved:
    """Save an answer.

    When someone else saved since the version in `stamp`, nothing is written and Conflict is raised. Raises Invalid
    for a fault in `entry`, NotFound for a question that is not the company's, Denied for a role that does not
    answer, NotAllowed when the assessment is not open for answers.
    """
    try:
        with writing() as session:
            target = open_target(session, actor, place, now=now)
            entry = with_units(target.framework, entry)
            entry = evidence.with_documents(session, target.assessment.company_id, entry)
            _check(target, entry, local_day(now, target.assessment.company))
            return Saved(write(session, actor, target, entry, stamp, now=now), target.after)
    except (StaleDataError, IntegrityError) as error:
        # Two savers passed the version check at the same time; the database let one of them through.
        raise Conflict(stamp.version + 1) from error


def open_target(session: Session, actor: Actor, place: Place, *, now: dt.datetime) -> Target:
    """The question at `place`, its assessment held, for someone who may answer it now; raises as `save` does."""
    target = target_of(session, actor, place)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(target.assessment))
    if not could_ever(actor, Permission.ANSWER_EDIT):
        raise Denied("this role does not answer")
    _require_open(session, actor, target.assessment, place, now)
    return target


def _require_open(session: Session, actor: Actor, assessment: Assessment, place: Place, now: dt.datetime) -> None:
    """Raise NotAllowed unless the answer may be changed; the state and the open questions are read under the lock."""
    touched = assessments.touch(session, assessment, now)
    if touched and allows(actor, Permission.ANSWER_EDIT, _record(session, assessment, place)):
        return
    raise NotAllowed("the assessment is not open for answers")


def _record(session: Session, assessment: Assessment, place: Place) -> Record:
    return records.of_own(assessment, open_questions(session, assessment), place.key)


def with_units(framework: Framework, entry: AnswerEntry) -> AnswerEntry:
    """The entry with the unit of each number: that of its metric, whatever was sent."""
    known = framework.metrics
    return replace(
        entry,
        metrics=tuple(
            replace(item, unit=known[item.metric_id].unit.id) if item.metric_id in known else item
            for item in entry.metrics
        ),
    )


@dataclass(frozen=True, slots=True)
class Target:
    """The question an address points at. `services` are all of the company's."""

    assessment: Assessment
    framework: Framework
    questions: Sequence[Question]
    position: int
    service_id: int | None
    services: Sequence[Service]

    @property
    def question(self) -> Question:
        return self.questions[self.position]

    @property
    def before(self) -> Question | None:
        return self.questions[self.position - 1] if self.position else None

    @property
    def after(self) -> Question | None:
        return self.questions[self.position + 1] if self.position + 1 < len(self.questions) else None


def target_of(session: Session, actor: Actor, place: Place) -> Target:
    assessment = assessments.own_assessment(session, actor, place.cycle)
    if assessment is None:
        raise NotFound(place.cycle)
    services: Sequence[Service] = assessments.services_of(session, assessment.company_id)
    framework = framework_for(assessment.cycle.framework_version)
    questions = asked_questions(framework, profiles_in(session, assessment, services))
    position = next((number for number, question in enumerate(questions) if question.key == place.key), None)
    if position is None:
        raise NotFound(place.indicator)
    service_id = next((service.id for service in services if service.slug == place.service), None)
    return Target(assessment, framework, questions, position, service_id, services)


def _check(target: Target, entry: AnswerEntry, today: dt.date) -> None:
    problems = faults(target.framework, target.question, entry, today)
    if problems:
        raise Invalid(problems)


def faults(framework: Framework, question: Question, entry: AnswerEntry, today: dt.date) -> list[Problem]:
    """What stands in the way of saving `entry` as the answer to `question`."""
    functions = question.service.functions if question.service else None
    surfaces = framework.surfaces_of(question.indicator, functions)
    metrics = framework.metrics_by_indicator.get(question.indicator.id, ())
    return problems_of(
        entry, question.indicator, {s.id for s in surfaces}, {metric.id: metric for metric in metrics}, today
    )


def faults_on(page: QuestionPage, entry: AnswerEntry, *, now: dt.datetime) -> list[Problem]:
    """The faults of `entry` without saving it: a page shows them together with what could not be read at all."""
    return faults(page.framework, page.question, entry, local_day(now, page.assessment.company))


def write(
    session: Session, actor: Actor, target: Target, entry: AnswerEntry, stamp: Stamp, *, now: dt.datetime, act: str = ""
) -> int:
    """Write an answer that was found good, with its audit row named after `act`; the version it has then.

    Raises Conflict when the stored version is not the one in `stamp`.
    """
    row = assessments.answer(session, target.assessment.id, target.service_id, target.question.indicator.id)
    if row is not None and stamp.key and row.save_key == stamp.key and says_the_same(entry_of(row), entry):
        return row.version  # the same form sent twice; other words under the same key are another save
    if (row.version if row else 0) != stamp.version:
        raise Conflict(row.version if row else 0)
    stored = entry_of(row) if row else None
    before = dump_answer(stored) if stored else None
    entry = dated(entry, stored, local_day(now, target.assessment.company))
    if row is None:
        row = Answer(
            assessment_id=target.assessment.id,
            service_id=target.service_id,
            indicator_id=target.question.indicator.id,
        )
        session.add(row)
    confirmed = stored is not None and stored.carried and entry == replace(stored, carried=False)
    fill(row, entry)
    row.updated_by_id, row.updated_at, row.save_key = actor.user_id, now, stamp.key
    flag_modified(row, "save_key")  # a new version also when nothing but evidence or numbers changed
    session.flush()
    audit.record(
        session,
        actor,
        act or ("answer.confirm" if confirmed else "answer.save"),
        f"answer:{row.id}",
        now=now,
        organisation_id=target.assessment.company_id,
        before=before,
        after=dump_answer(entry),
    )
    return row.version


def says_the_same(stored: AnswerEntry, entry: AnswerEntry) -> bool:
    """Would saving `entry` change nothing but the date?"""
    return stored == dated(entry, stored, dt.date.min)


def dated(entry: AnswerEntry, stored: AnswerEntry | None, today: dt.date) -> AnswerEntry:
    """The entry with what it keeps from the stored one: the language of texts that did not change, the day of a claim.

    Whoever reads an answer on a French page and changes only its status has not translated it.
    """
    same_texts = stored is not None and stored.texts == entry.texts
    claimed = stored is not None and stored.claim_ground == entry.claim_ground
    return replace(
        entry,
        language=stored.language if stored and same_texts else entry.language,
        claimed_on=None if entry.claim_ground is None else stored.claimed_on if stored and claimed else today,
    )


def fill(row: Answer, entry: AnswerEntry) -> None:
    """Put an entry into an answer row, with its evidence and numbers."""
    for name, value in columns_of(entry).items():
        setattr(row, name, value)
    evidence.fill(row, entry.evidence)
    row.metrics = [MetricValue(**plain.shallow(item)) for item in entry.metrics]


def columns_of(entry: AnswerEntry) -> dict[str, Any]:
    """The columns of the answer row itself; evidence and numbers have rows of their own."""
    values = plain.shallow(entry)
    del values["evidence"], values["metrics"]
    return values | {"surfaces": list(entry.surfaces)}


def entry_of(row: Answer) -> AnswerEntry:
    """An answer row, with its evidence and numbers, as the rules know it."""
    given = {field.name: getattr(row, field.name) for field in plain.fields_of(AnswerEntry)}
    return plain.load(AnswerEntry, given | {"evidence": [evidence.entry_of(item) for item in row.evidence]})
