"""Every kind of report from the demo's companies, for whoever may see them, in both editions."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from compliance.config import ROOT
from compliance.demo import loading
from compliance.domain.errors import Denied, NotAllowed, NotFound
from compliance.domain.permissions import Actor, OrganisationKind, Role
from compliance.domain.text import LANGUAGES
from compliance.reporting import SHAPES, Folders, lay, render
from compliance.services.report import reports
from compliance.services.report.facts import BUILDERS, About
from compliance.services.transaction import looking
from compliance.storage.models import Organisation, Result

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
FOLDERS = Folders(ROOT / "reports", ROOT / "build" / "fonts")
CYCLE = "2026-h1"
CANADA = Actor(0, "", 0, "", OrganisationKind.GOVERNMENT, "CA", frozenset({Role.REVIEWER}))
READER = replace(CANADA, roles=frozenset({Role.READER}))
COMPANY = Actor(0, "", 1, "", OrganisationKind.COMPANY, None, frozenset({Role.LEAD}))
ABOUT = {
    "company-brief": About(CYCLE, "brindlecove"),
    "company-feedback": About(CYCLE, "brindlecove"),
    "progress": About(CYCLE, "brindlecove"),
    "cross-company": About(CYCLE),
    "principle": About(CYCLE, principle=1),
}


@pytest.fixture
def demo(context: object) -> None:
    loading.load(12, 1, hash_password=lambda: "not used", now=NOW)


def build(kind: str, actor: Actor = CANADA, **options):
    return reports.build(kind, ABOUT[kind], actor, FOLDERS, now=NOW, **options)


def test_every_shape_has_a_builder() -> None:
    assert set(BUILDERS) == set(SHAPES)


@pytest.mark.usefixtures("demo")
def test_every_kind_builds_and_lays_out_in_both_languages_and_editions() -> None:
    for kind in ABOUT:
        for edition in reports.EDITIONS:
            facts = build(kind, edition=edition)
            assert facts["edition"]["name"] == edition
            for language in LANGUAGES:
                page = render(lay(facts, language, FOLDERS), "html", FOLDERS).decode()
                assert f'lang="{language}"' in page


@pytest.mark.usefixtures("demo")
def test_who_may_not_build_gets_nothing() -> None:
    for kind in ABOUT:
        with pytest.raises((Denied, NotFound)):
            build(kind, READER)
        with pytest.raises((Denied, NotFound)):
            build(kind, COMPANY)
    for kind in ("company-brief", "company-feedback", "progress"):
        with pytest.raises(NotFound):
            reports.build(kind, About(CYCLE, "orrinfind"), replace(CANADA, country="NZ"), FOLDERS, now=NOW)


@pytest.mark.usefixtures("demo")
def test_what_is_not_there_is_not_found() -> None:
    for kind, about in (
        ("poem", About(CYCLE)),
        ("company-brief", About(CYCLE)),
        ("company-brief", About(CYCLE, "nobody")),
        ("company-brief", About("2099", "brindlecove")),
        ("cross-company", About("2099")),
        ("principle", About(CYCLE)),
        ("principle", About(CYCLE, principle=12)),
        ("principle", About(CYCLE, principle=0)),
    ):
        with pytest.raises(NotFound):
            reports.build(kind, about, CANADA, FOLDERS, now=NOW)


@pytest.mark.usefixtures("demo")
def test_the_sums_are_those_of_the_results_that_are_shared() -> None:
    facts = build("cross-company")
    with looking() as session:
        rows = session.execute(
            select(Result, Organisation).join(Organisation, Organisation.id == Result.company_id)
        ).all()
    shared = {line["company"] for line in facts["heatmap"] if line["cells"]}
    assert facts["basis"]["with_results"] == len(shared) < facts["basis"]["companies"]
    ranks = {
        "gap_without_plan": 0,
        "not_known": 1,
        "gap_with_plan": 2,
        "claimed": 3,
        "in_place": 4,
        "does_not_apply": 5,
    }
    for number, line in enumerate(facts["spread"], 1):
        worst: dict[str, str] = {}
        for result, company in rows:
            if company.name in shared and result.principle_id == f"P{number:02}" and result.cycle_id == 2:
                worst[company.name] = min(
                    worst.get(company.name, "does_not_apply"), result.severity, key=ranks.__getitem__
                )
        assert {count["severity"]["id"]: count["n"] for count in line["counts"]} == {
            word: [*worst.values()].count(word) for word in set(worst.values())
        }


@pytest.mark.usefixtures("demo")
def test_two_governments_may_see_different_totals_and_it_says_so() -> None:
    canada, zealand = build("cross-company"), build("cross-company", replace(CANADA, country="NZ"))
    assert canada["basis"]["shared"] != zealand["basis"]["shared"]
    assert canada["basis"]["companies"] == zealand["basis"]["companies"]


@pytest.mark.usefixtures("demo")
def test_a_table_of_few_companies_is_not_published() -> None:
    with pytest.raises(NotAllowed):
        reports.build("sector-aggregate", About(CYCLE), CANADA, FOLDERS, now=NOW)


@pytest.mark.usefixtures("demo")
def test_feedback_tells_a_company_nothing_that_is_not_its_own() -> None:
    text = json.dumps(build("company-feedback"))
    for key in ("asks", "author", "public_record", "last_engagement", "entered_by"):
        assert f'"{key}"' not in text
