"""What a redacted edition withholds leaves no trace: two worlds that differ in withheld answers alone make the same files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.submissions import seal, unseal
from compliance.reporting import FORMATS, lay, render
from compliance.services.gap import results
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.transaction import looking, writing
from compliance.storage.models import Assessment, Organisation, Submission
from tests.proof.reports.world import FOLDERS, NOW, World, _company, mixed, scripts
from tests.support import factories as make

SECRET = "ZZ-withheld-ZZ"
KINDS = ("company-brief", "company-feedback", "progress", "cross-company", "principle")
OTHERS = [
    AnswerEntry(Status.IN_PLACE, explanation=f"{SECRET} in place"),
    AnswerEntry(Status.NOT_IN_PLACE, explanation=f"{SECRET} not in place"),
    AnswerEntry(Status.PLANNED, explanation=f"{SECRET} planned", planned_on=dt.date(2027, 5, 1)),
    AnswerEntry(Status.IN_PLACE, explanation="We do something."),  # the words of another answer: no copy of it may show
]


@pytest.fixture
def small(context: object) -> World:
    government = make.government("CA")
    before = make.cycle(make.REAL)
    cycle = make.cycle(make.REAL, previous=before)
    made = World(cycle, before, government, make.actor(government, "reviewer", "coordinator"))
    _company(made, "claims", "Claims (fictional)", 1, scripts)
    for number in range(3):
        _company(made, f"other-{number}", f"Other {number} (fictional)", 1, mixed)
    return made


def editions(made: World) -> dict[str, bytes]:
    """Every redacted file of every kind."""
    files: dict[str, bytes] = {}
    for kind in KINDS:
        about = About(made.cycle.slug, "claims", 1)
        facts = reports.build(kind, about, made.reviewer, FOLDERS, now=NOW, edition="redacted")
        files[f"{kind} facts"] = json.dumps(facts, sort_keys=True).encode()
        for language in ("en", "fr"):
            report = lay(facts, language, FOLDERS)
            files |= {f"{kind} {language} {layout}": render(report, layout, FOLDERS) for layout in FORMATS}
    return files


def replaced(made: World, entry: AnswerEntry) -> None:
    """Every withheld answer of the company becomes `entry`, its claim kept, in the sealed copy and in the results."""
    company = made.companies["claims"]
    with writing() as session:
        rows = session.scalars(
            select(Submission)
            .join(Assessment, Assessment.id == Submission.assessment_id)
            .where(Assessment.company_id == company.id, Assessment.cycle_id == made.cycle.id)
        ).all()
        for row in rows:
            sealed = unseal(row.sealed)
            answers = {key: _claimed(entry, old) if old.is_withheld else old for key, old in sealed.answers.items()}
            text, digest = seal(dataclasses.replace(sealed, answers=answers))
            session.execute(update(Submission).where(Submission.id == row.id).values(sealed=text, sha256=digest))
        results.refresh(session, made.cycle.id, company.id, now=NOW)


def _claimed(entry: AnswerEntry, old: AnswerEntry) -> AnswerEntry:
    kept = {name: getattr(old, name) for name in ("claim_ground", "claim_reason", "claimed_on", "sensitive_method")}
    return dataclasses.replace(entry, **kept)


def test_nothing_depends_on_what_is_withheld(small: World, record_property: Callable[[str, object], None]) -> None:
    replaced(small, OTHERS[0])
    first = editions(small)
    for entry in OTHERS[1:]:
        replaced(small, entry)
        again = editions(small)
        assert {name for name in first if first[name] != again[name]} == set()
    assert not any(SECRET.encode() in content for content in first.values())
    record_property("result", f"{len(first)} files the same bytes over {len(OTHERS)} sets of withheld answers")


def test_the_full_edition_does_depend_on_it(small: World) -> None:
    """The same comparison sees the difference where nothing is withheld."""
    about = About(small.cycle.slug, "claims", 1)
    seen = []
    for entry in OTHERS[:2]:
        replaced(small, entry)
        seen.append(json.dumps(reports.build("company-brief", about, small.reviewer, FOLDERS, now=NOW), sort_keys=True))
    assert seen[0] != seen[1]
    assert SECRET in seen[1]


def test_it_says_how_many_per_principle(small: World) -> None:
    with looking() as session:
        sealed = unseal(
            session.scalars(
                select(Submission)
                .join(Assessment, Assessment.id == Submission.assessment_id)
                .join(Organisation, Organisation.id == Assessment.company_id)
                .where(Organisation.slug == "claims", Assessment.cycle_id == small.cycle.id)
            )
            .one()
            .sealed
        )
    wanted: dict[int, int] = {}
    for (_service, indicator), entry in sealed.answers.items():
        if entry.is_withheld:
            number = int(indicator[1:3])
            wanted[number] = wanted.get(number, 0) + 1
    assert wanted
    for kind in KINDS[:3]:
        facts = reports.build(
            kind, About(small.cycle.slug, "claims"), small.reviewer, FOLDERS, now=NOW, edition="redacted"
        )
        assert {item["principle_number"]: item["n"] for item in facts["withheld"]} == wanted
    across = reports.build(
        "cross-company", About(small.cycle.slug), small.reviewer, FOLDERS, now=NOW, edition="redacted"
    )
    assert {item["principle_number"]: item["n"] for item in across["withheld"]} == wanted
