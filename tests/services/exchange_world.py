"""A company with one submitted assessment, and reviewers of its lead country: what the exchange needs to begin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.permissions import Actor
from compliance.domain.questionnaire import Place
from compliance.domain.saving import Stamp
from compliance.storage.models import Assessment, Cycle, Organisation, Service
from tests.support import factories as make

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TODAY = NOW.date()


@dataclass(frozen=True)
class World:
    company: Organisation
    cycle: Cycle
    service: Service
    assessment: Assessment
    lead: Actor
    contributor: Actor
    reviewer: Actor
    fellow: Actor
    approver: Actor
    coordinator: Actor
    other_country: Actor
    outsider: Actor  # a government that nothing is shared with
    rival: Actor  # the lead of another company

    def place(self, indicator: str = "P01.a", *, government: bool = True) -> Place:
        """The question about the service; `government` says from which side it is looked at."""
        return Place(self.cycle.slug, self.service.slug, indicator, self.company.slug if government else None)


def submitted_world() -> World:
    """Answers to P01.a (in place) and P01.b (planned) were signed; NZ sees them, too, GB does not."""
    company = make.organisation(name="Harbour (fictional)")
    cycle = make.cycle(make.REAL)
    make.participation(cycle, company)
    make.sharing(cycle, company, "NZ")
    service = make.service(company, ("image_video_sharing", "children_can_use"))
    assessment = make.assessment(cycle, company)
    lead = make.actor(company)
    make.answer(assessment, service, "P01.a", lead, AnswerEntry(Status.IN_PLACE, explanation="Matched at upload."))
    make.answer(
        assessment,
        service,
        "P01.b",
        lead,
        AnswerEntry(Status.PLANNED, explanation="Next spring.", planned_on=dt.date(2027, 3, 1)),
    )
    make.submitted(lead, cycle, now=NOW)
    government = make.government("CA")
    return World(
        company=company,
        cycle=cycle,
        service=service,
        assessment=assessment,
        lead=lead,
        contributor=make.actor(company, "contributor"),
        reviewer=make.actor(government),
        fellow=make.actor(government),
        approver=make.actor(government, "approver"),
        coordinator=make.actor(government, "coordinator"),
        other_country=make.actor(make.government("NZ")),
        outsider=make.actor(make.government("GB")),
        rival=make.actor(make.organisation()),
    )


def stamp(version: int = 0, key: str = "") -> Stamp:
    return Stamp(version, key)
