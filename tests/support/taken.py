"""A company's answers in the making, without a database: the real questions for three services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from compliance.content import load
from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, MetricEntry, Status
from compliance.domain.framework import Framework
from compliance.domain.questionnaire import Profile, Question, asked_questions
from compliance.domain.text import Text
from compliance.domain.workbook_reading import Vocabulary
from compliance.reporting.answers import Kind, Taken, load_words
from tests.support.engines import ROOT

REPORTS = ROOT / "reports"
DAYS = dt.date(2026, 1, 1), dt.date(2026, 6, 30)


@cache
def framework() -> Framework:
    """The real one."""
    return load(ROOT / "principles" / "voluntary-principles" / "2026.1").framework


def profiles(number: int = 3) -> list[Profile]:
    functions = frozenset({"public_posts", "image_video_sharing", "private_messages"})
    return [Profile(f"service-{n}", f"Service {n}", functions) for n in range(1, number + 1)]


def entry(question: Question, text: str) -> AnswerEntry:
    """A whole answer to a question: text, evidence and a number where one is asked."""
    metrics = framework().metrics_by_indicator.get(question.indicator.id, ())
    return AnswerEntry(
        Status.IN_PLACE,
        explanation=text,
        evidence=(EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/x", text[:200], *DAYS),),
        metrics=tuple(MetricEntry(m.id, Decimal(3), m.unit.id, *DAYS, text[:100], text[:100]) for m in metrics[:1]),
        language="en",
    )


def taken(kind: Kind = "workbook", texts: Iterable[str] = ("Since 2020.",), services: int = 3) -> Taken:
    """Every question answered, with `texts` in turn."""
    known = list(texts)
    asked = asked_questions(framework(), profiles(services))
    return Taken(
        kind=kind,
        company="Harbour (fictional)",
        company_slug="harbour",
        cycle=Text("First half of 2026", "Premier semestre de 2026"),
        cycle_slug="2026-h1",
        framework=framework(),
        services=profiles(services),
        questions=asked,
        entries={question.key: entry(question, known[n % len(known)]) for n, question in enumerate(asked)},
        made_on=dt.date(2026, 9, 1),
    )


def vocabulary(services: int = 3) -> Vocabulary:
    """The words of a workbook of `taken`."""
    words = load_words(REPORTS)
    company = words.text("sheets.company")
    names: dict[str, str | None] = {company.en: None, company.fr: None}
    names |= {profile.name: profile.slug for profile in profiles(services)}
    grounds = {id_: (text.en, text.fr) for id_, text in words.under("grounds").items()}
    return Vocabulary.of(framework(), grounds, (words.text("yes").en, words.text("yes").fr), names)
