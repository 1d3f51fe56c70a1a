"""Single sign-on with a real provider program on this machine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from compliance.services.transaction import writing
from compliance.storage.models import AuditEvent, Identity, Organisation, SingleSignOn, User
from tests.bench.servers import free_port
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.web.test_sign_in import PASSWORD, post_password, signed_in

ADA = "ada@harbour.example"


PEOPLE = (
    {"sub": "ada-1", "email": ADA, "email_verified": True},
    {"sub": "mfa-1", "email": ADA, "amr": ["pwd", "mfa"]},
    {"sub": "unsure", "email": ADA, "email_verified": False},
    {"sub": "other", "email": "bob@elsewhere.example"},
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own."""
    port = free_port()
    claims = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *claims]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://localhost:{port}"
        try:
            _wait_for(f"{address}/.well-known/openid-configuration")
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            requests.get(address, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation(slug="harbour", name="Harbour")


@pytest.fixture
def person(app: Flask, company: Organisation) -> User:
    from flask_security import hash_password

    with app.app_context():
        password = hash_password(PASSWORD)
    return make.user(company, "lead", email=ADA, name="Ada", password=password)


@pytest.fixture
def provider(app: Flask, client: AuditClient, company: Organisation, issuer: str) -> str:
    """The provider as an administrator sets it up."""
    make.sign_in(client, make.user(make.operator(), "administrator"))
    typed = {"issuer": issuer, "client_id": "tracker", "secret": "hush hush", "email_domain": "Harbour.example"}
    assert client.post("/people/harbour/single-sign-on", data=typed).status_code == 303
    client.post("/sign-out")
    return issuer


def to_provider(client: AuditClient, target: str = "") -> str:
    answer = client.get(f"/sign-in/organisation/harbour/go{target}")
    assert answer.status_code == 302, answer.text
    return answer.location


def at_provider(address: str, subject: str) -> str:
    """Sign in at the provider; the address it sends back to, as a path of the site."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def come_in(client: AuditClient, subject: str, target: str = "") -> TestResponse:
    return client.get(at_provider(to_provider(client, target), subject))


def test_the_way_there_and_back(client: AuditClient, person: User, provider: str, session: Session) -> None:
    assert client.post("/sign-in/organisation", data={"email": "x@nowhere.example"}).status_code == 422
    there = client.post("/sign-in/organisation", data={"email": ADA}).location
    assert "Continue to your organisation" in client.get(there).text
    back = come_in(client, "ada-1", "?next=/services")
    assert back.location == "/sign-in/second?next=/services", "the second factor is asked for as ever"
    assert session.scalars(select(Identity.subject)).all() == ["ada-1"]


def test_a_second_factor_at_the_provider_counts(client: AuditClient, person: User, provider: str) -> None:
    assert come_in(client, "mfa-1", "?next=/services").location == "/services"
    assert signed_in(client)


def test_what_is_asked_of_the_provider(client: AuditClient, person: User, provider: str) -> None:
    asked = parse_qs(urlsplit(to_provider(client)).query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost:8000/sign-in/organisation/harbour/back"]


@pytest.mark.parametrize("change", ["state", "code", "nothing kept", "twice", "error"])
def test_an_answer_to_another_question_is_refused(
    client: AuditClient, person: User, provider: str, change: str
) -> None:
    back = at_provider(to_provider(client), "mfa-1")
    if change == "state":
        back = re.sub("state=[^&]+", "state=forged", back)
    elif change == "code":
        back = re.sub("code=[^&]+", "code=forged", back)
    elif change == "nothing kept":
        client.delete_cookie("session")
    elif change == "error":
        back = re.sub("code=[^&]+", "error=access_denied", back)
    else:
        client.get(back)
        client.post("/sign-out")
    answer = client.get(back)
    assert answer.location == "/sign-in"
    assert "did not work" in client.get("/sign-in").text
    assert not signed_in(client)


@pytest.mark.parametrize("subject", ["unsure", "other", "unknown@harbour.example"])
def test_only_confirmed_people_of_the_organisation_come_in(
    client: AuditClient, person: User, provider: str, subject: str
) -> None:
    assert come_in(client, subject).location == "/sign-in"
    assert "you have no account here" in client.get("/sign-in").text


def test_a_provider_vouches_for_nobody_elsewhere(client: AuditClient, provider: str, session: Session) -> None:
    make.user(make.organisation(), "lead", email=ADA)
    assert come_in(client, "mfa-1").location == "/sign-in"
    assert session.scalars(select(AuditEvent.action)).all()[-1] == "session.refused"


def test_a_leaver_does_not_come_in(client: AuditClient, person: User, provider: str) -> None:
    come_in(client, "mfa-1")
    client.post("/sign-out")
    with writing() as opened:
        opened.get_one(User, person.id).active = False
    assert come_in(client, "mfa-1").location == "/sign-in"


def test_only_this_way(client: AuditClient, person: User, provider: str) -> None:
    with writing() as opened:
        opened.execute(update(SingleSignOn).values(only=True))
    assert post_password(client).status_code == 422
    assert client.post("/password", data={"email": ADA}).location == "/password/sent"
    assert come_in(client, "mfa-1").location == "/"


def test_someone_invited_comes_in_without_a_password(
    client: AuditClient, company: Organisation, provider: str, session: Session
) -> None:
    make.sign_in(client, make.user(make.operator(), "administrator"))
    client.post("/people/harbour/invite", data={"email": ADA, "name": "Ada", "role": "lead", "language": "en"})
    client.post("/sign-out")
    assert come_in(client, "mfa-1").location == "/"
    assert signed_in(client)


def test_a_provider_that_is_not_there(client: AuditClient, person: User, provider: str) -> None:
    with writing() as opened:
        opened.execute(update(SingleSignOn).values(issuer="http://localhost:9"))
    assert client.get("/sign-in/organisation/harbour/go").location == "/sign-in"
    assert client.get("/sign-in/organisation/nowhere/go").status_code == 404


def test_setting_up(client: AuditClient, provider: str, session: Session) -> None:
    make.organisation(slug="other")
    make.sign_in(client, make.user(make.operator(), "administrator"))
    for typed in (
        {"issuer": "http://provider.example", "client_id": "x", "secret": "y", "email_domain": "other.example"},
        {"issuer": "https://provider.example", "client_id": "", "secret": "y", "email_domain": "other.example"},
        {"issuer": "https://provider.example", "client_id": "x", "secret": "", "email_domain": "other.example"},
        {"issuer": "https://provider.example", "client_id": "x", "secret": "y", "email_domain": "@other"},
        {"issuer": "https://provider.example", "client_id": "x", "secret": "y", "email_domain": "harbour.example"},
    ):
        answer = client.post("/people/other/single-sign-on", data=typed)
        assert answer.status_code == 422, typed
        assert 'value="y"' not in answer.text.replace('type="checkbox" value="y"', ""), "a secret is not shown again"
    (row,) = session.scalars(select(SingleSignOn))
    assert "hush" not in row.sealed_secret
    page = client.get("/people/harbour/single-sign-on").text
    assert "hush" not in page
    assert "hush" not in str(session.execute(select(AuditEvent.after)).all())
    assert client.post("/people/harbour/single-sign-on/remove").status_code == 303
    assert client.get("/sign-in/organisation/harbour").status_code == 404
