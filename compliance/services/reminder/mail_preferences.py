"""How often a person wants to hear of what: on their own page, or by the link in a mail."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.domain.reminders import NOTICE, About
from compliance.domain.working_time import Rhythm
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import Message
from compliance.storage.queries import mail_preferences as queries
from compliance.storage.queries.reminder_people import user_key

_OF_COMPANY = (About.PARTICIPATION, About.CLARIFICATION, About.REPLY, About.COMMITMENT, About.EVIDENCE)
_OF_STAFF = (About.PARTICIPATION, About.ENGAGEMENT, About.DIGEST)


def topics_of(actor: Actor) -> Sequence[About]:
    """What a person can be reminded of at all."""
    if actor.is_company:
        return _OF_COMPANY
    return _OF_STAFF if actor.is_government else ()


def preferences(actor: Actor) -> Mapping[About, Rhythm]:
    """What the person has chosen for each topic; at once where nothing was chosen."""
    require(actor, Permission.OWN_ACCOUNT)
    chosen = queries.of_recipient(reading(), user_key(actor.user_id))
    return {about: Rhythm(chosen.get(about, Rhythm.IMMEDIATE)) for about in topics_of(actor)}


def choose(actor: Actor, wanted: Mapping[About, Rhythm], *, now: dt.datetime) -> None:
    """Keep what the person has chosen. Topics that are not theirs are passed over."""
    require(actor, Permission.OWN_ACCOUNT)
    own = {about: rhythm for about, rhythm in wanted.items() if about in topics_of(actor)}
    with writing() as session:
        _keep(session, user_key(actor.user_id), own, actor, now)


def _keep(
    session: Session, recipient_key: str, wanted: Mapping[About, Rhythm], actor: Actor | None, now: dt.datetime
) -> None:
    before = queries.of_recipient(session, recipient_key)
    changed = {about: rhythm for about, rhythm in wanted.items() if before.get(about, Rhythm.IMMEDIATE) != rhythm}
    if not changed:
        return
    queries.keep(session, recipient_key, {about.value: rhythm.value for about, rhythm in changed.items()}, now)
    audit.record(
        session,
        actor,
        "mail.choose",
        recipient_key,
        now=now,
        before={about: before.get(about, Rhythm.IMMEDIATE) for about in changed},
        after={about.value: rhythm.value for about, rhythm in changed.items()},
    )


@dataclass(frozen=True, slots=True)
class Stopping:
    """What the link of a mail would end, and for whom."""

    address: str
    topics: tuple[About, ...]
    language: str


def stop_path(message: Message, secret: str) -> str:
    """The path of the page on which the reader of a mail ends mails like it. It needs no sign-in, so it is signed."""
    return f"/mail/stop/{message.id}-{_sign(message, secret)}"


def _sign(message: Message, secret: str) -> str:
    text = f"stop {message.id} {message.message_id}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]


def stopping(token: str, secret: str) -> Stopping:
    """What the link would end. Changes nothing. Raises NotFound for a link that is none of ours."""
    with looking() as session:
        message = _message_of(session, token, secret)
        recipient = message.user or message.contact
        assert recipient is not None, "every message has one"
        return Stopping(recipient.email, _topics(message), message.language)


def stop(token: str, secret: str, *, now: dt.datetime) -> Stopping:
    """End mails like the one with the link, for its recipient. A second time changes nothing."""
    with writing() as session:
        message = _message_of(session, token, secret)
        recipient = message.user or message.contact
        assert recipient is not None, "every message has one"
        topics = _topics(message)
        _keep(session, message.recipient_key, dict.fromkeys(topics, Rhythm.NEVER), None, now)
        return Stopping(recipient.email, topics, message.language)


def _message_of(session: Session, token: str, secret: str) -> Message:
    number, _, signature = token.partition("-")
    message = queries.message(session, int(number)) if number.isdecimal() and len(number) < 12 else None
    if message is None or not hmac.compare_digest(signature.encode(), _sign(message, secret).encode()):
        raise NotFound("this link")
    return message


def _topics(message: Message) -> tuple[About, ...]:
    kinds = {item.subject_type for item in message.reminders if item.kind != NOTICE}
    return tuple(about for about in About if about in kinds)
