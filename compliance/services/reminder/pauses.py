"""Holding reminders back, and letting them go again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from compliance.domain.answers import SHORT_LIMIT, Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.reminder.desk import led
from compliance.services.transaction import writing
from compliance.storage.models import Organisation, ReminderPause
from compliance.storage.queries import reminder_desk as queries
from compliance.storage.queries import reminders as reminder_queries


def pause(actor: Actor, slug: str | None, reason: str, *, now: dt.datetime) -> None:
    """Hold the reminders of a company, or (None) of everybody. Notices and mails about accounts still go.

    Raises Invalid without a reason; pausing what is paused changes nothing.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", "pause_reason_needed")])
    if len(reason) > SHORT_LIMIT:
        raise Invalid([Problem("reason", "too_long", {"limit": str(SHORT_LIMIT)})])
    with writing() as session:
        company = _to_pause(session, actor, slug)
        if queries.current_pause(session, company.id if company else None) is not None:
            return
        row = ReminderPause(
            company_id=company.id if company else None,
            reason=reason.strip(),
            started_at=now,
            started_by_id=actor.user_id,
        )
        session.add(row)
        _audit_pause(session, actor, "reminders.pause", company, now, reason.strip())


def resume(actor: Actor, slug: str | None, *, now: dt.datetime) -> None:
    """End a pause: what has come meanwhile goes with the next rounds, one mail for each person."""
    with writing() as session:
        company = _to_pause(session, actor, slug)
        row = queries.current_pause(session, company.id if company else None)
        if row is None:
            return
        row.ended_at, row.ended_by_id = now, actor.user_id
        reminder_queries.wake(session, [company.id] if company else None, now)
        _audit_pause(session, actor, "reminders.resume", company, now, "")


def _to_pause(session: Session, actor: Actor, slug: str | None) -> Organisation | None:
    if slug is None:
        require(actor, Permission.REMINDERS_PAUSE_ALL)
        return None
    require(actor, Permission.REMINDERS_MANAGE, led(actor))
    company = queries.company(session, actor, slug)
    if company is None:
        raise NotFound(slug)
    return company


def _audit_pause(
    session: Session, actor: Actor, action: str, company: Organisation | None, now: dt.datetime, reason: str
) -> None:
    subject = f"organisation:{company.id}" if company else "reminders:all"
    audit.record(
        session,
        actor,
        action,
        subject,
        now=now,
        organisation_id=actor.organisation_id,
        after={"reason": reason} if reason else None,
    )
