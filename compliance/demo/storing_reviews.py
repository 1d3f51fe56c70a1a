"""Writes what was signed and what reviewers found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from compliance.demo import planning
from compliance.demo.storing import Row
from compliance.demo.storing_cycles import StoredRound
from compliance.demo.trail import Person, Trail
from compliance.demo.wording import phrases
from compliance.domain.assessments import MOVES, Act, State
from compliance.domain.framework import Framework
from compliance.domain.permissions import Role
from compliance.domain.submissions import Sealed, SealedService, Signature, seal
from compliance.storage.bulk import insert_rows
from compliance.storage.models import Finding, Submission


def store_reviews(session: Session, trail: Trail, rounds: Sequence[StoredRound], framework: Framework) -> None:
    """Submissions, findings, and what happened to each assessment after it was submitted."""
    _submissions(session, trail, rounds, framework)
    _findings(session, trail, rounds)
    for each in rounds:
        _later_moves(trail, each)


def _submissions(session: Session, trail: Trail, rounds: Sequence[StoredRound], framework: Framework) -> None:
    rows = []
    for each in rounds:
        at = each.round.submitted_at
        if at is None:
            continue
        sealed = _sealed(each, framework, at)
        text, sha256 = seal(sealed)
        rows.append(
            {
                "assessment_id": each.assessment_id,
                "number": sealed.number,
                "sealed": text,
                "sha256": sha256,
                "signed_name": sealed.signature.name,
                "signed_role": sealed.signature.role,
                "signed_authority": sealed.signature.authority,
                "signed_by_id": each.lead.user_id,
                "submitted_at": at,
            }
        )
        after = {"state": State.SUBMITTED.value, "submission": sealed.number, "sha256": sha256}
        _moved(trail, each, Act.SUBMIT, at, each.lead, after)
    insert_rows(session, Submission, rows)


def _sealed(each: StoredRound, framework: Framework, at: dt.datetime) -> Sealed:
    design, words = each.company.plan.design, phrases()["signature"]
    return Sealed(
        company=design.slug,
        cycle=each.round.dates.slug,
        framework=framework.id,
        framework_version=framework.version,
        framework_sha256=framework.sha256,
        number=1,
        language=design.language,
        services=tuple(SealedService(item.slug, item.name, item.functions) for item in each.round.profiles),
        answers={key: answer.entry for key, answer in each.round.answers.items()},
        signature=Signature(
            name=each.company.plan.people[0].name,
            role=words["roles"][design.language],
            authority=words["authority"][design.language].format(company=design.name),
        ),
        submitted_at=at,
    )


def _findings(session: Session, trail: Trail, rounds: Sequence[StoredRound]) -> None:
    first, last = planning.REVIEWED_AFTER
    flat = [(each, finding) for each in rounds for finding in each.round.findings]
    rows: list[Row] = []
    for each, finding in flat:
        design = each.company.plan.design
        minutes = int(finding.day * (last - first) * 24 * 60)
        rows.append(
            {
                "assessment_id": each.assessment_id,
                "service_id": each.service_id(finding.key),
                "indicator_id": finding.key[1],
                "rating": finding.rating,
                "reason": finding.reason,
                "language": each.company.plan.design.language,
                "author_id": each.staff.one(Role.REVIEWER, design.language).user_id,
                "country": design.country,
                "updated_at": each.round.dates.moment(first, minutes),
                "save_key": "",
                "version": 1,
            }
        )
    ids = insert_rows(session, Finding, rows)
    for finding_id, row, (each, finding) in zip(ids, rows, flat, strict=True):
        reviewer = each.staff.one(Role.REVIEWER, each.company.plan.design.language)
        subject, after = f"finding:{finding_id}", {"rating": finding.rating.value, "reason": finding.reason}
        # Until it is shared a finding is government's own: the company reads its trail.
        trail.add(row["updated_at"], reviewer, "finding.save", subject, chain=reviewer.organisation_id, after=after)


def _later_moves(trail: Trail, each: StoredRound) -> None:
    """What happened to an assessment after it was submitted."""
    dates, fate = each.round.dates, each.round.fate
    reviewer = each.staff.one(Role.REVIEWER, each.company.plan.design.language)
    moves = {
        State.RETURNED: [(Act.RETURN, planning.RETURNED_AFTER, reviewer)],
        State.WITHDRAWN: [(Act.WITHDRAW, planning.RETURNED_AFTER, each.lead)],
        State.FINDINGS_SHARED: [(Act.SHARE_FINDINGS, planning.SHARED_AFTER, reviewer)],
        State.CONCLUDED: [
            (Act.SHARE_FINDINGS, planning.SHARED_AFTER, reviewer),
            (Act.CONCLUDE, planning.CONCLUDED_AFTER, reviewer),
        ],
    }
    for act, day, person in moves.get(fate.state or State.DRAFT, []):
        after = {"state": MOVES[State.FINDINGS_SHARED if act is Act.CONCLUDE else State.SUBMITTED, act].value}
        if fate.reason:
            after["reason"] = fate.reason
        _moved(trail, each, act, dates.moment(day, 0), person, after)


def _moved(trail: Trail, each: StoredRound, act: Act, at: dt.datetime, person: Person, after: Row) -> None:
    """The audit row of a move of the assessment, with the state before it."""
    before = {"state": next(state for state, other in MOVES if other is act).value}
    subject = f"assessment:{each.assessment_id}"
    trail.add(at, person, f"assessment.{act}", subject, chain=each.company.id, before=before, after=after)
