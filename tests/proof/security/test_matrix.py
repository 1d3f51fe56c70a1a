"""Route × method × role × object × state by real requests: nobody sees what is not theirs, nothing refused changes a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.domain.assessments import State
from compliance.domain.permissions import Permission, could_ever
from compliance.storage.models import User
from compliance.web.access import ROUTES
from tests.proof.security import world as worlds
from tests.support import factories as make

STATES = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.FINDINGS_SHARED, State.CONCLUDED, State.WITHDRAWN)
COMPANIES = ("own", "other", "nobody")
CYCLES = ("now", "later", "never")
#: Whose content each home may hold in its hands, sealed and draft. Nobody else's canary may ever be in a body.
MAY_SEE = {
    "own": {"Sealed-canary-of-own", "Draft-canary-of-own"},
    "other": {"Sealed-canary-of-other", "Draft-canary-of-other"},
    "lead": {"Sealed-canary-of-own"},
    "far": set(),
    "operator": set(),
}
CANARIES = set().union(*MAY_SEE.values())


@pytest.mark.parametrize("state", STATES)
def test_every_combination(
    app: Flask, context: object, state: State, record_property: Callable[[str, object], None]
) -> None:
    world = worlds.build(state)
    worlds.keep_files(app)
    tried: Counter[str] = Counter()
    for home, role, person in world.homes():
        with app.test_client() as client:
            make.sign_in(client, person)
            for method in ("GET", "POST", "PUT", "DELETE"):
                before = worlds.snapshot()
                for status, allowed in _tries(app, client, home, person, method):
                    tried[method] += 1
                    if not allowed:
                        assert status in (302, 303, 403, 404, 405), (home, role, method, status)
                after = worlds.snapshot()
                if method != "POST":
                    assert worlds.changed(before, after) == [], (home, role, method)
                elif home in ("other", "far", "operator"):
                    # What the stranger did to what is its own is its right; the company of the state is untouched.
                    assert not {"answer", "submission", "finding"} & set(worlds.changed(before, after)), (home, role)
    record_property("result", f"{state}: {sum(tried.values()):,} requests, 0 leaks")


def _tries(app: Flask, client: FlaskClient, home: str, person: User, method: str):
    """Send the method to every route for every object; yield the status and whether the role may ever use the route."""
    actor = make.acting(person)
    own = {rule.rule: rule for wanted in ("GET", "POST") for rule in worlds.rules(app, wanted)}
    for rule in own.values():
        if rule.endpoint in ("security.logout", "sign_in.out", "static") or "sign_out" in rule.endpoint:
            continue
        needed = ROUTES[rule.endpoint]
        about = {"slug", "company"} & rule.arguments or worlds.whole_numbers(rule)
        for company in COMPANIES if about else COMPANIES[:1]:
            for cycle in CYCLES if "cycle" in rule.arguments else CYCLES[:1]:
                address = worlds.address(app, rule, company, cycle=cycle)
                if address is None:
                    continue
                answer = FlaskClient.open(
                    client, address, method=method, data={"status": "in_place"} if method != "GET" else None
                )
                body = answer.get_data().decode("utf-8", "replace")
                answer.close()
                assert answer.status_code < 500, (home, method, address)
                leaked = {word for word in CANARIES - MAY_SEE[home] if word in body}
                assert not leaked, (home, method, address, leaked)
                yield answer.status_code, not isinstance(needed, Permission) or could_ever(actor, needed)


def test_the_matrix_would_be_green_if_nobody_saw_anything(app: Flask, context: object) -> None:
    world = worlds.build()
    worlds.keep_files(app)
    for home, role in (("own", "lead"), ("lead", "reviewer")):
        with app.test_client() as client:
            make.sign_in(client, world.people[home, role])
            bodies = [
                FlaskClient.open(client, address).get_data().decode("utf-8", "replace")
                for rule in worlds.rules(app, "GET")
                if (address := worlds.address(app, rule, "own"))
            ]
        assert any("Sealed-canary-of-own" in body for body in bodies), (home, role)


def test_every_argument_of_an_address_is_in_the_world(app: Flask) -> None:
    """A route that the matrix cannot fill in is not proved: give the world a value for its arguments."""
    known = {*worlds.VALUES, "slug", "company"}
    unknown = {
        rule.endpoint: rule.arguments - known - worlds.whole_numbers(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in ROUTES
    }
    assert {name: missing for name, missing in unknown.items() if missing} == {}


def test_every_route_and_method_is_listed(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {name for name in ROUTES if name not in there and not name.startswith("mails.")} == set()
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule
