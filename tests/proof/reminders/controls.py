"""The controls that rows of the group `reminders` switch off, by name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from tests.proof.off import replace


def reminder_retry() -> None:
    """A mail that did not go at once is given up."""
    from compliance.services.reminder import outbox

    replace(outbox, "next_attempt", lambda *_args: None)


def reminder_lease() -> None:
    """Whatever is not sent yet may be taken, also by a second worker while the first one is at it."""
    from sqlalchemy import and_

    from compliance.domain.messages import MessageState
    from compliance.storage.models import Message
    from compliance.storage.queries import outbox

    def ready(session: Any, now: dt.datetime) -> Any:
        waiting = Message.state.in_([MessageState.QUEUED, MessageState.CLAIMED])
        return outbox._first_unlocked(session, and_(waiting, Message.not_before <= now))

    replace(outbox, "ready_message", ready)


def stable_message_id() -> None:
    """Each attempt is a new mail to whoever receives it."""
    from compliance.services.reminder import letters

    honest = letters.envelope_of

    def envelope_of(*args: Any) -> Any:
        made = honest(*args)
        return made and dataclasses.replace(made, message_id=f"<{secrets.token_hex(16)}@tracker.example>")

    replace(letters, "envelope_of", envelope_of)


def reminder_verdict() -> None:
    """Every stage that has come goes, whatever came after it."""
    from compliance.domain import reminder_rules

    replace(reminder_rules, "_verdict", lambda *_args: None)


def reminder_record() -> None:
    """What was sent is forgotten before each round."""
    from sqlalchemy import delete

    from compliance.services.reminder import reminders as services
    from compliance.storage import bulk
    from compliance.storage.models import Message, Reminder
    from compliance.storage.queries import reminders

    honest = bulk.insert_missing

    def insert_missing(session: Any, table: Any, *args: Any) -> Any:
        if table is Reminder:
            session.execute(delete(Reminder))
            session.execute(delete(Message))
        return honest(session, table, *args)

    replace(services, "insert_missing", insert_missing)
    replace(reminders, "recorded", lambda *_args: set())
    replace(reminders, "watch", lambda *_args: None)


def own_zone() -> None:
    """A day is a day in UTC, wherever somebody is."""
    from compliance.domain.working_time import WorkCalendar

    replace(WorkCalendar, "at", lambda _self, day, time: dt.datetime.combine(day, time, tzinfo=dt.UTC))


def dry_run() -> None:
    """The calendar shows days in UTC, wherever the recipient is."""
    from zoneinfo import ZoneInfo

    from compliance.services.reminder import outlook

    honest = outlook._named

    def named(*args: Any) -> Any:
        return (dataclasses.replace(line, zone=ZoneInfo("UTC")) for line in honest(*args))

    replace(outlook, "_named", named)


def link_header() -> None:
    """The header with the link is folded and encoded like any other."""
    from email.policy import SMTP

    from compliance.mail import mails

    replace(mails, "_POLICY", SMTP)


def one_line() -> None:
    """What people typed goes into headers as it is."""
    from compliance.mail import mails, messages

    for module in (mails, messages):
        replace(module, "one_line", lambda text, _limit: text)


def looking_changes_nothing() -> None:
    """The page of the link that ends mails ends them when it is opened."""
    from compliance.services.reminder import mail_preferences

    def stopping(token: str, secret: str) -> Any:
        return mail_preferences.stop(token, secret, now=dt.datetime.now(dt.UTC))

    replace(mail_preferences, "stopping", stopping)


def unreachable() -> None:
    """A server that is down is the fault of the mail."""
    from compliance.services.reminder import outbox

    class Never(Exception):
        pass

    replace(outbox, "Unreachable", Never)


def reminder_ladder() -> None:
    """Where nobody of a stage's audience is left, nobody is reminded."""
    from compliance.domain import reminder_rules

    replace(reminder_rules, "audience_of", lambda stage, _subject: stage.audience)


def desk_scope() -> None:
    """Staff see the messages of all countries."""
    from sqlalchemy import select, true

    from compliance.storage.models import Organisation
    from compliance.storage.queries import reminder_desk

    replace(reminder_desk, "_within", lambda _actor: true())
    replace(reminder_desk, "led_by", lambda _actor: select(Organisation.id).where(Organisation.kind == "company"))


def secret_at_sending() -> None:
    """No link is made when an account mail goes."""
    from compliance.services.reminder import letters

    replace(letters, "link_of", lambda *_args: "")


CONTROLS: dict[str, Callable[[], None]] = {
    control.__name__: control
    for control in (
        reminder_retry,
        reminder_lease,
        stable_message_id,
        reminder_verdict,
        reminder_record,
        own_zone,
        dry_run,
        link_header,
        one_line,
        looking_changes_nothing,
        unreachable,
        reminder_ladder,
        desk_scope,
        secret_at_sending,
    )
}
