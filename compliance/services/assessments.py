"""A company's assessment as a whole: the task list of what there is to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.assessments import Act, State, can
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework, Principle, Theme
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.domain.submissions import unseal
from compliance.services import records
from compliance.services.actors import require
from compliance.services.frameworks import framework_for
from compliance.services.profiles import profiles_of
from compliance.services.transaction import reading
from compliance.storage.models import Assessment, Service
from compliance.storage.queries import assessments, due, exchange


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list: a principle for one service, or (service None) for the company."""

    service: Profile | None
    total: int
    answered: int
    first: Question  # where the line leads: the first unanswered question, else the first

    @property
    def done(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True, slots=True)
class PrincipleTasks:
    principle: Principle
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class ThemeTasks:
    theme: Theme
    principles: Sequence[PrincipleTasks]


@dataclass(frozen=True, slots=True)
class TaskList:
    assessment: Assessment
    framework: Framework
    themes: Sequence[ThemeTasks]
    services: Sequence[Service]
    total: int
    answered: int
    due_on: dt.date  # the company's own last day where it was granted one
    editable: bool
    may_sign: bool
    submissions: int
    open_keys: frozenset[records.Key]  # while returned: the answers that government asked about


def task_list(actor: Actor, cycle_slug: str) -> TaskList:
    """What there is to do: theme, principle, service, with only what applies."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    named = open_questions(session, assessment)
    record = records.of_own(assessment, named, next(iter(named), None))
    require(actor, Permission.ASSESSMENT_VIEW, record)
    services = assessments.services_of(session, assessment.company_id)
    framework = framework_for(assessment.cycle.framework_version)
    questions = asked_questions(framework, profiles_in(session, assessment, services))
    slugs = {service.id: service.slug for service in services}
    answered = {
        (slugs.get(service_id) if service_id else None, indicator_id)
        for service_id, indicator_id in assessments.answered_keys(session, assessment.id)
    }
    return TaskList(
        assessment=assessment,
        framework=framework,
        themes=_themes(framework, questions, answered),
        services=[service for service in services if service.retired_on is None],
        total=len(questions),
        answered=sum(question.key in answered for question in questions),
        due_on=due.due_on(session, assessment.cycle_id, assessment.company_id) or assessment.cycle.due_on,
        editable=allows(actor, Permission.ANSWER_EDIT, record),
        may_sign=allows(actor, Permission.ASSESSMENT_SIGN, record)
        and can(record.state, Act.SUBMIT)
        and (record.state is State.RETURNED or not record.cycle_closed),
        submissions=assessments.submission_count(session, assessment.id),
        open_keys=named,
    )


def open_questions(session: Session, assessment: Assessment) -> frozenset[records.Key]:
    """The answers that open clarifications name: the only ones that may be changed while it is returned."""
    if assessment.state != State.RETURNED:
        return frozenset()
    return exchange.open_questions(session, assessment.id)


def profiles_in(session: Session, assessment: Assessment, services: Sequence[Service]) -> Sequence[Profile]:
    """What decides which questions the assessment asks: the services in use, among all `services` of the company.

    While it is returned that is what was signed: only the answers that were asked about are open, so a change of the
    profile meanwhile belongs to the next signature of the whole.
    """
    if assessment.state == State.RETURNED:
        submission = assessments.last_submission(session, assessment.id)
        if submission is not None:
            signed = unseal(submission.sealed).services
            return [Profile(service.slug, service.name, service.functions) for service in signed]
    return profiles_of([service for service in services if service.retired_on is None])


def _themes(
    framework: Framework, questions: Sequence[Question], answered: set[tuple[str | None, str]]
) -> Sequence[ThemeTasks]:
    by_line: dict[tuple[str, str | None], list[Question]] = {}
    for question in questions:
        by_line.setdefault((question.principle.id, question.key[0]), []).append(question)
    found = []
    for theme in framework.themes:
        principles = []
        for principle in framework.principles:
            if principle.theme_id == theme.id:
                lines = [asked for (principle_id, _), asked in by_line.items() if principle_id == principle.id]
                tasks = [_task(line, answered) for line in lines]
                principles.append(PrincipleTasks(principle, tasks))
        found.append(ThemeTasks(theme, principles))
    return found


def _task(line: Sequence[Question], answered: set[tuple[str | None, str]]) -> Task:
    return Task(
        service=line[0].service,
        total=len(line),
        answered=sum(question.key in answered for question in line),
        first=next((question for question in line if question.key not in answered), line[0]),
    )


def own(session: Session, actor: Actor, cycle_slug: str) -> Assessment:
    """The own company's assessment in a cycle; raises NotFound."""
    assessment = assessments.own_assessment(session, actor, cycle_slug)
    if assessment is None:
        raise NotFound(cycle_slug)
    return assessment
