"""Mails about a person's own account: invitation, reset, notice of a change. They go at once and ask no preference.

A message is queued with its purpose and without any secret. When the purpose needs a link that lets its reader do
something, the link is made at sending by the maker in `LINKS`, in the transaction that claims the message: the maker
stores the hash of a single-use token and hands back the address. A second attempt makes a new token; the maker lets the
older one lapse. Staff see that an account mail went, never what it says.

The texts are `templates/email/account_<purpose>/`; they are given `name`, `base_url`, `link` ("" without a maker) and
whatever `words` were queued: plain words such as the name of an organisation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.domain.errors import NotFound
from compliance.domain.reminders import ACCOUNT
from compliance.services.reminder.reminders import message_row
from compliance.storage.models import Message
from compliance.storage.queries import reminder_people as people

#: From (session, user id, words, now) to the path of a page, such as "/invitation/<token>"; by purpose.
LinkMaker = Callable[[Session, int, dict[str, Any], dt.datetime], str]
LINKS: Final[dict[str, LinkMaker]] = {}


def queue_account_mail(
    session: Session, user_id: int, purpose: str, *, now: dt.datetime, base_url: str, to: str = "", **words: str
) -> int:
    """Queue a mail to a person about their account, in the caller's transaction; the id of its message.

    It goes with the next round, in the language of the person. `words` are kept with the message and must hold no
    secret. `to` is another address than the account's: one that is to be confirmed, or one that was left behind.
    Raises NotFound for nobody.
    """
    place = people.places(session, [people.user_key(user_id)]).get(people.user_key(user_id))
    if place is None:
        raise NotFound(f"user {user_id}")
    message = Message(**message_row(place, ACCOUNT, None, now, base_url, purpose=purpose, words=words, to=to))
    session.add(message)
    session.flush()
    return message.id


def link_of(session: Session, message: Message, now: dt.datetime) -> str:
    """The path that an account mail leads to, made for this attempt; "" when it needs none."""
    maker = LINKS.get(message.data.get("purpose", ""))
    if maker is None or message.recipient_id is None:
        return ""
    return maker(session, message.recipient_id, message.data.get("words", {}), now)
