"""Working on an assessment together: who answers what, notes among colleagues, and who changed what and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Problem
from compliance.domain.carrying import differing
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Role
from compliance.domain.questionnaire import Place, Question, asked_questions
from compliance.domain.submissions import load_answer
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment.answers import target_of
from compliance.services.assessment.assessments import own, subject_of
from compliance.services.assessment.profiles import profiles_of
from compliance.services.cycle.frameworks import framework_for
from compliance.services.transaction import reading, writing
from compliance.storage.models import AnswerNote, Assessment, Assignment, User
from compliance.storage.queries import assessments
from compliance.storage.queries import team as stored

NOTE_LIMIT: Final = 2_000  # characters
MOST_VERSIONS: Final = 300
SITTING: Final = dt.timedelta(minutes=10)  # between two saves of one person that are shown as one change


def people_by_subject(session: Session, assessment_id: int) -> dict[str, User]:
    return {row.subject: row.user for row in stored.assignments(session, assessment_id)}


def colleagues(session: Session, organisation_id: int) -> list[User]:
    """Those who may be asked to answer: contributors and leads, each once."""
    found = {
        row.user.id: row.user
        for row in stored.members(session, organisation_id)
        if row.role in (Role.CONTRIBUTOR, Role.LEAD)
    }
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Split:
    """Who answers which principle, and the questions that someone else has."""

    assessment: Assessment
    framework: Framework
    people: Mapping[str, User]
    colleagues: Sequence[User]
    questions: Sequence[Question]


def split(actor: Actor, cycle_slug: str) -> Split:
    """The page on which principles are given to colleagues."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    framework = framework_for(assessment.cycle.framework_version)
    return Split(
        assessment,
        framework,
        people_by_subject(session, assessment.id),
        colleagues(session, assessment.company_id),
        asked_questions(framework, profiles_of(assessments.own_services(session, actor))),
    )


def assign(actor: Actor, cycle_slug: str, wanted: Mapping[str, int | None], *, now: dt.datetime) -> int:
    """Give each subject in `wanted` to a colleague, or (None) to nobody; how many changed.

    A subject is a principle id, or what `subject_of` gives. Raises Invalid for someone who is not a colleague that may
    answer, NotFound for a subject that is not asked.
    """
    with writing() as session:
        assessment = own(session, actor, cycle_slug)
        require(actor, Permission.WORK_ASSIGN, records.of_own(assessment))
        known = {person.id for person in colleagues(session, assessment.company_id)}
        if any(user_id is not None and user_id not in known for user_id in wanted.values()):
            raise Invalid([Problem("user", "unknown_colleague")])
        framework = framework_for(assessment.cycle.framework_version)
        questions = asked_questions(framework, profiles_of(assessments.own_services(session, actor)))
        subjects = {subject_of(question) for question in questions} | set(framework.principles_by_id)
        if not wanted.keys() <= subjects:
            raise NotFound("no such subject")
        rows = {row.subject: row for row in stored.assignments(session, assessment.id)}
        changed = 0
        for subject, user_id in wanted.items():
            before = rows[subject].user_id if subject in rows else None
            if before != user_id:
                _assign(session, actor, assessment, rows.get(subject), (subject, user_id), now=now)
                changed += 1
                audit.record(
                    session,
                    actor,
                    "work.assign",
                    f"assessment:{assessment.id}",
                    now=now,
                    organisation_id=assessment.company_id,
                    before={"subject": subject, "user": before},
                    after={"subject": subject, "user": user_id},
                )
    return changed


def _assign(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    row: Assignment | None,
    wanted: tuple[str, int | None],
    *,
    now: dt.datetime,
) -> None:
    subject, user_id = wanted
    if user_id is None:
        session.delete(row)
    elif row is None:
        session.add(
            Assignment(
                assessment_id=assessment.id,
                subject=subject,
                user_id=user_id,
                assigned_by_id=actor.user_id,
                assigned_at=now,
            )
        )
    else:
        row.user_id, row.assigned_by_id, row.assigned_at = user_id, actor.user_id, now


def add_note(actor: Actor, place: Place, text: str, *, now: dt.datetime) -> None:
    """Write a note to colleagues on one question. Government never sees it. Raises Invalid for an empty or long one."""
    problems = []
    if not text.strip():
        problems.append(Problem("text", "note_needed"))
    if len(text) > NOTE_LIMIT:
        problems.append(Problem("text", "too_long", {"limit": str(NOTE_LIMIT)}))
    with writing() as session:
        target = target_of(session, actor, place)
        require(actor, Permission.NOTE_WRITE, records.of_own(target.assessment))
        if problems:
            raise Invalid(problems)
        note = AnswerNote(
            assessment_id=target.assessment.id,
            service_id=target.service_id,
            indicator_id=place.indicator,
            text=text,
            author_id=actor.user_id,
            written_at=now,
        )
        session.add(note)
        session.flush()
        audit.record(
            session,
            actor,
            "note.write",
            f"answer_note:{note.id}",
            now=now,
            organisation_id=target.assessment.company_id,
            after={"text": text},
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One change of an answer: who, from when to when, how, and what stood there before and after."""

    since: dt.datetime
    at: dt.datetime
    who: str
    act: str  # "answer.save", "answer.confirm", "answer.carry", "answer.copy", …
    before: AnswerEntry | None
    after: AnswerEntry

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ."""
        return tuple(differing(self.before or AnswerEntry(), self.after))


@dataclass(frozen=True, slots=True)
class History:
    assessment: Assessment
    framework: Framework
    question: Question
    versions: Sequence[Version]  # newest first


def history(actor: Actor, place: Place) -> History:
    """Who changed an answer, when, and the text before and after: read from the audit trail, which nobody can edit."""
    session = reading()
    target = target_of(session, actor, place)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(target.assessment))
    row = assessments.answer(session, target.assessment.id, target.service_id, place.indicator)
    chain = audit.chain_of(target.assessment.company_id)
    events = stored.history(session, chain, f"answer:{row.id}", MOST_VERSIONS) if row else ()
    versions: list[Version] = []
    for event, name in events:
        if event.after is not None and "status" in event.after:
            before = load_answer(event.before) if event.before else None
            version = Version(event.at, event.at, name or "", event.action, before, load_answer(event.after))
            if versions and _one_sitting(version, versions[-1]):
                versions[-1] = replace(versions[-1], since=version.since, before=version.before)
            else:
                versions.append(version)
    return History(target.assessment, target.framework, target.question, versions)


def _one_sitting(earlier: Version, later: Version) -> bool:
    """Saves of one person in a row are one change: what is saved as one types would fill pages otherwise."""
    same = (earlier.who, earlier.act) == (later.who, later.act) == (later.who, "answer.save")
    return same and later.since - earlier.at <= SITTING
