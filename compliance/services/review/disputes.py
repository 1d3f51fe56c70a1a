"""Disputed functions: government says that a service can do more or less than its company says, and asks accordingly.

A dispute goes with the questions to the company, opens the answers that follow from the function, and is replied to
like a question (services/review/clarifications). What it changes in what is asked stands on the assessment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.assessments import State
from compliance.domain.clarifications import UNSETTLED, ClarificationState
from compliance.domain.disputes import STANDING, DisputeEntry, opened, problems_of
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.submissions import Sealed, unseal
from compliance.services.actors import require_now
from compliance.services.assessment import disputed
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.gap import results
from compliance.services.portfolio.companies import CompanyView
from compliance.services.review.clarifications import record, send
from compliance.services.review.findings import shared_assessment
from compliance.services.review.reviews import Review
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, Clarification
from compliance.storage.queries import assessments, exchange


def write(actor: Actor, slug: str, cycle_slug: str, entry: DisputeEntry, *, now: dt.datetime) -> Clarification:
    """Dispute that a service has, or lacks, a function; which of the two follows from the profile as signed.

    It goes to the company with the questions, at once when the assessment is returned already. Raises Invalid for a
    fault or a function that was not asked about, NotAllowed while the same function is disputed, Conflict when a
    fellow reviewer disputed it at the same time.
    """
    try:
        with writing() as session:
            assessment, known = shared_assessment(session, actor, slug, cycle_slug)
            require_now(actor, Permission.CLARIFICATION_EDIT, known)
            row = _drafted(session, assessment, entry, local_day(now, assessment.company))
            row.asked_by_id, row.country, row.written_at = actor.user_id, actor.country or "", now
            session.add(row)
            session.flush()
            record(session, actor, "ask", row, assessment, now)
            if assessment.state == State.RETURNED:
                send(row, now)
                record(session, actor, "send", row, assessment, now)
                disputed.apply(session, assessment)
                results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)
            return row
    except IntegrityError as error:
        raise Conflict(1) from error


def _drafted(session: Session, assessment: Assessment, entry: DisputeEntry, today: dt.date) -> Clarification:
    """The dispute as it would be written, without its author."""
    sealed, number = _signed(session, assessment)
    framework = framework_for(assessment.cycle.framework_version)
    signed = sealed.services_by_slug.get(entry.service)
    functions = signed.functions if signed else None
    problems = problems_of(entry, today)
    if functions is None or entry.function not in framework.function_words:
        problems.append(Problem("function", "unknown_function"))
    if problems or functions is None or entry.due_on is None:
        raise Invalid(problems)
    claims = entry.function not in functions
    rows = [
        row
        for row in exchange.disputes(session, assessment.id)
        if row.function == entry.function and row.service and row.service.slug == entry.service
    ]
    if any(row.state in UNSETTLED or (row.state in STANDING and not row.agrees) for row in rows):
        raise NotAllowed("the function is disputed already")
    ids = {service.slug: service.id for service in assessments.services_of(session, assessment.company_id)}
    return Clarification(
        assessment_id=assessment.id,
        service_id=ids[entry.service],
        indicator_id="",
        function=entry.function,
        claims=claims,
        opens=[list(key) for key in opened(framework, sealed.profiles, entry.service, entry.function, claims)],
        round=len(rows) + 1,
        state=ClarificationState.DRAFT,
        question=entry.reason,
        due_on=entry.due_on,
        submission_number=number,
    )


def _signed(session: Session, assessment: Assessment) -> tuple[Sealed, int]:
    last = assessments.last_submission(session, assessment.id)
    if last is None:
        raise NotFound(str(assessment.id))
    return unseal(last.sealed), last.number


def take_back(actor: Actor, slug: str, cycle_slug: str, id_: int, *, now: dt.datetime) -> None:
    """Take back a dispute that the company answered, or did not answer in time: its word on the function counts again.

    One that is written or with the company is dropped like a question.
    """
    with writing() as session:
        assessment, known = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.CLARIFICATION_EDIT, known)
        row = next((row for row in exchange.disputes(session, assessment.id) if row.id == id_), None)
        if row is None:
            raise NotFound(str(id_))
        if row.state not in STANDING or row.state == ClarificationState.OPEN or row.agrees:
            raise NotAllowed("the dispute does not stand")
        row.state, row.closed_at = ClarificationState.WITHDRAWN, now
        disputed.apply(session, assessment)
        record(session, actor, "drop", row, assessment, now)
        results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)


def shown(view: CompanyView) -> Sequence[Clarification]:
    """The disputes about a company that stand or were settled, for a reader who has passed the scope: nothing of what
    was not sent to the company, nor taken back."""
    return [row for row in view.disputes if row.state in STANDING]


@dataclass(frozen=True, slots=True)
class Functions:
    """What each service can do: in the company's words, and what government says to that."""

    review: Review
    rows: Sequence[Clarification]  # newest first
    may_dispute: bool

    def may_take_back(self, row: Clarification) -> bool:
        """Does the dispute stand although the company does not agree, and is it not with the company?"""
        settled = row.state in (ClarificationState.UNANSWERED, ClarificationState.ANSWERED)
        return self.may_dispute and settled and not row.agrees


def functions_of(actor: Actor, review: Review) -> Functions:
    """The profile on `review`, which has passed the scope, with everything that was disputed about it."""
    assert review.view.assessment is not None, "a review has an assessment"
    rows = exchange.disputes(reading(), review.view.assessment.id)
    seen = [row for row in rows if row.sent_at is not None or row.country == actor.country]
    return Functions(review, seen[::-1], allows(actor, Permission.CLARIFICATION_EDIT, review.record))
