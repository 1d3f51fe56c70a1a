"""Copying an answer to other services of the same company: on purpose, service by service, and seen in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import AnswerEntry, Problem
from compliance.domain.carrying import fitted
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission
from compliance.domain.questionnaire import Place, Question
from compliance.domain.saving import Stamp
from compliance.services import records
from compliance.services.actors import require
from compliance.services.assessment.answers import Target, entry_of, faults, open_target, target_of, write
from compliance.services.days import local_day
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment
from compliance.storage.queries import assessments
from compliance.storage.queries import carrying as stored


@dataclass(frozen=True, slots=True)
class CopyTarget:
    """Another service where the same is asked: what stands there, and why the copy would not fit (None: it fits)."""

    question: Question
    entry: AnswerEntry | None
    version: int
    problem: Problem | None

    @property
    def slug(self) -> str:
        assert self.question.service is not None
        return self.question.service.slug


@dataclass(frozen=True, slots=True)
class CopyPage:
    assessment: Assessment
    framework: Framework
    question: Question
    entry: AnswerEntry
    targets: Sequence[CopyTarget]


def copy_page(actor: Actor, place: Place, *, now: dt.datetime) -> CopyPage:
    """An answer and the other services it could be copied to. Raises NotFound for a question without an answer."""
    session = reading()
    target = target_of(session, actor, place)
    record = records.of_own(target.assessment)
    require(actor, Permission.ASSESSMENT_VIEW, record)
    require(actor, Permission.ANSWER_EDIT, record)
    rows = {r.service_id: r for r in stored.answers_of_indicator(session, target.assessment.id, place.indicator)}
    source = rows.get(target.service_id)
    if source is None or place.service is None:
        raise NotFound(place.indicator)
    entry, ids = entry_of(source), {service.slug: service.id for service in target.services}
    today = local_day(now, target.assessment.company)
    found = []
    for question in _elsewhere(target):
        assert question.service is not None
        row = rows.get(ids[question.service.slug])
        problems = faults(target.framework, question, _copied(target.framework, question, entry), today)
        found.append(
            CopyTarget(
                question, entry_of(row) if row else None, row.version if row else 0, problems[0] if problems else None
            )
        )
    return CopyPage(target.assessment, target.framework, target.question, entry, found)


def copy(actor: Actor, place: Place, versions: Mapping[str, int], *, now: dt.datetime) -> int:
    """Copy the answer at `place` to the services in `versions`, each with the version that was seen; how many.

    All or nothing: Conflict when a colleague saved one of them in the meantime, Invalid when the copy does not fit
    or no service was chosen.
    """
    if not versions:
        raise Invalid([Problem("services", "copy_target_needed")])
    try:
        with writing() as session:
            target = open_target(session, actor, place, now=now)
            row = assessments.answer(session, target.assessment.id, target.service_id, place.indicator)
            if row is None:
                raise NotFound(place.indicator)
            entry, today = entry_of(row), local_day(now, target.assessment.company)
            elsewhere = _elsewhere(target)
            if not versions.keys() <= {question.key[0] for question in elsewhere}:
                raise NotFound("no such service")
            for question in elsewhere:
                assert question.service is not None
                if question.service.slug in versions:
                    copied = _copied(target.framework, question, entry)
                    problems = faults(target.framework, question, copied, today)
                    if problems:
                        raise Invalid([replace(problems[0], field="services")])
                    there = open_target(session, actor, replace(place, service=question.service.slug), now=now)
                    stamp = Stamp(versions[question.service.slug], "")
                    write(session, actor, there, copied, stamp, now=now, act="answer.copy")
            return len(versions)
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(0) from error


def _elsewhere(target: Target) -> list[Question]:
    return [
        question
        for question in target.questions
        if question.indicator.id == target.question.indicator.id
        and question.service is not None
        and question.key != target.question.key
    ]


def _copied(framework: Framework, question: Question, entry: AnswerEntry) -> AnswerEntry:
    functions = question.service.functions if question.service else None
    surfaces = {surface.id for surface in framework.surfaces_of(question.indicator, functions)}
    return fitted(entry, question.indicator, surfaces)
