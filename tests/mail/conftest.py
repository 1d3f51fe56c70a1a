"""Mails to look at, and a mail server that does as it is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from compliance.domain.reminders import About
from compliance.domain.text import Text
from compliance.mail.messages import Envelope
from compliance.mail.waiting import Waiting
from tests.support.mail import compiled_words

SOON = Waiting(
    about=About.PARTICIPATION,
    subject_id=1,
    company="Nova & Söhne",
    cycle=Text(en="Assessment 2027", fr="Évaluation 2027"),
    due_on=dt.date(2027, 4, 30),
    zone=ZoneInfo("Pacific/Auckland"),
    today=dt.date(2027, 4, 23),
)
LATE = Waiting(
    about=About.PARTICIPATION,
    subject_id=2,
    company="Blue Heron",
    cycle=Text(en="Assessment 2027", fr="Évaluation 2027"),
    due_on=dt.date(2027, 4, 1),
    zone=ZoneInfo("America/Vancouver"),
    today=dt.date(2027, 4, 23),
)


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_words(tmp_path_factory.mktemp("words"))


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def envelope(words: Path) -> Envelope:
    return Envelope(
        to_name="Zoë Tremblay",
        to_address="zoe@company.example",
        from_address="no-reply@tracker.example",
        language="en",
        message_id="<0123abcd@tracker.example>",
        date=dt.datetime(2027, 4, 23, 9, tzinfo=dt.UTC),
        base_url="https://tracker.example",
        words=words,
    )
