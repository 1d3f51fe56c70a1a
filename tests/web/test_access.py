"""Every route is in the access list, and a route that is not is closed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import structlog
from flask import Flask

from compliance.domain.permissions import PERMISSIONS, ROLES_OF, OrganisationKind, Permission
from compliance.web.access import ROUTES, STEP_UP, Open
from tests.support import factories as make
from tests.support.audit_client import AuditClient

ROOT = Path(__file__).resolve().parents[2]

#: Only there in demo mode.
DEMO_ONLY = {"mails.index", "mails.show"}


def test_every_route_is_listed(app: Flask) -> None:
    unlisted = {rule.endpoint for rule in app.url_map.iter_rules()} - set(ROUTES) - _closed(app)
    assert not unlisted, (
        f"{sorted(unlisted)}: list the route in ROUTES of compliance/web/access.py with the permission it needs; "
        "until then nobody can reach it"
    )


def test_every_listed_route_exists(app: Flask) -> None:
    assert set(ROUTES) - DEMO_ONLY <= {rule.endpoint for rule in app.url_map.iter_rules()}


def _closed(app: Flask) -> set[str]:
    """Routes that a package brings along and that stay closed because they are not listed."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")} - set(ROUTES)


def test_a_route_that_is_not_listed_is_closed(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    person = make.user(make.organisation(), "lead")
    with app.test_client() as client, caplog.at_level(logging.ERROR):
        make.sign_in(client, person)
        answer = client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text
    assert "not in the access list" in caplog.text


def test_routes_that_packages_bring_along_are_closed(app: Flask) -> None:
    with app.test_client() as client:
        for rule in app.url_map.iter_rules():
            if rule.endpoint in _closed(app) and not rule.arguments and "GET" in (rule.methods or ()):
                assert client.get(rule.rule).status_code == 403, rule.rule


def test_every_permission_is_granted_to_somebody_and_used() -> None:
    from compliance.domain.permissions import PERMISSIONS

    assert set(PERMISSIONS) == set(Permission)
    used = {needed for needed in ROUTES.values() if not isinstance(needed, Open)}
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "compliance" / "services").rglob("*.py")]
    in_services = {wanted for wanted in Permission if any(f"Permission.{wanted.name}" in text for text in sources)}
    assert set(Permission) == used | in_services


def test_a_refusal_is_written_down_without_what_was_asked_for(app: Flask) -> None:
    person = make.user(make.organisation(), "viewer")
    with app.test_client() as client, structlog.testing.capture_logs() as lines:
        make.sign_in(client, person)
        client.get("/companies?q=Secret-words")
        client.get("/assessments/secret-cycle")
    assert [(line["status"], line["route"], line["user"]) for line in lines if line["event"] == "request.refused"] == [
        (403, "companies.index", person.id),
        (404, "assessments.tasks", person.id),
    ]
    assert "ecret" not in str(lines)


def test_what_is_too_large_gets_a_page_whoever_sends_it(client: AuditClient, context: object) -> None:
    """Also where it is refused for another reason before anything was read."""
    body = {"explanation": "a" * 3_000_000}
    assert client.post("/team/1/end", data=body).status_code == 413
    make.sign_in(client, make.user(make.organisation(), "viewer"))
    assert client.post("/team/1/end", data=body).status_code == 403


def test_what_publishes_gives_roles_or_takes_data_out_asks_again_who_it_is(app: Flask) -> None:
    """Every file that government takes away is in the list; a company's own copies of its own answers are not."""
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert there >= STEP_UP
    staff = frozenset(ROLES_OF[OrganisationKind.GOVERNMENT])
    files = {
        endpoint
        for endpoint, needed in ROUTES.items()
        if endpoint.rpartition(".")[2].endswith(("file", "zip"))
        and isinstance(needed, Permission)
        and any(grant.roles & staff for grant in PERMISSIONS[needed])
    }
    assert {"audit.file", "portfolio.heatmap_file", "reports.batch_zip"} <= files <= STEP_UP
    assert {"reports.approve", "reports.release", "reports.withdraw", "people.invite", "people.agree"} <= STEP_UP
