"""What stands beside an answer on the bench, who looks at it, and what can happen next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Problem
from compliance.domain.assessments import Act, can
from compliance.domain.clarifications import UNSETTLED, ClarificationState
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Place
from compliance.domain.submissions import unseal
from compliance.services import audit
from compliance.services.actors import require_now
from compliance.services.days import local_day
from compliance.services.review.findings import asked, shared_assessment
from compliance.services.review.reviews import Review, ReviewPage
from compliance.services.transaction import reading, writing
from compliance.storage.models import (
    Assessment,
    Clarification,
    FindingVersion,
    Presence,
    ReviewNote,
)
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
class Steps:
    """Where a review stands, and which steps are open to the person."""

    assessment: Assessment
    drafts: int
    open: int
    may: frozenset[str]
    waits_until: dt.date | None  # the company may still reply until then


def steps_of(actor: Actor, review: Review, *, now: dt.datetime) -> Steps:
    """What can happen next with the submission on `review`, which has passed the scope."""
    assessment = review.view.assessment
    assert assessment is not None, "a review has an assessment"
    rows = exchange.unsettled(reading(), assessment.id)
    drafts = sum(row.state == ClarificationState.DRAFT for row in rows)
    table = {
        "return": (Permission.ASSESSMENT_RETURN, Act.RETURN),
        "recall": (Permission.ASSESSMENT_RETURN, Act.RECALL),
        "share": (Permission.FINDINGS_SHARE, Act.SHARE_FINDINGS),
        "conclude": (Permission.ASSESSMENT_CONCLUDE, Act.CONCLUDE),
        "reopen": (Permission.ASSESSMENT_REOPEN, Act.REOPEN),
    }
    may = {
        name
        for name, (permission, act) in table.items()
        if allows(actor, permission, review.record) and can(review.record.state, act)
    }
    today, last = local_day(now, review.view.company), assessment.reply_due_on
    waits = last if assessment.replied_at is None and last is not None and today <= last else None
    return Steps(assessment, drafts, len(rows) - drafts, frozenset(may), waits)
