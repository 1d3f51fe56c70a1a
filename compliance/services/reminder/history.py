"""What a person was sent lately, and what comes next for them: the same record that staff see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compliance.domain.permissions import Actor, Permission
from compliance.services.actors import require
from compliance.services.reminder.outlook import Line, lines
from compliance.services.reminder.sources import Round
from compliance.services.transaction import reading
from compliance.storage.models import Message, Organisation
from compliance.storage.queries import mail_preferences as queries
from compliance.storage.queries.reminder_people import user_key

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class OwnMail:
    sent: Sequence[Message]
    lines: Sequence[Line]  # of people of a company: every stage about it, with what became or will become of it


def own(actor: Actor, *, now: dt.datetime) -> OwnMail:
    """The newest messages to the person and, for people of a company, the stages about it."""
    require(actor, Permission.OWN_ACCOUNT)
    session, key = reading(), user_key(actor.user_id)
    company = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    return OwnMail(
        sent=queries.newest(session, key, _SHOWN),
        lines=lines(Round(session, now), company, key) if actor.is_company else (),
    )
