"""Answers of the last cycle: brought in on request, shown as such until confirmed, and compared with this cycle's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry
from compliance.domain.carrying import Key, Since, earlier, fitted, known_as, since
from compliance.domain.disputes import applied
from compliance.domain.errors import Denied, NotAllowed
from compliance.domain.framework import Framework, Indicator
from compliance.domain.permissions import Actor, Permission, allows, could_ever
from compliance.domain.questionnaire import Question, asked_questions
from compliance.domain.submissions import dump_answer, unseal
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment.answers import entry_of, fill
from compliance.services.assessment.assessments import own
from compliance.services.assessment.profiles import profiles_of
from compliance.services.cycle.frameworks import framework_for
from compliance.services.transaction import reading, writing
from compliance.storage.models import Answer, Assessment, Cycle, Service
from compliance.storage.queries import assessments
from compliance.storage.queries import carrying as stored


def carry(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> int:
    """Bring in the answers of the last cycle where there is none yet; how many came.

    Each is marked as carried until someone confirms or changes it. Answers to questions that are no longer asked stay
    where they are. Raises Denied for a role that does not answer, NotAllowed when the assessment is not open.
    """
    with writing() as session:
        assessment = own(session, actor, cycle_slug)
        require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
        if not could_ever(actor, Permission.ANSWER_EDIT):
            raise Denied("this role does not answer")
        touched = assessments.touch(session, assessment, now)
        if not (touched and allows(actor, Permission.ANSWER_EDIT, records.of_own(assessment))):
            raise NotAllowed("the assessment is not open for answers")
        services = session_services(session, assessment)
        framework = framework_for(assessment.cycle.framework_version)
        before = last_answers(session, assessment, services)
        have = {(row.service_id, row.indicator_id) for row in assessments.answered_keys(session, assessment.id)}
        ids = {service.slug: service.id for service in services}
        came = 0
        for question in asked_questions(framework, profiles_of(services)):
            found = earlier(framework, before, question.key)
            service_id = ids[question.service.slug] if question.service else None
            if found is None or (service_id, question.indicator.id) in have:
                continue
            entry = replace(_fitted(framework, question, found), carried=True)
            _store(session, actor, assessment, service_id, question.indicator, entry, now=now)
            came += 1
    return came


def _fitted(framework: Framework, question: Question, entry: AnswerEntry) -> AnswerEntry:
    functions = question.service.functions if question.service else None
    surfaces = {surface.id for surface in framework.surfaces_of(question.indicator, functions)}
    return fitted(entry, question.indicator, surfaces)


def _store(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    service_id: int | None,
    indicator: Indicator,
    entry: AnswerEntry,
    *,
    now: dt.datetime,
) -> None:
    row = Answer(
        assessment_id=assessment.id,
        service_id=service_id,
        indicator_id=indicator.id,
        updated_by_id=actor.user_id,
        updated_at=now,
    )
    fill(row, entry)
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "answer.carry",
        f"answer:{row.id}",
        now=now,
        organisation_id=assessment.company_id,
        after=dump_answer(entry),
    )


def session_services(session: Session, assessment: Assessment) -> Sequence[Service]:
    """The company's services in use."""
    return [s for s in assessments.services_of(session, assessment.company_id) if s.retired_on is None]


def last_answers(session: Session, assessment: Assessment, services: Sequence[Service]) -> dict[Key, AnswerEntry]:
    """The answers of the cycle before, by service slug and by the indicator ids of that cycle.

    Those as last written, which for a submitted assessment are those that were signed.
    """
    previous = stored.previous_assessment(session, assessment)
    if previous is None:
        return {}
    slugs = {service.id: service.slug for service in services}
    return {
        (slugs[row.service_id] if row.service_id else None, row.indicator_id): entry_of(row)
        for row in assessments.answers(session, previous.id)
        if row.service_id is None or row.service_id in slugs
    }


def last_answer(
    session: Session, assessment: Assessment, service_id: int | None, indicator: Indicator
) -> AnswerEntry | None:
    """The answer of the cycle before to one question, under the id it had then."""
    ids = known_as(indicator)
    rows = {row.indicator_id: row for row in stored.previous_answers(session, assessment, service_id, ids)}
    return next((entry_of(rows[old]) for old in ids if old in rows), None)


@dataclass(frozen=True, slots=True)
class Compared:
    """One question beside what was answered to it in the last cycle."""

    question: Question | None  # None: it is no longer asked
    key: Key
    since: Since
    before: AnswerEntry | None
    now: AnswerEntry | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the last cycle; `previous` is None when the company has none."""

    assessment: Assessment
    framework: Framework
    previous: Cycle | None
    previous_framework: Framework | None
    lines: Sequence[Compared]

    @property
    def counts(self) -> Mapping[Since, int]:
        return {kind: sum(line.since is kind for line in self.lines) for kind in Since}


def comparison(actor: Actor, cycle_slug: str) -> Comparison:
    """Every question of this cycle beside the last one, then what is no longer asked."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    framework = framework_for(assessment.cycle.framework_version)
    previous = stored.previous_assessment(session, assessment)
    if previous is None:
        return Comparison(assessment, framework, None, None, ())
    services = session_services(session, assessment)
    slugs = {service.id: service.slug for service in services}
    before = last_answers(session, assessment, services)
    now = {
        (slugs.get(row.service_id) if row.service_id else None, row.indicator_id): entry_of(row)
        for row in assessments.answers(session, assessment.id)
    }
    old_framework = framework_for(previous.cycle.framework_version)
    asked_then = _asked_then(session, previous, old_framework, services)
    questions = asked_questions(framework, profiles_of(services))
    lines = [_compared(framework, question, before, now, asked_then) for question in questions]
    lines += _gone(old_framework, before, questions)
    return Comparison(
        assessment,
        framework,
        previous.cycle,
        old_framework,
        lines,
    )


def _asked_then(session: Session, previous: Assessment, framework: Framework, services: Sequence[Service]) -> set[Key]:
    """What was asked in the last cycle: by the profile that was signed then, else by today's."""
    last = assessments.last_submission(session, previous.id)
    if last is None:
        return {question.key for question in asked_questions(framework, profiles_of(services))}
    sealed = unseal(last.sealed)
    profiles = applied(sealed.profiles, previous.profile_changes, agreed=False)
    return {question.key for question in asked_questions(framework, profiles)}


def _compared(
    framework: Framework,
    question: Question,
    before: Mapping[Key, AnswerEntry],
    now: Mapping[Key, AnswerEntry],
    asked_then: set[Key],
) -> Compared:
    service, _indicator_id = question.key
    found, entry = earlier(framework, before, question.key), now.get(question.key)
    was_asked = any((service, old) in asked_then for old in known_as(question.indicator))
    return Compared(question, question.key, since(found, entry, was_asked=was_asked), found, entry)


def _gone(old: Framework, before: Mapping[Key, AnswerEntry], questions: Sequence[Question]) -> list[Compared]:
    taken = {(question.key[0], old_id) for question in questions for old_id in known_as(question.indicator)}
    return [
        Compared(None, key, Since.GONE, entry, None)
        for key, entry in before.items()
        if key not in taken and key[1] in old.indicators
    ]
