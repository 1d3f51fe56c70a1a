"""A company's assessment as a whole: the task list of what there is to do."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.assessments import State, can, signing
from compliance.domain.carrying import Key, known_as
from compliance.domain.disputes import applied
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework, Principle, Theme
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.domain.submissions import unseal
from compliance.services import records
from compliance.services.actors import require
from compliance.services.assessment.profiles import profiles_of
from compliance.services.cycle.frameworks import framework_for
from compliance.services.transaction import reading
from compliance.storage.models import Assessment, Service, User
from compliance.storage.queries import assessments, due, exchange, team
from compliance.storage.queries.carrying import previous_keys


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list: a principle for one service, or (service None) for the company."""

    service: Profile | None
    total: int
    answered: int  # confirmed answers only
    carried: int  # from the last cycle, to be confirmed
    yours: int  # assigned to the person who looks
    people: Sequence[str]  # everybody who has one of them
    first: Question  # where the line leads: the first question without a confirmed answer, else the first

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
    carried: int
    statuses: Mapping[str, int]  # confirmed answers by status
    last_cycle: int  # answers of the last cycle that could be brought in
    yours: int
    due_on: dt.date  # the company's own last day where it was granted one
    editable: bool
    may_sign: bool
    submissions: int
    may_act: bool  # amend, withdraw, draft again
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
    seen = _Seen(
        answers=_standing(session, assessment, services),
        people={row.subject: row.user for row in team.assignments(session, assessment.id)},
        user_id=actor.user_id,
    )
    confirmed = [seen.answers[q.key][0] for q in questions if seen.is_confirmed(q)]
    carried = sum(seen.is_carried(question) for question in questions)
    return TaskList(
        assessment=assessment,
        framework=framework,
        themes=_themes(framework, questions, seen),
        services=[service for service in services if service.retired_on is None],
        total=len(questions),
        answered=len(confirmed),
        carried=carried,
        statuses=Counter(confirmed),
        last_cycle=_waiting(session, assessment, services, [q for q in questions if q.key not in seen.answers]),
        yours=sum(seen.is_yours(question) for question in questions),
        due_on=due.due_on(session, assessment.cycle_id, assessment.company_id) or assessment.cycle.due_on,
        editable=allows(actor, Permission.ANSWER_EDIT, record),
        may_sign=allows(actor, Permission.ASSESSMENT_SIGN, record)
        and can(record.state, signing(State(assessment.state), amending=record.amending))
        and (record.state is State.RETURNED or not record.cycle_closed),
        submissions=assessments.submission_count(session, assessment.id),
        may_act=allows(actor, Permission.ASSESSMENT_SIGN, record),
        open_keys=named,
    )


def open_questions(session: Session, assessment: Assessment) -> frozenset[records.Key]:
    """The answers that open clarifications name: the only ones that may be changed while it is returned."""
    if assessment.state != State.RETURNED:
        return frozenset()
    return exchange.open_questions(session, assessment.id)


def profiles_in(session: Session, assessment: Assessment, services: Sequence[Service]) -> Sequence[Profile]:
    """What decides which questions the assessment asks: the company's word, and what government disputes of it."""
    return applied(own_profiles(session, assessment, services), assessment.profile_changes, agreed=True)


def own_profiles(session: Session, assessment: Assessment, services: Sequence[Service]) -> Sequence[Profile]:
    """The company's own word on the services in use, among all its `services`.

    While it is returned that is what was signed: only the answers that were asked about are open, so a change of the
    profile meanwhile belongs to the next signature of the whole.
    """
    if assessment.state == State.RETURNED:
        submission = assessments.last_submission(session, assessment.id)
        if submission is not None:
            return unseal(submission.sealed).profiles
    return profiles_of([service for service in services if service.retired_on is None])


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the task list knows of each question: status and "carried" of its answer, and who has it."""

    answers: Mapping[Key, tuple[str, bool]]
    people: Mapping[str, User]
    user_id: int

    def is_confirmed(self, question: Question) -> bool:
        found = self.answers.get(question.key)
        return found is not None and not found[1]

    def is_carried(self, question: Question) -> bool:
        found = self.answers.get(question.key)
        return found is not None and found[1]

    def is_yours(self, question: Question) -> bool:
        person = assignee(self.people, question)
        return person is not None and person.id == self.user_id


def _waiting(
    session: Session, assessment: Assessment, services: Sequence[Service], unanswered: Sequence[Question]
) -> int:
    """How many of the unanswered questions were answered in the last cycle."""
    keys = previous_keys(session, assessment) if unanswered else set()
    slugs = {service.id: service.slug for service in services}
    before = {(slugs.get(service_id) if service_id else None, indicator_id) for service_id, indicator_id in keys}
    return sum(any((q.key[0], old) in before for old in known_as(q.indicator)) for q in unanswered)


def _standing(session: Session, assessment: Assessment, services: Sequence[Service]) -> dict[Key, tuple[str, bool]]:
    slugs = {service.id: service.slug for service in services}
    return {
        (slugs.get(row.service_id) if row.service_id else None, row.indicator_id): (row.status, row.carried)
        for row in assessments.answered_keys(session, assessment.id)
        if row.service_id is None or row.service_id in slugs
    }


def _themes(framework: Framework, questions: Sequence[Question], seen: _Seen) -> Sequence[ThemeTasks]:
    by_line: dict[tuple[str, str | None], list[Question]] = {}
    for question in questions:
        by_line.setdefault((question.principle.id, question.key[0]), []).append(question)
    found = []
    for theme in framework.themes:
        principles = []
        for principle in framework.principles:
            if principle.theme_id == theme.id:
                lines = [asked for (principle_id, _), asked in by_line.items() if principle_id == principle.id]
                principles.append(PrincipleTasks(principle, [_task(line, seen) for line in lines]))
        found.append(ThemeTasks(theme, principles))
    return found


def _task(line: Sequence[Question], seen: _Seen) -> Task:
    people = [person.name for question in line if (person := assignee(seen.people, question))]
    return Task(
        service=line[0].service,
        total=len(line),
        answered=sum(seen.is_confirmed(question) for question in line),
        carried=sum(seen.is_carried(question) for question in line),
        yours=sum(seen.is_yours(question) for question in line),
        people=list(dict.fromkeys(people)),
        first=next((question for question in line if not seen.is_confirmed(question)), line[0]),
    )


def subject_of(question: Question) -> str:
    """The name of one question among assignments: "photos/P01.a", or "/P11.a" when it is asked once."""
    return f"{question.key[0] or ''}/{question.key[1]}"


def assignee(people: Mapping[str, User], question: Question) -> User | None:
    """Who is to answer a question: whoever has it, else whoever has its principle."""
    return people.get(subject_of(question)) or people.get(question.principle.id)


def own(session: Session, actor: Actor, cycle_slug: str) -> Assessment:
    """The own company's assessment in a cycle; raises NotFound."""
    assessment = assessments.own_assessment(session, actor, cycle_slug)
    if assessment is None:
        raise NotFound(cycle_slug)
    return assessment
