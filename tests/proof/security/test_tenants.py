"""Random worlds: whatever a person asks for, lists, searches, counts, files and errors hold only what is visible to it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from compliance.domain.answers import AnswerEntry, Status
from compliance.storage.models import Cycle, Organisation, User
from tests.proof.row import SEED
from tests.proof.security import world as worlds
from tests.support import factories as make

WORLDS, REQUESTS = int(os.environ.get("WORLDS", "200")), 50
COUNTRIES = ("AU", "CA", "GB", "NZ", "US")


@dataclass
class Tenant:
    """A company with a draft or a sealed answer, and the countries that it is shared with."""

    row: Organisation
    person: User
    cycle: Cycle
    canary: str
    sealed: bool
    countries: frozenset[str]


@dataclass
class Worlds:
    """All tenants of all worlds so far: each new one must stay invisible to the others."""

    app: Flask
    staff: dict[str, User]
    rules: list[Rule]
    tenants: list[Tenant] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    asked: int = 0

    def grow(self, drawn: list[tuple[str, bool, frozenset[str]]]) -> list[Tenant]:
        """A new cycle with a company for each (lead country, sealed, other countries)."""
        cycle = make.cycle(make.REAL, due_on=dt.date(2031, 1, 31))
        new = [self._tenant(cycle, *one) for one in drawn]
        self.tenants += new
        return new

    def _tenant(self, cycle: Cycle, lead: str, sealed: bool, others: frozenset[str]) -> Tenant:
        canary = f"Tenant-canary-{next(self.numbers)}-"
        row = make.organisation(country=lead)
        make.participation(cycle, row)
        make.sharing(cycle, row, *(others - {lead}))
        service = make.service(row, ("image_video_sharing",), name=f"Service {canary}", slug="photos")
        person = make.user(row, "lead")
        author = make.acting(person)
        assessment = make.assessment(cycle, row)
        make.answer(
            assessment, service, "P01.a", author, AnswerEntry(Status.NOT_IN_PLACE, explanation=f"{canary} text")
        )
        if sealed:
            make.submitted(author, cycle, now=worlds.NOW)
        return Tenant(row, person, cycle, canary, sealed, others | {lead})

    def ask(self, person: User, country: str | None, tenant: Tenant, rule: Rule, extra: dict[str, Any]) -> None:
        """One request about one tenant; nothing in the answer may give another away."""
        address = worlds.address(self.app, rule, tenant.row.slug, cycle=tenant.cycle.slug, **extra)
        if address is None:
            return
        with self.app.test_client() as client:
            make.sign_in(client, person)
            answer = FlaskClient.open(client, address, query_string={"q": tenant.canary, "cycle": tenant.cycle.slug})
            body = answer.get_data().decode("utf-8", "replace")
            answer.close()
        self.asked += 1
        if answer.status_code in (302, 303):
            return
        # What was asked for stands in the page again: it tells nothing.
        body = body.replace(f'value="{tenant.canary}"', "").replace(f"q={tenant.canary}", "")
        visible = {one.canary for one in self.tenants if self._visible(one, person, country)}
        leaked = {one.canary for one in self.tenants if one.canary in body} - visible
        assert not leaked, (person.email, address, leaked)

    def _visible(self, tenant: Tenant, person: User, country: str | None) -> bool:
        if country is None:
            return tenant.person.id == person.id
        return tenant.sealed and country in tenant.countries


def test_random_tenants(app: Flask, context: object, record_property: Callable[[str, object], None]) -> None:
    found = [rule for rule in worlds.rules(app, "GET") if rule.endpoint != "static"]
    staff = {code: make.user(make.government(code), "reviewer", "coordinator") for code in COUNTRIES}
    every = Worlds(app, staff, found)
    company = st.tuples(
        st.sampled_from(COUNTRIES), st.booleans(), st.frozensets(st.sampled_from(COUNTRIES), max_size=3)
    )

    @seed(SEED)
    @settings(max_examples=WORLDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(company, min_size=2, max_size=4), st.randoms(use_true_random=False))
    def run(drawn: list[tuple[str, bool, frozenset[str]]], chance: Any) -> None:
        new = every.grow(drawn)
        people = [(tenant.person, None) for tenant in new] + [(person, code) for code, person in staff.items()]
        for number in range(REQUESTS):
            person, country = chance.choice(people)
            layout = chance.choice(["pdf", "docx", "xlsx"]) if number == 0 else chance.choice(["csv", "json"])
            every.ask(person, country, chance.choice(new), chance.choice(found), {"layout": layout})

    run()
    record_property("result", f"{len(every.tenants)} tenants, {every.asked:,} requests, 0 leaks")
