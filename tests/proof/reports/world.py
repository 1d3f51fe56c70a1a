"""Companies that strain a report: one that never answers, one with everything in place, one with 20 services, one that
writes 4,000 characters of Arabic, Inuktitut and emoji in each answer. Nine more make sums that can be published.

The facts of every kind about each of them are built once, by the services, and kept as plain data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle as again
from typing import Any

from compliance.config import ROOT
from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Ground, Reason, Status, problems_of
from compliance.domain.framework import Indicator
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Profile, asked_questions
from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import Folders, Report, lay
from compliance.reporting.facts import Facts
from compliance.services.cycle.frameworks import framework_for
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.transaction import looking, writing
from compliance.storage.models import (
    Commitment,
    Cycle,
    Engagement,
    EngagementAsk,
    FrameworkVersion,
    Organisation,
    Service,
)
from tests.support import factories as make

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
SUBMITTED = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
FOLDERS = Folders(ROOT / "reports", ROOT / "build" / "fonts")
ARABIC, INUKTITUT, EMOJI = (
    "نقارن كل صورة بقوائم معروفة قبل نشرها. ",
    "ᐊᔾᔨᓕᒫᑦ ᕿᒥᕐᕈᔭᐅᕙᒃᐳᑦ ᓴᖅᑭᖅᑎᑕᐅᓚᐅᖏᓐᓂᖏᓐᓂ. ",
    "👩‍👩‍👧‍👦🇨🇦❤️🛡️✅ ",
)
LONG = ((ARABIC * 110)[:4_000], (INUKTITUT * 110)[:4_000], (EMOJI * 400)[:4_000])
FUNCTIONS = ("image_video_sharing", "children_can_use", "live_streaming", "private_messages", "search")
ALL = (*FUNCTIONS, "public_posts", "recommendations")
CASES = ("silent", "perfect", "twenty", "scripts")
PER_COMPANY = ("company-brief", "company-feedback", "progress")
OTHERS = ("cross-company", "principle", "sector-aggregate")
KINDS = (*PER_COMPANY, *OTHERS)

Entries = Iterator[AnswerEntry]


@dataclass
class World:
    """What the companies of one cycle have in common."""

    cycle: Cycle
    before: Cycle
    government: Organisation
    reviewer: Actor
    companies: dict[str, Organisation] = field(default_factory=dict)


def in_place() -> Entries:
    evidence = (EvidenceEntry(Grade.PUBLIC_LINK, "https://safety.example/measures", "Our page"),)
    return again(
        [AnswerEntry(Status.IN_PLACE, explanation="Every upload is matched before it is shown.", evidence=evidence)]
    )


def mixed() -> Entries:
    return again(
        [
            AnswerEntry(Status.IN_PLACE, explanation="Matched at upload, on every surface of this service."),
            AnswerEntry(Status.NOT_IN_PLACE, explanation="Nous n'avons rien de tel pour l'instant.", language="fr"),
            AnswerEntry(Status.PLANNED, explanation="In the next release.", planned_on=dt.date(2027, 3, 1)),
            AnswerEntry(
                Status.CANNOT_SAY,
                reason=Reason.CONFIDENTIAL,
                reason_text="A contract forbids it.",
                explanation="We are asking the supplier for leave.",
                planned_on=dt.date(2027, 1, 15),
            ),
            AnswerEntry(Status.NOT_IN_PLACE, explanation="Not yet.", planned_on=dt.date(2027, 6, 1)),
        ]
    )


def scripts() -> Entries:
    """Every fifth answer is claimed to be confidential, every seventh tells how detection works."""
    made = []
    for number in range(35):
        text = LONG[number % 3]
        claim: dict[str, Any] = {}
        if number % 5 == 0:
            claim = {
                "claim_ground": Ground.TRADE_SECRET,
                "claim_reason": "A trade secret.",
                "claimed_on": SUBMITTED.date(),
            }
        made.append(
            AnswerEntry(
                (Status.IN_PLACE, Status.NOT_IN_PLACE)[number % 2],
                explanation=text,
                language=("ar", "iu", "")[number % 3],
                sensitive_method=number % 7 == 0,
                **claim,
            )
        )
    return again(made)


def world() -> World:
    """The whole world, stored in the database of the test."""
    government = make.government("CA")
    before = make.cycle(make.REAL, name_en="Second half of 2025", name_fr="Second semestre de 2025")
    cycle = make.cycle(make.REAL, previous=before, name_en="First half of 2026", name_fr="Premier semestre de 2026")
    made = World(cycle, before, government, make.actor(government, "reviewer", "coordinator"))
    _company(made, "silent", "Silent Harbour (fictional)", 1, None)
    _company(made, "perfect", "Perfect Pier (fictional)", 2, in_place, agreed=True)
    _company(made, "twenty", "Twenty Quays and Associates Holding of the Northern Ports (fictional)", 20, mixed)
    _company(made, "scripts", f"ᓄᓇᕗᑦ {ARABIC.split(maxsplit=1)[0]} (fictional)", 1, scripts)
    for number in range(9):
        _company(made, f"other-{number}", f"Other {number} (fictional)", 1, in_place if number % 2 else mixed)
    _exchange(made)
    return made


def _company(made: World, key: str, name: str, services: int, entries: Any, *, agreed: bool = False) -> None:
    company = make.organisation(name=name, slug=key, fictional=True, language="en")
    made.companies[key] = company
    rows = [make.service(company, ALL, name=f"{name.split(maxsplit=1)[0]} service {n}") for n in range(services)]
    if entries is None:
        make.participation(made.cycle, company, "invited")
        make.public_record(company, rows, principle_id="P01", statement="A hotline counted reports about it.")
        make.refresh(made.cycle, company, now=NOW)
        return
    lead = make.actor(company)
    for cycle in (made.before, made.cycle):
        if cycle is made.before and services > 2:
            continue
        make.participation(cycle, company)
        _answered(cycle, company, rows, lead, entries() if cycle is made.cycle else mixed())
        make.submitted(lead, cycle, now=SUBMITTED)
        if agreed and cycle is made.cycle:
            _agreed(made, company, rows)
        make.refresh(cycle, company, now=NOW)


def _answered(cycle: Cycle, company: Organisation, rows: list[Service], lead: Actor, entries: Entries) -> None:
    assessment = make.assessment(cycle, company)
    for service, indicator in _questions(cycle, rows):
        # not every question takes every status: the next one that it takes
        entry = next(e for e in entries if not problems_of(e, indicator, (), {}, SUBMITTED.date()))
        make.answer(assessment, service, indicator.id, lead, entry)


def _questions(cycle: Cycle, rows: list[Service]) -> Iterator[tuple[Service | None, Indicator]]:
    with looking() as session:
        version = session.get_one(FrameworkVersion, cycle.framework_version_id)
        framework = framework_for(version)
    profiles = [Profile(row.slug, row.name, frozenset(row.functions or ())) for row in rows]
    by_slug = {row.slug: row for row in rows}
    for question in asked_questions(framework, profiles):
        yield by_slug[question.service.slug] if question.service else None, question.indicator


def _agreed(made: World, company: Organisation, rows: list[Service]) -> None:
    from sqlalchemy import select

    from compliance.storage.models import Assessment

    with looking() as session:
        assessment = session.scalars(
            select(Assessment).where(Assessment.company_id == company.id, Assessment.cycle_id == made.cycle.id)
        ).one()
    for service, indicator in _questions(made.cycle, rows):
        make.finding(assessment, service, indicator.id, made.reviewer)


def _exchange(made: World) -> None:
    """A meeting with the company of many services, and commitments of two companies."""
    twenty, scripts_ = made.companies["twenty"], made.companies["scripts"]
    person = make.user(made.government, "approver")
    with writing() as session:
        engagement = Engagement(
            company_id=twenty.id, cycle_id=made.cycle.id, organisation_id=made.government.id, country="CA",
            held_on=dt.date(2026, 10, 1), met="The Minister; the head of safety", summary="A second meeting in spring.",
            recorded_by_id=person.id, recorded_at=NOW,
        )  # fmt: skip
        engagement.asks = [
            EngagementAsk(position=0, text="Name the lists you match with.", answer="By March.", outcome="agreed")
        ]
        session.add(engagement)
        for company, number in ((twenty, 1), (twenty, 2), (scripts_, 3)):
            session.add(
                Commitment(
                    company_id=company.id,
                    cycle_id=made.cycle.id,
                    service_id=None,
                    indicator_id="P09.a",
                    state=("agreed", "done", "agreed")[number - 1],
                    side="company",
                    country="CA",
                    text=f"Assess each launch, step {number}.",
                    owner="Head of safety",
                    due_on=dt.date(2026, 9 + number, 1),
                    made_by_id=person.id,
                    made_at=NOW,
                    changed_at=NOW,
                )
            )


def abouts(made: World) -> dict[tuple[str, str], tuple[str, About]]:
    """Kind and subject of every report, by kind and case."""
    slug = made.cycle.slug
    found = {(kind, case): (kind, About(slug, case)) for kind in PER_COMPANY for case in CASES}
    found |= {("cross-company", "all"): ("cross-company", About(slug))}
    found |= {("principle", "all"): ("principle", About(slug, principle=1))}
    return found | {("sector-aggregate", "all"): ("sector-aggregate", About(slug))}


@cache
def all_facts(_url: str) -> dict[tuple[str, str, str], Facts]:
    """The facts of every report by kind, case and edition; built once for a run."""
    made = world()
    return {
        (kind, case, edition): reports.build(kind, about, made.reviewer, FOLDERS, now=NOW, edition=edition)
        for (kind, case), (_, about) in abouts(made).items()
        for edition in reports.EDITIONS
    }


def every_report(facts: dict[tuple[str, str, str], Facts]) -> Iterator[tuple[str, Language, Report]]:
    """Every report in both languages, with its name."""
    for (kind, case, edition), known in facts.items():
        for language in LANGUAGES:
            yield f"{kind} {case} {edition} {language}", language, lay(known, language, FOLDERS)
