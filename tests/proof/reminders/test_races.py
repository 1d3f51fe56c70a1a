"""A company submits at the very moment at which a worker takes its reminder: what was submitted first is not sent."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from compliance.mail.mails import Mail
from compliance.services.reminder.letters import PostOffice
from compliance.services.reminder.outbox import send_due
from compliance.services.reminder.reminders import queue_due
from compliance.services.transaction import looking
from compliance.storage.database import db
from compliance.storage.models import Organisation, Participation
from tests.proof.reminders.scene import DUE_AT, many, submit
from tests.proof.row import SEED

RACES = 1_000


class Noted:
    """Notes when each mail was handed over, in the order of things."""

    def __init__(self, note: Callable[[str, str], None]) -> None:
        self.note = note

    def send(self, mail: Mail) -> None:
        self.note("sent", mail.text.split("* ")[1].split(" – ")[0])

    def rest(self) -> None:
        pass


@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
def test_what_was_submitted_before_the_last_look_is_not_sent(
    context: Flask, engine: str, record_property: Callable[[str, object], None]
) -> None:
    """The last look begins with the statement that claims: whoever has committed before it must not get a mail."""
    races = RACES // 2
    cycle = many(races)
    queue_due(DUE_AT, base_url="https://tracker.example")
    with looking() as session:
        query = select(Participation.company_id, Organisation.name).join(
            Organisation, Organisation.id == Participation.company_id
        )
        names = {row[0]: row[1] for row in session.execute(query.where(Participation.cycle_id == cycle))}
    order: list[tuple[str, str]] = []
    lock = threading.Lock()

    def note(what: str, company: str) -> None:
        with lock:
            order.append((what, company))

    looks = threading.local()

    def begins(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if getattr(looks, "sends", False) and "FROM participation" in statement:
            note("look", "")

    event.listen(db.engine, "before_cursor_execute", begins)
    companies = list(names)
    random.Random(SEED).shuffle(companies)
    ready = threading.Barrier(2)

    def work() -> None:
        looks.sends = True
        with context.app_context():
            ready.wait()
            office = PostOffice(Noted(note), "https://tracker.example", "no-reply@tracker.example")
            send_due(DUE_AT, office, lease=dt.timedelta(hours=1))

    def sign() -> None:
        with context.app_context():
            ready.wait()
            for id in companies:
                submit(cycle, [id])
                note("submitted", names[id])

    threads = [threading.Thread(target=work), threading.Thread(target=sign)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong, close = _sent_after_submission(order)
    record_property(
        "result", f"{engine}: {races} races, {close} mails not sent, {wrong} sent although submitted before"
    )
    assert wrong == 0
    assert 0 < close < races, "both won some races"


def _sent_after_submission(order: list[tuple[str, str]]) -> tuple[int, int]:
    """Mails whose last look began after the submission was committed; and companies that got none."""
    submitted_at = {company: place for place, (what, company) in enumerate(order) if what == "submitted"}
    wrong, last_look, sent = 0, -1, set()
    for place, (what, company) in enumerate(order):
        if what == "look":
            last_look = place
        elif what == "sent":
            sent.add(company)
            wrong += submitted_at.get(company, len(order)) < last_look
    return wrong, len(submitted_at.keys() - sent)
