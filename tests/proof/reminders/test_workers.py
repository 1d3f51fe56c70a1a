"""Two workers at work: with a server that fails, without faults, and killed again and again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from compliance.services.reminder.reminders import queue_due
from compliance.services.transaction import looking
from compliance.storage.models import Message, Organisation, Participation, Reminder
from tests.proof.reminders.running import faulty_server, states, until_done, workers
from tests.proof.reminders.scene import DUE_AT, many, submit
from tests.proof.row import SEED

REMINDERS, SUBMITTED, KILLS, ROUNDS = 10_000, 1_000, 20, 15
Property = Callable[[str, object], None]
postgres = pytest.mark.parametrize("engine", ["postgres"], indirect=True)
both = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def companies(cycle_id: int) -> list[int]:
    with looking() as session:
        query = select(Participation.company_id).where(Participation.cycle_id == cycle_id).order_by(Organisation.id)
        return list(session.scalars(query.join(Organisation, Organisation.id == Participation.company_id)))


def ids_of(company_ids: list[int]) -> set[str]:
    """The Message-IDs about these companies."""
    wanted = set(company_ids)
    with looking() as session:
        rows = session.execute(
            select(Reminder.company_id, Message.message_id).join(Message, Message.id == Reminder.message_id)
        )
        return {row[1] for row in rows if row[0] in wanted}


@postgres
def test_a_server_that_fails_and_workers_that_die(
    context: object, engine_url: str, tmp_path: Path, record_property: Property
) -> None:
    """451 to a tenth, a tenth dropped before and a tenth after acceptance, twenty kills: nobody is missed or annoyed."""
    chance = random.Random(SEED)
    cycle = many(REMINDERS)
    queue_due(DUE_AT, base_url="https://tracker.example")
    has_submitted = chance.sample(companies(cycle), SUBMITTED)
    submit(cycle, has_submitted)
    kills = 0
    with faulty_server(SEED, 0.1) as inbox, workers(engine_url, inbox.url, tmp_path / "log") as running:
        next_kill = time.monotonic() + 4

        def kill() -> None:
            nonlocal kills, next_kill
            if kills < KILLS and time.monotonic() > next_kill:
                running.kill(chance.randrange(2))
                running.start()
                kills, next_kill = kills + 1, time.monotonic() + 2 + chance.random()

        seconds = until_done(1_000, kill)
    submitted, everybody = ids_of(has_submitted), ids_of(companies(cycle))
    missing = len(everybody - submitted - inbox.counts.keys())
    annoyed = len(submitted & inbox.counts.keys())
    record_property(
        "result",
        f"{len(inbox.counts)} people reminded in {seconds:.0f} s, {inbox.refusals} × 451, {inbox.drops_before} + "
        f"{inbox.drops_after} drops, {kills} kills: {missing} missing, {annoyed} to those who submitted, "
        f"{inbox.duplicates} twice",
    )
    assert (len(everybody), len(submitted)) == (REMINDERS, SUBMITTED)
    assert (missing, annoyed) == (0, 0)
    assert kills == KILLS
    assert inbox.drops_after > 500
    assert inbox.duplicates <= inbox.drops_after + kills
    assert set(states()) == {"sent", "cancelled"}


@both
def test_without_faults_nobody_is_reminded_twice(
    context: object, engine_url: str, engine: str, tmp_path: Path, record_property: Property
) -> None:
    """Fifteen rounds, ten on PostgreSQL and five on SQLite, two workers each."""
    rounds = ROUNDS // 3 if engine == "sqlite" else ROUNDS - ROUNDS // 3
    size = REMINDERS // ROUNDS
    with faulty_server(SEED, 0) as inbox, workers(engine_url, inbox.url, tmp_path / "log") as _running:
        for number in range(1, rounds + 1):
            many(size)
            queue_due(DUE_AT, base_url="https://tracker.example")
            until_done(200)
            assert len(inbox.counts) == number * size
            assert inbox.duplicates == 0, f"round {number}"
    record_property("result", f"{engine}: {rounds} rounds of {size}, {inbox.duplicates} twice")


@both
def test_kills_alone_repeat_at_most_one_mail_each(
    context: object, engine_url: str, engine: str, tmp_path: Path, record_property: Property
) -> None:
    chance = random.Random(SEED)
    many(1_500)
    queue_due(DUE_AT, base_url="https://tracker.example")
    kills = 0
    with faulty_server(SEED, 0) as inbox, workers(engine_url, inbox.url, tmp_path / "log", lease=3) as running:
        next_kill = time.monotonic() + 4

        def kill() -> None:
            nonlocal kills, next_kill
            if kills < KILLS // 2 and time.monotonic() > next_kill:
                running.kill(chance.randrange(2))
                running.start()
                kills, next_kill = kills + 1, time.monotonic() + 1 + chance.random()

        until_done(400, kill)
    record_property("result", f"{engine}: {kills} kills, {inbox.duplicates} twice under the same Message-ID")
    with looking() as session:
        known = set(session.scalars(select(Message.message_id)))
    assert inbox.counts.keys() == known, "each mail, and under no other Message-ID"
    assert inbox.duplicates <= kills
    assert set(states()) == {"sent"}
