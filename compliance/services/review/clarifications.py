"""Clarifications: government asks about single answers, and returns the assessment for those alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.assessments import Act, State, move
from compliance.domain.clarifications import (
    UNSETTLED,
    ClarificationEntry,
    ClarificationState,
    problems_of,
    reply_problems,
)
from compliance.domain.disputes import stance_problems
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework, Indicator
from compliance.domain.permissions import Actor, Permission, could_ever
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.domain.text import Text
from compliance.services import audit, records
from compliance.services.actors import require, require_now
from compliance.services.assessment import disputed
from compliance.services.assessment.assessments import own
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.gap import results
from compliance.services.review.findings import asked, shared_assessment
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, Clarification
from compliance.storage.queries import assessments, exchange


def ask(actor: Actor, place: Place, entry: ClarificationEntry, stamp: Stamp, *, now: dt.datetime) -> Clarification:
    """Write a question about one answer, or change its draft.

    It goes to the company when the assessment is returned; at once when it is returned already. One question at a time
    about an answer: raises NotAllowed while one is open. Raises Invalid for a fault in `entry`, Conflict when a fellow
    reviewer wrote one meanwhile.
    """
    try:
        with writing() as session:
            assessment, known = shared_assessment(session, actor, place.company or "", place.cycle)
            require_now(actor, Permission.CLARIFICATION_EDIT, known)
            service_id, number = asked(session, assessment, place)
            problems = problems_of(entry, local_day(now, assessment.company))
            if problems:
                raise Invalid(problems)
            rows = exchange.rounds_about(session, assessment.id, service_id, place.indicator)
            row = _draft(rows, entry, stamp)
            if row is None:
                row = Clarification(
                    assessment_id=assessment.id,
                    service_id=service_id,
                    indicator_id=place.indicator,
                    round=sum(earlier.sent_at is not None for earlier in rows) + 1,
                    state=ClarificationState.DRAFT,
                    submission_number=number,
                    written_at=now,
                )
                session.add(row)
            elif row.save_key == stamp.key and (row.question, row.due_on) == (entry.question, entry.due_on):
                return row  # the same form sent twice
            assert entry.due_on is not None, "checked before"
            row.question, row.due_on, row.submission_number = entry.question, entry.due_on, number
            row.asked_by_id, row.country, row.save_key = actor.user_id, actor.country or "", stamp.key
            flag_modified(row, "save_key")
            if assessment.state == State.RETURNED:
                send(row, now)
            session.flush()
            record(session, actor, "ask", row, assessment, now)
            return row
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(stamp.version + 1) from error


def _draft(rows: Sequence[Clarification], entry: ClarificationEntry, stamp: Stamp) -> Clarification | None:
    """The draft to change, or None for a new round."""
    current = next((row for row in rows if row.state in UNSETTLED), None)
    if current is not None and current.save_key == stamp.key and current.question == entry.question:
        return current
    if current is not None and current.state == ClarificationState.OPEN:
        raise NotAllowed("a question about this answer is open")
    if (current.version if current else 0) != stamp.version:
        raise Conflict(current.version if current else 0)
    return current


def send(row: Clarification, now: dt.datetime) -> None:
    row.state, row.sent_at = ClarificationState.OPEN, now


def drop(actor: Actor, slug: str, cycle_slug: str, id_: int, *, now: dt.datetime) -> None:
    """Take a question back, sent or not. With the last open one the assessment is under review again.

    A draft that was never sent is deleted: it was nobody's word to anybody.
    """
    with writing() as session:
        assessment, known = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.CLARIFICATION_EDIT, known)
        rows = exchange.unsettled(session, assessment.id)
        row = next((row for row in rows if row.id == id_), None)
        if row is None:
            raise NotFound(str(id_))
        record(session, actor, "drop", row, assessment, now)
        if row.state == ClarificationState.DRAFT:
            session.delete(row)
            return
        row.state, row.closed_at = ClarificationState.WITHDRAWN, now
        disputed.apply(session, assessment)
        if not any(other.state == ClarificationState.OPEN for other in rows):
            _move(session, actor, assessment, Act.RECALL, now)
        elif row.function:
            results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)


def give_back(actor: Actor, slug: str, cycle_slug: str, *, now: dt.datetime) -> int:
    """Return the assessment to the company with every question that was written; how many.

    Raises Invalid without any question, or when the last day of one has come meanwhile.
    """
    with writing() as session:
        assessment, known = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.ASSESSMENT_RETURN, known)
        move(State(assessment.state), Act.RETURN)
        rows = exchange.unsettled(session, assessment.id, ClarificationState.DRAFT)
        today = local_day(now, assessment.company)
        if not rows:
            raise Invalid([Problem("clarifications", "clarification_needed_to_return")])
        if any(row.due_on <= today for row in rows):
            raise Invalid([Problem("clarifications", "clarification_date_past")])
        for row in rows:
            send(row, now)
            record(session, actor, "send", row, assessment, now)
        disputed.apply(session, assessment)
        _move(session, actor, assessment, Act.RETURN, now)
        return len(rows)


def recall(actor: Actor, slug: str, cycle_slug: str, *, now: dt.datetime) -> None:
    """Read on without the company's answers: every open question is withdrawn.

    A disputed function is not: silence is no way out of the questions that follow from it.
    """
    with writing() as session:
        assessment, known = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.ASSESSMENT_RETURN, known)
        move(State(assessment.state), Act.RECALL)
        for row in exchange.unsettled(session, assessment.id):
            stands = row.function and row.state == ClarificationState.OPEN
            row.state = ClarificationState.UNANSWERED if stands else ClarificationState.WITHDRAWN
            row.closed_at = now
            record(session, actor, "close" if stands else "drop", row, assessment, now)
        disputed.apply(session, assessment)
        _move(session, actor, assessment, Act.RECALL, now)


def _move(session: Session, actor: Actor, assessment: Assessment, act: Act, now: dt.datetime) -> None:
    before = State(assessment.state)
    assessment.state = move(before, act)
    session.flush()
    audit.record(
        session,
        actor,
        f"assessment.{act}",
        f"assessment:{assessment.id}",
        now=now,
        organisation_id=assessment.company_id,
        before={"state": before},
        after={"state": assessment.state},
    )
    results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)


def record(
    session: Session, actor: Actor, act: str, row: Clarification, assessment: Assessment, now: dt.datetime
) -> None:
    """A question that was not sent is government's own; from then on it is in the company's chain."""
    about = {"function": row.function, "claims": row.claims} if row.function else {}
    audit.record(
        session,
        actor,
        f"{'dispute' if row.function else 'clarification'}.{act}",
        f"clarification:{row.id}",
        now=now,
        organisation_id=actor.organisation_id if row.sent_at is None else assessment.company_id,
        after=about
        | {"question": row.question, "due_on": row.due_on.isoformat(), "round": row.round, "state": row.state},
    )


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question that government asked the company, on the company's side: about an answer, or (`indicator` None) a
    dispute about a `function`, with the questions that it opens."""

    row: Clarification
    indicator: Indicator | None
    service: str | None
    function: Text | None
    opens: Sequence[tuple[Indicator, str | None]]  # each with the slug of its service


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    assessment: Assessment
    open: Sequence[OwnQuestion]
    settled: Sequence[OwnQuestion]
    may_reply: bool


def own_questions(actor: Actor, cycle_slug: str) -> OwnQuestions:
    """What government asked the company about its answers: the open questions, and those of earlier rounds."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    framework = framework_for(assessment.cycle.framework_version)
    rows = exchange.clarifications(session, assessment.id)
    sent = [_own_question(framework, row) for row in rows if row.sent_at is not None]
    returned = assessment.state == State.RETURNED
    return OwnQuestions(
        assessment=assessment,
        open=[item for item in sent if item.row.state == ClarificationState.OPEN],
        settled=[item for item in sent if item.row.state != ClarificationState.OPEN],
        may_reply=returned and could_ever(actor, Permission.ANSWER_EDIT),
    )


def _own_question(framework: Framework, row: Clarification) -> OwnQuestion:
    service = row.service.name if row.service else None
    if not row.function:
        return OwnQuestion(row, framework.indicators[row.indicator_id], service, None, ())
    opens = [(framework.indicators[id_], slug) for slug, id_ in row.opens if id_ is not None]
    return OwnQuestion(row, None, service, framework.function_words[row.function].label, opens)


def own_question(actor: Actor, cycle_slug: str, id_: int) -> tuple[OwnQuestions, OwnQuestion]:
    """One of them; raises NotFound for a draft or a foreign one."""
    found = own_questions(actor, cycle_slug)
    item = next((item for item in (*found.open, *found.settled) if item.row.id == id_), None)
    if item is None:
        raise NotFound(str(id_))
    return found, item


@dataclass(frozen=True, slots=True)
class QuestionReply:
    """The company's words; to a dispute also whether it agrees (None: not said)."""

    text: str
    agrees: bool | None = None


def reply(actor: Actor, cycle_slug: str, id_: int, given: QuestionReply, stamp: Stamp, *, now: dt.datetime) -> int:
    """Save the company's reply to an open question; government reads it once the assessment is signed again.

    Agreement about a disputed function changes what is asked at once. Raises NotAllowed for a question that is not
    open, Conflict when a colleague wrote meanwhile.
    """
    try:
        with writing() as session:
            assessment = own(session, actor, cycle_slug)
            assessments.lock(session, assessment)
            row = _open_to_reply(session, actor, assessment, id_)
            if not row.function:
                given = replace(given, agrees=None)
            problems = stance_problems(given.agrees, given.text) if row.function else reply_problems(given.text)
            if problems:
                raise Invalid(problems)
            said = (given.text, given.agrees)
            if stamp.key and row.save_key == stamp.key and (row.reply, row.agrees) == said:
                return row.version
            if row.version != stamp.version:
                raise Conflict(row.version)
            before = _said(row)
            row.reply, row.agrees = said
            row.replied_by_id, row.replied_at, row.save_key = actor.user_id, now, stamp.key
            disputed.apply(session, assessment)
            audit.record(
                session,
                actor,
                "dispute.reply" if row.function else "clarification.reply",
                f"clarification:{row.id}",
                now=now,
                organisation_id=assessment.company_id,
                before=before,
                after=_said(row),
            )
            return row.version
    except StaleDataError as error:
        raise Conflict(stamp.version + 1) from error


def _open_to_reply(session: Session, actor: Actor, assessment: Assessment, id_: int) -> Clarification:
    row = next((row for row in exchange.clarifications(session, assessment.id) if row.id == id_), None)
    if row is None or row.sent_at is None:
        raise NotFound(str(id_))
    if row.state != ClarificationState.OPEN:
        raise NotAllowed("the question is no longer open")
    key = min(row.questions, key=str, default=(None, row.indicator_id))
    require(actor, Permission.ANSWER_EDIT, records.of_own(assessment, [key], key))
    return row


def _said(row: Clarification) -> dict[str, object]:
    return {"reply": row.reply} | ({"agrees": row.agrees} if row.function else {})
