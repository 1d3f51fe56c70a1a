"""What a company asks of its lead government: what a question means, and more time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.assessments import State
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Actor, Permission, Record
from compliance.domain.questionnaire import Place
from compliance.services import audit, records
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.days import local_day
from compliance.services.transaction import reading, writing
from compliance.storage.models import Cycle, ExtensionRequest, Inquiry, Participation
from compliance.storage.queries import asking as stored
from compliance.storage.queries import assessments, cycles

TEXT_LIMIT: Final = 2_000  # characters
MOST_LISTED: Final = 200
LONGEST_EXTENSION: Final = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a company asked in one cycle, and the requests for more time."""

    participation: Participation
    cycle: Cycle
    framework: Framework
    inquiries: Sequence[Inquiry]
    extensions: Sequence[ExtensionRequest]


def asked(actor: Actor, cycle_slug: str) -> Asked:
    """The company's own questions to government with the replies, for the whole team."""
    session = reading()
    row = _participation(session, actor, cycle_slug)
    require(actor, Permission.ASSESSMENT_VIEW, records.of_company(row.company_id))
    return Asked(
        row,
        row.cycle,
        framework_for(row.cycle.framework_version),
        stored.inquiries_of(session, row.id),
        stored.extension_requests(session, row.id),
    )


def ask(actor: Actor, place: Place, text: str, language: str, *, now: dt.datetime) -> None:
    """Ask government what a question means; also before the invitation is accepted, and while nothing is open.

    Raises Invalid for an empty or long text, NotFound for an indicator or a service that is not there.
    """
    problems = _text_problems(text, "inquiry_needed")
    with writing() as session:
        row = _participation(session, actor, place.cycle)
        require(actor, Permission.INQUIRY_ASK, records.of_company(row.company_id))
        if problems:
            raise Invalid(problems)
        services = {service.slug: service.id for service in assessments.own_services(session, actor)}
        if place.indicator not in framework_for(row.cycle.framework_version).indicators or (
            place.service is not None and place.service not in services
        ):
            raise NotFound(place.indicator)
        inquiry = Inquiry(
            participation_id=row.id,
            service_id=services[place.service] if place.service else None,
            indicator_id=place.indicator,
            text=text,
            language=language,
            asked_by_id=actor.user_id,
            asked_at=now,
        )
        session.add(inquiry)
        session.flush()
        after = {"indicator": place.indicator, "service": place.service, "text": text}
        audit.record(
            session, actor, "inquiry.ask", f"inquiry:{inquiry.id}", now=now, organisation_id=row.company_id, after=after
        )


def led(actor: Actor) -> Sequence[tuple[Inquiry, Framework]]:
    """What the companies that the person's government leads on ask, open ones first."""
    require(actor, Permission.INQUIRY_REPLY, _led_record(actor))
    rows = stored.led_inquiries(reading(), actor, MOST_LISTED)
    return [(row, framework_for(row.participation.cycle.framework_version)) for row in rows]


def reply(actor: Actor, inquiry_id: int, text: str, language: str, *, now: dt.datetime) -> None:
    """Reply to a company's question, once. Raises NotFound for one that another government leads on, NotAllowed when
    a colleague has replied."""
    problems = _text_problems(text, "reply_needed")
    with writing() as session:
        inquiry = stored.held_inquiry(session, actor, inquiry_id)
        if inquiry is None:
            raise NotFound(str(inquiry_id))
        company = inquiry.participation.company
        require(actor, Permission.INQUIRY_REPLY, Record(company_id=company.id, lead_country=company.country))
        if problems:
            raise Invalid(problems)
        if inquiry.replied_at is not None:
            raise NotAllowed("there is a reply")
        inquiry.reply, inquiry.reply_language = text, language
        inquiry.replied_by_id, inquiry.replied_at = actor.user_id, now
        audit.record(
            session,
            actor,
            "inquiry.reply",
            f"inquiry:{inquiry.id}",
            now=now,
            organisation_id=company.id,
            after={"reply": text},
        )


def ask_for_time(actor: Actor, cycle_slug: str, until: dt.date | None, reason: str, *, now: dt.datetime) -> None:
    """Ask the lead government for a later due date, with a reason. A coordinator decides.

    Raises Invalid, or NotAllowed when the cycle is closed, the assessment submitted or a request open.
    """
    try:
        with writing() as session:
            row = cycles.held_own_participation(session, actor, cycle_slug)
            if row is None:
                raise NotFound(cycle_slug)
            require(actor, Permission.EXTENSION_ASK, records.of_company(row.company_id))
            _require_open(session, actor, row)
            problems = [*_until_problems(row, until, local_day(now, row.company)), *_text_problems(reason, "needed")]
            if problems or until is None:
                raise Invalid([_renamed(problem) for problem in problems])
            request = ExtensionRequest(
                participation_id=row.id, asked_due_on=until, reason=reason, asked_by_id=actor.user_id, asked_at=now
            )
            session.add(request)
            session.flush()
            after = {"until": until.isoformat(), "reason": reason}
            audit.record(
                session,
                actor,
                "extension.ask",
                f"extension_request:{request.id}",
                now=now,
                organisation_id=row.company_id,
                after=after,
            )
    except IntegrityError as error:
        raise NotAllowed("a request is open") from error


def _require_open(session: Session, actor: Actor, row: Participation) -> None:
    assessment = assessments.own_assessment(session, actor, row.cycle.slug)
    if row.cycle.closed_on is not None or (assessment is not None and assessment.state != State.DRAFT):
        raise NotAllowed("there is nothing left to do in this cycle")
    if any(request.decided_at is None for request in stored.extension_requests(session, row.id)):
        raise NotAllowed("a request is open")


def _until_problems(row: Participation, until: dt.date | None, today: dt.date) -> list[Problem]:
    due_on = row.due_on or row.cycle.due_on
    if until is None:
        return [Problem("until", "date_needed")]
    if until <= max(due_on, today):
        return [Problem("until", "extension_not_later")]
    if until > due_on + LONGEST_EXTENSION:
        return [Problem("until", "extension_too_long")]
    return []


def _renamed(problem: Problem) -> Problem:
    return Problem("reason", problem.code, problem.details) if problem.field == "text" else problem


def _text_problems(text: str, missing: str) -> list[Problem]:
    if not text.strip():
        return [Problem("text", missing)]
    return [Problem("text", "too_long", {"limit": str(TEXT_LIMIT)})] if len(text) > TEXT_LIMIT else []


def _participation(session: Session, actor: Actor, cycle_slug: str) -> Participation:
    row = cycles.own_participation(session, actor, cycle_slug)
    if row is None:
        raise NotFound(cycle_slug)
    return row


def _led_record(actor: Actor) -> Record:
    return Record(lead_country=actor.country)
