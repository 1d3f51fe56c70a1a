"""How reviewers share the work: who reviews which part by when, and what is left of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.clarifications import ClarificationState, due_problems
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Place
from compliance.domain.rules import Kind
from compliance.services import audit
from compliance.services.actors import require, require_now
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.review.findings import asked, shared_assessment
from compliance.services.review.reviews import Review
from compliance.services.transaction import reading, writing
from compliance.storage.models import (
    ReviewAssignment,
    User,
)
from compliance.storage.queries import bench, exchange

QUEUE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    """Who is to review what by when. All of it: no principle and no question."""

    reviewer_id: int
    due_on: dt.date | None
    principle: str = ""
    question: tuple[str | None, str] | None = None


def assign(actor: Actor, slug: str, cycle_slug: str, entry: AssignmentEntry, *, now: dt.datetime) -> int:
    """Give a part of a submission to a reviewer of the lead country, in the place of who had the same part before.

    Raises Invalid for a person or a part that there is not.
    """
    with writing() as session:
        assessment, record = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.REVIEW_ASSIGN, record)
        framework = framework_for(assessment.cycle.framework_version)
        problems = due_problems("due_on", entry.due_on, local_day(now, assessment.company) - dt.timedelta(days=1))
        if entry.reviewer_id not in {person.id for person in bench.reviewers_of(session, actor.country or "")}:
            problems.append(Problem("reviewer", "reviewer_needed"))
        if entry.principle and entry.principle not in framework.principles_by_id:
            problems.append(Problem("principle", "principle_needed"))
        if problems:
            raise Invalid(problems)
        service_id, indicator = None, None
        if entry.question is not None:
            place = Place(cycle_slug, entry.question[0], entry.question[1], slug)
            service_id, indicator = asked(session, assessment, place)[0], entry.question[1]
        part = (entry.principle or None, service_id, indicator)
        for known in bench.assignments(session, assessment.id):
            if (known.principle_id, known.service_id, known.indicator_id) == part:
                known.ended_at = now
        assert entry.due_on is not None, "checked before"
        row = ReviewAssignment(
            assessment_id=assessment.id,
            principle_id=part[0],
            service_id=part[1],
            indicator_id=part[2],
            reviewer_id=entry.reviewer_id,
            due_on=entry.due_on,
            assigned_by_id=actor.user_id,
            assigned_at=now,
        )
        session.add(row)
        session.flush()
        _record(session, actor, "review.assign", row, now)
        return row.id


def unassign(actor: Actor, slug: str, cycle_slug: str, id_: int, *, now: dt.datetime) -> None:
    """End an assignment: by whoever may assign, or by the reviewer who is done."""
    with writing() as session:
        assessment, record = shared_assessment(session, actor, slug, cycle_slug)
        row = next((row for row in bench.assignments(session, assessment.id) if row.id == id_), None)
        if row is None:
            raise NotFound(str(id_))
        if row.reviewer_id != actor.user_id:
            require(actor, Permission.REVIEW_ASSIGN, record)
        row.ended_at = now
        _record(session, actor, "review.unassign", row, now)


def _record(session: Session, actor: Actor, action: str, row: ReviewAssignment, now: dt.datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        f"review_assignment:{row.id}",
        now=now,
        organisation_id=actor.organisation_id,
        after={"reviewer": row.reviewer_id, "principle": row.principle_id, "indicator": row.indicator_id},
    )


@dataclass(frozen=True, slots=True)
class Work:
    """The shares of a submission, and who can be given one."""

    assignments: Sequence[ReviewAssignment]
    reviewers: Sequence[User]
    may_assign: bool
    drafts: int  # questions that were written and not sent
    open: int  # questions that the company has

    def parts_of(self, actor: Actor) -> frozenset[object]:
        """The parts that are the person's: principle ids, keys of questions, None for all of it."""
        return frozenset(
            (row.service.slug if row.service else None, row.indicator_id) if row.indicator_id else row.principle_id
            for row in self.assignments
            if row.reviewer_id == actor.user_id
        )


def work_on(actor: Actor, review: Review) -> Work:
    """Who reviews which part of the submission on `review`, which has passed the scope."""
    session = reading()
    assert review.view.assessment is not None, "a review has an assessment"
    id_ = review.view.assessment.id
    may = allows(actor, Permission.REVIEW_ASSIGN, review.record)
    rows = exchange.unsettled(session, id_)
    drafts = sum(row.state == ClarificationState.DRAFT for row in rows)
    reviewers = bench.reviewers_of(session, actor.country or "") if may else ()
    return Work(bench.assignments(session, id_), reviewers, may, drafts, len(rows) - drafts)


@dataclass(frozen=True, slots=True)
class Queued:
    """A part of a submission that the person reviews: how many answers apply, and how many have a finding."""

    row: ReviewAssignment
    framework: Framework
    reviewed: int
    total: int
    overdue: bool

    @property
    def done(self) -> bool:
        return self.total > 0 and self.reviewed == self.total


def my_queue(actor: Actor, *, now: dt.datetime) -> Sequence[Queued]:
    """What was given to the person, by date; what is done comes last."""
    require(actor, Permission.REVIEW_QUEUE)
    session = reading()
    rows = bench.queue(session, actor, QUEUE_LIMIT)
    totals, reviewed = _counts(session, rows)
    found = []
    for row in rows:
        today = local_day(now, row.assessment.company)
        done = totals[row.id] == reviewed[row.id]
        framework = framework_for(row.assessment.cycle.framework_version)
        found.append(Queued(row, framework, reviewed[row.id], totals[row.id], not done and row.due_on < today))
    return sorted(found, key=lambda item: (item.done, item.row.due_on, item.row.id))


def _counts(session: Session, rows: Sequence[ReviewAssignment]) -> tuple[Counter[int], Counter[int]]:
    """How many answers of each assignment apply, and how many of those have a finding."""
    kinds = {row.id: framework_for(row.assessment.cycle.framework_version).rules.severity_by_id for row in rows}
    totals: Counter[int] = Counter()
    reviewed: Counter[int] = Counter()
    for id_, severity, finding, number in bench.work_left(session, list(kinds)):
        if severity in kinds[id_] and kinds[id_][severity].kind is not Kind.OUTSIDE:
            totals[id_] += number
            reviewed[id_] += number if finding != "none" else 0
    return totals, reviewed
