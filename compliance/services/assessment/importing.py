"""Answers that come in a file: what they would change, and then all of it or nothing.

The file leads to the same state as typing on line, by the same rules. A file that was saved already changes nothing
when it comes again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from compliance.domain.answers import AnswerEntry, Problem
from compliance.domain.assessments import State
from compliance.domain.documents import DocumentRef
from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, allows, could_ever
from compliance.domain.questionnaire import Question, asked_questions
from compliance.domain.submissions import dump_answer
from compliance.domain.workbook import Fault, Key, Place, Row
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment.answers import dated, entry_of, faults, fill, says_the_same, with_units
from compliance.services.assessment.assessments import open_questions, profiles_in
from compliance.services.assessment.evidence import ref_of
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.storage.models import Answer, Assessment, Service
from compliance.storage.queries import assessments, documents

Kind = Literal["added", "changed", "conflict"]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that the file would change. In a conflict a colleague saved it since the file was made."""

    kind: Kind
    question: Question
    before: AnswerEntry | None
    after: AnswerEntry


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a file would do. `fingerprint` changes with the file and with every answer that it touches."""

    framework: Framework
    changes: Sequence[Change]
    same: int
    refused: Sequence[Fault]
    fingerprint: str
    retired: Sequence[str] = ()  # names of services that were retired meanwhile: their rows are left out

    def count(self, kind: Kind) -> int:
        return sum(change.kind == kind for change in self.changes)

    @property
    def can_be_saved(self) -> bool:
        return bool(self.changes) and not self.refused


@dataclass(frozen=True, slots=True)
class Scene:
    """What a file is compared with: the assessment as it is now."""

    assessment: Assessment
    framework: Framework
    services: Sequence[Service]
    questions: Mapping[Key, Question]
    rows: Mapping[Key, Answer]
    entries: Mapping[Key, AnswerEntry]
    documents: Mapping[str, DocumentRef]
    open_questions: Collection[Key] | None  # while returned: those that may be changed
    today: dt.date


def scene_of(session: Session, actor: Actor, assessment: Assessment, now: dt.datetime) -> Scene:
    """The own company's assessment with all its answers, in a handful of queries. Raises Denied for a mere reader."""
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    if not could_ever(actor, Permission.ANSWER_EDIT):
        raise Denied("this role does not answer")
    services = assessments.services_of(session, assessment.company_id)
    profiles = profiles_in(session, assessment, services)
    framework = framework_for(assessment.cycle.framework_version)
    slugs = {service.id: service.slug for service in services}
    rows = {
        (slugs[row.service_id] if row.service_id else None, row.indicator_id): row
        for row in assessments.answers(session, assessment.id)
        if row.service_id is None or row.service_id in slugs
    }
    return Scene(
        assessment=assessment,
        framework=framework,
        services=services,
        questions={question.key: question for question in asked_questions(framework, profiles)},
        rows=rows,
        entries={key: entry_of(row) for key, row in rows.items()},
        documents={row.sha256: ref_of(row) for row in documents.own(session, actor)},
        open_questions=open_questions(session, assessment) if assessment.state == State.RETURNED else None,
        today=local_day(now, assessment.company),
    )


def plan_of(scene: Scene, rows: Sequence[Row], found: Sequence[Fault]) -> Plan:
    """What the rows of a file would change in the scene, and everything that stands in the way. Writes nothing."""
    changes: list[Change] = []
    refused, same = list(found), 0
    mark = hashlib.sha256()
    seen: set[Key] = set()
    gone = {service.slug: service.name for service in scene.services if service.retired_on is not None}
    retired: dict[str, str] = {}
    for row in rows:
        if row.key in seen:
            refused.append(Fault(_where(row, "indicator"), "question_twice", {"indicator": row.key[1]}))
            continue
        seen.add(row.key)
        question = scene.questions.get(row.key)
        if question is None and row.key[0] in gone:
            retired[row.key[0]] = gone[row.key[0]]  # it is no longer asked about; its answers stay as they are
            continue
        if question is None:
            refused.append(Fault(_where(row, "indicator"), "unknown_question", {"indicator": row.key[1]}))
            continue
        stored, version = scene.entries.get(row.key), scene.rows[row.key].version if row.key in scene.rows else 0
        entry, unknown = _completed(scene, row)
        # What comes from the last cycle is confirmed on purpose: a row that was left alone confirms nothing.
        if stored is not None and says_the_same(_ordered(replace(stored, carried=False)), _ordered(entry)):
            same += 1
            continue
        if scene.open_questions is not None and row.key not in scene.open_questions:
            refused.append(Fault(_where(row, "indicator"), "question_closed", {"indicator": row.key[1]}))
            continue
        problems = unknown + faults(scene.framework, question, entry, scene.today)
        refused += [Fault(_where(row, problem.field), problem.code, problem.details) for problem in problems]
        kind: Kind = "conflict" if row.version != version else "changed" if stored else "added"
        changes.append(Change(kind, question, stored, entry))
        mark.update(f"{row.key} {version} {kind} {dump_answer(entry)}\n".encode())
    return Plan(scene.framework, changes, same, refused, mark.hexdigest(), tuple(retired.values()))


def _completed(scene: Scene, row: Row) -> tuple[AnswerEntry, list[Problem]]:
    """The entry with the units of its numbers and its documents as they are stored."""
    entry = with_units(scene.framework, row.entry)
    unknown: list[Problem] = []
    evidence = []
    for number, item in enumerate(entry.evidence):
        known = scene.documents.get(item.document.sha256) if item.document else None
        if item.document and known is None:
            unknown.append(Problem(f"evidence.{number}.document", "unknown_document"))
        evidence.append(replace(item, document=known))
    return replace(entry, evidence=tuple(evidence)), unknown


def _ordered(entry: AnswerEntry) -> AnswerEntry:
    """The order of numbers says nothing; a file has them in the order of the framework."""
    metrics = sorted(entry.metrics, key=lambda item: (item.metric_id, item.period_start or dt.date.min))
    return replace(entry, metrics=tuple(metrics))


def _where(row: Row, field: str) -> Place:
    """The cell of a field; of its row when the field has none, of the question at least."""
    found = row.places.get(field)
    if found is None and field.count(".") == 2:
        start = field.rpartition(".")[0] + "."
        found = next((place for name, place in row.places.items() if name.startswith(start)), None)
    return found or row.places.get("indicator") or next(iter(row.places.values()), Place("", ""))


def carry_out(
    session: Session, actor: Actor, scene: Scene, plan: Plan, *, key: str, overwrite: bool, now: dt.datetime
) -> int:
    """Save every change of the plan in the caller's transaction; how many answers were saved.

    Raises Invalid while something is refused, Conflict when a colleague saved in the meantime and `overwrite` does
    not say that the file counts, NotAllowed when the assessment is not open.
    """
    assessment = scene.assessment
    if not assessments.touch(session, assessment, now):
        raise NotAllowed("the assessment is not open for answers")
    require_open(session, actor, scene)
    if plan.refused:
        raise Invalid([Problem("workbook", "workbook_refused")])
    if plan.count("conflict") and not overwrite:
        raise Conflict(0)
    ids = {service.slug: service.id for service in scene.services}
    acts = []
    with session.no_autoflush:
        for change in plan.changes:
            service, indicator = change.question.key
            row = scene.rows.get(change.question.key)
            if row is None:
                service_id = ids[service] if service else None
                row = Answer(assessment_id=assessment.id, service_id=service_id, indicator_id=indicator)
                row.evidence, row.metrics = [], []
                session.add(row)
            entry = dated(change.after, change.before, scene.today)
            fill(row, entry)
            row.updated_by_id, row.updated_at, row.save_key = actor.user_id, now, key
            flag_modified(row, "save_key")
            acts.append((row, change.before, entry))
    session.flush()
    audit.record_all(session, actor, list(_told(acts, assessment.company_id)), now=now)
    return len(acts)


def require_open(session: Session, actor: Actor, scene: Scene) -> None:
    """Raise NotAllowed unless answers may be changed; the state is read anew, under the lock of who has one."""
    session.refresh(scene.assessment, attribute_names=["state"])
    open_ = scene.open_questions or ()
    record = records.of_own(scene.assessment, open_, next(iter(open_), None))
    if not allows(actor, Permission.ANSWER_EDIT, record):
        raise NotAllowed("the assessment is not open for answers")


def _told(acts: Sequence[tuple[Answer, AnswerEntry | None, AnswerEntry]], company_id: int) -> Iterator[audit.Entry]:
    """What the trail says of each answer: the same as of one that was typed."""
    for row, before, after in acts:
        told = dump_answer(before) if before else None
        yield audit.Entry("answer.save", f"answer:{row.id}", company_id, told, dump_answer(after))
