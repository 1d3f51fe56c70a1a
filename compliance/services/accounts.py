"""What people may change about their own account."""

from __future__ import annotations

import datetime as dt

from compliance.domain.permissions import Actor, Permission
from compliance.domain.text import language_of
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.transaction import writing
from compliance.storage.models import User


def choose_language(actor: Actor, language: str, *, now: dt.datetime) -> None:
    """Keep the language in which the person reads pages and e-mails."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        user = session.get_one(User, actor.user_id)
        before, user.language = user.language, language_of(language)
        audit.record(
            session,
            actor,
            "user.language",
            f"user:{user.id}",
            now=now,
            organisation_id=actor.organisation_id if actor.is_company else None,
            before={"language": before},
            after={"language": user.language},
        )
