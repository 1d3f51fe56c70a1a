"""Requests for more time: a coordinator of the lead country grants a date, or says no with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compliance.domain.answers import SHORT_LIMIT, Problem
from compliance.domain.assessments import due_of
from compliance.domain.errors import Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, Record, could_ever
from compliance.services import audit
from compliance.services.account.mails import queue_account_mail
from compliance.services.actors import require
from compliance.services.cycle.due_dates import set_due_on
from compliance.services.transaction import reading, writing
from compliance.storage.models import ExtensionRequest
from compliance.storage.queries import asking as stored

MOST_LISTED: Final = 200
#: The purpose of the mail that tells whoever asked.
ANSWER: Final = "more_time"


def waiting(actor: Actor) -> Sequence[ExtensionRequest]:
    """The open requests of the companies that the person's government leads on, oldest first; none for whoever does
    not decide on them."""
    return stored.led_requests(reading(), actor, MOST_LISTED) if could_ever(actor, Permission.DUE_DATE_GRANT) else ()


def request(actor: Actor, id_: int) -> ExtensionRequest:
    """One of them, decided or not. Raises NotFound for another government's."""
    require(actor, Permission.DUE_DATE_GRANT, Record(lead_country=actor.country))
    row = stored.led_request(reading(), actor, id_)
    if row is None:
        raise NotFound(str(id_))
    return row


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as typed: `granted` None when nothing was chosen. `due_on` counts only when it is granted."""

    granted: bool | None
    due_on: dt.date | None
    reason: str


def decide(actor: Actor, id_: int, decision: Decision, *, base_url: str, now: dt.datetime) -> None:
    """Grant the company a date of its own, or decline, both with a reason that it reads; whoever asked gets a mail.

    Reminders, lists and reports follow the date. Raises Invalid, NotFound for another government's request, NotAllowed
    when a colleague has decided, and for a date in a closed cycle.
    """
    with writing() as session:
        row = stored.led_request(session, actor, id_, hold=True)
        if row is None:
            raise NotFound(str(id_))
        company = row.participation.company
        require(actor, Permission.DUE_DATE_GRANT, Record(company_id=company.id, lead_country=company.country))
        if row.decided_at is not None:
            raise NotAllowed("there is a decision")
        _refuse_faulty(decision)
        if decision.granted:
            if row.participation.cycle.closed_on is not None:
                raise NotAllowed("the cycle is closed")
            set_due_on(session, actor, row.participation, decision.due_on, decision.reason, now=now)
            row.granted_due_on = due_of(row.participation.cycle.due_on, row.participation.due_on)
        row.decided_by_id, row.decided_at, row.decision_reason = actor.user_id, now, decision.reason
        granted = row.granted_due_on.isoformat() if row.granted_due_on else ""
        cycle = row.participation.cycle
        queue_account_mail(
            session,
            row.asked_by_id,
            ANSWER,
            now=now,
            base_url=base_url,
            granted=granted,
            reason=" ".join(decision.reason.split()),
            cycle_en=cycle.name_en,
            cycle_fr=cycle.name_fr,
            path=f"/assessments/{cycle.slug}/asked",
        )
        audit.record(
            session,
            actor,
            "extension.grant" if granted else "extension.decline",
            f"extension_request:{row.id}",
            now=now,
            organisation_id=company.id,
            after={"due_on": granted or None, "reason": decision.reason},
        )


def _refuse_faulty(decision: Decision) -> None:
    problems = []
    if decision.granted is None:
        problems.append(Problem("granted", "grant_needed"))
    if decision.granted and decision.due_on is None:
        problems.append(Problem("due_on", "date_needed"))
    if not decision.reason.strip():
        problems.append(Problem("reason", "needed"))
    elif len(decision.reason) > SHORT_LIMIT:
        problems.append(Problem("reason", "too_long", {"limit": str(SHORT_LIMIT)}))
    if problems:
        raise Invalid(problems)
