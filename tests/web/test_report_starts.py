"""Where each kind of report is begun, and a company's own pages with what was released to it; in both languages."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from compliance.services.report.life import starting
from tests.services.report_world import World, world
from tests.services.test_report_own import released
from tests.support import factories as make
from tests.support.audit_client import AuditClient

COMPANY_KINDS = ("company-brief", "company-feedback", "progress")


@pytest.fixture
def known(context: Flask) -> World:
    return world()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_kind_from_its_page_to_its_preview(client: AuditClient, known: World, language: str) -> None:
    make.sign_in(client, make.user(known.government, "reviewer"), language=language)
    kinds = re.findall(r'name="kind" type="radio" value="([^"]+)"', client.get("/reports/new").text)
    assert set(kinds) == {*COMPANY_KINDS, "cross-company", "principle", "sector-aggregate"}
    assert 'href="/reports/new"' in client.get("/reports").text
    for kind in kinds:
        page = client.get(f"/reports/new?kind={kind}&company=aster&principle=1&cycle={known.cycle.slug}")
        assert page.status_code == 200
        assert ('name="company"' in page.text, 'name="principle"' in page.text) == (
            kind in COMPANY_KINDS, kind == "principle",
        )  # fmt: skip
        fields = {"kind": kind, "cycle": known.cycle.slug, "company": "aster", "principle": "1", "edition": "full"}
        begun = client.post("/reports/new", data={**fields, "shown_in": "fr"})
        if kind == "sector-aggregate":
            assert begun.status_code == 422, "two companies are too few to publish"
            continue
        assert begun.status_code == 303, begun.text
        assert begun.headers["Location"].endswith("/preview?edition=full&in=fr")
        preview = client.get(begun.headers["Location"])
        assert preview.status_code == 200
        assert '<article class="report document" lang="fr">' in preview.text


def test_other_pages_lead_to_it(client: AuditClient, known: World) -> None:
    reviewer = make.user(known.government, "reviewer")
    make.sign_in(client, reviewer)
    cycle = known.cycle.slug
    company = client.get(f"/companies/aster?cycle={cycle}").text
    assert all(f"/reports/new?kind={kind}&amp;company=aster&amp;cycle={cycle}" in company for kind in COMPANY_KINDS)
    for address in (f"/portfolio/overview?cycle={cycle}", f"/cycles/{cycle}"):
        page = client.get(address).text
        assert all(f"kind={kind}&amp;cycle={cycle}" in page for kind in ("cross-company", "sector-aggregate"))
    assert "kind=principle&amp;cycle=" in client.get(f"/portfolio/overview?cycle={cycle}").text
    make.sign_in(client, make.user(known.government, "reader"))
    assert "/reports/new" not in client.get(f"/portfolio/overview?cycle={cycle}").text
    assert client.get("/reports/new").status_code == 403


def test_a_wrong_choice_keeps_what_was_chosen(
    client: AuditClient, known: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.sign_in(client, make.user(known.government, "reviewer"))
    none = client.post("/reports/new", data={})
    assert none.status_code == 422
    assert "Choose a kind of report." in none.text
    unknown = {"kind": "progress", "cycle": known.cycle.slug, "company": "nobody", "shown_in": "fr"}
    refused = client.post("/reports/new", data=unknown)
    assert refused.status_code == 422
    assert 'value="nobody" selected' in refused.text
    assert 'value="fr" checked' in refused.text
    monkeypatch.setattr(starting, "MOST_OFFERED", 0)
    named = client.get("/reports/new?kind=progress")
    assert '<input class="govuk-input " id="company"' in named.text
    assert client.post("/reports/new", data={**unknown, "company": "Aster"}).status_code == 303
    for value in ("²", "-1", "9" * 30, "x"):
        assert client.post("/reports/new", data={**unknown, "kind": "principle", "principle": value}).status_code == 422


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_company_reads_and_fetches_its_feedback(client: AuditClient, known: World, language: str) -> None:
    lead = make.user(known.company, "viewer")
    make.sign_in(client, lead, language=language)
    assert "/feedback/" not in client.get("/feedback").text
    assert 'href="/feedback"' not in client.get("/").text
    number = released(known)
    assert 'href="/feedback"' in client.get("/").text
    page = client.get("/feedback")
    addresses = re.findall(r'href="(/feedback/\d+[^"]*)"', page.text)
    assert len(addresses) == 2 * 6
    for address in addresses:
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200, address
        assert ("attachment" in answer.headers.get("Content-Disposition", "")) == ("?" not in address)
    for address in ("/feedback/999999", f"/feedback/{number}/de.pdf", f"/feedback/{number}/en.html"):
        assert client.get(address).status_code == 404, address
    assert client.get(f"/reports/{number}").status_code in (403, 404)
    make.sign_in(client, make.user(make.organisation(), "lead"))
    for address in (f"/feedback/{number}", f"/feedback/{number}/en.pdf"):
        assert client.get(address).status_code == 404
    make.sign_in(client, make.user(known.government, "approver"))
    assert client.get("/feedback").status_code == 403
