"""What the mails say, in both languages, and how they look on the wire."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import html5lib
import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.mail.failures import Refused
from compliance.mail.mails import Mail, build
from compliance.mail.messages import account, reminder, trial
from compliance.mail.rendering import day_in_words, place_of, render
from tests.mail.conftest import LATE, SOON

MAILS = {"soon": [SOON], "late": [LATE], "both": [SOON, LATE]}


@pytest.mark.parametrize("case", MAILS)
def test_a_reminder_reads_as_it_should(case, language, envelope, snapshot):
    mail = reminder(dataclasses.replace(envelope, language=language), MAILS[case])
    assert {"subject": mail.subject, "text": mail.text} == snapshot


def test_the_html_says_what_the_text_says(language, envelope):
    mail = reminder(dataclasses.replace(envelope, language=language), [SOON, LATE])
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(mail.html)
    assert tree.get("lang") == language
    said = " ".join("".join(tree.find("body").itertext()).split())
    for sentence in (line.strip(" *:\n") for line in mail.text.splitlines()):
        words = sentence.split("https://")[0].strip(" :\u00a0")
        if words:
            assert words in said
    links = [link.get("href") for link in tree.iter("a")]
    assert links == ["https://tracker.example/", "https://tracker.example/", "https://tracker.example/account/mail"]


def test_a_mail_lists_so_much_and_says_how_much_more(envelope, language):
    many = [dataclasses.replace(SOON, subject_id=number, company=f"Company {number:03}") for number in range(60)]
    mail = reminder(dataclasses.replace(envelope, language=language), many)
    assert "Company 039" in mail.text
    assert "Company 040" not in mail.text
    assert "60" in mail.subject
    assert all(re.search(r"\b20\b", text) for text in (mail.text, mail.html))
    assert len((mail.calendar or b"").split(b"BEGIN:VEVENT")) == 41


def test_french_is_french_to_the_end(envelope):
    english = reminder(envelope, [SOON, LATE])
    french = reminder(dataclasses.replace(envelope, language="fr"), [SOON, LATE])
    for line in english.text.splitlines():
        if line and "Assessment" not in line and "https" not in line:
            assert line not in french.text
    assert trial(envelope).subject != trial(dataclasses.replace(envelope, language="fr")).subject
    assert french.from_name != english.from_name


@pytest.mark.parametrize(
    ("day", "language", "text"),
    [
        (dt.date(2027, 4, 30), "en", "Friday 30 April 2027"),
        (dt.date(2027, 4, 30), "fr", "vendredi 30 avril 2027"),
        (dt.date(2027, 5, 1), "fr", "samedi 1er mai 2027"),
        (dt.date(2027, 5, 11), "fr", "mardi 11 mai 2027"),
        (dt.date(2027, 5, 1), "en", "Saturday 1 May 2027"),
    ],
)
def test_dates_in_the_readers_form(day, language, text):
    assert day_in_words(day, language) == text


@pytest.mark.parametrize(
    ("zone", "language", "text"),
    [
        ("America/St_Johns", "fr", "Saint-Jean de Terre-Neuve"),
        ("America/Vancouver", "en", "Vancouver"),
        ("UTC", "fr", "UTC"),
        ("Etc/UTC", "en", "UTC"),
    ],
)
def test_places_in_the_readers_language(zone, language, text):
    assert place_of(ZoneInfo(zone), language) == text


def test_the_headers(envelope, language):
    message = build(reminder(dataclasses.replace(envelope, language=language), [SOON]))
    assert message["From"].addresses[0].addr_spec == "no-reply@tracker.example"
    assert message["To"].addresses[0].display_name == "Zoë Tremblay"
    assert message["Message-ID"] == "<0123abcd@tracker.example>"
    assert message["Date"].datetime == envelope.date
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    raw = message.as_bytes()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw == build(reminder(dataclasses.replace(envelope, language=language), [SOON])).as_bytes()
    again = message_from_bytes(raw, policy=default)
    assert (again["Subject"], again["To"]) == (message["Subject"], message["To"])
    bodies = [again.get_body((kind,)) for kind in ("plain", "html")]
    assert all(body is not None and "Söhne" in body.get_content() for body in bodies)


def test_an_address_beyond_ascii(envelope):
    message = build(trial(dataclasses.replace(envelope, to_address="zoe@müller.example")))
    assert message["To"].addresses[0].addr_spec == "zoe@xn--mller-kva.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zoe",
        "zoe@",
        "@company.example",
        "zoe@a\r\nBcc: x@y.example",
        "zoe @company.example",
        "zoe@" + "a" * 80 + ".example",
    ],
)
def test_an_address_that_is_none_is_refused(address, envelope):
    with pytest.raises(Refused):
        build(trial(dataclasses.replace(envelope, to_address=address)))


EVIL = st.text(
    st.one_of(st.sampled_from('\r\n\0\v\f\x1c\x85\u2028: ,;<>@"\\'), st.characters(exclude_categories=["Cs"]))
)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip


@given(name=EVIL, subject=EVIL)
def test_nothing_typed_adds_a_header(name, subject):
    mail = Mail(
        to_name=f"{name}\r\nBcc: other@company.example",
        to_address="zoe@company.example",
        from_name=name,
        from_address="no-reply@tracker.example",
        subject=f"{subject}\r\nBcc: other@company.example\r\n\r\nbody",
        text="text\n",
        html="<p>text</p>\n",
        language="en",
        message_id="<1@tracker.example>",
        date=dt.datetime(2027, 4, 23, tzinfo=dt.UTC),
    )
    parsed = message_from_bytes(build(mail).as_bytes(), policy=default)
    assert parsed.keys() == HEADERS
    assert [address.addr_spec for address in parsed["To"].addresses] == ["zoe@company.example"]


def test_markup_in_names_stays_text(envelope):
    company = dataclasses.replace(SOON, company="<script>alert(1)</script>")
    mail = reminder(dataclasses.replace(envelope, to_name="<img src=x>"), [company])
    assert "<script>" not in mail.html
    assert "<img" not in mail.html
    assert "<script>alert(1)</script>" in mail.text


def test_a_missing_value_is_an_error(words: Path):
    with pytest.raises(jinja2.UndefinedError):
        render("reminder", "en", words, name="Zoë")


def test_mails_fetch_nothing(envelope):
    """No picture, no style sheet, no tracking: opening a mail tells nobody."""
    for mail in (reminder(envelope, [SOON, LATE]), trial(envelope)):
        assert not re.search(r"<(img|link|script|iframe|object)|url\(|@import", mail.html)


@pytest.mark.parametrize("granted", ["2027-04-30", ""])
def test_the_answer_to_a_request_for_more_time(granted, language, envelope):
    words = {"granted": granted, "reason": "Fair & <b>fine</b>.", "path": "/assessments/spring/asked"}
    words |= {"cycle_en": "Spring", "cycle_fr": "Printemps"}
    mail = account(dataclasses.replace(envelope, language=language), "more_time", "", words)
    assert ("30 avril 2027" if language == "fr" else "30 April 2027") in mail.text or not granted
    assert ("Printemps" if language == "fr" else "Spring") in mail.text
    assert "/assessments/spring/asked" in mail.text
    assert "&lt;b&gt;fine" in mail.html
