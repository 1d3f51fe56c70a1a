"""Guessing passwords and codes: limits that hold across addresses, processes and restarts; one answer, one time."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask_security import hash_password
from passlib.totp import TOTP

from compliance.config import Settings
from compliance.domain.accounts import Limit
from compliance.domain.errors import Invalid, TooMany
from compliance.services.account import second_factors, sign_in
from compliance.services.account.sessions import Device, current
from compliance.services.account.sign_in import From, KnownDevice, Passwords
from compliance.services.account.vault import Vault
from tests.support import factories as make
from tests.support.engines import both_engines

PASSWORD = "a fine long password"
START = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
TRIES, ADDRESSES = 1_000, 50


def test_a_thousand_tries_from_fifty_addresses(
    app: Flask, settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    from compliance.factory import create_app

    with app.app_context():
        password = hash_password(PASSWORD)
    person = make.user(make.organisation(), "lead", email="ada@harbour.example", password=password)
    apps = [app, create_app(settings)]
    apps[1].config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    looked_at: list[str] = []
    for each in apps:
        honest: Passwords = each.extensions["passwords"]

        def verify(typed: str, stored: str, honest: Passwords = honest) -> bool:
            looked_at.append(typed)
            return honest.verify(typed, stored)

        each.extensions["passwords"] = Passwords(honest.hash, verify)
    with time_machine.travel(START, tick=False) as clock:
        for number in range(TRIES):
            clock.move_to(START + dt.timedelta(seconds=300 * number / TRIES))
            client = apps[number % 2].test_client(use_cookies=False)  # two processes by turns
            client.post(
                "/sign-in",
                data={"email": person.email, "password": f"guess {number}"},
                environ_base={"REMOTE_ADDR": f"10.0.0.{number % ADDRESSES}"},
            )
        guessed = len(looked_at)
        restarted = create_app(settings)
        restarted.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        assert _answer(restarted, person.email) == 429, "a restart forgets nothing"
        known = KnownDevice("her own", person.id, person.fs_uniquifier)
        with app.app_context():
            came = sign_in.by_password(
                person.email,
                PASSWORD,
                From(Device("10.0.0.1"), known),
                app.extensions["passwords"],
                second_factor=True,
                now=dt.datetime.now(dt.UTC),
            )
        assert came.user_id == person.id
    record_property("result", f"{guessed} of {TRIES} looked at; the owner came in on a known device")
    assert guessed <= 5


def _answer(app: Flask, email: str) -> int:
    client = app.test_client(use_cookies=False)
    return client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code


def test_known_and_unknown_take_the_same_time(app: Flask, record_property: Callable[[str, object], None]) -> None:
    with app.app_context():
        stored = hash_password(PASSWORD)
        company = make.organisation()
        for number in range(200):
            make.user(company, "lead", email=f"known-{number}@harbour.example", password=stored)
        passwords: Passwords = app.extensions["passwords"]
        _time(passwords, "first@nowhere.example", 999)
        times: dict[str, list[float]] = {"known": [], "unknown": []}
        for number in range(200):
            for kind in ("known", "unknown") if number % 2 else ("unknown", "known"):
                times[kind].append(_time(passwords, f"{kind}-{number}@harbour.example", number))
    ratio = median(times["known"]) / median(times["unknown"])
    record_property("result", f"ratio of medians {ratio:.3f} over 200 interleaved pairs")
    assert 0.9 <= ratio <= 1.1


def _time(passwords: Passwords, email: str, number: int) -> float:
    source = From(Device(f"10.1.{number // 250}.{number % 250}"))
    start = perf_counter()
    with pytest.raises(Invalid):
        sign_in.by_password(email, "wrong", source, passwords, second_factor=True, now=START)
    return perf_counter() - start


@both_engines
def test_fifty_threads_show_one_code(
    app: Flask, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    monkeypatch.setattr(second_factors, "CODE_LIMIT", Limit(1_000, dt.timedelta(minutes=15)))
    vault = Vault("only for tests, and long enough for that")
    person = make.user(make.organisation(), "lead")
    client = app.test_client()
    make.sign_in(client, person)
    with client.session_transaction() as stored:
        key = stored["key"]
    now = dt.datetime.now(dt.UTC)
    with app.app_context():
        visit = current(key, now=now)
        assert visit is not None
        enrolment = second_factors.enrol(visit.actor, vault)
        totp = TOTP(key=enrolment.key, format="base32")
        second_factors.keep_app(
            visit, enrolment.sealed, totp.generate(time=now).token, vault, now=now, base_url="https://tracker.example"
        )
    later = now + dt.timedelta(seconds=60)
    code = totp.generate(time=later).token

    def show(_number: int) -> bool:
        with app.app_context():
            try:
                second_factors.show_code(visit, code, vault, now=later)
            except (Invalid, TooMany):
                return False
            return True

    with ThreadPoolExecutor(50) as pool:
        came_through = sum(pool.map(show, range(50)))
    record_property("result", f"{came_through} of 50 threads came through")
    assert came_through == 1


def test_processes_share_the_count(app: Flask, settings: Settings) -> None:
    """Four processes of their own, ten tries each: five of forty are within the limit."""
    code = (
        "import datetime as dt; from compliance.factory import create_app; from compliance.services.account import guessing;"
        "from compliance.domain.accounts import ACCOUNT_LIMIT; app = create_app(); c = app.app_context(); c.push();"
        "print(sum(guessing.within(('account:x', ACCOUNT_LIMIT), now=dt.datetime.now(dt.UTC)) for _ in range(10)))"
    )
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "INSTANCE": str(settings.instance),
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": "memory:",
    }
    if os.environ.get("PROOF_OFF"):
        code = f"from tests.proof import off; off.apply(); {code}"
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    within = [int(process.communicate(timeout=120)[0]) for process in running]
    assert sum(within) == 5
