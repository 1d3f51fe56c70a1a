"""Requests for more time: who decides, what follows from it, and who is told."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.services.assessment import asking
from compliance.services.cycle import extensions
from compliance.services.cycle.extensions import Decision
from compliance.storage.models import AuditEvent, Cycle, ExtensionRequest, Message, Participation
from tests.support import factories as make

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
SITE = "https://compliance.example"


class Scene:
    def __init__(self) -> None:
        self.cycle: Cycle = make.cycle(make.REAL)
        company = make.organisation()
        self.participation = make.participation(self.cycle, company)
        self.lead = make.actor(company)
        government = make.government("CA")
        self.coordinator = make.actor(government, "coordinator")
        self.reviewer = make.actor(government)
        self.foreign = make.actor(make.government("NZ"), "coordinator")
        self.later = self.cycle.due_on + dt.timedelta(days=30)
        asking.ask_for_time(self.lead, self.cycle.slug, self.later, "We are few.", now=NOW)

    def decide(self, decision: Decision, who: Actor | None = None) -> None:
        [row] = extensions.waiting(self.coordinator)
        extensions.decide(who or self.coordinator, row.id, decision, base_url=SITE, now=NOW)


@pytest.fixture
def scene(context: Flask) -> Scene:
    return Scene()


def test_a_coordinator_of_the_lead_country_sees_it_and_nobody_else(scene: Scene) -> None:
    [row] = extensions.waiting(scene.coordinator)
    assert (row.reason, row.asked_by.id) == ("We are few.", scene.lead.user_id)
    assert list(extensions.waiting(scene.foreign)) == list(extensions.waiting(scene.reviewer)) == []
    yes = Decision(granted=True, due_on=scene.later, reason="Fair.")
    with pytest.raises(NotFound):
        scene.decide(yes, scene.foreign)
    with pytest.raises(Denied):
        scene.decide(yes, scene.reviewer)
    with pytest.raises((Denied, NotFound)):
        scene.decide(yes, scene.lead)


def test_a_granted_day_holds_from_then_on(scene: Scene, session: Session) -> None:
    scene.decide(Decision(granted=True, due_on=scene.later, reason="Fair."))
    session.rollback()
    assert session.get_one(Participation, scene.participation.id).due_on == scene.later
    [request] = asking.asked(scene.lead, scene.cycle.slug).extensions
    assert (request.granted_due_on, request.decision_reason) == (scene.later, "Fair.")
    assert list(extensions.waiting(scene.coordinator)) == []
    session.rollback()
    query = select(AuditEvent.action).where(AuditEvent.chain == f"organisation:{scene.lead.organisation_id}")
    assert session.scalars(query.order_by(AuditEvent.number.desc()).limit(2)).all() == [
        "extension.grant",
        "participation.due_date",
    ]


def test_a_declined_request_changes_no_date_and_another_may_follow(scene: Scene, session: Session) -> None:
    scene.decide(Decision(granted=False, due_on=None, reason="Time enough."))
    session.rollback()
    assert session.get_one(Participation, scene.participation.id).due_on is None
    [request] = asking.asked(scene.lead, scene.cycle.slug).extensions
    assert (request.decided_at, request.granted_due_on) == (NOW, None)
    asking.ask_for_time(scene.lead, scene.cycle.slug, scene.later, "Really.", now=NOW)
    assert len(extensions.waiting(scene.coordinator)) == 1


@pytest.mark.parametrize("granted", [True, False])
def test_whoever_asked_gets_a_mail(scene: Scene, session: Session, granted: bool) -> None:
    scene.decide(Decision(granted=granted, due_on=scene.later, reason="So it is."))
    session.rollback()
    message = session.scalars(select(Message)).one()
    assert (message.recipient_id, message.data["purpose"]) == (scene.lead.user_id, "more_time")
    assert message.data["words"]["granted"] == (scene.later.isoformat() if granted else "")


def test_one_decision_is_enough(scene: Scene) -> None:
    [row] = extensions.waiting(scene.coordinator)
    no = Decision(granted=False, due_on=None, reason="No.")
    scene.decide(no)
    with pytest.raises(NotAllowed):
        extensions.decide(scene.coordinator, row.id, no, base_url=SITE, now=NOW)


@pytest.mark.parametrize(
    "decision",
    [
        Decision(None, None, "Why."),
        Decision(granted=True, due_on=None, reason="Why."),
        Decision(granted=True, due_on=dt.date(2026, 1, 1), reason="Why."),
        Decision(granted=False, due_on=None, reason=" "),
        Decision(granted=False, due_on=None, reason="x" * 2_001),
    ],
)
def test_a_faulty_decision_is_refused_and_leaves_nothing(scene: Scene, session: Session, decision: Decision) -> None:
    with pytest.raises(Invalid):
        scene.decide(decision)
    session.rollback()
    assert session.scalars(select(ExtensionRequest.decided_at)).one() is None
    assert session.scalars(select(Message)).all() == []
