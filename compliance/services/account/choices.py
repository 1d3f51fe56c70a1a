"""What people may choose for their own account."""

from __future__ import annotations

import datetime as dt
from zoneinfo import available_timezones

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid
from compliance.domain.permissions import Actor, Permission
from compliance.domain.text import language_of
from compliance.services import audit
from compliance.services.account.sessions import own_chain
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import User


def own(actor: Actor) -> User:
    """One's own account."""
    require(actor, Permission.OWN_ACCOUNT)
    return reading().get_one(User, actor.user_id)


def choose(actor: Actor, language: str, time_zone: str, *, now: dt.datetime) -> None:
    """Keep the language of pages and e-mails and the time zone ("": the organisation's). Raises Invalid."""
    require(actor, Permission.OWN_ACCOUNT)
    if time_zone and time_zone not in available_timezones():
        raise Invalid([Problem("time_zone", "unknown_time_zone")])
    with writing() as session:
        user = session.get_one(User, actor.user_id)
        before = {"language": user.language, "time_zone": user.time_zone}
        user.language, user.time_zone = language_of(language), time_zone or None
        audit.record(
            session,
            actor,
            "user.choices",
            f"user:{user.id}",
            now=now,
            organisation_id=own_chain(actor),
            before=before,
            after={"language": user.language, "time_zone": user.time_zone},
        )
