"""Headers on every answer, hosts and redirects that lead nowhere else, forms that only the site itself can send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.test import TestResponse

from compliance.config import Settings
from compliance.web.access import CSRF_EXEMPT
from tests.proof.security import world as worlds
from tests.support import factories as make
from tests.support.audit_client import AuditClient

REQUIRED = {
    "Content-Security-Policy": r"default-src 'none'.*frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin|no-referrer",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def world(context: object) -> worlds.World:
    return worlds.build()


class TestHeaders:
    def test_every_route_has_them(
        self, app: Flask, client: AuditClient, world: worlds.World, record_property: Callable[[str, object], None]
    ) -> None:
        worlds.keep_files(app)
        looked = 0
        for person in (None, world.people["own", "lead"], world.people["lead", "reviewer"]):
            if person:
                make.sign_in(client, person)
            for rule in worlds.rules(app, "GET"):
                address = worlds.address(app, rule, "own") or rule.rule.replace("<", "").replace(">", "")
                answer = client.get(address)
                looked += 1
                self._look(answer, address, private=rule.endpoint != "static")
                answer.close()
        record_property("result", f"{looked} answers, all headers")

    @pytest.mark.parametrize("address", ["/no-such-page", "/static/none.css", "/companies/own/../../etc"])
    def test_not_found_has_them(self, client: AuditClient, world: worlds.World, address: str) -> None:
        self._look(client.get(address), address, private=not address.startswith("/static"))

    def test_a_fault_has_them_and_tells_nothing(self, app: Flask, world: worlds.World) -> None:
        app.config["PROPAGATE_EXCEPTIONS"] = False

        def fault() -> str:
            raise RuntimeError("Fault-canary")

        app.view_functions["framework.show"] = fault
        with app.test_client() as client:
            make.sign_in(client, world.people["own", "lead"])
            answer = FlaskClient.open(client, "/principles")
        assert answer.status_code == 500
        assert b"canary" not in answer.data
        self._look(answer, "500", private=True)

    def test_https_adds_hsts_and_host_cookies(self, app: Flask, settings: Settings) -> None:
        import dataclasses

        from compliance.factory import create_app

        safe = create_app(dataclasses.replace(settings, base_url="https://tracker.example"))
        with safe.test_client() as client:
            answer = client.get("/sign-in", base_url="https://tracker.example")
            cookies = answer.headers.getlist("Set-Cookie")
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        assert cookies
        for cookie in cookies:
            assert cookie.startswith("__Host-"), cookie
            assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}, cookie

    def _look(self, answer: TestResponse, address: str, *, private: bool) -> None:
        for name, pattern in REQUIRED.items():
            assert re.search(pattern, answer.headers.get(name, "")), (address, name)
        assert "unsafe" not in answer.headers["Content-Security-Policy"], address
        if private:
            assert "no-store" in answer.headers.get("Cache-Control", ""), address
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            assert answer.mimetype != "text/html", address


PASSWORD = "correct horse battery staple"

HOSTS = [
    "evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "evil.example#localhost",
    "localhost:80@evil.example", "127.0.0.1.evil.example", "[::1].evil.example", "evil.example/", "evil.example\\",
    "LOCALHOST.EVIL.EXAMPLE", "xn--e1aybc.example", "localhost%00.evil.example", "localhost..", "localhost.local",
    "0.0.0.0", "10.0.0.1", "169.254.169.254", "[fe80::1]", "[::ffff:10.0.0.1]", "2130706433", "0x7f.1", "evil",
    "-localhost", "localhost-", "tracker.example", "localhost,evil.example", "*.localhost.example", "localhost .evil.example",
    "evil.example?localhost",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused(app: Flask, world: worlds.World, host: str) -> None:
    with app.test_client() as client:
        answer = client.get("/sign-in", headers={"Host": host})
        assert answer.status_code == 400, (host, answer.status_code)
        assert host.strip("/\\") not in answer.text
        assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL"])
def test_what_a_client_says_of_itself_changes_no_address(app: Flask, world: worlds.World, name: str) -> None:
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    with app.test_client() as client:
        answer = client.get("/services/", headers={name: value})
        assert "evil" not in answer.headers.get("Location", "") + answer.text


TARGETS = [
    "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http://evil.example/x", "HTTPS://EVIL.EXAMPLE",
    "\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\\/evil.example", "\t//evil.example", "\n//evil.example",
    "/\t/evil.example", "/\n/evil.example", " //evil.example", "/%09/evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "http:\\\\evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "vbscript:x", "ftp://evil.example", "//evil.example/%2f..", "//evil.example@localhost", "https://localhost@evil.example",
    "https://localhost.evil.example", "//localhost:80@evil.example", "https://evil.example#localhost", "https://evil.example?localhost",
    "/..//evil.example", "/.//evil.example", "//%65vil.example", "//evil%E3%80%82example", "//evil。example", "////localhost//evil.example",
    "https://[::1]@evil.example", "//[evil.example]", "/%5cevil.example", "%2f%2fevil.example", "//evil.example:443", "///\\evil.example",
    "\x00//evil.example", "/\x00/evil.example", "//\u2028evil.example", "//evil.example\r\nSet-Cookie: a=b", "/ok\r\nLocation: //evil.example",
    "?next=//evil.example", ";//evil.example", "x://evil.example", "://evil.example", ":@evil.example", "//", "///", "\\", "/\\",
    "https://", "http:",
]  # fmt: skip


def test_no_redirect_leaves_the_site(
    app: Flask, world: worlds.World, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """Signing in with any `next` leads to a page of the site; so does everything else that is asked with it."""
    assert len(TARGETS) == len(set(TARGETS)) == 60
    monkeypatch.setattr("compliance.web.visits.second_factor_required", lambda: False)
    with app.app_context():
        password = hash_password(PASSWORD)
    person = make.user(world.companies["own"].row, "lead", email="ada@own.example", password=password)
    for target in TARGETS:
        with app.test_client() as client:
            body = {"email": person.email, "password": PASSWORD, "next": target}
            answer = FlaskClient.open(client, "/sign-in", method="POST", query_string={"next": target}, data=body)
            assert answer.status_code == 303, (target, answer.status_code)
            _stays(answer)
            for address in ("/sign-in", "/", "/account"):
                _stays(FlaskClient.open(client, address, query_string={"next": target, "lang": "fr"}))
    record_property("result", f"{len(TARGETS)} targets, none leaves the site")


def _stays(answer: TestResponse) -> None:
    location = answer.headers.get("Location", "/")
    assert re.match(r"^(http://localhost)?/(?![/\\])[^\r\n\x00\\]*$", location), location
    assert urlsplit(urljoin("http://localhost/sign-in", location)).netloc == "localhost", location


class TestForgedForms:
    """Every change without, with a wrong and with another session's token is refused, and changes nothing."""

    @pytest.fixture
    def guarded(self, app: Flask) -> Iterator[Flask]:
        app.config["WTF_CSRF_ENABLED"] = True
        yield app
        app.config["WTF_CSRF_ENABLED"] = False

    def test_refused(self, guarded: Flask, world: worlds.World, record_property: Callable[[str, object], None]) -> None:
        with guarded.test_client() as stranger:
            make.sign_in(stranger, world.people["other", "lead"])
            foreign = _token(stranger)
        tried = 0
        people = [world.people[key] for key in (("own", "lead"), ("lead", "reviewer"), ("operator", "administrator"))]
        before = worlds.snapshot()
        for person in people:
            with guarded.test_client() as client:
                make.sign_in(client, person)
                for rule in worlds.rules(guarded, "POST"):
                    if rule.endpoint in CSRF_EXEMPT:
                        continue
                    address = worlds.address(guarded, rule, "own") or re.sub("<[^>]*>", "1", rule.rule)
                    for body in ({}, {"csrf_token": "wrong"}, {"csrf_token": foreign}):
                        answer = FlaskClient.open(client, address, method="POST", data={"status": "in_place", **body})
                        tried += 1
                        assert answer.status_code in (400, 403, 404), (rule.endpoint, body, answer.status_code)
        assert worlds.changed(before, worlds.snapshot()) == []
        record_property("result", f"{tried} forged forms, all refused")

    def test_the_list_of_exemptions_is_the_whole_list(self, guarded: Flask) -> None:
        exempt = {name.rpartition(".")[2] for name in guarded.extensions["csrf"]._exempt_views}
        assert exempt == {endpoint.rpartition(".")[2] for endpoint in CSRF_EXEMPT}
        assert not guarded.extensions["csrf"]._exempt_blueprints


def _token(client: FlaskClient) -> str:
    page = FlaskClient.open(client, "/account").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)
