"""A cycle compared with one before the one before, across versions of the framework."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.results import Change
from compliance.services.portfolio import companies, earlier, overview
from compliance.storage.models import Cycle, FrameworkVersion, Organisation
from compliance.storage.queries import cycles
from tests.support import factories as make

NOW = dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC)
GAP = AnswerEntry(Status.NOT_IN_PLACE, explanation="Nothing yet.")
CLAIM = AnswerEntry(Status.IN_PLACE, explanation="There for all of them.")


def version(newest: FrameworkVersion, number: str, old: str, new: str) -> FrameworkVersion:
    """The tiny framework again, with an indicator replaced by a new one."""
    document = json.loads(json.dumps(newest.document).replace(f'"{old}"', f'"{new}"'))
    _find(document, new)["replaces"] = [old]
    return make._stored(
        FrameworkVersion(
            framework=newest.framework,
            version=number,
            sha256=hashlib.sha256(f"earlier {number}".encode()).hexdigest(),  # frameworks are kept by it
            wording_sha256="0" * 64,
            document=document,
            imported_at=make.MADE_AT,
        )
    )


def _find(node: object, id_: str) -> dict[str, object]:
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            if each.get("id") == id_ and "question" in each:
                return each
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)
    raise LookupError(id_)


class Three:
    """Three cycles of one company; C1.a is asked as C1.y in the second and as C1.z in the third."""

    def __init__(self, session: Session) -> None:
        tiny = select(FrameworkVersion).where(FrameworkVersion.framework == "tiny-charter")
        first_version = session.scalars(tiny).one()
        first = make.cycle(period_start=dt.date(2025, 1, 1), period_end=dt.date(2025, 6, 30))
        second_version = version(first_version, "2.0", "C1.a", "C1.y")
        third_version = version(second_version, "3.0", "C1.y", "C1.z")
        second = make.cycle(
            previous=first,
            framework_version_id=second_version.id,
            period_start=dt.date(2025, 7, 1),
            period_end=dt.date(2025, 12, 31),
        )
        third = make.cycle(
            previous=second,
            framework_version_id=third_version.id,
            period_start=dt.date(2026, 1, 1),
            period_end=dt.date(2026, 6, 30),
        )
        self.cycles: list[Cycle] = [first, second, third]
        self.company: Organisation = make.organisation()
        self.service = make.service(self.company, ("letters",))
        self.lead = make.actor(self.company)
        self.reviewer: Actor = make.actor(make.government("CA"))

    def sign(self, number: int, indicator: str, entry: AnswerEntry | None) -> None:
        cycle = self.cycles[number]
        make.participation(cycle, self.company)
        assessment = make.assessment(cycle, self.company)
        if entry is not None:
            make.answer(assessment, self.service, indicator, self.lead, entry)
        make.submitted(self.lead, cycle, now=NOW)


@pytest.fixture
def three(context: Flask, session: Session) -> Three:
    found = Three(session)
    found.sign(0, "C1.a", GAP)
    found.sign(1, "C1.y", CLAIM)
    found.sign(2, "C1.z", CLAIM)
    return found


def totals(changes: earlier.Changes) -> dict[Change, int]:
    found: dict[Change, int] = {}
    for counter in changes.values():
        for change, number in counter.items():
            found[change] = found.get(change, 0) + number
    return found


def test_an_indicator_is_followed_through_two_versions(three: Three, session: Session) -> None:
    del session
    first, second, third = three.cycles
    before = companies.company_view(three.reviewer, three.company.slug, third.slug, now=NOW)
    assert before.previous_cycle is not None
    assert before.previous_cycle.id == second.id
    assert [cycle.id for cycle in before.earlier] == [second.id, first.id]
    assert sum(line.changes.get(Change.BETTER, 0) for line in before.grid) == 0
    view = companies.company_view(three.reviewer, three.company.slug, third.slug, first.slug, now=NOW)
    assert sum(line.changes.get(Change.BETTER, 0) for line in view.grid) == 1
    assert sum(line.changes.get(Change.GONE, 0) for line in view.grid) == 0
    assert view.previous_sealed is not None
    assert view.previous_sealed.cycle == first.slug


def test_the_overview_counts_what_the_companies_pages_show(three: Three) -> None:
    first, _second, third = three.cycles
    found = overview.overview(three.reviewer, third.slug, first.slug, now=NOW)
    view = companies.company_view(three.reviewer, three.company.slug, third.slug, first.slug, now=NOW)
    assert found is not None
    assert {line.principle.id: dict(line.changes) for line in found.principles if line.changes} == {
        line.principle.id: dict(line.changes) for line in view.grid if line.changes
    }
    assert found.comparable == 1


def test_the_two_ways_agree_about_the_cycle_before(three: Three, session: Session) -> None:
    """What is worked out is what was stored, where both are known."""
    session.rollback()
    by_id = {cycle.id: cycle for cycle in cycles.all_cycles(session)}
    _first, second, third = (by_id[cycle.id] for cycle in three.cycles)
    stored = companies.company_view(three.reviewer, three.company.slug, third.slug, now=NOW)
    names = earlier.successors(list(by_id.values()), third, second)
    counted = earlier.changes_of_all(session, three.reviewer, stored.framework, third, second, names)
    alone = earlier.changes_of_company(stored.framework, stored.results, stored.results_before, names, signed=True)
    kept = {line.principle.id: +line.changes for line in stored.grid if line.changes}  # type: ignore[operator]
    assert counted == alone == kept


def test_a_cycle_that_is_not_shared_tells_nothing(three: Three) -> None:
    first, _second, third = three.cycles
    make.sharing(third, three.company, "NZ")
    other = make.actor(make.government("NZ"))
    view = companies.company_view(other, three.company.slug, third.slug, first.slug, now=NOW)
    assert all(not line.changes and line.previous is None for line in view.grid)
    found = overview.overview(other, third.slug, first.slug, now=NOW)
    assert found is not None
    assert found.comparable == 0
    assert totals({line.principle.id: dict(line.changes) for line in found.principles}) == {}  # type: ignore[misc]


def test_a_later_or_foreign_cycle_is_no_choice(three: Three) -> None:
    first, second, third = three.cycles
    foreign = make.cycle(make.REAL, period_start=dt.date(2024, 1, 1), period_end=dt.date(2024, 6, 30))
    for slug in (third.slug, "none", foreign.slug):
        with pytest.raises(NotFound):
            companies.company_view(three.reviewer, three.company.slug, second.slug, slug, now=NOW)
    with pytest.raises(NotFound):
        overview.overview(three.reviewer, first.slug, second.slug, now=NOW)
