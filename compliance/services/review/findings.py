"""A finding on one answer: saved while it is government's own, and versioned once the company has seen it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import Problem
from compliance.domain.disputes import applied
from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.domain.findings import FindingEntry, problems_of
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.questionnaire import Place, asked_questions
from compliance.domain.replies import due_after_change
from compliance.domain.saving import Stamp
from compliance.domain.submissions import unseal
from compliance.services import audit, records
from compliance.services.actors import require_now
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.gap import results
from compliance.services.transaction import writing
from compliance.storage.models import Assessment, Finding, FindingVersion
from compliance.storage.queries import assessments, cycles, exchange, review


def save_finding(actor: Actor, place: Place, entry: FindingEntry, stamp: Stamp, *, now: dt.datetime) -> int:
    """Save the finding on one answer and return its version.

    When a fellow reviewer saved since the version in `stamp`, nothing is written and Conflict is raised. What the
    company has already seen is changed as a new version, with a reason that it is told. Raises Invalid for a fault in
    `entry` or when the company signed anew since it was read, NotFound for what is not shared or was not asked, Denied
    for whoever is not a reviewer of the lead country, NotAllowed when the assessment takes no finding now.
    """
    try:
        with writing() as session:
            assessment, record = shared_assessment(session, actor, place.company or "", place.cycle)
            seen = _require_open(actor, record)
            service_id, number = asked(session, assessment, place)
            problems = problems_of(entry, seen=seen)
            if entry.read not in (0, number):
                problems.append(Problem("read", "signed_anew"))
            if problems:
                raise Invalid(problems)
            target = Target(assessment, service_id, place.indicator, number)
            row, fresh = _write(session, actor, target, entry, stamp, now=now)
            if seen and fresh:
                share_version(session, actor, assessment, row, entry.change_reason, now=now)
            if fresh:
                results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)
            return row.version
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(stamp.version + 1) from error


def shared_assessment(session: Session, actor: Actor, company_slug: str, cycle_slug: str) -> tuple[Assessment, Record]:
    """A submission that is shared with the person's government, its row held, and what the permissions need to know.

    Raises NotFound for any other. A finding, a return and a sharing of findings wait for each other at the row.
    """
    assessment = assessments.submitted_assessment(session, actor, company_slug, cycle_slug)
    if assessment is None:
        raise NotFound(cycle_slug)
    assessments.lock(session, assessment)
    countries = cycles.sharing_countries(session, assessment.company_id, assessment.cycle_id)
    return assessment, records.of_assessment(assessment, assessment.company, countries)


def _require_open(actor: Actor, record: Record) -> bool:
    """May the person make or change a finding now? True when the company has already seen it."""
    if allows(actor, Permission.FINDING_EDIT, record):
        return False
    require_now(actor, Permission.FINDING_REVISE, record)
    return True


def asked(session: Session, assessment: Assessment, place: Place) -> tuple[int | None, int]:
    """The id of the service (None: company-wide) and the number of the newest sealed copy, if it was asked there.

    Raises NotFound when it was not.
    """
    submission = assessments.last_submission(session, assessment.id)
    if submission is None:
        raise NotFound(place.indicator)
    profiles = applied(unseal(submission.sealed).profiles, assessment.profile_changes, agreed=False)
    framework = framework_for(assessment.cycle.framework_version)
    if place.key not in {question.key for question in asked_questions(framework, profiles)}:
        raise NotFound(place.indicator)
    ids = {known.slug: known.id for known in assessments.services_of(session, assessment.company_id)}
    return (ids[place.service] if place.service else None), submission.number


@dataclass(frozen=True, slots=True)
class Target:
    """The answer that a finding is on, in the sealed copy `number`."""

    assessment: Assessment
    service_id: int | None
    indicator: str
    number: int


def _write(
    session: Session, actor: Actor, target: Target, entry: FindingEntry, stamp: Stamp, *, now: dt.datetime
) -> tuple[Finding, bool]:
    """The finding as saved, and whether anything was written (the same form sent twice is one save)."""
    assert entry.rating is not None, "checked before"
    row = review.finding(session, target.assessment.id, target.service_id, target.indicator)
    said = (entry.rating, entry.reason, entry.closes)
    if row is not None and stamp.key and row.save_key == stamp.key and said == (row.rating, row.reason, row.closes):
        return row, False
    if (row.version if row else 0) != stamp.version:
        raise Conflict(row.version if row else 0)
    before = _data(row) if row else None
    if row is None:
        row = Finding(assessment_id=target.assessment.id, service_id=target.service_id, indicator_id=target.indicator)
        session.add(row)
    if (entry.reason, entry.closes) != (row.reason, row.closes):
        row.language = entry.language  # whoever changes only the rating has not translated the reason
    row.rating, row.reason, row.closes, row.submission_number = *said, target.number
    row.author_id, row.country, row.updated_at, row.save_key = actor.user_id, actor.country or "", now, stamp.key
    flag_modified(row, "save_key")  # saving is a new version, whatever changed
    session.flush()
    audit.record(
        session,
        actor,
        "finding.save",
        f"finding:{row.id}",
        now=now,
        # A finding is government's own until it is shared: it goes to the chain of the department, not the company's.
        organisation_id=actor.organisation_id,
        before=before,
        after=_data(row),
    )
    return row, True


def _data(row: Finding) -> dict[str, object]:
    return {
        "rating": row.rating,
        "reason": row.reason,
        "closes": row.closes,
        "submission": row.submission_number,
    }


def share_version(
    session: Session, actor: Actor, assessment: Assessment, row: Finding, change_reason: str, *, now: dt.datetime
) -> FindingVersion:
    """Put the finding as it is now before the company, as its next version.

    The company has until the assessment's reply date, and a week at least for a finding that it knew otherwise.
    """
    known = exchange.versions_of(session, row.id)
    today = local_day(now, assessment.company)
    due_on = assessment.reply_due_on or today
    version = FindingVersion(
        finding_id=row.id,
        number=len(known) + 1,
        submission_number=row.submission_number,
        rating=row.rating,
        reason=row.reason,
        closes=row.closes,
        language=row.language,
        change_reason=change_reason,
        author_id=row.author_id,
        shared_at=now,
        reply_due_on=due_after_change(due_on, today) if known else due_on,
    )
    assessment.reply_due_on = max(version.reply_due_on, due_on)
    session.add(version)
    session.flush()
    audit.record(
        session,
        actor,
        "finding.share",
        f"finding_version:{version.id}",
        now=now,
        organisation_id=assessment.company_id,
        after=_data(row) | {"number": version.number, "change_reason": change_reason},
    )
    return version
