"""After signing: a company amends what it submitted, or withdraws it; and what differs between two submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import SHORT_LIMIT, AnswerEntry, Problem
from compliance.domain.assessments import Act, State, can, move
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.domain.submissions import Sealed, unseal
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment.assessments import own
from compliance.services.cycle.frameworks import framework_for
from compliance.services.gap import results
from compliance.services.portfolio.companies import company_view
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment
from compliance.storage.queries import assessments


@dataclass(frozen=True, slots=True)
class Options:
    """What the company may do with its assessment now."""

    assessment: Assessment
    may_amend: bool
    may_withdraw: bool
    may_draft: bool
    amending: bool


def options(actor: Actor, cycle_slug: str) -> Options:
    """The acts that are open to the person after signing."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_SIGN, records.of_own(assessment))
    state, closed = State(assessment.state), assessment.cycle.closed_on is not None
    amending = state is State.SUBMITTED and assessment.amending_since is not None
    return Options(
        assessment=assessment,
        may_amend=can(state, Act.AMEND) and not closed and not amending,
        may_withdraw=can(state, Act.WITHDRAW),
        may_draft=can(state, Act.REDRAFT) and not closed,
        amending=amending,
    )


def amend(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> None:
    """Open what was submitted for changes. What government sees stays as signed until the lead signs anew."""
    with writing() as session:
        assessment = _held(session, actor, cycle_slug)
        if assessment.cycle.closed_on is not None:
            raise NotAllowed("the cycle is closed")
        move(State(assessment.state), Act.AMEND)
        if assessment.amending_since is None:
            assessment.amending_since = now
            session.flush()
            _record(session, actor, "assessment.amend", assessment, now=now, after={"amending": True})


def withdraw(actor: Actor, cycle_slug: str, reason: str, *, now: dt.datetime) -> None:
    """Withdraw what was submitted, with a reason that government reads. Sealed copies stay where they are, unseen.

    Raises Invalid without a reason, NotAllowed once findings were shared.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", "withdraw_reason_needed")])
    if len(reason) > SHORT_LIMIT:
        raise Invalid([Problem("reason", "too_long", {"limit": str(SHORT_LIMIT)})])
    with writing() as session:
        assessment = _held(session, actor, cycle_slug)
        _move(session, actor, assessment, Act.WITHDRAW, reason.strip(), now)


def draft_again(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> None:
    """Go on with the answers of a withdrawn assessment, as a draft."""
    with writing() as session:
        assessment = _held(session, actor, cycle_slug)
        if assessment.cycle.closed_on is not None:
            raise NotAllowed("the cycle is closed")
        _move(session, actor, assessment, Act.REDRAFT, "", now)


def _held(session: Session, actor: Actor, cycle_slug: str) -> Assessment:
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_SIGN, records.of_own(assessment))
    assessments.lock(session, assessment)
    return assessment


def _move(session: Session, actor: Actor, assessment: Assessment, act: Act, reason: str, now: dt.datetime) -> None:
    before = State(assessment.state)
    assessment.state, assessment.state_reason = move(before, act), reason
    assessment.last_activity_at, assessment.amending_since = now, None
    session.flush()
    after = {"state": assessment.state, "reason": reason}
    _record(session, actor, f"assessment.{act}", assessment, now=now, before={"state": before}, after=after)
    results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)


def _record(
    session: Session,
    actor: Actor,
    action: str,
    assessment: Assessment,
    *,
    now: dt.datetime,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    audit.record(
        session,
        actor,
        action,
        f"assessment:{assessment.id}",
        now=now,
        organisation_id=assessment.company_id,
        before=before,
        after=after,
    )


@dataclass(frozen=True, slots=True)
class Amended:
    """One answer that differs between two submissions; None where it was not given."""

    question: Question
    before: AnswerEntry | None
    after: AnswerEntry | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What submission `number` changed in the one before it."""

    assessment: Assessment
    framework: Framework
    number: int
    changes: Sequence[Amended]


def amendment(actor: Actor, cycle_slug: str, number: int) -> Amendment:
    """What one of the own company's submissions changed. Raises NotFound for the first, which changed nothing."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    return _amendment(session, assessment, framework_for(assessment.cycle.framework_version), number)


def shown_amendment(actor: Actor, slug: str, cycle_slug: str, number: int, *, now: dt.datetime) -> Amendment:
    """The same for a government that the submission is shared with."""
    view = company_view(actor, slug, cycle_slug, now=now)
    if view.sealed is None or view.assessment is None or number > view.submission_number:
        raise NotFound(slug)
    require(actor, Permission.SUBMISSION_VIEW, records.of_assessment(view.assessment, view.company, view.countries))
    return _amendment(reading(), view.assessment, view.framework, number)


def _amendment(session: Session, assessment: Assessment, framework: Framework, number: int) -> Amendment:
    copies = [assessments.submission(session, assessment.id, each) for each in (number - 1, number)]
    if copies[0] is None or copies[1] is None:
        raise NotFound(str(number))
    before, after = (unseal(copy.sealed) for copy in copies if copy is not None)
    changes = [
        Amended(question, before.answers.get(question.key), after.answers.get(question.key))
        for question in _asked(framework, before, after)
        if before.answers.get(question.key) != after.answers.get(question.key)
    ]
    return Amendment(assessment, framework, number, changes)


def _asked(framework: Framework, *copies: Sealed) -> list[Question]:
    """Every question that was asked in one of the copies, once, in the order of the framework."""
    profiles = {s.slug: Profile(s.slug, s.name, s.functions) for copy in copies for s in copy.services}
    wanted = {question.key for copy in copies for question in asked_questions(framework, copy.profiles)} | {
        key for copy in copies for key in copy.answers
    }
    everything = [Profile(profile.slug, profile.name, None) for profile in profiles.values()]
    return [question for question in asked_questions(framework, everything) if question.key in wanted]
