"""The desk of staff for reminders: what will go to whom, what went, what failed and why; send again, send now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.errors import NotAllowed, NotFound
from compliance.domain.messages import MessageAct, MessageState, move_message
from compliance.domain.permissions import Actor, Permission, Record, allows
from compliance.domain.reminders import ACCOUNT, REMINDER
from compliance.services import audit
from compliance.services.actors import require
from compliance.services.reminder.outlook import WILL_GO, Line, lines
from compliance.services.reminder.reminders import message_row
from compliance.services.reminder.sources import Round
from compliance.services.transaction import reading, writing
from compliance.storage.bulk import insert_missing
from compliance.storage.models import Message, Organisation, Reminder, ReminderPause
from compliance.storage.queries import reminder_desk as queries
from compliance.storage.queries import reminder_people as people

#: The longest range of days that one page shows, and the most lines on it.
LONGEST: Final = dt.timedelta(days=92)
MOST_LINES: Final = 200
_LATELY: Final = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Desk:
    """What goes in a range of days, and how things stand."""

    first: dt.date
    last: dt.date
    lines: Sequence[Line]
    total: int
    page: int
    counts: Mapping[str, int]
    pauses: Sequence[tuple[ReminderPause, str | None]]
    may_manage: bool
    may_pause_all: bool

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // MOST_LINES))


def led(actor: Actor) -> Record:
    """Everything on the desk is about companies that the person's own country leads on."""
    return Record(lead_country=actor.country)


def desk(actor: Actor, first: dt.date, last: dt.date, *, company: str, page: int, now: dt.datetime) -> Desk:
    """What went and what will go to whom from `first` to `last`, local days of the recipients; a dry run, no change.

    `company` narrows it to companies whose name holds the text. The range is cut to LONGEST.
    """
    require(actor, Permission.REMINDERS_VIEW, led(actor))
    session = reading()
    last = max(first, min(last, first + LONGEST))
    companies = queries.led_by(actor)
    if company:
        companies = companies.where(Organisation.name.icontains(company, autoescape=True))
    found = [
        line
        for line in lines(Round(session, now), companies)
        if first <= line.goes_at.astimezone(line.zone).date() <= last and (line.will_go or line.message_id)
    ]
    start = (page - 1) * MOST_LINES
    return Desk(
        first=first,
        last=last,
        lines=found[start : start + MOST_LINES],
        total=len(found),
        page=page,
        counts=queries.counts(session, actor, now - _LATELY),
        pauses=queries.pauses(session, actor),
        may_manage=allows(actor, Permission.REMINDERS_MANAGE, led(actor)),
        may_pause_all=allows(actor, Permission.REMINDERS_PAUSE_ALL),
    )


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of the list of messages."""

    messages: Sequence[Message]
    page: int
    more: bool


def messages(actor: Actor, state: str, page: int) -> MessagePage:
    """What went, waits or failed, newest first."""
    require(actor, Permission.REMINDERS_VIEW, led(actor))
    known = state if state in set(MessageState) else ""
    found = queries.messages(reading(), actor, known, page)
    return MessagePage(found[: queries.PAGE], page, len(found) > queries.PAGE)


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. `text` is what was sent; "" before, and always for mails about accounts: those are private."""

    message: Message
    subject: str
    text: str
    may_retry: bool
    may_send_now: bool


def message(actor: Actor, id: int) -> MessageView:
    """One message; raises NotFound for one to people of others."""
    require(actor, Permission.REMINDERS_VIEW, led(actor))
    found = queries.message(reading(), actor, id)
    if found is None:
        raise NotFound(f"message {id}")
    may = allows(actor, Permission.REMINDERS_MANAGE, led(actor))
    readable = found.kind != ACCOUNT
    return MessageView(
        found,
        found.data.get("subject", "") if readable else "",
        found.data.get("text", "") if readable else "",
        may_retry=may and found.state == MessageState.FAILED,
        may_send_now=may and found.state == MessageState.QUEUED,
    )


def retry(actor: Actor, id: int, *, now: dt.datetime) -> None:
    """Let a failed message go once more, from the first attempt on. Raises NotAllowed for any other."""
    require(actor, Permission.REMINDERS_MANAGE, led(actor))
    with writing() as session:
        found = _message(session, actor, id)
        found.state = move_message(MessageState(found.state), MessageAct.RETRY)
        found.attempts, found.not_before = 0, now
        _audit(session, actor, "message.retry", found, now)


def send_now(actor: Actor, id: int, *, now: dt.datetime) -> None:
    """Let a message that waits go with the next round, whatever the hour. Raises NotAllowed for any other."""
    require(actor, Permission.REMINDERS_MANAGE, led(actor))
    with writing() as session:
        found = _message(session, actor, id)
        if found.state != MessageState.QUEUED:
            raise NotAllowed(f"a message that is {found.state} does not wait")
        found.not_before, found.data = now, {**found.data, "at_once": True}
        _audit(session, actor, "message.send_now", found, now)


def _message(session: Session, actor: Actor, id: int) -> Message:
    found = queries.message(session, actor, id, lock=True)
    if found is None:
        raise NotFound(f"message {id}")
    return found


def _audit(session: Session, actor: Actor, action: str, found: Message, now: dt.datetime) -> None:
    after = {"recipient": found.recipient_key, "kind": found.kind}
    audit.record(
        session,
        actor,
        action,
        f"message:{found.id}",
        now=now,
        organisation_id=actor.organisation_id,
        after=after,
    )


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    address: str
    present: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a person was or was not reminded: each stage about the company, what went and what did not."""

    company: Organisation
    people: Sequence[Person]
    person: Person | None
    lines: Sequence[Line]
    not_for_them: Sequence[Line]  # what others of the company are reminded of and this person is not
    pause: ReminderPause | None
    may_manage: bool


def explain(actor: Actor, slug: str, recipient_key: str, *, now: dt.datetime) -> Explained:
    """Every stage about a company for one of its people, with what became of it. Raises NotFound beyond the scope."""
    require(actor, Permission.REMINDERS_VIEW, led(actor))
    session = reading()
    company = queries.company(session, actor, slug)
    if company is None:
        raise NotFound(slug)
    known = [Person(*row) for row in queries.people_of(session, company.id)]
    person = next((each for each in known if each.key == recipient_key), None)
    if recipient_key and person is None:
        raise NotFound(recipient_key)
    everything = lines(Round(session, now), select(Organisation.id).where(Organisation.id == company.id))
    own = [line for line in everything if person and line.key.recipient_key == person.key]
    return Explained(
        company=company,
        people=known,
        person=person,
        lines=[line for line in own if line.about != "digest"],
        not_for_them=_of_others(everything, own) if person else (),
        pause=queries.current_pause(session, company.id) or queries.current_pause(session, None),
        may_manage=allows(actor, Permission.REMINDERS_MANAGE, led(actor)),
    )


def _of_others(everything: Sequence[Line], own: Sequence[Line]) -> list[Line]:
    """One line for each stage that others have and the person has not, in the order of time."""
    had = {line.key._replace(recipient_key="") for line in own}
    found: dict[object, Line] = {}
    for line in everything:
        stage = line.key._replace(recipient_key="")
        if stage not in had and line.about != "digest":
            found.setdefault(stage, line)
    return list(found.values())


def remind_now(actor: Actor, slug: str, recipient_key: str, name: str, *, now: dt.datetime, base_url: str) -> None:
    """Send one reminder of the plan at once, ahead of its time or although it was passed over.

    `name` is "about.id.stage.occurrence", as `Line.name_of_stage` gives it. It is recorded as the stage itself, so it
    does not come again. Raises NotAllowed for what went already or no longer waits.
    """
    require(actor, Permission.REMINDERS_MANAGE, led(actor))
    shown = explain(actor, slug, recipient_key, now=now)
    line = next((line for line in shown.lines if line.name_of_stage == name), None)
    if line is None:
        raise NotFound(name)
    if line.standing not in (WILL_GO, "waiting"):
        raise NotAllowed(f"this reminder is {line.standing}")
    with writing() as session:
        place = people.places(session, [recipient_key])[recipient_key]
        row = Message(**message_row(place, REMINDER, None, now, base_url, at_once=True))
        session.add(row)
        session.flush()
        _put_into(session, line, row, now)
        _audit(session, actor, "reminder.send_now", row, now)


def _put_into(session: Session, line: Line, message: Message, now: dt.datetime) -> None:
    """Record the stage, or take the record that waits, and give it the message."""
    values = {"company_id": line.company_id, "kind": line.kind, "created_at": now, "go_at": now, "dropped_reason": ""}
    insert_missing(session, Reminder, [{**line.key._asdict(), **values}], Reminder.id)
    same = [getattr(Reminder, field) == value for field, value in line.key._asdict().items()]
    row = session.scalars(select(Reminder).where(*same).with_for_update()).one()
    if row.message_id is not None or row.dropped_reason:
        raise NotAllowed("this reminder went meanwhile")
    row.message_id = message.id
