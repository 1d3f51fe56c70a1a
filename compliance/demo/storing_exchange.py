"""Writes the exchange of the designed companies: questions, shared findings, replies, and work on the bench.

Only the companies that were designed by hand have one: further ones are made for their numbers. What is written is what
the site would have written, so results are computed from it like from any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from compliance.demo import planning
from compliance.demo.chance import chance
from compliance.demo.designs import designed_companies, read
from compliance.demo.storing_cycles import StoredRound
from compliance.demo.trail import Person, Trail
from compliance.domain.assessments import State
from compliance.domain.clarifications import ClarificationState
from compliance.domain.disputes import changes_of, opened
from compliance.domain.framework import Framework
from compliance.domain.permissions import Role
from compliance.domain.questionnaire import asked_questions
from compliance.domain.replies import Conclusion, Stance
from compliance.domain.results import Rating
from compliance.storage.models import (
    Assessment,
    Clarification,
    Finding,
    FindingVersion,
    Reply,
    ReviewAssignment,
    ReviewNote,
)
from compliance.storage.queries import review

WEEK: Final = dt.timedelta(days=7)


@cache
def texts() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read("exchange.yaml")
    return found


def is_designed(each: StoredRound) -> bool:
    return each.company.plan.design.slug in {design.slug for design in designed_companies()}


def store_exchange(session: Session, trail: Trail, rounds: Sequence[StoredRound], framework: Framework) -> None:
    """What was said about each submission, as far as its state tells."""
    for each in rounds:
        if not is_designed(each):
            continue
        if each.round.fate.state in (State.FINDINGS_SHARED, State.CONCLUDED):
            _Shared(session, trail, each).store()
        elif each.round.fate.state is State.RETURNED:
            _returned(session, trail, each, framework)
        elif each.round.fate.state is State.SUBMITTED:
            _on_the_bench(session, trail, each, framework)


class Telling:
    """A company's round and how people of both sides speak in it."""

    def __init__(self, session: Session, trail: Trail, each: StoredRound) -> None:
        self.session, self.trail, self.each = session, trail, each
        self.language = each.company.plan.design.language
        self.reviewer = each.staff.one(Role.REVIEWER, self.language)
        self.names = {profile.slug: profile.name for profile in each.round.profiles}
        self.slugs = {id_: slug for slug, id_ in each.company.services.items()}

    def at(self, day: int, minute: int = 0) -> dt.datetime:
        return self.each.round.dates.moment(day, minute)

    def say(self, *path: str, service_id: int | None = None) -> str:
        """A text by its place in exchange.yaml, with the name of a service put in."""
        found: Any = texts()
        for name in (*path, self.language):
            found = found[name]
        return str(found).replace("{service}", self.name_of(service_id))

    def name_of(self, service_id: int | None) -> str:
        slug = self.slugs.get(service_id) if service_id else None
        return self.names.get(slug or "", self.each.company.plan.design.name)

    def tell(self, at: dt.datetime, person: Person, action: str, subject: str, **after: Any) -> None:
        """An event in the company's trail."""
        self.trail.add(at, person, action, subject, chain=self.each.company.id, after=after)

    def note(self, at: dt.datetime, person: Person, action: str, subject: str, **after: Any) -> None:
        """An event in the trail of the person's own organisation."""
        self.trail.add(at, person, action, subject, chain=person.organisation_id, after=after)


class _Shared(Telling):
    """Findings that the company has seen, and what it replied."""

    def store(self) -> None:
        findings = review.findings(self.session, self.each.assessment_id)
        concluded = self.each.round.fate.state is State.CONCLUDED
        silent = self.each.company.plan.design.slug == "halvorn"  # its last day passed without a word
        shared_at = self.at(planning.SHARED_AFTER)
        ends = self.each.round.dates.opens_on + dt.timedelta(days=planning.CONCLUDED_AFTER - 1)
        due_on = ends if concluded else self.each.round.dates.due_on
        for place, finding in enumerate(findings):
            self._version(finding, 1, at=shared_at, due_on=due_on)
            if place == 0 and not concluded:
                self._changed(finding, due_on)
        replied_at = self.at(planning.CONCLUDED_AFTER - 1) if concluded and not silent else None
        self._move(shared_at, due_on, replied_at, concluded=concluded)
        if not silent:
            self._replies(findings, replied_at)

    def _move(
        self, shared_at: dt.datetime, due_on: dt.date, replied_at: dt.datetime | None, *, concluded: bool
    ) -> None:
        conclusion = (Conclusion.REPLIED if replied_at else Conclusion.NO_REPLY_GIVEN) if concluded else ""
        values = {"findings_shared_at": shared_at, "reply_due_on": due_on, "replied_at": replied_at}
        self.session.execute(
            update(Assessment).where(Assessment.id == self.each.assessment_id).values(**values, conclusion=conclusion)
        )

    def _version(
        self,
        finding: Finding,
        number: int,
        *,
        at: dt.datetime,
        due_on: dt.date,
        why: str = "",
    ) -> None:
        """What the company saw then: the finding as it is now."""
        row = FindingVersion(
            finding_id=finding.id,
            number=number,
            submission_number=1,
            rating=finding.rating,
            reason=finding.reason,
            language=finding.language,
            change_reason=why,
            author_id=finding.author_id,
            shared_at=at,
            reply_due_on=due_on,
        )
        self.session.add(row)
        self.session.flush()
        data = {"rating": finding.rating, "reason": finding.reason, "number": number, "change_reason": why}
        self.tell(at, self.reviewer, "finding.share", f"finding_version:{row.id}", **data)

    def _changed(self, finding: Finding, due_on: dt.date) -> None:
        """A finding that was changed after the company had seen it."""
        at = self.at(planning.CONCLUDED_AFTER)
        why, reason = self.say("changed", "why", service_id=finding.service_id), self.say("changed", "reason")
        finding.rating, finding.reason, finding.updated_at = Rating.PARTLY, reason, at
        self._version(finding, 2, at=at, due_on=due_on, why=why)

    def _replies(self, findings: Sequence[Finding], sent_at: dt.datetime | None) -> None:
        """A word on each; while nothing was sent they are the company's drafts on the first few."""
        written = findings if sent_at else findings[: max(1, len(findings) // 3)]
        stances: list[dict[str, object]] = []
        versions = {row.finding_id: row for row in self._versions(written)}
        for finding in written:
            stance = self._stance(finding)
            row = Reply(
                finding_version_id=versions[finding.id].id,
                stance=stance,
                text=self.say("replies", stance.value, service_id=finding.service_id),
                language=self.language,
                written_by_id=self.each.lead.user_id,
                written_at=sent_at or self.at(planning.CONCLUDED_AFTER - 1),
                sent_at=sent_at,
            )
            self.session.add(row)
            self.session.flush()
            self.note(
                row.written_at, self.each.lead, "reply.save", f"reply:{row.id}", stance=stance.value, text=row.text
            )
            stances.append({"id": row.id, "stance": stance.value})
        if sent_at:
            self.tell(sent_at, self.each.lead, "reply.send", f"assessment:{self.each.assessment_id}", replies=stances)

    def _versions(self, findings: Sequence[Finding]) -> Iterator[FindingVersion]:
        wanted = {finding.id for finding in findings}
        rows = self.session.query(FindingVersion).where(FindingVersion.finding_id.in_(wanted))
        yield from rows.order_by(FindingVersion.number)

    def _stance(self, finding: Finding) -> Stance:
        if finding.rating not in (Rating.PARTLY, Rating.NOT_MET):
            return Stance.ACCEPT
        dice = chance(0, self.each.company.plan.design.slug, finding.indicator_id, "reply")
        return dice.choices((Stance.ACCEPT, Stance.CORRECT, Stance.DISAGREE), (0.7, 0.15, 0.15))[0]


def _returned(session: Session, trail: Trail, each: StoredRound, framework: Framework) -> None:
    """Three questions and a disputed function, with the company until the cycle's last day."""
    telling = Telling(session, trail, each)
    keys = [key for key in each.round.answers if key[0] is not None][:3]
    rows = [
        _question(telling, each.service_id(key), key[1], text)
        for key, text in zip(keys, texts()["questions"][telling.language], strict=False)
    ]
    rows[0].reply = telling.say("answers", service_id=rows[0].service_id)
    rows[0].replied_by_id, rows[0].replied_at = each.lead.user_id, telling.at(planning.RETURNED_AFTER + 2)
    gone = _gone_function(each)
    if gone is not None:
        slug, function = gone
        row = _question(telling, each.company.services[slug], "", "")
        row.question = telling.say("dispute", service_id=row.service_id)
        row.function, row.claims = function, True
        row.opens = [list(key) for key in opened(framework, each.round.profiles, slug, function, claims=True)]
        rows.append(row)
    session.add_all(rows)
    session.flush()
    for row in rows:
        kind = "dispute" if row.function else "clarification"
        data = {"question": row.question, "due_on": row.due_on.isoformat(), "round": 1}
        subject = f"clarification:{row.id}"
        telling.note(row.written_at, telling.reviewer, f"{kind}.ask", subject, **data)
        telling.tell(telling.at(planning.RETURNED_AFTER), telling.reviewer, f"{kind}.send", subject, **data)
        if row.reply:
            telling.tell(row.replied_at or row.written_at, each.lead, f"{kind}.reply", subject, reply=row.reply)
    if gone is not None:
        changes = changes_of([(gone[0], rows[-1])])
        session.execute(update(Assessment).where(Assessment.id == each.assessment_id).values(profile_changes=changes))


def _question(telling: Telling, service_id: int | None, indicator: str, text: str) -> Clarification:
    sent_at = telling.at(planning.RETURNED_AFTER)
    return Clarification(
        assessment_id=telling.each.assessment_id,
        service_id=service_id,
        indicator_id=indicator,
        function="",
        opens=[],
        round=1,
        state=ClarificationState.OPEN,
        question=text,
        due_on=telling.each.round.dates.due_on,
        asked_by_id=telling.reviewer.user_id,
        country=telling.each.company.plan.design.country,
        submission_number=1,
        written_at=sent_at - WEEK / 7,
        sent_at=sent_at,
        reply="",
    )


def _gone_function(each: StoredRound) -> tuple[str, str] | None:
    """A function that a service had in the cycle before and no longer names."""
    for slug, service in each.company.plan.services:
        gone = sorted(set(service.before or ()) - set(service.functions))
        if gone:
            return slug, gone[0]
    return None


def _on_the_bench(session: Session, trail: Trail, each: StoredRound, framework: Framework) -> None:
    """Work in progress: parts given to reviewers, notes, a question that is written and not sent."""
    telling = Telling(session, trail, each)
    coordinator = each.staff.one(Role.COORDINATOR, telling.language)
    questions = [q for q in asked_questions(framework, each.round.profiles) if q.key in each.round.answers]
    principles = list(dict.fromkeys(question.principle.id for question in questions))
    today = each.round.dates.opens_on + dt.timedelta(days=planning.CONCLUDED_AFTER)
    assigned_at = telling.at(planning.SUBMITTED_AFTER[1] + 1)
    for principle_id, days in zip(principles[:3], (-2, 7, 21), strict=False):
        row = ReviewAssignment(
            assessment_id=each.assessment_id,
            principle_id=principle_id,
            reviewer_id=telling.reviewer.user_id,
            due_on=today + dt.timedelta(days=days),
            assigned_by_id=coordinator.user_id,
            assigned_at=assigned_at,
        )
        session.add(row)
        session.flush()
        data = {"reviewer": row.reviewer_id, "principle": principle_id, "indicator": None}
        telling.note(assigned_at, coordinator, "review.assign", f"review_assignment:{row.id}", **data)
    for question, words in zip(questions, texts()["notes"], strict=False):
        _note(telling, question.key, words)
    last = questions[-1]
    draft = _question(telling, each.service_id(last.key), last.indicator.id, telling.say("draft_question"))
    draft.state, draft.sent_at = ClarificationState.DRAFT, None
    session.add(draft)
    session.flush()
    data = {"question": draft.question, "due_on": draft.due_on.isoformat(), "round": 1}
    telling.note(draft.written_at, telling.reviewer, "clarification.ask", f"clarification:{draft.id}", **data)


def _note(telling: Telling, key: tuple[str | None, str], words: Mapping[str, Any]) -> None:
    at = telling.at(planning.REVIEWED_AFTER[0])
    row = ReviewNote(
        assessment_id=telling.each.assessment_id,
        service_id=telling.each.service_id(key),
        indicator_id=key[1],
        organisation_id=telling.reviewer.organisation_id,
        author_id=telling.reviewer.user_id,
        text=words[telling.language],
        written_at=at,
        shared_at=at if words["shared"] else None,
    )
    telling.session.add(row)
    telling.session.flush()
    data = {"text": row.text, "shared": words["shared"]}
    telling.note(at, telling.reviewer, "review_note.add", f"review_note:{row.id}", **data)
