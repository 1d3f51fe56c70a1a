"""A company that submitted, and the people of the government that reports on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.permissions import Actor
from compliance.domain.saving import Stamp
from compliance.reporting import Folders
from compliance.services.report.facts import About
from compliance.services.report.life import approval, pages, writing
from compliance.storage.models import Cycle, Organisation
from tests.support import factories as make

ROOT = Path(__file__).parents[2]
FOLDERS = Folders(ROOT / "reports", ROOT / "build" / "fonts")
NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
KIND = "company-brief"


@dataclass(frozen=True)
class World:
    company: Organisation
    cycle: Cycle
    government: Organisation
    author: Actor
    approver: Actor
    reader: Actor

    @property
    def about(self) -> About:
        return About(self.cycle.slug, self.company.slug)

    def start(self, **about: Any) -> int:
        return writing.start(self.author, KIND, about.get("about", self.about), FOLDERS, now=NOW)

    def stamp(self, report_id: int) -> Stamp:
        """What a form that was opened now carries."""
        return Stamp(pages.report_page(self.author, report_id, FOLDERS).report.version, "")

    def write(self, report_id: int, slot: str, content: dict[str, Any], by: Actor | None = None) -> int:
        version = writing.text_page(self.author, report_id, slot).version
        return writing.save_text(by or self.author, report_id, slot, content, Stamp(version, ""), now=NOW)

    def submit(self, report_id: int) -> None:
        approval.submit(self.author, report_id, self.stamp(report_id), FOLDERS, now=NOW)

    def approve(self, report_id: int, by: Actor | None = None) -> None:
        approval.approve(by or self.approver, report_id, self.stamp(report_id), FOLDERS, now=NOW)

    def release(self, report_id: int, reason: str = "The meeting is tomorrow.") -> None:
        approval.release(self.approver, report_id, reason, self.stamp(report_id), FOLDERS, now=NOW)

    def released(self) -> int:
        """A report that went all the way."""
        report_id = self.start()
        self.submit(report_id)
        self.approve(report_id)
        self.release(report_id)
        return report_id


def world(services: int = 1) -> World:
    """A tiny charter, answered in part."""
    company = make.organisation(name="Aster", slug="aster")
    cycle = make.cycle()
    make.participation(cycle, company)
    assessment = make.assessment(cycle, company)
    lead = make.actor(company)
    for _ in range(services):
        service = make.service(company)
        make.answer(assessment, service, "C1.a", lead, AnswerEntry(Status.NOT_IN_PLACE, explanation="Not yet."))
    make.submitted(lead, cycle, now=NOW)
    make.refresh(cycle, company, now=NOW)
    government = make.government()
    return World(
        company,
        cycle,
        government,
        author=make.actor(government, "reviewer", name="Ada Author"),
        approver=make.actor(government, "approver", name="Ben Approver"),
        reader=make.actor(government, "reader", name="Cleo Reader"),
    )
