"""The French pages are French: every text has its translation, and no English sentence is left on a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.storage.models import User
from tests.support import factories as make
from tests.support.audit_client import AuditClient, text_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "templates" / "words" / "fr" / "LC_MESSAGES" / "messages.po"
NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")

#: Texts that are rightly the same in both languages: the French word is spelled like the English one.
SAME = {
    "%(num)s page",
    "%(num)s pages",
    "%(name)s, %(moment)s",
    "%(num)s cycle",
    "%(num)s cycles",
    "Comparable",
    "comparable",
    "%(num)s question",
    "%(num)s questions",
    "Action",
    "Code",
    "Cycle",
    "Cycles",
    "Document",
    "Documents",
    "Invitations",
    "Format",
    "Formats",
    "Organisation",
    "PDF",
    "Organisations",
    "Pages",
    "Participants",
    "Participation",
    "Question",
    "Questions",
    "Service",
    "Services",
    "Sessions",
    "Source",
    "Sources",
    "Version",
    "Version %(number)s",
    "Versions",
    "Word",
    "version %(number)s",
    "version %(version)s",
}

#: What people do not see as text and still hear or see.
ATTRIBUTES = ("alt", "aria-label", "data-label", "placeholder", "title")


def read_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read_catalogue()


def forms(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each English form with its French one; French needs as many forms as English, one and many."""
    for message in catalogue:
        if message.id:
            yield from zip(forms(message.id), forms(message.string), strict=True)


# The catalogue


def test_no_text_is_without_a_translation_or_with_a_doubtful_one(catalogue: Catalog) -> None:
    assert [english for english, french in pairs(catalogue) if not french.strip()] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_text(catalogue: Catalog) -> None:
    wrong = [
        english
        for english, french in pairs(catalogue)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(french))
    ]
    assert wrong == []


def test_no_translation_is_an_english_text(catalogue: Catalog) -> None:
    english_texts = {english for english, _ in pairs(catalogue)}
    assert {french for _, french in pairs(catalogue) if french in english_texts} == SAME


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(r"(?<![\u00a0\u202f]):(?!//|\d\d\b)", id="a colon without a no-break space before it"),
        pytest.param(r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»", id="quotation marks without no-break spaces inside"),
        pytest.param(r"\s[;!?]", id="a space before a semicolon, an exclamation or a question mark"),
        pytest.param(r"[“”\"]", id="English quotation marks"),
    ],
)
def test_the_french_keeps_to_the_rules_of_canadian_typesetting(catalogue: Catalog, fault: str) -> None:
    pages = Catalog(locale="fr")
    for message in catalogue:
        # The wording of the mails is pinned by the snapshots of tests/mail.
        if not all(path.startswith("templates/email/") for path, _ in message.locations):
            pages[message.id] = message
    assert [french for _, french in pairs(pages) if re.search(fault, french)] == []


# The pages


class Visit(NamedTuple):
    """A page as somebody gets it; with `sent` it is the answer to a form."""

    who: User
    address: str
    status: int = 200
    sent: dict[str, str] | None = None


def patterns(catalogue: Catalog) -> dict[str, re.Pattern[str]]:
    """What to look for: the English texts of three words and more, anything in the place of their placeholders."""
    found = {}
    for english, _ in pairs(catalogue):
        pieces = [" ".join(piece.split()) for piece in PLACEHOLDER.split(english)]
        if len(" ".join(pieces).split()) >= 3:
            text = r"\s*.{0,200}?\s*".join(re.escape(piece) for piece in pieces).strip()
            found[english] = re.compile(rf"(?<!\w){text}(?!\w)")
    return found


def left_over(page: str, english: dict[str, re.Pattern[str]]) -> list[str]:
    root = html5lib.parse(page, namespaceHTMLElements=False)
    seen = [text_of(root), *(element.get(name) or "" for element in root.iter() for name in ATTRIBUTES)]
    text = "\n".join(filter(None, seen))
    return sorted(sentence for sentence, pattern in english.items() if pattern.search(text))


def crawl(client: AuditClient, visits: list[Visit], catalogue: Catalog) -> dict[str, list[str]]:
    """The English that is left, by page."""
    english, found = patterns(catalogue), {}
    for who, address, status, sent in visits:
        make.sign_in(client, who)
        got = client.get(address) if sent is None else client.post(address, data=sent)
        assert got.status_code == status, address
        if rest := left_over(got.text, english):
            found[address] = rest
    return found


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The catalogue that the site of the test reads, freshly compiled; what a test takes out of it is put in last."""
    monkeypatch.setattr("compliance.factory.WORDS", tmp_path / "words")
    catalogue = read_catalogue()
    compile_into(tmp_path / "words", catalogue)
    return catalogue


def compile_into(folder: Path, catalogue: Catalog) -> None:
    target = folder / "fr" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)


@pytest.fixture
def as_lead(context: object) -> list[Visit]:
    """The pages of two companies, one that still answers and one that has submitted, and their forms sent badly."""
    cycle = make.cycle(make.REAL, due_on=dt.date(2031, 1, 31), name_fr="Cycle en cours")
    base = f"/assessments/{cycle.slug}"

    drafting = make.organisation(name="Anse", language="fr")
    make.participation(cycle, drafting)
    photos = make.service(drafting, ("image_video_sharing", "private_messages"), name="Photos", slug="photos")
    ines = make.user(drafting, "lead", email="lead@anse.example", language="fr")
    draft = make.assessment(cycle, drafting)
    link = EvidenceEntry(Grade.PUBLIC_LINK, "https://anse.example/rapport", "Rapport", effective_on=dt.date(2026, 1, 2))
    make.answer(draft, photos, "P01.a", make.acting(ines), AnswerEntry(Status.IN_PLACE, evidence=(link,)))
    question = f"{base}/services/photos/P01.a"
    faulty = {
        "status": "partly", "planned_on-day": "x", "evidence-0-address": "x", "evidence-0-effective_on-day": "x",
        "metrics-0-metric_id": "P01-m1", "metrics-0-value": "x", "version": "1", "key": "a",
    }  # fmt: skip

    invited = make.organisation(name="Cap", language="fr")
    make.participation(cycle, invited, "invited")
    rose = make.user(invited, "lead", email="lead@cap.example", language="fr")

    submitted = make.organisation(name="Havre", language="fr")
    make.participation(cycle, submitted)
    service = make.service(submitted, ("image_video_sharing",), name="Images", slug="images")
    lou = make.user(submitted, "lead", email="lead@havre.example", language="fr")
    author = make.acting(lou)
    make.answer(make.assessment(cycle, submitted), service, "P01.a", author)
    receipt = make.submitted(author, cycle, now=NOW).number
    return [
        *(Visit(ines, page) for page in ("/", "/services", "/services/new", "/services/photos", "/account")),
        *(Visit(ines, page) for page in ("/principles", base, f"{base}/check", f"{base}/sign", f"{base}/decline")),
        *(Visit(ines, page) for page in (question, f"{base}/services/photos/P01.c", f"{base}/company/P09.a")),
        Visit(ines, "/nothing-here", 404),
        Visit(ines, "/companies", 403),
        Visit(ines, "/services/new", 422, {"name": ""}),
        Visit(ines, "/services/photos", 422, {"name": "Photos", "functions": "games", "version": "0"}),
        Visit(ines, question, 422, faulty),
        Visit(ines, question, 409, {"status": "in_place", "version": "0", "key": "b"}),
        Visit(ines, f"{base}/sign", 422, {"name": ""}),
        Visit(ines, f"{base}/decline", 422, {"reason": ""}),
        Visit(ines, "/account", 200, {"language": "de"}),
        *(Visit(rose, page) for page in ("/", "/services", f"{base}/decline")),
        *(Visit(lou, page) for page in ("/", base, f"{base}/check", f"{base}/sign", f"{base}/receipts/{receipt}")),
        *(Visit(lou, page) for page in (f"{base}/services/images/P01.a", f"{base}/services/images/P01.c")),
    ]


@pytest.fixture
def as_reviewer(context: object) -> list[Visit]:
    """What government sees of a company that submitted, of one that declined and of one that is not shared with it."""
    cycle = make.cycle(make.REAL, due_on=dt.date(2031, 1, 31), name_fr="Cycle en cours")
    company = make.organisation(name="Havre", description_fr="Une entreprise.")
    make.participation(cycle, company)
    service = make.service(company, ("image_video_sharing",), name="Images", slug="images")
    author = make.acting(make.user(company, "lead"))
    link = EvidenceEntry(Grade.PUBLIC_LINK, "https://havre.example/rapport")
    assessment = make.assessment(cycle, company)
    make.answer(assessment, service, "P01.a", author, AnswerEntry(Status.IN_PLACE, evidence=(link,)))
    make.answer(assessment, service, "P01.b", author, AnswerEntry(Status.NOT_IN_PLACE, explanation="Pas encore."))
    make.submitted(author, cycle, now=NOW)
    make.public_record(company, [service], principle_id="P01", indicator_id="P01.a", statement="Fait public.")

    declined = make.organisation(name="Cap")
    make.participation(cycle, declined, "declined", reason="Trop petite.")
    foreign = make.organisation(name="Baie", country="AU")
    make.participation(cycle, foreign)

    noa = make.user(make.government("CA"), "reviewer", email="reviewer@ca.example", language="fr")
    page, answer = f"/companies/{company.slug}", f"/companies/{company.slug}/{cycle.slug}/review/services/images/P01.a"
    make.finding(assessment, service, "P01.a", make.acting(noa), reason="Vu.")
    make.refresh(cycle, company, now=NOW)
    return [
        *(Visit(noa, address) for address in ("/companies", "/companies?name=zz", "/principles", "/account")),
        *(Visit(noa, f"/companies/{other.slug}") for other in (company, declined, foreign)),
        *(Visit(noa, f"{page}/{cycle.slug}/{part}") for part in ("review", "gaps", "brief")),
        *(Visit(noa, f"{page}/{part}") for part in ("public-record", "public-record/new")),
        Visit(noa, answer),
        Visit(noa, answer.replace("P01.a", "P01.b")),
        Visit(noa, "/services", 403),
        Visit(noa, f"{page}/public-record/new", 422, {"statement": "", "number": "x"}),
        Visit(noa, answer, 422, {"rating": "partly", "reason": "", "version": "1", "key": "a"}),
        Visit(noa, answer, 409, {"rating": "agree", "version": "0", "key": "b"}),
    ]


def test_no_english_sentence_is_left_for_a_company(words: Catalog, as_lead: list[Visit], client: AuditClient) -> None:
    assert crawl(client, as_lead, words) == {}


def test_no_english_sentence_is_left_for_a_reviewer(
    words: Catalog, as_reviewer: list[Visit], client: AuditClient
) -> None:
    assert crawl(client, as_reviewer, words) == {}


def test_a_refused_sign_in_is_told_in_french(words: Catalog, client: AuditClient) -> None:
    client.language = "fr"
    english = patterns(words)
    assert left_over(client.get("/sign-in?lang=fr").text, english) == []
    for typed in ({}, {"email": "no address", "password": "x"}, {"email": "a@b.example", "password": "x"}):
        refused = client.post("/sign-in?lang=fr", data=typed)
        assert "L'adresse de courriel ou le mot de passe est inexact." in text_of(html5lib.parse(refused.text))
        assert left_over(refused.text, english) == []


@pytest.mark.parametrize(
    "taken",
    [
        "There is no such page, or it belongs to someone else.",
        "What changed since last time",
        "%(num)s question that applies is not answered. Government will see it as “not known”.",
        "Enter the name of the service.",
    ],
)
def test_the_crawl_finds_one_missing_translation(
    words: Catalog, as_lead: list[Visit], request: pytest.FixtureRequest, tmp_path: Path, taken: str
) -> None:
    """The canary: with one translation taken out the crawl finds this text, and nothing else."""
    complete = read_catalogue()
    words.delete(taken)
    compile_into(tmp_path / "words", words)
    found = {text for texts in crawl(request.getfixturevalue("client"), as_lead, complete).values() for text in texts}
    message = complete.get(taken)
    assert message is not None
    assert found
    assert found <= set(forms(message.id))
