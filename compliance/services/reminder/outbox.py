"""Sending what waits in the outbox, one message at a time, by any number of workers.

A message is claimed with a lease, looked at once more, sent, and marked. A worker that dies in between leaves a lease
that runs out, and another one sends the message under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog
from sqlalchemy.orm import Session

from compliance.domain.messages import DELAYS, MessageAct, MessageState, move_message, next_attempt
from compliance.domain.reminders import ACCOUNT
from compliance.domain.text import language_of
from compliance.mail.failures import Postponed, Refused, SendFailure, Unreachable
from compliance.mail.mails import Mail, text_to_show
from compliance.mail.messages import Envelope, trial
from compliance.services import audit
from compliance.services.health import HEARTBEAT
from compliance.services.reminder.letters import PostOffice, held_until, letter_of, post_office, postpone
from compliance.services.reminder.reminders import new_message_id
from compliance.services.transaction import looking, writing
from compliance.storage.models import Message
from compliance.storage.queries import outbox as queries

__all__ = ["Outcome", "PostOffice", "beat", "last_beat", "post_office", "send_due", "send_one", "send_trial"]

log = structlog.get_logger(__name__)

#: Longer than any conversation with a mail server (mail.smtp.TIMEOUT for each of its exchanges).
LEASE: Final = dt.timedelta(minutes=5)
#: How long a message rests after the server could not be reached. Short: nothing is wrong with the message.
UNREACHABLE_DELAY: Final = dt.timedelta(seconds=30)


class Outcome(StrEnum):
    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    HELD = "held"  # outside working hours
    LEASE_LOST = "lease_lost"


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message that this worker holds until `lease_until`, as plain data. `write` is None: nothing to send."""

    id: int
    lease_until: dt.datetime
    write: Callable[[], Mail] | None
    outcome: Outcome | None = None


def _never() -> bool:
    return False


def send_due(
    now: dt.datetime,
    office: PostOffice,
    *,
    limit: int | None = None,
    stop: Callable[[], bool] = _never,
    lease: dt.timedelta = LEASE,
    elapsed: Callable[[], float] | None = None,
) -> Counter[Outcome]:
    """Send what is ready, until nothing is, `limit` is reached, `stop()` says so or the server cannot be reached.

    A pass may take minutes, and a lease counted from its start would have run out before its last message is claimed.
    So `now` is the moment at which the pass begins, and moves on with it by `elapsed` (seconds since then).
    """
    began = time.monotonic()
    passed = elapsed or (lambda: time.monotonic() - began)

    def moment() -> dt.datetime:
        return now + dt.timedelta(seconds=passed())

    outcomes: Counter[Outcome] = Counter()
    try:
        while not stop() and (limit is None or outcomes.total() < limit):
            outcome = send_one(moment, office, lease=lease)
            if outcome is None:
                break
            outcomes[outcome] += 1
            if outcome is Outcome.UNREACHABLE:
                break  # no other message would go, either
    finally:
        office.sender.rest()
    return outcomes


def send_one(moment: Callable[[], dt.datetime], office: PostOffice, *, lease: dt.timedelta = LEASE) -> Outcome | None:
    """Send the message that has waited longest; None when none is ready."""
    claimed = _claim(moment(), office, lease)
    if claimed is None or claimed.write is None:
        return claimed.outcome if claimed else None
    # The transaction is over and no session is open: a mail server may take half a minute to answer, and nobody who
    # saves an answer may wait for it (SQLite has one write lock, PostgreSQL a limited number of connections). What is
    # claimed is protected by its lease, not by a lock.
    failure: SendFailure | None = None
    mail: Mail | None = None
    try:
        mail = _written(claimed.id, claimed.write)
        office.sender.send(mail)
    except SendFailure as error:
        failure = error
    return _mark(claimed, mail, failure, moment())


def _claim(now: dt.datetime, office: PostOffice, lease: dt.timedelta) -> _Claimed | None:
    """Take a message, and look once more at what it says: dropped is what is no longer wanted.

    The last look is in the transaction that claims, and sending follows at once: what was submitted before this commit
    is not reminded of.
    """
    with writing() as session:
        message = queries.ready_message(session, now)
        if message is None:
            return None
        later = held_until(session, message, now)
        if later is not None:
            postpone(session, message, later)
            message.lease_until, message.state = None, MessageState.QUEUED
            return _Claimed(message.id, now, None, Outcome.HELD)
        message.state = move_message(MessageState(message.state), MessageAct.CLAIM)
        message.lease_until = now + lease
        message.attempts += 1
        if message.attempts > len(DELAYS) + 1:  # whoever sends it dies each time
            message.last_error = message.last_error or "the worker stopped while sending it"
            return _Claimed(message.id, now, None, _move(session, message, MessageAct.GIVE_UP, now))
        write, reason = letter_of(session, message, office, now)
        if write is None:
            message.state_reason = reason
            return _Claimed(message.id, now, None, _move(session, message, MessageAct.CANCEL, now))
        return _Claimed(message.id, message.lease_until, write)


def _written(message_id: int, write: Callable[[], Mail]) -> Mail:
    """The mail itself. A template that cannot be filled stops this message, not all those behind it."""
    try:
        return write()
    except Exception as error:
        log.exception("outbox.not_written", message=message_id)
        raise Refused(f"the mail could not be written: {type(error).__name__}") from error


def _mark(claimed: _Claimed, mail: Mail | None, failure: SendFailure | None, now: dt.datetime) -> Outcome:
    """Write down what came of it, if the lease still stands; else another worker is at it and does so."""
    with writing() as session:
        message = queries.leased_message(session, claimed.id, claimed.lease_until)
        if message is None:
            log.warning("outbox.lease_lost", message=claimed.id)
            return Outcome.LEASE_LOST
        message.last_error = str(failure) if failure else ""
        if failure is None:
            message.sent_at = now
            if mail is not None and message.kind != ACCOUNT:  # what an account mail says is its reader's alone
                message.data = {**message.data, "subject": mail.subject, "text": text_to_show(mail)}
            return _move(session, message, MessageAct.DELIVER, now)
        log.warning("outbox.not_sent", message=claimed.id, failure=type(failure).__name__)
        if isinstance(failure, Unreachable):
            message.attempts -= 1  # the message had no attempt of its own
            postpone(session, message, now + UNREACHABLE_DELAY)
            _move(session, message, MessageAct.POSTPONE, now)
            return Outcome.UNREACHABLE
        again = next_attempt(message.attempts, now) if isinstance(failure, Postponed) else None
        if again is None:
            return _move(session, message, MessageAct.GIVE_UP, now)
        postpone(session, message, again)
        return _move(session, message, MessageAct.POSTPONE, now)


_OUTCOMES: Final[Mapping[MessageAct, Outcome]] = {
    MessageAct.DELIVER: Outcome.SENT,
    MessageAct.POSTPONE: Outcome.POSTPONED,
    MessageAct.GIVE_UP: Outcome.FAILED,
    MessageAct.CANCEL: Outcome.CANCELLED,
}


def _move(session: Session, message: Message, act: MessageAct, now: dt.datetime) -> Outcome:
    """Move the message on; every end is audited. An attempt that is repeated is not an end: the row counts those."""
    message.state = move_message(MessageState(message.state), act)
    message.lease_until = None
    if act is not MessageAct.POSTPONE:
        after = {
            "recipient": message.recipient_key,
            "kind": message.kind,
            "message_id": message.message_id,
            "reason": message.state_reason,
        }
        audit.record(session, None, f"message.{act}", f"message:{message.id}", now=now, after=after)
    return _OUTCOMES[act]


def send_trial(address: str, now: dt.datetime, office: PostOffice, language: str = "en") -> None:
    """Send a test mail at once, past the outbox, so that whoever sets up mail sees the server's answer.

    Raises SendFailure.
    """
    envelope = Envelope(
        to_name="",
        to_address=address,
        from_address=office.from_address,
        language=language_of(language),
        message_id=new_message_id(office.base_url),
        date=now,
        base_url=office.base_url,
        words=office.words,
    )
    try:
        office.sender.send(trial(envelope))
    finally:
        office.sender.rest()


def beat(now: dt.datetime) -> None:
    """Write down that the schedule is alive. Technical, so without an audit row."""
    with writing() as session:
        queries.beat(session, HEARTBEAT, now)


def last_beat() -> dt.datetime | None:
    """When any scheduler last did its round; None before the first."""
    with looking() as session:
        return queries.last_beat(session, HEARTBEAT)
