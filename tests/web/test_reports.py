"""Reports on the site: written by one person, approved by another, read by a third, in both languages."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass

import pytest
from flask import Flask

from compliance.jobs.scheduler import by_the_calendar, make_reports
from compliance.storage.models import User
from tests.services.report_world import World, world
from tests.support import factories as make
from tests.support.audit_client import AuditClient


@dataclass(frozen=True)
class People:
    author: User
    approver: User
    reader: User


@pytest.fixture
def known(context: Flask) -> World:
    return world()


@pytest.fixture
def people(known: World) -> People:
    return People(
        make.user(known.government, "reviewer"),
        make.user(known.government, "approver"),
        make.user(known.government, "reader"),
    )


def hidden(client: AuditClient, address: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    return {name: re.search(f'name="{name}" value="([^"]*)"', page.text).group(1) for name in ("version", "key")}  # type: ignore[union-attr]


def begin(client: AuditClient, known: World, person: User) -> str:
    make.sign_in(client, person)
    answer = client.post(
        "/reports/new",
        data={"kind": "company-brief", "cycle": known.cycle.slug, "company": known.company.slug},
    )
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def act(client: AuditClient, report: str, name: str, **fields: str) -> None:
    answer = client.post(f"{report}/{name}", data={**hidden(client, f"{report}/{name}"), **fields})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_path(client: AuditClient, known: World, people: People, language: str) -> None:
    report = begin(client, known, people.author)
    make.sign_in(client, people.author, language=language)
    for slot in ("objective", "meeting", "likely", "lines_to_take", "sensitivities", "next_steps", "ask:C1.a"):
        assert client.get(f"{report}/text/{slot}").status_code == 200
    fields = {"objective_en": "Agree <b>a date</b>.", "objective_fr": "Convenir d'une date."}
    answer = client.post(f"{report}/text/objective", data={**hidden(client, f"{report}/text/objective"), **fields})
    assert answer.status_code == 303
    preview = client.get(f"{report}/preview?in=en")
    assert "Agree &lt;b&gt;a date&lt;/b&gt;." in preview.text
    assert client.get(f"{report}/asks").status_code == 200
    assert client.get(f"{report}/handling").status_code == 200
    act(client, report, "submit")
    assert client.get(f"{report}/approve").status_code in (403, 409)
    make.sign_in(client, people.reader, language=language)
    assert client.get(report).status_code == 404
    make.sign_in(client, people.approver, language=language)
    assert client.get(report).status_code == 200
    act(client, report, "approve")
    refused = client.post(f"{report}/release", data=hidden(client, f"{report}/release"))
    assert refused.status_code == 422
    act(client, report, "release", unseen_reason="The meeting is tomorrow.")
    make.sign_in(client, people.reader, language=language)
    page = client.get(report)
    assert "Ben" not in page.text
    for address in re.findall(r'href="(/reports/\d+/(?:full|redacted)/[^"]+)"', page.text):
        file = client.get(address)
        assert file.status_code == 200, address
        assert "attachment" in file.headers["Content-Disposition"]
    for edition in ("full", "redacted"):
        for shown_in in ("en", "fr"):
            assert client.get(f"{report}/preview?edition={edition}&in={shown_in}").status_code == 200
    assert client.get("/reports").status_code == 200
    make.sign_in(client, people.author, language=language)
    assert client.get(report).text.count("data-table") >= 1, "the log of downloads"
    again = begin(client, known, people.author)
    make.sign_in(client, people.author, language=language)
    act(client, again, "submit")
    number, other = again.rsplit("/", 1)[1], report.rsplit("/", 1)[1]
    assert client.get(f"/reports/{number}/compare/{other}").status_code == 200
    make.sign_in(client, people.approver, language=language)
    act(client, again, "send-back", reason="No date.")
    act(client, report, "withdraw", reason="A figure was wrong.")
    make.sign_in(client, people.reader, language=language)
    assert "A figure was wrong." in client.get(report).text
    taken = client.get(f"{report}/full/en.pdf")
    assert "withdrawn-company-brief" in taken.headers["Content-Disposition"]


def test_nothing_typed_is_lost(client: AuditClient, known: World, people: People) -> None:
    report = begin(client, known, people.author)
    address = f"{report}/text/lines_to_take"
    opened = hidden(client, address)
    colleague = make.user(known.government, "reviewer", name="Colleague")
    make.sign_in(client, colleague)
    client.post(address, data={**hidden(client, address), "lines_to_take_en": "Theirs.", "lines_to_take_fr": "Leur."})
    make.sign_in(client, people.author)
    conflict = client.post(address, data={**opened, "lines_to_take_en": "Mine."})
    assert conflict.status_code == 409
    assert all(text in conflict.text for text in ("Theirs.", "Leur.", "Mine.", "Colleague"))
    long = client.post(address, data={**hidden(client, address), "lines_to_take_en": "x" * 2001})
    assert long.status_code == 422
    assert "x" * 2001 in long.text
    wrong_day = client.post(
        f"{report}/text/meeting",
        data={
            **hidden(client, f"{report}/text/meeting"),
            "held_on-day": "31",
            "held_on-month": "2",
            "place_en": "Here",
        },
    )
    assert wrong_day.status_code == 422
    assert "Here" in wrong_day.text
    act(client, report, "submit")
    closed = client.post(address, data={**opened, "lines_to_take_en": "Too late."})
    assert closed.status_code == 409
    assert "Too late." in closed.text


def test_foreign_and_impossible_addresses(client: AuditClient, known: World, people: People) -> None:
    report = begin(client, known, people.author)
    addresses = [report, f"{report}/preview", f"{report}/full/en.pdf", f"{report}/text/objective", f"{report}/submit"]
    strangers = [
        make.user(make.government("NZ"), "reviewer", "approver"),
        make.user(known.company, "lead"),
        make.user(make.operator(), "administrator"),
    ]
    for stranger in strangers:
        make.sign_in(client, stranger)
        for address in addresses:
            assert client.get(address).status_code in (403, 404), (stranger.email, address)
    make.sign_in(client, people.author)
    for address in (f"{report}/full/de.pdf", f"{report}/half/en.pdf", f"{report}/full/en.exe", f"{report}/text/x",
                    "/reports/999999", f"{report}/compare/999999", f"{report}/preview?edition=x"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert client.post("/reports/new", data={"kind": "../x", "cycle": known.cycle.slug}).status_code == 422
    assert client.post("/reports/new", data={}).status_code == 422
    for value in ("x", "-1", "9" * 30, "²"):
        assert client.get(f"/reports?page={value}&state={value}").status_code == 200


def test_a_coordinator_sees_the_state_of_a_draft_and_not_its_facts(
    client: AuditClient, known: World, people: People
) -> None:
    report = begin(client, known, people.author)
    make.sign_in(client, make.user(known.government, "coordinator"))
    assert client.get(report).status_code == 200
    assert client.get(f"{report}/preview").status_code == 403


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_briefs_of_a_cycle(client: AuditClient, app: Flask, known: World, people: People, language: str) -> None:
    make.sign_in(client, people.author, language=language)
    form = client.get("/reports/batches")
    key = re.search(r'name="key" value="([^"]+)"', form.text).group(1)  # type: ignore[union-attr]
    wanted = {"key": key, "cycle": known.cycle.slug, "edition": "full", "languages": ["en", "fr"], "layouts": ["pdf"]}
    assert client.post("/reports/batches", data={"key": key}).status_code == 422
    asked = client.post("/reports/batches", data=wanted)
    assert asked.status_code == 303
    assert client.post("/reports/batches", data=wanted).headers["Location"] == asked.headers["Location"]
    address = asked.headers["Location"]
    waiting = client.get(address)
    assert 'max="1"' in waiting.text
    assert "data-look-again" in waiting.text
    assert client.get(f"{address}/briefs.zip").status_code == 409
    by_the_calendar(app, lambda now: make_reports(app, now), dt.datetime.now(dt.UTC))
    done = client.get(address)
    assert "data-look-again" not in done.text
    book = client.get(f"{address}/briefs.zip")
    with zipfile.ZipFile(io.BytesIO(book.data)) as opened:
        assert opened.namelist() == ["draft/aster-en.pdf", "draft/aster-fr.pdf"]
    assert client.get("/reports/batches").status_code == 200
    make.sign_in(client, people.approver, language=language)
    assert client.get(address).status_code == 404
    make.sign_in(client, people.reader, language=language)
    assert client.get(address).status_code == 403
