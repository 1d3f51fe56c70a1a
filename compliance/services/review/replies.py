"""The right of reply: findings go to the company with a date, its reply stands beside them, then the exchange ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.answers import SHORT_LIMIT, AnswerEntry, Problem
from compliance.domain.assessments import Act, State, move
from compliance.domain.clarifications import due_problems
from compliance.domain.disputes import applied
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.questionnaire import Question, asked_questions
from compliance.domain.replies import ReplyEntry, conclusion_on, problems_of
from compliance.domain.saving import Stamp
from compliance.domain.submissions import Sealed, unseal
from compliance.services import audit, records
from compliance.services.actors import require, require_now
from compliance.services.assessment.assessments import own
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.gap import results
from compliance.services.review.findings import share_version, shared_assessment
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import Assessment, Finding, FindingVersion, Reply
from compliance.storage.queries import assessments, exchange, review

log = structlog.get_logger(__name__)


def share(actor: Actor, slug: str, cycle_slug: str, reply_due_on: dt.date | None, *, now: dt.datetime) -> int:
    """Share the findings with the company, which may reply until `reply_due_on`; how many are new or changed for it.

    Raises Invalid without a finding, with a question that was written and not sent, or for a date that is none.
    """
    with writing() as session:
        assessment, record = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.FINDINGS_SHARE, record)
        found = review.findings(session, assessment.id)
        problems = due_problems("reply_due_on", reply_due_on, local_day(now, assessment.company))
        if not found:
            problems.append(Problem("findings", "finding_needed"))
        if exchange.unsettled(session, assessment.id):
            problems.append(Problem("findings", "clarification_waits"))
        if problems:
            raise Invalid(problems)
        assessment.findings_shared_at, assessment.reply_due_on = now, reply_due_on
        assessment.replied_at, assessment.conclusion = None, ""
        fresh = _share_all(session, actor, assessment, found, now)
        _moved(session, actor, assessment, Act.SHARE_FINDINGS, now, {"reply_due_on": str(reply_due_on), "new": fresh})
        return fresh


def _share_all(
    session: Session, actor: Actor, assessment: Assessment, found: Sequence[Finding], now: dt.datetime
) -> int:
    """Each finding that the company does not know as it is now becomes a version that it sees."""
    known = exchange.last_versions(session, assessment.id)
    changed = [row for row in found if not _knows(known.get(row.id), row)]
    for row in changed:
        share_version(session, actor, assessment, row, "", now=now)
    return len(changed)


def _knows(version: FindingVersion | None, row: Finding) -> bool:
    said = (row.rating, row.reason, row.closes)
    return version is not None and said == (version.rating, version.reason, version.closes)


def _moved(
    session: Session,
    actor: Actor | None,
    assessment: Assessment,
    act: Act,
    now: dt.datetime,
    details: Mapping[str, object],
) -> None:
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
        after={"state": assessment.state, **details},
    )
    results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)


@dataclass(frozen=True, slots=True)
class SharedFinding:
    """A finding as the company sees it, beside the answer it is on, with the company's own reply."""

    question: Question
    answer: AnswerEntry | None
    version: FindingVersion
    open: bool  # may a reply be written?


@dataclass(frozen=True, slots=True)
class SharedFindings:
    assessment: Assessment
    framework: Framework
    sealed: Sealed
    items: Sequence[SharedFinding]
    asked: int
    may_write: bool
    may_send: bool

    @property
    def waiting(self) -> int:
        """Replies that are written and not sent."""
        return sum(item.version.reply is not None and item.version.reply.sent_at is None for item in self.items)

    @property
    def without_reply(self) -> int:
        return sum(item.version.reply is None for item in self.items)


def own_findings(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> SharedFindings:
    """The findings that were shared with the company, newest version of each. Raises NotFound before any was."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    record = records.of_own(assessment)
    require(actor, Permission.ASSESSMENT_VIEW, record)
    submission = assessments.last_submission(session, assessment.id)
    if not allows(actor, Permission.FINDINGS_READ, record) or submission is None:
        raise NotFound(cycle_slug)
    sealed, framework = unseal(submission.sealed), framework_for(assessment.cycle.framework_version)
    questions = asked_questions(framework, applied(sealed.profiles, assessment.profile_changes, agreed=False))
    today = local_day(now, assessment.company)
    items = [
        SharedFinding(question, sealed.answers.get(question.key), version, _may_reply(assessment, version, today))
        for question, version in _by_question(session, assessment, questions)
    ]
    may_write = allows(actor, Permission.REPLY_EDIT, record)
    may_send = allows(actor, Permission.REPLY_SEND, record)
    return SharedFindings(assessment, framework, sealed, items, len(questions), may_write, may_send)


def _by_question(
    session: Session, assessment: Assessment, questions: Sequence[Question]
) -> list[tuple[Question, FindingVersion]]:
    """The shared findings in the order of the questions; one on a question that is gone has no place any more."""
    known = exchange.last_versions(session, assessment.id).values()
    by_key = {
        (version.finding.service.slug if version.finding.service else None, version.finding.indicator_id): version
        for version in known
    }
    return [(question, by_key[question.key]) for question in questions if question.key in by_key]


def _may_reply(assessment: Assessment, version: FindingVersion, today: dt.date) -> bool:
    """Until the exchange is concluded; later only to what was changed after, for as long as that was given."""
    if _answered(version):
        return False
    if assessment.state == State.FINDINGS_SHARED:
        return True
    return assessment.state == State.CONCLUDED and version.number > 1 and today <= version.reply_due_on


def _answered(version: FindingVersion) -> bool:
    return version.reply is not None and version.reply.sent_at is not None


def own_finding(
    actor: Actor, cycle_slug: str, finding_id: int, *, now: dt.datetime
) -> tuple[SharedFindings, SharedFinding, Sequence[FindingVersion]]:
    """One of them, with every version of it that was shared. Raises NotFound for any other."""
    found = own_findings(actor, cycle_slug, now=now)
    item = next((item for item in found.items if item.version.finding_id == finding_id), None)
    if item is None:
        raise NotFound(str(finding_id))
    return found, item, exchange.versions_of(reading(), finding_id)


def save_reply(
    actor: Actor, cycle_slug: str, finding_id: int, entry: ReplyEntry, stamp: Stamp, *, now: dt.datetime
) -> int:
    """Save what the company says to a finding; nobody outside sees it before it is sent.

    `stamp.version` is that of the reply. Raises NotAllowed when the finding takes no reply, Conflict when a colleague
    wrote meanwhile or the finding itself was changed.
    """
    try:
        with writing() as session:
            assessment = own(session, actor, cycle_slug)
            assessments.lock(session, assessment)
            version = exchange.last_versions(session, assessment.id).get(finding_id)
            if version is None:
                raise NotFound(str(finding_id))
            require_now(actor, Permission.REPLY_EDIT, records.of_own(assessment))
            if not _may_reply(assessment, version, local_day(now, assessment.company)):
                raise NotAllowed("the finding takes no reply now")
            problems = problems_of(entry)
            if problems:
                raise Invalid(problems)
            row = _write_reply(session, actor, version, entry, stamp, now=now)
            return row.version
    except (StaleDataError, IntegrityError) as error:
        raise Conflict(stamp.version + 1) from error


def _write_reply(
    session: Session, actor: Actor, version: FindingVersion, entry: ReplyEntry, stamp: Stamp, *, now: dt.datetime
) -> Reply:
    assert entry.stance is not None, "checked before"
    row, said = version.reply, (entry.stance, entry.text)
    if row is not None and stamp.key and row.save_key == stamp.key and said == (row.stance, row.text):
        return row
    if (row.version if row else 0) != stamp.version:
        raise Conflict(row.version if row else 0)
    before = {"stance": row.stance, "text": row.text} if row else None
    if row is None:
        row = Reply(finding_version_id=version.id)
        session.add(row)
    row.stance, row.text, row.language = *said, actor.language
    row.written_by_id, row.written_at, row.save_key = actor.user_id, now, stamp.key
    flag_modified(row, "save_key")
    session.flush()
    audit.record(
        session,
        actor,
        "reply.save",
        f"reply:{row.id}",
        now=now,
        organisation_id=actor.organisation_id,
        before=before,
        after={"stance": row.stance, "text": row.text},
    )
    return row


def send(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> int:
    """Send every reply that was written; how many. From here on government sees them and they are not changed.

    Raises Invalid when none is waiting.
    """
    with writing() as session:
        assessment = own(session, actor, cycle_slug)
        assessments.lock(session, assessment)
        require_now(actor, Permission.REPLY_SEND, records.of_own(assessment))
        waiting = [
            version.reply
            for version in exchange.last_versions(session, assessment.id).values()
            if version.reply is not None and version.reply.sent_at is None
        ]
        if not waiting:
            raise Invalid([Problem("replies", "reply_needed_to_send")])
        for reply in waiting:
            reply.sent_at = now
        assessment.replied_at = now
        session.flush()
        audit.record(
            session,
            actor,
            "reply.send",
            f"assessment:{assessment.id}",
            now=now,
            organisation_id=assessment.company_id,
            after={"replies": [{"id": reply.id, "stance": reply.stance} for reply in waiting]},
        )
        results.refresh(session, assessment.cycle_id, assessment.company_id, now=now)
        return len(waiting)


def conclude(actor: Actor, slug: str, cycle_slug: str, *, now: dt.datetime) -> str:
    """End the exchange, after the company's reply or after its last day; how it ended (domain Conclusion).

    Raises NotAllowed while the company may still reply.
    """
    with writing() as session:
        assessment, record = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.ASSESSMENT_CONCLUDE, record)
        return _conclude(session, actor, assessment, now)


def _conclude(session: Session, actor: Actor | None, assessment: Assessment, now: dt.datetime) -> str:
    known = exchange.last_versions(session, assessment.id).values()
    waiting = [version.reply_due_on for version in known if version.number > 1 and not _answered(version)]
    ended = conclusion_on(
        replied=assessment.replied_at is not None,
        reply_due_on=assessment.reply_due_on,
        changed_due_on=max(waiting, default=None),
        today=local_day(now, assessment.company),
    )
    if ended is None:
        raise NotAllowed("the company may still reply")
    assessment.conclusion = ended
    _moved(session, actor, assessment, Act.CONCLUDE, now, {"conclusion": ended})
    return ended


def conclude_due(*, now: dt.datetime) -> int:
    """End the exchanges in which the last day passed without a reply; how many. For the schedule."""
    with looking() as session:
        due = exchange.past_reply_date(session, now.date() + dt.timedelta(days=1))
    ended = 0
    for assessment_id in due:
        try:
            ended += _conclude_one(assessment_id, now)
        except Exception:
            log.exception("replies.conclude_failed", assessment=assessment_id)
    return ended


def _conclude_one(assessment_id: int, now: dt.datetime) -> bool:
    """One transaction each: one that cannot be ended does not keep the others waiting."""
    with writing() as session:
        assessment = exchange.assessment_with_company(session, assessment_id)
        assessments.lock(session, assessment)
        session.refresh(assessment, attribute_names=["replied_at", "reply_due_on"])
        today, last = local_day(now, assessment.company), assessment.reply_due_on
        if assessment.state != State.FINDINGS_SHARED or assessment.replied_at is not None or not last or today <= last:
            return False
        _conclude(session, None, assessment, now)
        return True


def reopen(actor: Actor, slug: str, cycle_slug: str, reason: str, *, now: dt.datetime) -> None:
    """Open a concluded assessment again, with a reason that the company reads."""
    with writing() as session:
        assessment, record = shared_assessment(session, actor, slug, cycle_slug)
        require_now(actor, Permission.ASSESSMENT_REOPEN, record)
        if not reason.strip():
            raise Invalid([Problem("reason", "reason_for_act_needed")])
        if len(reason) > SHORT_LIMIT:
            raise Invalid([Problem("reason", "too_long", {"limit": str(SHORT_LIMIT)})])
        assessment.state_reason = reason
        _moved(session, actor, assessment, Act.REOPEN, now, {"reason": reason})
