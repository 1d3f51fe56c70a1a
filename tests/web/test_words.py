"""The French pages are French: every text has its translation, and no English sentence is left on a page."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from compliance.domain.answers import AnswerEntry, Status
from tests.support import factories as make
from tests.support.audit_client import AuditClient, text_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "templates" / "words" / "fr" / "LC_MESSAGES" / "messages.po"
NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def forms(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def test_every_text_is_translated_with_its_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            assert not message.fuzzy, message.id
            for text in forms(message.string):
                assert text.strip(), message.id
                assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(" ".join(forms(message.id))))


def sentences(catalogue: Catalog) -> set[str]:
    """The English texts of three words and more that are told from their French by more than a name."""
    found = set()
    for message in catalogue:
        for english in forms(message.id):
            plain = PLACEHOLDER.sub("", english).strip()
            if len(plain.split()) >= 3 and "example.com" not in plain:
                found.add(plain)
    return found


def left_over(page: str, english: set[str]) -> list[str]:
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    assert body is not None
    text = text_of(body)
    return sorted(sentence for sentence in english if sentence in text)


@pytest.fixture
def addresses(context: object) -> dict[str, list[str]]:
    """Pages of a company and of a reviewer, with something on each."""
    company = make.organisation(name="Havre", language="fr")
    cycle = make.cycle(make.REAL, due_on=dt.date(2031, 1, 31), name_fr="Cycle en cours")
    make.participation(cycle, company)
    service = make.service(company, ("image_video_sharing", "private_messages"), name="Photos", slug="photos")
    lead = make.user(company, "lead", email="lead@havre.example", language="fr")
    assessment = make.assessment(cycle, company)
    author = make.acting(lead)
    make.answer(assessment, service, "P01.a", author, AnswerEntry(Status.NOT_IN_PLACE, explanation="Pas encore."))
    submission = make.submitted(author, cycle, now=NOW)
    make.public_record(company, principle_id="P01", statement="Fait public.")
    make.user(make.government("CA"), "reviewer", email="reviewer@ca.example", language="fr")
    base, staff = f"/assessments/{cycle.slug}", f"/companies/{company.slug}"
    return {
        "lead@havre.example": [
            "/", "/services", "/services/new", "/services/photos", base, f"{base}/check", f"{base}/sign",
            f"{base}/services/photos/P01.a", f"{base}/services/photos/P01.c", f"{base}/company/P09.a",
            f"{base}/receipts/{submission.number}", "/principles", "/account", "/nothing-here",
        ],
        "reviewer@ca.example": [
            "/companies", staff, f"{staff}/{cycle.slug}/review", f"{staff}/{cycle.slug}/review/services/photos/P01.a",
            f"{staff}/{cycle.slug}/gaps", f"{staff}/{cycle.slug}/brief", f"{staff}/public-record",
            f"{staff}/public-record/new",
        ],
    }  # fmt: skip


def test_no_english_sentence_on_a_french_page(
    client: AuditClient, addresses: dict[str, list[str]], catalogue: Catalog
) -> None:
    from sqlalchemy import select

    from compliance.services.transaction import looking
    from compliance.storage.models import User

    english = sentences(catalogue)
    for email, pages in addresses.items():
        with looking() as session:
            person = session.scalars(select(User).where(User.email == email)).one()
        make.sign_in(client, person)
        for address in pages:
            assert left_over(client.get(address).text, english) == [], address


def test_the_crawl_sees_what_is_not_translated(client: AuditClient, catalogue: Catalog) -> None:
    """The canary: the same page in English is full of the sentences that the crawl looks for."""
    make.sign_in(client, make.user(make.organisation(), "lead"))
    assert left_over(client.get("/services").text, sentences(catalogue))
