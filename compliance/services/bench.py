"""What stands beside an answer on the bench, and how reviewers share the work."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Problem
from compliance.domain.clarifications import UNSETTLED, ClarificationState, due_problems
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Place
from compliance.domain.rules import Kind
from compliance.domain.submissions import unseal
from compliance.services import audit
from compliance.services.actors import require, require_now
from compliance.services.days import local_day
from compliance.services.findings import asked, shared_assessment
from compliance.services.frameworks import framework_for
from compliance.services.reviews import Review, ReviewPage
from compliance.services.transaction import reading, writing
from compliance.storage.models import Clarification, FindingVersion, Presence, ReviewAssignment, ReviewNote, User
from compliance.storage.queries import assessments, bench, exchange

NOTE_LIMIT = 4_000  # characters
#: How long a reviewer who opened an answer counts as looking at it.
HERE = dt.timedelta(minutes=5)
QUEUE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Round:
    """A question about the answer with what had been signed then and what was signed after it (None: not answered)."""

    row: Clarification
    before: AnswerEntry | None
    after: AnswerEntry | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything around one answer that is not the answer itself."""

    rounds: Sequence[Round]
    draft: Clarification | None  # a question that was written and not sent, or is open
    notes: Sequence[ReviewNote]
    here: Sequence[str]  # names of fellow reviewers who look at it now
    versions: Sequence[FindingVersion]  # what the company has seen of the finding, with its replies
    may_ask: bool
    may_note: bool
    revises: bool  # is a finding that is saved now a new version that the company is told of?

    @property
    def sent(self) -> int:
        """The count of rounds."""
        return sum(item.row.sent_at is not None for item in self.rounds)


def beside(actor: Actor, page: ReviewPage, place: Place, *, now: dt.datetime) -> Beside:
    """What belongs beside the answer on `page`, which has passed the scope."""
    session = reading()
    assessment = page.review.view.assessment
    assert assessment is not None, "a review has an assessment"
    service_id = page.item.result.service_id if page.item.result else None
    rows = exchange.rounds_about(session, assessment.id, service_id, place.indicator)
    finding = page.item.finding
    record = page.review.record
    return Beside(
        rounds=_rounds(session, assessment.id, rows, place),
        draft=next((row for row in rows if row.state in UNSETTLED), None),
        notes=bench.notes(session, actor, assessment.id, service_id, place.indicator),
        here=[
            row.user.name
            for row in bench.people_at(session, assessment.id, service_id, place.indicator, now - HERE)
            if row.user_id != actor.user_id
        ],
        versions=exchange.versions_of(session, finding.id) if finding else (),
        may_ask=allows(actor, Permission.CLARIFICATION_EDIT, record),
        may_note=allows(actor, Permission.REVIEW_NOTE, record),
        revises=allows(actor, Permission.FINDING_REVISE, record),
    )


def _rounds(session: Session, assessment_id: int, rows: Sequence[Clarification], place: Place) -> list[Round]:
    """The texts before and after each question, from the sealed copies it lies between."""
    numbers = {row.submission_number for row in rows} | {row.answered_number for row in rows if row.answered_number}
    copies = {
        row.number: unseal(row.sealed) for row in assessments.submissions_numbered(session, assessment_id, numbers)
    }
    found = []
    for row in rows:
        old = copies.get(row.submission_number)
        new = copies.get(row.answered_number or 0)
        found.append(
            Round(row, old.answers.get(place.key) if old else None, new.answers.get(place.key) if new else None)
        )
    return found


def look(actor: Actor, review: Review, service_id: int | None, indicator: str, *, now: dt.datetime) -> None:
    """Remember which answer the person has opened, for fellow reviewers to see. Losing one such row hurts nobody."""
    assessment = review.view.assessment
    if assessment is None or not allows(actor, Permission.REVIEW_NOTE, review.record):
        return
    try:
        with writing() as session:
            row = session.get(Presence, actor.user_id)
            if row is None:
                row = Presence(user_id=actor.user_id)
                session.add(row)
            row.assessment_id, row.service_id, row.indicator_id = assessment.id, service_id, indicator
            row.seen_at = now
    except IntegrityError:
        return  # two windows of the same person opened at once


def add_note(actor: Actor, place: Place, text: str, *, shared: bool, now: dt.datetime) -> int:
    """Write a note on one answer for the own department, or (`shared`) for every government that sees the answer."""
    with writing() as session:
        assessment, record = shared_assessment(session, actor, place.company or "", place.cycle)
        require_now(actor, Permission.REVIEW_NOTE, record)
        service_id, _number = asked(session, assessment, place)
        if not text.strip():
            raise Invalid([Problem("text", "needed")])
        if len(text) > NOTE_LIMIT:
            raise Invalid([Problem("text", "too_long", {"limit": str(NOTE_LIMIT)})])
        row = ReviewNote(
            assessment_id=assessment.id,
            service_id=service_id,
            indicator_id=place.indicator,
            organisation_id=actor.organisation_id,
            author_id=actor.user_id,
            text=text,
            written_at=now,
            shared_at=now if shared else None,
        )
        session.add(row)
        session.flush()
        audit.record(
            session,
            actor,
            "review_note.add",
            f"review_note:{row.id}",
            now=now,
            organisation_id=actor.organisation_id,
            after={"text": text, "shared": shared},
        )
        return row.id


def share_note(actor: Actor, id_: int, *, now: dt.datetime) -> None:
    """Let the other governments read a note of the own department. Sharing is logged and not undone."""
    with writing() as session:
        row = bench.note(session, actor, id_)
        if row is None:
            raise NotFound(str(id_))
        if row.shared_at is None:
            row.shared_at = now
            audit.record(
                session,
                actor,
                "review_note.share",
                f"review_note:{row.id}",
                now=now,
                organisation_id=actor.organisation_id,
                after={"shared": True},
            )


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
