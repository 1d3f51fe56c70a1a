"""Forms take their own fields only, and whatever is sent, no page answers with a server error."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from compliance.storage.database import db
from tests.proof.row import SEED
from tests.proof.security import world as worlds
from tests.support import factories as make
from tests.support.filled import complete

POSTS = int(os.environ.get("FUZZ_POSTS", "5000"))
MARK = "Injected-canary"
PEOPLE = (
    ("own", "lead"),
    ("lead", "reviewer"),
    ("lead", "coordinator"),
    ("lead", "approver"),
    ("operator", "administrator"),
)


@pytest.fixture
def world(context: object) -> worlds.World:
    return worlds.build()


def test_no_column_is_taken_from_a_form(
    app: Flask, world: worlds.World, record_property: Callable[[str, object], None]
) -> None:
    """Every column of every table is sent with every form as its page shows it; what a form does not show as a field is not stored."""
    columns = {
        column["name"]
        for table in inspect(db.engine).get_table_names()
        for column in inspect(db.engine).get_columns(table)
    }
    tried = 0
    for key in PEOPLE:
        with app.test_client() as client:
            make.sign_in(client, world.people[key])
            for address, fields in list(_forms(app, client, "later" if key[0] == "own" else "now")):
                make.sign_in(client, world.people[key])  # some forms end the session, or ask for the password again
                injected = {name: f"{MARK}-{name}" for name in columns - fields.keys()}
                FlaskClient.open(
                    client, address, method="POST", data=MultiDict([*fields.items(multi=True), *injected.items()])
                )
                tried += 1
    assert [place for place in _stored(MARK) if not place.startswith(("audit_event", "session", "visit"))] == []
    taken = _stored("Own words")
    assert len(taken) >= 5, taken  # or the forms were all refused, and that shows nothing
    record_property(
        "result", f"{len(columns)} columns into {tried} forms, which stored {len(taken)} own fields: 0 stored"
    )


def _forms(app: Flask, client: FlaskClient, cycle: str) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """Every address that takes a form, and what any page shows for it, filled in as far as a stranger can."""
    shown: dict[str, MultiDict[str, str]] = defaultdict(MultiDict)
    for rule in worlds.rules(app, "GET"):
        address = worlds.address(app, rule, "own", cycle=cycle)
        if address is None:
            continue
        page = FlaskClient.open(client, address)
        if page.mimetype == "text/html":
            for target, fields in complete(page.get_data(as_text=True)):
                shown[target or address].update(fields)
        page.close()
    for rule in worlds.rules(app, "POST"):
        address = worlds.address(app, rule, "own", cycle=cycle)
        if address is not None and "out" not in rule.endpoint:
            yield address, shown[address]


def _stored(mark: str) -> list[str]:
    """Where a text is found in the database."""
    places = []
    with Session(db.engine) as session:
        for table in inspect(db.engine).get_table_names():
            for column in inspect(db.engine).get_columns(table):
                query = text(f'SELECT count(*) FROM "{table}" WHERE CAST("{column["name"]}" AS TEXT) LIKE :mark')
                if session.scalar(query, {"mark": f"%{mark}%"}):
                    places.append(f"{table}.{column['name']}")
    return places


NASTY = [
    "", " ", "0", "-1", "1e999", "NaN", "٣", "9" * 400, "in_place", "partly", "<script>alert(1)</script>", "'; DROP TABLE answer; --",
    "{{ 7*7 }}", "\x00", "a\x00b", "\ud800", "\udfff", "\u202eabc", "\u2066x", "é" * 9_000, "🙂" * 50, "javascript:alert(1)", "http://[",
    "../../etc/passwd", "=1+1", "\r\nSet-Cookie: a=b", "P01.a", "unanswered", "none", "2026-02-30", "0001-01-01", "9999-12-31",
    "\ufeff", "\uffff", "\U000e0001", "a" * 1_000_000, "[]", "{}", "true", "null", "%00", "%s%n", "`id`", "2147483648", "-9223372036854775809",
]  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)  # PostgreSQL keeps no NUL
def test_whatever_is_sent_no_page_breaks(
    app: Flask, world: worlds.World, record_property: Callable[[str, object], None]
) -> None:
    """Forms with hostile texts: other fields, twice the same key, NUL, halves of characters, a million letters, right to left."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    chance = random.Random(SEED)
    targets = []
    for key in PEOPLE:
        client = app.test_client()
        make.sign_in(client, world.people[key])
        for address, fields in _forms(app, client, "later" if key[0] == "own" else "now"):
            targets.append((client, world.people[key], address, fields))
    broken = []
    for number in range(POSTS):
        client, person, address, fields = chance.choice(targets)
        if number % 20 == 0:  # some forms end the session
            make.sign_in(client, person)
        body = _hostile(fields, chance)
        encoded = b"&".join(f"{name}=".encode() + _quoted(value) for name, value in body.items(multi=True))
        answer = FlaskClient.open(
            client, address, method="POST", data=encoded, content_type="application/x-www-form-urlencoded"
        )
        if answer.status_code >= 500:
            broken.append((number, address, body))
        answer.close()
    assert broken == [], broken[:3]
    record_property("result", f"{POSTS:,} posts to {len(targets)} forms, 0 server errors")


def _hostile(fields: MultiDict[str, str], chance: random.Random) -> MultiDict[str, str]:
    """By turns a form as its page shows it with a few hostile texts in it, and nothing but hostile texts."""
    names = sorted({*fields, "status", "version", "key", "x"})
    nasty = [(chance.choice(names), chance.choice(NASTY)) for _ in range(chance.randint(0, 12))]
    if chance.random() < 0.5:
        return MultiDict(nasty)
    body = fields.copy()
    for name, value in nasty[:3]:
        body[name] = value
    return body


def _quoted(value: str) -> bytes:
    """Percent-encoded; halves of characters as the bytes that a broken client would send."""
    return (
        b"".join(b"%%%02x" % byte for byte in value.encode("utf-8", "surrogatepass"))
        if len(value) < 10_000
        else value.encode()
    )
