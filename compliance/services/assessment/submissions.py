"""Signing and submitting: the sealed copy and its receipt."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain import submissions
from compliance.domain.answers import Problem
from compliance.domain.assessments import Invitation, State, move, signing
from compliance.domain.clarifications import ClarificationState
from compliance.domain.disputes import applied
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.questionnaire import asked_questions
from compliance.domain.submissions import Sealed, SealedService, Signature
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.assessment import disputed
from compliance.services.assessment.assessments import own
from compliance.services.assessment.checks import Check, check_of, may_submit
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.gap import results
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, Submission
from compliance.storage.queries import assessments, cycles

SIGNATURE_LIMIT = 300


def submit(actor: Actor, cycle_slug: str, signature: Signature, *, fingerprint: str, now: dt.datetime) -> Submission:
    """Seal and submit the assessment; the sealed copy.

    `fingerprint` is that of the check page the signer saw: a signature counts for what was seen, so Conflict is
    raised when an answer changed since. Raises Invalid while something must be put right, NotAllowed when the
    assessment is not open for submission. Sent twice, the same signature is one submission.
    """
    with writing() as session:
        participation = cycles.held_own_participation(session, actor, cycle_slug)
        assessment = own(session, actor, cycle_slug)
        require(actor, Permission.ASSESSMENT_SIGN, records.of_own(assessment))
        assessments.lock(session, assessment)
        checked = check_of(session, actor, assessment, local_day(now, assessment.company))
        again = _sent_before(session, actor, checked, fingerprint)
        if again is not None:
            return again
        if not may_submit(records.of_own(assessment)) and assessment.cycle.closed_on is not None:
            raise NotAllowed("the cycle is closed")
        if participation is not None and participation.invitation == Invitation.DECLINED:
            raise NotAllowed("who declined accepts first")
        before = State(assessment.state)
        after = move(before, signing(before, amending=assessment.amending_since is not None))
        if checked.fingerprint != fingerprint:
            raise Conflict(assessment.version)
        _refuse_unready(checked, signature)
        submission = _seal(session, actor, checked, signature, now)
        assessment.state, assessment.last_activity_at, assessment.amending_since = after, now, None
        disputed.come_round(session, actor, assessment, checked.clarifications, now=now)
        for asked in checked.clarifications:
            asked.state, asked.answered_number, asked.closed_at = ClarificationState.ANSWERED, submission.number, now
        disputed.apply(session, assessment)
        audit.record(
            session,
            actor,
            "assessment.submit",
            f"assessment:{assessment.id}",
            now=now,
            organisation_id=assessment.company_id,
            before={"state": before},
            after={"state": after, "submission": submission.number, "sha256": submission.sha256},
        )
        results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)
    return submission


def _sent_before(session: Session, actor: Actor, checked: Check, fingerprint: str) -> Submission | None:
    """The submission that this form already made: the same person, and nothing has changed since."""
    assessment = checked.assessment
    if assessment.state != State.SUBMITTED or assessment.amending_since or checked.fingerprint != fingerprint:
        return None
    last = assessments.last_submission(session, assessment.id)
    return last if last is not None and last.signed_by_id == actor.user_id else None


def _refuse_unready(checked: Check, signature: Signature) -> None:
    problems = list(checked.problems)
    problems += [Problem("answers", "answer_faulty")] if checked.errors else []
    for name in ("name", "role", "authority"):
        value = getattr(signature, name).strip()
        if not value:
            problems.append(Problem(name, "needed"))
        elif len(value) > SIGNATURE_LIMIT:
            problems.append(Problem(name, "too_long", {"limit": str(SIGNATURE_LIMIT)}))
    if problems:
        raise Invalid(problems)


def _seal(session: Session, actor: Actor, checked: Check, signature: Signature, now: dt.datetime) -> Submission:
    assessment, framework = checked.assessment, checked.framework
    number = assessments.submission_count(session, assessment.id) + 1
    sealed = Sealed(
        company=assessment.company.slug,
        cycle=assessment.cycle.slug,
        framework=framework.id,
        framework_version=framework.version,
        framework_sha256=framework.sha256,
        number=number,
        language=actor.language,
        services=tuple(SealedService(profile.slug, profile.name, profile.functions) for profile in checked.signed),
        answers={item.question.key: item.entry for item in checked.checked if item.entry is not None},
        signature=signature,
        submitted_at=now,
    )
    text, sha256 = submissions.seal(sealed)
    row = Submission(
        assessment_id=assessment.id,
        number=number,
        sealed=text,
        sha256=sha256,
        signed_name=signature.name,
        signed_role=signature.role,
        signed_authority=signature.authority,
        signed_by_id=actor.user_id,
        submitted_at=now,
    )
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True, slots=True)
class Receipt:
    assessment: Assessment
    submission: Submission
    sealed: Sealed
    unanswered: int


def receipt(actor: Actor, cycle_slug: str, number: int) -> Receipt:
    """The receipt of one submission, and the sealed copy it is for."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_own(assessment))
    row = assessments.submission(session, assessment.id, number)
    if row is None:
        raise NotFound(str(number))
    sealed = submissions.unseal(row.sealed)
    framework = framework_for(assessment.cycle.framework_version)
    profiles = applied(sealed.profiles, assessment.profile_changes, agreed=False)
    asked = asked_questions(framework, profiles)
    return Receipt(assessment, row, sealed, sum(question.key not in sealed.answers for question in asked))
