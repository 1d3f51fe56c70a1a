"""A company that is to be reminded, and looks into the outbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from compliance.mail.mails import Mail
from compliance.mail.senders import Sender
from compliance.services.reminder.outbox import PostOffice
from compliance.services.transaction import looking, writing
from compliance.storage.models import Cycle, Membership, Message, Organisation, Participation, Reminder, User
from tests.support import factories

BASE_URL = "https://tracker.example"
SECRET = "signs the links that end mails"
#: The standard cycle is due on 30 September; these are moments in Toronto (UTC-4).
BEFORE = dt.datetime(2026, 9, 23, 12, 59, tzinfo=dt.UTC)
SOON = dt.datetime(2026, 9, 23, 13, 0, tzinfo=dt.UTC)
#: Three days after it is a Saturday: the reminder comes when work begins again.
LATE = dt.datetime(2026, 10, 5, 13, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class World:
    cycle: Cycle
    company: Organisation
    participation: Participation
    lead: User
    contributor: User
    viewer: User


def world(cycle: Cycle | None = None, invitation: str = "accepted", **company: Any) -> World:
    """A company that takes part in the standard cycle, with a lead (French), a contributor and a viewer."""
    cycle = cycle or factories.cycle()
    made = factories.organisation(**company)
    return World(
        cycle=cycle,
        company=made,
        participation=factories.participation(cycle, made, invitation),
        lead=factories.user(made, "lead", "contributor", language="fr"),
        contributor=factories.user(made, "contributor"),
        viewer=factories.user(made, "viewer"),
    )


def office(sender: Sender) -> PostOffice:
    return PostOffice(sender, BASE_URL, "no-reply@tracker.example", secret=SECRET)


class Failing:
    """Raises what it is given, one after the other; then keeps mails. None in between sends."""

    def __init__(self, *failures: BaseException | None) -> None:
        self.failures = list(failures)
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        self.mails.append(mail)

    def rest(self) -> None:
        pass


def messages() -> list[Message]:
    with looking() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def reminders() -> list[Reminder]:
    with looking() as session:
        return list(session.scalars(select(Reminder).order_by(Reminder.id)))


def change(row: Any, **values: Any) -> None:
    """Change a stored row as somebody else would."""
    with writing() as session:
        stored = session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(stored, name, value)


def leave(person: User, at: dt.datetime) -> None:
    with writing() as session:
        for row in session.scalars(select(Membership).where(Membership.user_id == person.id)):
            row.ended_at = at
