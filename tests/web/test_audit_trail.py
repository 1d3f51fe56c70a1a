"""Who may read which part of the audit trail, the filters, and the files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.services import audit
from compliance.services.transaction import writing
from compliance.storage.models import AuditEvent
from tests.support import factories as make
from tests.support.audit_client import AuditClient

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)


class Scene:
    """A company, its lead government and an operator, each with events of their own and a word that gives them away."""

    def __init__(self) -> None:
        self.company, self.other = make.organisation(name="Harbour"), make.organisation(name="Stranger")
        self.government, self.operator = make.government("CA"), make.operator()
        self.lead = make.user(self.company, "lead", name="Lena Lead")
        self.reviewer = make.user(self.government, "reviewer", name="Rae Viewer")
        self.administrator = make.user(self.operator, "administrator")
        stranger = make.user(self.other, "lead")
        actors = {person.id: make.acting(person) for person in (self.lead, self.reviewer, stranger)}
        with writing() as session:
            self._note(session, actors, self.lead, "answer.save", "answer:1", self.company.id, "Company-canary", day=1)
            self._note(
                session, actors, self.reviewer, "participation.invite", "participation:1", self.company.id, "x", day=2
            )
            self._note(
                session, actors, self.reviewer, "finding.save", "finding:1", self.government.id, "Staff-canary", day=3
            )
            self._note(session, actors, stranger, "answer.save", "answer:2", self.other.id, "Other-canary", day=4)
            self._note(session, actors, self.lead, "user.choices", "user:1", self.company.id, "Account-canary", day=5)
            self._note(session, actors, None, "framework.import", "framework:1", None, "System-canary", day=6)

    def _note(
        self, session: Session, actors, person, action: str, subject: str, chain: int | None, word: str, *, day: int
    ):
        actor = actors[person.id] if person else None
        at = dt.datetime(2026, 9, day, 12, tzinfo=dt.UTC)
        audit.record(
            session,
            actor,
            action,
            subject,
            now=at,
            organisation_id=chain,
            before={"text": "=1+1"},
            after={"text": word},
        )


@pytest.fixture
def scene(context: object) -> Scene:
    return Scene()


CANARIES = ("Company-canary", "Staff-canary", "Other-canary", "Account-canary", "System-canary")


def seen(client: AuditClient, address: str = "/audit") -> set[str]:
    text = client.get(address).text
    return {word for word in CANARIES if word in text}


def test_each_reads_its_own_part(client: AuditClient, scene: Scene) -> None:
    expected = {
        scene.lead: {"Company-canary", "Account-canary"},
        scene.reviewer: {"Staff-canary"},
        scene.administrator: {"Account-canary", "System-canary"},
    }
    for person, words in expected.items():
        make.sign_in(client, person)
        for address in ("/audit", "/audit/trail.csv", "/audit/trail.json"):
            assert seen(client, address) == words, (person.name, address)


def test_a_company_does_not_learn_who_in_government_acted(client: AuditClient, scene: Scene) -> None:
    make.sign_in(client, scene.lead)
    for address in ("/audit", "/audit/trail.csv", "/audit/trail.json", "/audit?person=Rae"):
        assert "Rae" not in client.get(address).text.replace('value="Rae"', "").replace("person=Rae", "")
    assert scene.government.name in client.get("/audit").text
    assert "participation:1" not in client.get("/audit?person=Rae").text, "the filter must not tell either"


@pytest.mark.parametrize("role", ["contributor", "reader"])
def test_other_roles_may_not(client: AuditClient, scene: Scene, role: str) -> None:
    home = scene.company if role == "contributor" else scene.government
    make.sign_in(client, make.user(home, role))
    for address in ("/audit", "/audit/trail.csv"):
        assert client.get(address).status_code == 403
    assert "/audit" not in client.get("/").text


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("person=lena", "answer:1", "participation:1"),
        ("noun=user", "user:1", "answer:1"),
        ("subject=answer:1", "answer:1", "user:1"),
        ("since=2026-09-02", "participation:1", "answer:1"),
        ("until=2026-09-01", "answer:1", "participation:1"),
        ("person=100%25", "No event fits", "answer:1"),
    ],
)
def test_filters(client: AuditClient, scene: Scene, query: str, there: str, gone: str) -> None:
    make.sign_in(client, scene.lead)
    page = client.get(f"/audit?{query}").text
    assert there in page
    assert f"<code>{gone}</code>" not in page


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_named(client: AuditClient, scene: Scene, day: str) -> None:
    make.sign_in(client, scene.lead)
    page = client.get(f"/audit?since={day}").text
    assert "There is a problem" in page
    assert f'value="{day}"' in page
    assert client.get(f"/audit/trail.csv?since={day}").status_code == 404
    assert client.get("/audit/trail.exe").status_code == 404


def test_the_files_hold_what_the_page_shows_and_no_formula(client: AuditClient, scene: Scene, session: Session) -> None:
    make.sign_in(client, scene.lead)
    rows = list(csv.DictReader(io.StringIO(client.get("/audit/trail.csv").text.lstrip("\ufeff"))))
    rows = [row for row in rows if not row["action"].startswith("session.")]
    lines = [json.loads(line) for line in client.get("/audit/trail.json").text.splitlines()]
    assert [row["subject"] for row in rows][1:] == ["user:1", "participation:1", "answer:1"], "the download comes first"
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    assert lines[-1]["after"] == {"text": "Company-canary"}
    assert [line["action"] for line in lines if line["action"].startswith("audit.")] == ["audit.export"] * 2
    exported = select(AuditEvent).where(AuditEvent.action == "audit.export")
    assert [event.after for event in session.scalars(exported)] == [{"form": "csv"}, {"form": "json"}]
    assert audit.verify(session) == []


def test_a_long_trail_has_pages(client: AuditClient, scene: Scene) -> None:
    with writing() as session:
        for number in range(60):
            audit.record(session, None, "answer.save", f"answer:x{number}", now=NOW, organisation_id=scene.company.id)
    make.sign_in(client, scene.lead)
    first = client.get("/audit").text
    assert first.count("<tr>") == 51
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get(older).text
    assert "answer:1<" in second
    assert 'rel="next"' not in second
