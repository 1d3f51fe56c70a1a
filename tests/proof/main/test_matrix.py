"""Every page with a company's slug or cycle in its address, by every role of organisations it does not belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.permissions import ROLES_OF, OrganisationKind, Role
from compliance.storage.models import User
from tests.support import factories as make
from tests.support.audit_client import AuditClient

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
SECRET = "Canary-text-of-a-draft"
SEALED = "Canary-text-of-a-sealed-answer"


@pytest.fixture
def values(context: object) -> dict[str, object]:
    """One company that submitted and drafts again in a later cycle, shared with its lead country CA only."""
    company = make.organisation(slug="owner", name="Owner")
    cycle = make.cycle(make.REAL, slug="now", due_on=dt.date(2031, 1, 31))
    make.participation(cycle, company)
    service = make.service(company, ("image_video_sharing",), name="Photos", slug="photos")
    author = make.actor(company)
    assessment = make.assessment(cycle, company)
    make.answer(assessment, service, "P01.a", author, AnswerEntry(Status.IN_PLACE, explanation=SEALED))
    make.submitted(author, cycle, now=NOW)
    later = make.cycle(make.REAL, slug="later", previous=cycle, due_on=dt.date(2031, 7, 31))
    make.participation(later, company)
    draft = make.assessment(later, company)
    make.answer(draft, service, "P01.a", author, AnswerEntry(Status.NOT_IN_PLACE, explanation=SECRET))
    make.refresh(later, company, now=NOW)
    return {"slug": "owner", "cycle": "now", "service": "photos", "indicator": "P01.a", "number": 1, "name": "x.eml"}


def strangers() -> list[tuple[str, User]]:
    """A person of every role in another company, in a country that nothing is shared with, and at the operator."""
    homes = {
        OrganisationKind.COMPANY: make.organisation(slug="stranger", name="Stranger"),
        OrganisationKind.GOVERNMENT: make.government("NZ"),
        OrganisationKind.OPERATOR: make.operator(),
    }
    return [(role, make.user(home, role)) for kind, home in homes.items() for role in sorted(ROLES_OF[kind])]


def test_no_stranger_sees_anything(
    app: Flask, client: AuditClient, values: dict[str, object], record_property: Callable[[str, object], None]
) -> None:
    tried = 0
    for role, person in strangers():
        make.sign_in(client, person)
        for address in _addresses(app, values):
            for cycle in ("now", "later"):
                answer = client.get(address.replace("/now", f"/{cycle}"))
                tried += 1
                for secret in (SECRET, SEALED, "Photos"):
                    assert secret.encode() not in answer.data, (role, address, secret)
                if "{" not in address and "/companies/owner/now" in address:
                    assert answer.status_code in (403, 404), (role, address, answer.status_code)
                posted = client.post(address.replace("/now", f"/{cycle}"), data={"status": "in_place", "version": "1"})
                assert posted.status_code in (302, 303, 403, 404, 405, 422), (role, address, posted.status_code)
    record_property("result", f"{tried} requests by strangers, 0 leaks")


def test_drafts_are_for_the_company_only(client: AuditClient, app: Flask, values: dict[str, object]) -> None:
    for role in sorted(ROLES_OF[OrganisationKind.GOVERNMENT]):
        make.sign_in(client, make.user(make.government("CA"), role))
        for address in _addresses(app, values | {"cycle": "later"}):
            assert SECRET.encode() not in client.get(address).data, (role, address)


def test_the_lead_country_sees_what_was_signed(client: AuditClient, values: dict[str, object]) -> None:
    """The other way: the matrix would be green, too, if nobody saw anything."""
    make.sign_in(client, make.user(make.government("CA"), Role.REVIEWER))
    assert SEALED in client.get("/companies/owner/now/review/services/photos/P01.a").text


def _addresses(app: Flask, values: dict[str, object]) -> list[str]:
    """The address of every page of ours, filled in for the one company."""
    adapter = app.url_map.bind("localhost")
    return sorted(
        adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(("static", "security."))
        and rule.arguments <= values.keys()
        and "GET" in (rule.methods or ())
    )
