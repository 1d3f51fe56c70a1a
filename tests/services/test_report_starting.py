"""Beginning a report of each kind: what is chosen, what is refused and beside which field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.errors import Denied, Invalid
from compliance.services.report.life import starting
from compliance.services.report.life.starting import Wish
from compliance.storage.models import Report
from tests.services.report_world import FOLDERS, NOW, World, world
from tests.support import factories as make

KINDS = ("company-brief", "company-feedback", "progress", "cross-company", "principle")


@pytest.fixture
def known(context: Flask) -> World:
    return world()


def wish(known: World, kind: str, **changes: object) -> Wish:
    return replace(Wish(kind, known.cycle.slug, known.company.slug, 1, "full"), **changes)  # type: ignore[arg-type]


def problem(known: World, chosen: Wish) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        starting.begin(known.author, chosen, FOLDERS, now=NOW)
    (found,) = refused.value.problems
    return found.field, found.code


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_begun_once(known: World, session: Session, kind: str) -> None:
    first = starting.begin(known.author, wish(known, kind), FOLDERS, now=NOW)
    assert starting.begin(known.author, wish(known, kind), FOLDERS, now=NOW) == first
    report = session.get_one(Report, first)
    about_company = kind in KINDS[:3]
    assert (report.kind, report.company_id, report.principle) == (
        kind, known.company.id if about_company else None, 1 if kind == "principle" else None,
    )  # fmt: skip


def test_a_company_is_found_by_its_name(known: World, session: Session) -> None:
    for name in ("Aster", "aster", " ASTER ", "ste"):
        starting.begin(known.author, wish(known, "progress", company=name), FOLDERS, now=NOW)
    assert session.scalar(select(func.count()).select_from(Report)) == 1
    other = make.organisation(name="Aster Two", slug="aster-two")
    make.participation(known.cycle, other)
    starting.begin(known.author, wish(known, "progress", company="Aster"), FOLDERS, now=NOW)
    assert problem(known, wish(known, "progress", company="ster")) == ("company", "report_company_unclear")


def test_what_cannot_be_reported_on_is_said_beside_its_field(known: World) -> None:
    hidden = make.organisation(name="Hidden", slug="hidden")
    brief = wish(known, "company-brief")
    assert problem(known, replace(brief, kind="../x")) == ("kind", "report_kind_needed")
    assert problem(known, replace(brief, cycle="")) == ("cycle", "unknown_cycle")
    assert problem(known, replace(brief, company=" ")) == ("company", "report_company_needed")
    assert problem(known, replace(brief, company=hidden.slug)) == ("company", "report_nothing_shared")
    assert problem(known, replace(brief, company="Nobody")) == ("company", "report_nothing_shared")
    assert problem(known, replace(brief, edition="half")) == ("edition", "edition_needed")
    for number in (None, 0, 99):
        assert problem(known, wish(known, "principle", principle=number)) == ("principle", "report_principle_needed")
    assert problem(known, wish(known, "sector-aggregate")) == ("cycle", "too_few_to_publish")
    assert problem(known, wish(known, "company-feedback", edition="redacted")) == ("edition", "edition_needed")


def test_only_whoever_writes_reports(known: World) -> None:
    people = [known.reader, make.actor(known.government, "coordinator"), make.actor(known.company, "lead")]
    for person in people:
        with pytest.raises(Denied):
            starting.begin(person, wish(known, "progress"), FOLDERS, now=NOW)
        with pytest.raises(Denied):
            starting.offer(person, "progress", "", FOLDERS)


def test_a_list_that_is_too_long_is_not_offered(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = starting.offer(known.author, "progress", known.cycle.slug, FOLDERS)
    assert offer is not None
    assert [company.slug for company in offer.companies] == ["aster"]
    monkeypatch.setattr(starting, "MOST_OFFERED", 0)
    offer = starting.offer(known.author, "progress", "", FOLDERS)
    assert offer is not None
    assert (list(offer.companies), offer.too_many) == ([], True)
    assert starting.offer(known.author, "nothing", "", FOLDERS) is None
