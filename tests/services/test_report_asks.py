"""What a brief proposes to ask for: no gap that is accepted as it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from compliance.domain.questionnaire import Place
from compliance.services.gap import acceptances
from compliance.services.gap.acceptances import AcceptanceEntry
from compliance.services.report import reports
from compliance.services.transaction import reading
from compliance.storage.queries import assessments
from tests.services.report_world import FOLDERS, KIND, NOW, ROOT, World, world


@pytest.fixture
def one(context: Flask) -> World:
    return world()


def facts(one: World) -> Any:
    return reports.build(KIND, one.about, one.author, FOLDERS, now=NOW)


def test_an_accepted_gap_is_no_ask_and_stays_a_gap(one: World) -> None:
    [service] = assessments.services_of(reading(), one.company.id)
    place = Place(one.cycle.slug, service.slug, "C1.a", one.company.slug)
    asked = {ask["indicator"]["id"] for ask in facts(one)["asks"]}
    assert "C1.a" in asked
    entry = AcceptanceEntry("A pilot runs until spring.", NOW.date() + dt.timedelta(days=90))
    id_ = acceptances.propose_acceptance(one.author, place, entry, ROOT / "principles", now=NOW)
    assert {ask["indicator"]["id"] for ask in facts(one)["asks"]} == asked  # a proposal alone changes nothing
    acceptances.approve_acceptance(one.approver, one.company.slug, id_, now=NOW)
    after = facts(one)
    assert "C1.a" not in {ask["indicator"]["id"] for ask in after["asks"]}
    assert "C1.a" in {gap["indicator"]["id"] for gap in after["gaps"]}
