"""The check page: everything that was answered, as government will see it, before someone signs."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Problem, Status, is_generic, normalised
from compliance.domain.assessments import State, can, signing
from compliance.domain.clarifications import ClarificationState
from compliance.domain.disputes import agreed_to, applied
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.services import records
from compliance.services.actors import require
from compliance.services.assessment.answers import entry_of, faults
from compliance.services.assessment.assessments import own, own_profiles
from compliance.services.assessment.disputed import named
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.transaction import reading
from compliance.storage.models import Answer, Assessment, Clarification, Service
from compliance.storage.queries import assessments, exchange


@dataclass(frozen=True, slots=True)
class Checked:
    """One question on the check page, with what stands out about its answer."""

    question: Question
    entry: AnswerEntry | None
    errors: tuple[Problem, ...]
    generic: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that was answered, as government will see it. Errors stop the signature; the rest does not."""

    assessment: Assessment
    framework: Framework
    checked: Sequence[Checked]
    services: Sequence[Service]
    signed: Sequence[Profile]  # what the services can do in the company's words, as it will be signed
    clarifications: Sequence[Clarification]  # the open ones, which the next signature answers
    problems: tuple[Problem, ...]
    may_sign: bool
    fingerprint: str  # changes with every answer and service: a signature counts for what the signer saw

    @property
    def unanswered(self) -> int:
        return sum(item.entry is None for item in self.checked)

    @property
    def generic(self) -> int:
        return sum(item.generic for item in self.checked)

    @property
    def errors(self) -> int:
        return sum(bool(item.errors) for item in self.checked)

    @property
    def can_submit(self) -> bool:
        return self.may_sign and not self.problems and not self.errors


def check(actor: Actor, cycle_slug: str, *, now: dt.datetime) -> Check:
    """The check page of the own company's assessment."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    record = records.of_own(assessment)
    require(actor, Permission.ASSESSMENT_VIEW, record)
    return check_of(session, actor, assessment, local_day(now, assessment.company))


def check_of(session: Session, actor: Actor, assessment: Assessment, today: dt.date) -> Check:
    """The check of an assessment that has already passed the scope."""
    framework = framework_for(assessment.cycle.framework_version)
    services = assessments.services_of(session, assessment.company_id)
    own_words = own_profiles(session, assessment, services)
    profiles = applied(own_words, assessment.profile_changes, agreed=True)
    questions = asked_questions(framework, profiles)
    asked = _asked_about(session, assessment)
    about = _answered_by_signing(session, assessment)
    rows = assessments.answers(session, assessment.id)
    entries = _entries(rows, services)
    generic = generic_keys(entries)
    record = records.of_own(assessment)
    return Check(
        assessment=assessment,
        framework=framework,
        checked=[
            Checked(
                question,
                entries.get(question.key),
                tuple(_errors(framework, question, entries.get(question.key), today)),
                question.key in generic,
            )
            for question in questions
        ],
        services=services,
        signed=applied(own_words, agreed_to(named(asked)), agreed=True),
        clarifications=asked,
        problems=(*_profile_problems(profiles), *_open_problems(asked)),
        may_sign=allows(actor, Permission.ASSESSMENT_SIGN, record) and may_submit(record),
        # While it is returned the profile is the one in the sealed copy, so today's does not count.
        fingerprint=_fingerprint(rows, () if about else services, about),
    )


def may_submit(record: Record) -> bool:
    """Can the assessment be signed now? What was returned can, also after its cycle was closed: government asked."""
    if record.state is None or not can(record.state, signing(record.state, amending=record.amending)):
        return False
    return record.state is State.RETURNED or not record.cycle_closed


def _asked_about(session: Session, assessment: Assessment) -> Sequence[Clarification]:
    if assessment.state != State.RETURNED:
        return ()
    return exchange.unsettled(session, assessment.id, ClarificationState.OPEN)


def _answered_by_signing(session: Session, assessment: Assessment) -> Sequence[Clarification]:
    """The questions that the signature on this page answers; after it, those that it did answer."""
    if assessment.state == State.RETURNED:
        return _asked_about(session, assessment)
    return exchange.answered_last(session, assessment.id)


def _open_problems(clarifications: Sequence[Clarification]) -> Iterable[Problem]:
    """Each open question needs a reply in words, also where the answer stays as it was; to a dispute, plain
    agreement is one."""
    if any(not item.reply.strip() and not item.agrees for item in clarifications):
        yield Problem("clarifications", "clarification_reply_needed")


def _profile_problems(services: Sequence[Profile]) -> Iterable[Problem]:
    """A submission needs at least one service, and each must say what it does."""
    if not services:
        yield Problem("services", "service_needed")
    for service in services:
        if service.functions is None:
            yield Problem("services", "profile_needed", {"service": service.name})


def _errors(framework: Framework, question: Question, entry: AnswerEntry | None, today: dt.date) -> list[Problem]:
    """Faults of a saved answer. A planned date that has passed since is none: to the rules it is a past plan."""
    if entry is None:
        return []
    found = faults(framework, question, entry, today)
    return [problem for problem in found if problem.code not in ("date_past", "date_too_far")]


def generic_keys(entries: dict[tuple[str | None, str], AnswerEntry]) -> set[tuple[str | None, str]]:
    """The answers whose explanation is empty or copied from another question.

    The same text for the same indicator on several services is no copy: measures are often shared by services. An
    answer that needs no explanation, because a reason stands for it, is not generic either.
    """
    users: dict[str, set[str]] = {}
    for (_service, indicator_id), entry in entries.items():
        users.setdefault(normalised(entry.explanation), set()).add(indicator_id)
    return {
        key
        for key, entry in entries.items()
        if not (
            entry.status in (Status.NOT_APPLICABLE, Status.CANNOT_SAY) and (entry.reason_text.strip() or entry.reason)
        )
        and is_generic(entry.explanation, copied=len(users[normalised(entry.explanation)]) > 1)
    }


def _fingerprint(rows: Iterable[Answer], services: Iterable[Service], asked: Iterable[Clarification]) -> str:
    parts = sorted(f"answer {row.id} {row.version}" for row in rows)
    parts += sorted(f"service {service.id} {service.version}" for service in services)
    parts += sorted(f"clarification {row.id} {row.agrees} {row.reply}" for row in asked)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _entries(rows: Iterable[Answer], services: Sequence[Service]) -> dict[tuple[str | None, str], AnswerEntry]:
    slugs = {service.id: service.slug for service in services}
    return {
        (slugs[row.service_id] if row.service_id else None, row.indicator_id): entry_of(row)
        for row in rows
        if row.service_id is None or row.service_id in slugs
    }
