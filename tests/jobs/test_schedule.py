"""The tick and the worker: they keep going, stop cleanly, and do not overlap."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from compliance.jobs import scheduler
from compliance.jobs.scheduler import start_scheduler, tick
from compliance.mail.mails import Mail
from compliance.mail.senders import MemorySender
from compliance.mail.smtp import SmtpSender, server_of
from compliance.services.reminder import work_calendars
from compliance.services.reminder.outbox import LEASE, last_beat, send_due
from tests.services.reminder_world import SOON, messages, office, world
from tests.support import factories
from tests.support.engines import both_engines
from tests.support.mail import mail_server, open_calendar, with_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def settings(context):
    """All that the schedule asks of the application."""
    return with_settings(context, "memory:")


def never() -> bool:
    return False


def test_a_round_queues_sends_and_leaves_a_heartbeat(context):
    made = world()
    sender = MemorySender()
    tick(context, office(sender), stop=never, clock=lambda: SOON)
    assert {mail.to_address for mail in sender.mails} == {made.lead.email, made.contributor.email}
    assert last_beat() == SOON
    tick(context, office(sender), stop=never, clock=lambda: SOON)
    assert len(sender.mails) == 2


def test_a_fault_in_queueing_does_not_keep_back_what_is_queued(context, monkeypatch):
    world()
    sender = MemorySender()
    tick(context, office(sender), stop=lambda: True, clock=lambda: SOON)
    assert {row.state for row in messages()} == {"queued"}

    def breaks(*args, **kwargs):
        raise RuntimeError("queueing is broken")

    monkeypatch.setattr(scheduler, "queue_due", breaks)
    tick(context, office(sender), stop=never, clock=lambda: SOON)
    assert len(sender.mails) == 2


def test_a_long_queue_beats_on_the_way(context, monkeypatch):
    monkeypatch.setattr(scheduler, "_BATCH", 2)
    beats: list[dt.datetime] = []
    monkeypatch.setattr(scheduler, "beat", beats.append)
    cycle = factories.cycle()
    for _ in range(3):
        world(cycle)
    tick(context, office(MemorySender()), stop=never, clock=lambda: SOON)
    assert {row.state for row in messages()} == {"sent"}
    assert len(beats) == 4  # after 2, 4, 6 and none


def wait_until(true, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def test_rounds_never_overlap_and_survive_a_fault(context, monkeypatch):
    running, most, rounds = [], [], []

    def round_of(*args, **kwargs):
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        rounds.append(1)
        raise RuntimeError("this round is broken")

    monkeypatch.setattr(scheduler, "tick", round_of)
    schedule = start_scheduler(context, seconds=0.02)
    wait_until(lambda: len(rounds) >= 3)
    schedule.stop()
    assert max(most) == 1
    done = len(rounds)
    time.sleep(0.1)
    assert len(rounds) == done


def test_stopping_finishes_the_message_under_way_and_no_other(context, monkeypatch):
    cycle = factories.cycle()
    for _ in range(3):
        world(cycle)
    begun = threading.Event()

    class Slow(MemorySender):
        def send(self, mail: Mail) -> None:
            begun.set()
            time.sleep(0.2)
            super().send(mail)

    sender = Slow()
    monkeypatch.setattr(scheduler, "office_of", lambda _app: office(sender))
    original = tick
    monkeypatch.setattr(scheduler, "tick", lambda *args, **kwargs: original(*args, **kwargs, clock=lambda: SOON))
    schedule = start_scheduler(context)
    assert begun.wait(10)
    schedule.stop()
    assert len(sender.mails) == 1
    assert sorted(row.state for row in messages()) == ["queued"] * 5 + ["sent"]


WORKER = """
import sys
from compliance.jobs.worker import run_worker
from tests.support.engines import bare_app
from tests.support.mail import always_open, with_settings
always_open()
with bare_app(sys.argv[1]) as app:
    run_worker(with_settings(app, sys.argv[2]), seconds=0.2)
"""


def start_worker(url: str, mail_url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, url, mail_url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )


def due_now() -> None:
    """A company with two people to remind, on the real clock."""
    today = dt.datetime.now(dt.UTC).date()
    world(factories.cycle(due_on=today + dt.timedelta(days=3), opens_on=today - dt.timedelta(days=60)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_sends_and_stops_when_asked(context, engine_url, tmp_path, number):
    due_now()
    mails = tmp_path / "mail"
    worker = start_worker(engine_url, f"folder:{mails}")
    try:
        wait_until(lambda: {row.state for row in messages()} == {"sent"}, 30)
        worker.send_signal(number)
        _, errors = worker.communicate(timeout=10)
    finally:
        worker.kill()
        worker.wait()
    assert worker.returncode == 0, errors.decode()
    assert b"Traceback" not in errors
    assert len(list(mails.glob("*.eml"))) == 2


@both_engines
def test_a_worker_killed_while_the_server_takes_the_mail(context, engine_url, monkeypatch):
    """kill -9 after the server has the mail and before the worker knows: twice at most, and the same Message-ID."""
    monkeypatch.setattr(work_calendars, "_calendar", open_calendar)
    due_now()
    held = threading.Event()
    killed = threading.Event()

    def hold(mail: EmailMessage) -> str:
        if not killed.is_set():
            inbox.accepted.append(mail)  # the server has it, whatever becomes of its answer
        held.set()
        killed.wait(30)
        return "250 fine"

    with mail_server() as inbox:
        inbox.at_end = hold
        worker = start_worker(engine_url, inbox.url)
        try:
            assert held.wait(30)
        finally:
            worker.kill()
            worker.communicate()
            killed.set()
        assert len(inbox.accepted) == 1
        post = office(SmtpSender(server_of(inbox.url)))
        now = dt.datetime.now(dt.UTC)
        assert send_due(now, post).total() == 1, "the other message; this one is still under its lease"
        assert send_due(now + LEASE, post).total() == 1
        assert {row.state for row in messages()} == {"sent"}
        assert len(inbox.ids) == 3
        assert set(inbox.ids) == {row.message_id for row in messages()}
