"""Several workers, and workers that die: nothing is lost, and nothing goes twice without need."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from itertools import cycle

import pytest

from compliance.domain.messages import DELAYS
from compliance.mail.mails import Mail
from compliance.mail.senders import FolderSender, MemorySender
from compliance.services.reminder import outbox
from compliance.services.reminder.outbox import (
    LEASE,
    Outcome,
    send_due,
)
from compliance.services.reminder.reminders import queue_due
from tests.services.reminder_world import (
    BASE_URL,
    SOON,
    Failing,
    leave,
    messages,
    office,
    world,
)
from tests.support import factories

MINUTE = dt.timedelta(minutes=1)


def queue(now: dt.datetime = SOON) -> None:
    queue_due(now, base_url=BASE_URL)


@pytest.fixture
def made():
    """A company with one person to remind."""
    made = world()
    leave(made.contributor, SOON)
    queue()
    return made


def send(now: dt.datetime, sender, **options) -> Counter[Outcome]:
    """A pass in which no time passes."""
    return send_due(now, office(sender), elapsed=lambda: 0, **options)


class Killed(BaseException):
    """The worker is gone, without a chance to tidy up."""


def test_a_worker_killed_before_sending_loses_nothing(made):
    with pytest.raises(Killed):
        send(SOON, Failing(Killed()))
    sender = MemorySender()
    assert send(SOON + LEASE - MINUTE, sender) == {}
    assert send(SOON + LEASE, sender) == {Outcome.SENT: 1}
    assert messages()[0].attempts == 2


def test_a_worker_killed_between_sending_and_marking_repeats_the_same_message_id(made, monkeypatch):
    sender = MemorySender()

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_mark", killed)
        with pytest.raises(Killed):
            send(SOON, sender)
    assert send(SOON + LEASE, sender) == {Outcome.SENT: 1}
    assert len(sender.mails) == 2
    assert len({mail.message_id for mail in sender.mails}) == 1


def test_in_a_folder_the_second_attempt_leaves_one_mail(made, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_mark", lambda *_args: Outcome.LEASE_LOST)
        send(SOON, FolderSender(tmp_path))
    assert send(SOON + LEASE, FolderSender(tmp_path)) == {Outcome.SENT: 1}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_message_that_kills_every_worker_is_given_up(made):
    now = SOON
    for _ in range(len(DELAYS) + 1):
        with pytest.raises(Killed):
            send(now, Failing(Killed()))
        now += LEASE
    assert send(now, MemorySender()) == {Outcome.FAILED: 1}


def test_a_worker_that_outlives_its_lease_marks_nothing(made):
    """It was asleep: another worker has sent the message. What it writes must not undo that."""

    class Slow(MemorySender):
        def send(self, mail: Mail) -> None:
            send(SOON + LEASE, others)
            super().send(mail)

    others = MemorySender()
    assert send(SOON, Slow()) == {Outcome.LEASE_LOST: 1}
    (message,) = messages()
    assert (message.state, message.sent_at) == ("sent", SOON + LEASE)


def test_a_lease_counts_from_its_claim_and_not_from_the_start_of_the_pass(made):
    """A pass that has run for an hour claims its next message for as long as the first one."""
    seen = []

    class Looks(MemorySender):
        def send(self, mail: Mail) -> None:
            seen.append((mail.date, messages()[0].lease_until))

    send_due(SOON, office(Looks()), elapsed=lambda: 3600.0)
    assert seen == [(SOON + dt.timedelta(hours=1), SOON + dt.timedelta(hours=1) + LEASE)]


def two_workers(context, sender, lease: dt.timedelta) -> list[str]:
    """Both send at once until nothing is left; the Message-IDs that went."""
    ready = threading.Barrier(2)
    failures = []

    def work() -> None:
        with context.app_context():
            ready.wait()
            try:
                send_due(SOON, office(sender), lease=lease, limit=60)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    return [mail.message_id for mail in sender.mails]


class Unhurried(MemorySender):
    """Takes long enough for the other worker to look, and never equally long, so that the two do not keep step."""

    def __init__(self) -> None:
        super().__init__()
        self._pauses = cycle((0.002, 0.03, 0.015))

    def send(self, mail: Mail) -> None:
        time.sleep(next(self._pauses))
        super().send(mail)


def test_two_workers_send_each_message_once(context):
    round_of_15 = factories.cycle()
    for _ in range(15):
        world(round_of_15)
    queue()
    sent = two_workers(context, Unhurried(), LEASE)
    assert len(sent) == len(set(sent)) == 30


def test_without_the_lease_two_workers_send_messages_twice(context):
    """The canary of the test above: it would notice."""
    round_of_15 = factories.cycle()
    for _ in range(15):
        world(round_of_15)
    queue()
    sent = two_workers(context, Unhurried(), -MINUTE)  # over before it begins
    assert len(sent) > len(set(sent))
