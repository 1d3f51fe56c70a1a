"""A long queue: planned in seconds, kept through an hour without a mail server, and gone two minutes later."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.mail.failures import Unreachable
from compliance.mail.mails import Mail
from compliance.services.reminder import reminders
from compliance.services.reminder.letters import PostOffice
from compliance.services.reminder.outbox import send_due
from compliance.services.reminder.plans import usual_plan
from compliance.services.reminder.reminders import queue_due
from compliance.services.transaction import looking, writing
from compliance.storage.models import Organisation
from tests.proof.reminders.running import faulty_server, states, until_done, workers
from tests.proof.reminders.scene import DUE_AT, many
from tests.proof.row import SEED

NUMBER = 10_000
Property = Callable[[str, object], None]


class Down:
    def send(self, mail: Mail) -> None:
        del mail
        raise Unreachable("no answer")

    def rest(self) -> None:
        pass


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_an_hour_without_a_mail_server(
    context: object, engine_url: str, tmp_path: Path, record_property: Property
) -> None:
    """Rounds go on, people save, no attempt is counted; and then two workers empty the queue within two minutes."""
    many(NUMBER)
    queue_due(DUE_AT, base_url="https://tracker.example")
    down = PostOffice(Down(), "https://tracker.example", "no-reply@tracker.example")
    rounds = 0
    for seconds in range(0, 3_600, 30):
        now = DUE_AT + dt.timedelta(seconds=seconds)
        queue_due(now, base_url="https://tracker.example")
        assert send_due(now, down, elapsed=lambda: 0) == {"unreachable": 1}
        rounds += 1
    start = time.monotonic()
    with writing() as session:
        session.get_one(Organisation, 1).description_en = "Saved in the meantime"
    saved = time.monotonic() - start
    assert states() == {"queued": NUMBER}
    back = DUE_AT + dt.timedelta(hours=1)
    with faulty_server(SEED, 0) as inbox, workers(engine_url, inbox.url, tmp_path / "log", moment=back):
        drained = until_done(600)
    record_property(
        "result", f"{rounds} rounds without a server, a save in {saved * 1000:.0f} ms, then {NUMBER} in {drained:.0f} s"
    )
    assert saved < 1
    assert (len(inbox.counts), inbox.duplicates) == (NUMBER, 0)
    assert drained <= 120


@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
def test_the_plan_for_ten_thousand_people(context: object, engine: str, record_property: Property) -> None:
    """What is due among ten thousand companies with the whole usual plan: found, and a round that finds nothing."""
    many(NUMBER, plan=usual_plan())
    took = []
    found = reminders._Found()
    for _ in range(3):
        start = time.process_time()
        with looking() as session:
            found = reminders._find(session, DUE_AT)
        took.append(time.process_time() - start)
    assert len(found.watch) == NUMBER
    assert len(found.due) >= NUMBER
    start = time.monotonic()
    queued = queue_due(DUE_AT, base_url="https://tracker.example")
    queueing = time.monotonic() - start
    start = time.monotonic()
    queue_due(DUE_AT, base_url="https://tracker.example")
    idle = time.monotonic() - start
    record_property(
        "result",
        f"{engine}: planned in {min(took):.2f} s, {queued.messages} queued in {queueing:.1f} s, an idle round {idle * 1000:.0f} ms",
    )
    assert min(took) <= 2
    assert queueing <= 60
    assert idle <= 0.5
