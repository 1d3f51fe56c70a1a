"""Signing in: password, second factor, limits, sessions that end, and what was typed meanwhile."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from compliance.services.transaction import writing
from compliance.storage.models import AuditEvent, Membership, Organisation, User, UserSession
from tests.support import factories as make
from tests.support.audit_client import AuditClient

PASSWORD = "a fine long password"
START = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation(name="Harbour")


@pytest.fixture
def person(app: Flask, company: Organisation) -> User:
    with app.app_context():
        password = hash_password(PASSWORD)
    return make.user(company, "lead", email="ada@harbour.example", password=password)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def post_password(
    client: FlaskClient, email: str = "ada@harbour.example", password: str = PASSWORD, **options: Any
) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password}, **options)


class Enrolled(NamedTuple):
    key: str
    codes: list[str]


def enrol(client: FlaskClient) -> Enrolled:
    """Set up an app at the first sign-in; its key, and the recovery codes."""
    page = client.get("/sign-in/set-up").text
    key = found(r'<code class="digest">([A-Z2-7 ]+)</code>', page).replace(" ", "")
    sealed = found(r'name="sealed" value="([^"]+)"', page)
    done = client.post("/sign-in/set-up", data={"sealed": sealed, "code": code_of(key)})
    assert "Keep your recovery codes" in done.text
    return Enrolled(key, re.findall(r">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})<", done.text))


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None, pattern
    return match.group(1)


def code_of(key: str) -> str:
    return str(TOTP(key=key, format="base32").generate(time=dt.datetime.now(dt.UTC)).token)


def signed_in(client: AuditClient) -> bool:
    return client.get("/account").status_code == 200


def test_the_password_alone_lets_nobody_in(client: AuditClient, person: User, clock) -> None:
    assert post_password(client).location.endswith("/sign-in/second")
    assert client.get("/services").location.endswith("/sign-in/second?next=/services")
    enrol(client)
    assert signed_in(client)


def test_the_second_factor_is_asked_for_and_not_set_up_anew(client: AuditClient, person: User, clock) -> None:
    post_password(client)
    key = enrol(client).key
    client.post("/sign-out")
    clock.shift(60)
    post_password(client)
    assert client.get("/sign-in/set-up").location.endswith("/sign-in/second"), "nobody replaces the factor they lack"
    assert "The code is not right" in client.post("/sign-in/second", data={"code": "000000"}).text
    assert not signed_in(client)
    assert client.post("/sign-in/second?next=/services", data={"code": code_of(key)}).location == "/services"
    assert signed_in(client)


def test_a_code_and_a_recovery_code_count_once(client: AuditClient, person: User, clock) -> None:
    post_password(client)
    key, codes = enrol(client)
    code, recovery = code_of(key), codes[0]
    clock.shift(1)
    client.post("/sign-out")
    post_password(client)
    assert client.post("/sign-in/second", data={"code": code}).status_code == 422, "the code of the set-up was used"
    assert client.post("/sign-in/second", data={"code": f" {recovery.lower()} "}).status_code == 303
    client.post("/sign-out")
    post_password(client)
    assert client.post("/sign-in/second", data={"code": recovery}).status_code == 422
    assert len(codes) == 10


def test_the_demo_asks_for_the_password_only(client: AuditClient, person: User, monkeypatch) -> None:
    monkeypatch.setattr("compliance.web.visits.second_factor_required", lambda: False)
    assert post_password(client).location == "/"
    assert signed_in(client)


def test_wrong_unknown_closed_and_without_a_role_read_alike(client: AuditClient, person: User, company) -> None:
    password = person.password
    make.user(company, "lead", email="closed@harbour.example", password=password, active=False)
    make.user(email="roleless@harbour.example", password=password)
    make.user(company, "lead", email="invited@harbour.example", password=None)
    for email, typed in (
        ("ada@harbour.example", "wrong"),
        ("nobody@harbour.example", PASSWORD),
        ("closed@harbour.example", PASSWORD),
        ("roleless@harbour.example", PASSWORD),
        ("invited@harbour.example", ""),
    ):
        answer = post_password(client, email, typed)
        assert answer.status_code == 422
        assert "The e-mail address or the password is not right." in answer.text


def test_a_stranger_is_stopped_and_a_known_device_is_not(app: Flask, client: AuditClient, person: User, clock) -> None:
    post_password(client)
    key = enrol(client).key
    client.post("/sign-out")
    stranger = app.test_client()
    answers = [
        post_password(stranger, password=f"guess {n}", environ_base={"REMOTE_ADDR": f"10.0.0.{n % 50}"}).status_code
        for n in range(20)
    ]
    assert answers == [422] * 5 + [429] * 15
    assert post_password(stranger).status_code == 429, "the right one is not even looked at"
    clock.shift(60)
    assert post_password(client).location.endswith("/sign-in/second")
    assert client.post("/sign-in/second", data={"code": code_of(key)}).status_code == 303
    clock.shift(15 * 60)
    assert post_password(stranger).status_code == 303


def test_five_wrong_codes_are_the_last(client: AuditClient, person: User, clock) -> None:
    post_password(client)
    key = enrol(client).key
    client.post("/sign-out")
    clock.shift(60)
    post_password(client)
    codes = [client.post("/sign-in/second", data={"code": f"00000{n}"}).status_code for n in range(7)]
    assert codes == [422] * 5 + [429] * 2
    assert client.post("/sign-in/second", data={"code": code_of(key)}).status_code == 429


@pytest.mark.parametrize(("kind", "role", "minutes"), [("company", "lead", 30), ("government", "reviewer", 15)])
def test_a_session_ends_when_nothing_happens(client: AuditClient, clock, kind: str, role: str, minutes: int) -> None:
    make.sign_in(client, make.user(make.organisation(kind), role))
    for _ in range(3):
        clock.shift((minutes - 1) * 60)
        assert signed_in(client)
    clock.shift(minutes * 60)
    assert not signed_in(client)


def test_no_session_outlives_twelve_hours(client: AuditClient, person: User, clock) -> None:
    make.sign_in(client, person)
    for _ in range(71):
        clock.shift(10 * 60)
        assert signed_in(client)
    clock.shift(10 * 60)
    assert not signed_in(client)


def test_halfway_lasts_ten_minutes(client: AuditClient, person: User, clock) -> None:
    post_password(client)
    clock.shift(10 * 60)
    assert client.get("/sign-in/second").location.endswith("/sign-in?next=/sign-in/second")


def test_a_cookie_is_worth_nothing_after_signing_out(client: AuditClient, person: User) -> None:
    make.sign_in(client, person)
    stolen = client.get_cookie("session")
    assert stolen is not None
    assert signed_in(client)
    client.post("/sign-out")
    client.set_cookie("session", stolen.value)
    assert not signed_in(client)


def test_signing_in_gives_a_new_key_at_each_step(client: AuditClient, person: User, session: Session, clock) -> None:
    def key() -> str:
        with client.session_transaction() as stored:
            return str(stored["key"])

    post_password(client)
    first = key()
    enrol(client)
    assert key() != first
    assert first not in str([row.__dict__ for row in session.scalars(select(UserSession))]), "only its hash is kept"


@pytest.mark.parametrize("change", ["role", "account", "company"])
def test_what_was_taken_away_counts_with_the_next_request(
    client: AuditClient, person: User, company: Organisation, change: str
) -> None:
    make.sign_in(client, person)
    assert signed_in(client)
    with writing() as opened:
        if change == "role":
            opened.execute(update(Membership).values(ended_at=START))
        elif change == "account":
            opened.get_one(User, person.id).active = False
        else:
            opened.get_one(Organisation, company.id).closed_at = START
    assert not signed_in(client)


def test_what_was_typed_survives_the_end_of_the_session(client: AuditClient, person: User, session, clock) -> None:
    make.sign_in(client, person)
    make.cycle()
    clock.shift(31 * 60)
    away = client.post("/services/new", data={"name": "Letters by night", "functions": ["letters", "parcels"]})
    assert away.location.startswith("/sign-in?next=/services/new")
    assert "What you sent is kept" in client.get(away.location).text
    post_password(client)
    client.get("/sign-in/second")
    page_after = enrol_and_arrive(client)
    assert "Letters by night" in page_after
    assert 'action="/services/new"' in page_after
    assert page_after.count('name="functions"') == 2


def enrol_and_arrive(client: AuditClient) -> str:
    enrol(client)
    assert client.get("/sign-in/held").status_code == 200
    return client.get("/sign-in/held").text


def test_what_was_typed_is_shown_to_nobody_else(client: AuditClient, person: User, company, app, clock) -> None:
    make.sign_in(client, person)
    clock.shift(31 * 60)
    client.post("/services/new", data={"name": "Letters by night"})
    with client.session_transaction() as stored:
        held = stored["held"]
    other = make.user(company, "lead")
    make.sign_in(client, other)
    with client.session_transaction() as stored:
        stored["held"] = held
    assert client.get("/sign-in/held").location == "/"


def test_it_is_sealed(client: AuditClient, person: User, session: Session, clock) -> None:
    from compliance.storage.models import HeldForm

    make.sign_in(client, person)
    clock.shift(31 * 60)
    client.post("/services/new", data={"name": "Letters by night"})
    (row,) = session.scalars(select(HeldForm))
    assert "Letters" not in row.sealed


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/a\nb"],
)
def test_nobody_is_sent_elsewhere(client: AuditClient, person: User, monkeypatch, target: str) -> None:
    monkeypatch.setattr("compliance.web.visits.second_factor_required", lambda: False)
    answer = client.post("/sign-in", query_string={"next": target}, data={"email": person.email, "password": PASSWORD})
    assert answer.location == "/"


def test_an_export_asks_again_after_a_quarter_of_an_hour(client: AuditClient, clock) -> None:
    make.sign_in(client, make.user(make.government(), "reviewer"))
    address = "/companies/none/none/brief/brief.pdf"
    assert client.get(address).status_code == 404
    for _ in range(2):
        clock.shift(10 * 60)
        client.get("/companies")
    assert client.get(address).location.startswith("/sign-in/confirm?next=/companies/none")


def test_every_sign_in_is_in_the_trail(client: AuditClient, person: User, session: Session, clock) -> None:
    post_password(client, password="wrong")
    post_password(client)
    enrol(client)
    client.post("/sign-out")
    actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions[2:] == ["session.refused", "second_factor.app", "session.begin", "session.end"]
