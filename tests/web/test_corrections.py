"""The company is shown what public sources say about it, corrects it with a reason, and staff decide; both texts stay."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.corrections import CorrectionEntry, CorrectionState, Decision
from compliance.domain.errors import Conflict, Denied, Invalid, NotFound
from compliance.services import audit
from compliance.services.review import corrections
from compliance.storage.models import AuditEvent, Organisation, PublicRecord, RecordCorrection, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient

NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)
RIGHT = CorrectionEntry("The service checks videos since May.", "It was launched then.", "https://alder.example/news")


class Scene:
    def __init__(self) -> None:
        self.company: Organisation = make.organisation(name="Alder")
        self.record: PublicRecord = make.public_record(
            self.company, statement="The service checks no videos.", status="not_in_place"
        )
        self.lead: User = make.user(self.company, "lead")
        self.reviewer: User = make.user(make.government("CA"), "reviewer", name="Rae Viewer")


@pytest.fixture
def scene(context: object) -> Scene:
    return Scene()


def test_the_company_corrects_and_staff_accept(client: AuditClient, scene: Scene, session: Session) -> None:
    make.sign_in(client, scene.lead)
    assert "1 fact from public sources is kept about your company." in client.get("/").text
    page = client.get("/public-record").text
    assert "The service checks no videos." in page
    assert scene.record.source_address in page
    address = f"/public-record/{scene.record.id}/correction"
    assert client.post(address, data={"statement": scene.record.statement, "reason": ""}).status_code == 422
    sent = {"statement": RIGHT.statement, "reason": RIGHT.reason, "source_address": RIGHT.source_address}
    assert client.post(address, data=sent | {"source_address": "ftp://x"}).status_code == 422
    assert client.post(address, data=sent).status_code == 303
    assert client.post(address, data=sent).status_code == 409, "one at a time"
    assert "Correct this" not in client.get("/public-record").text
    make.sign_in(client, scene.reviewer)
    index = f"/companies/{scene.company.slug}/public-record"
    assert RIGHT.statement in client.get(index).text
    row = session.scalars(select(RecordCorrection)).one()
    decide = f"/corrections/{row.id}"
    assert client.post(decide, data={"state": "", "reason": "Seen."}).status_code == 422
    assert client.post(decide, data={"state": "accepted", "reason": ""}).status_code == 422
    answer = {"state": "accepted", "reason": "The page says so.", "drop_claim": "y"}
    assert client.post(decide, data=answer).status_code == 303
    assert client.post(decide, data=answer).status_code == 409, "decided once"
    page = client.get(index).text
    assert RIGHT.statement in page
    assert "The service checks no videos." in page, "both texts stay"
    session.rollback()
    fact = session.scalars(select(PublicRecord)).one()
    assert (fact.statement, fact.status) == (RIGHT.statement, None)
    make.sign_in(client, scene.lead)
    page = client.get("/public-record").text
    assert "The page says so." in page
    assert "Rae Viewer" not in page, "the company sees no reviewer"
    chain = (AuditEvent.chain == audit.chain_of(scene.company.id)) & AuditEvent.action.startswith("public_record.")
    acts = session.scalars(select(AuditEvent.action).where(chain).order_by(AuditEvent.id)).all()
    assert acts == ["public_record.correction", "public_record.correction_accepted"]
    assert audit.verify(session) == []


def test_a_refusal_keeps_both_and_says_why(scene: Scene, session: Session) -> None:
    lead, reviewer = make.acting(scene.lead), make.acting(scene.reviewer)
    row = corrections.propose(lead, scene.record.id, RIGHT, now=NOW)
    corrections.decide(reviewer, row.id, Decision(CorrectionState.REFUSED, "The source says otherwise."), now=NOW)
    kept = corrections.own_record(lead, scene.record.id)
    assert (kept.statement, kept.status) == ("The service checks no videos.", "not_in_place")
    assert [(each.statement, each.decision) for each in kept.corrections] == [
        (RIGHT.statement, "The source says otherwise.")
    ]
    again = corrections.propose(lead, scene.record.id, RIGHT, now=NOW)
    assert again.id != row.id
    with pytest.raises(Conflict):
        corrections.propose(lead, scene.record.id, RIGHT, now=NOW)


def test_who_may_not(client: AuditClient, scene: Scene) -> None:
    other = make.actor(make.organisation())
    row = corrections.propose(make.acting(scene.lead), scene.record.id, RIGHT, now=NOW)
    with pytest.raises(NotFound):
        corrections.propose(other, scene.record.id, RIGHT, now=NOW)
    with pytest.raises(NotFound):
        corrections.own_record(other, scene.record.id)
    with pytest.raises(Denied):
        corrections.propose(make.actor(scene.company, "viewer"), scene.record.id, RIGHT, now=NOW)
    decision = Decision(CorrectionState.ACCEPTED, "Yes.")
    for roles, country in ((("reviewer",), "GB"), (("reader",), "CA"), (("approver",), "CA")):
        with pytest.raises(Denied):
            corrections.decide(make.actor(make.government(country), *roles), row.id, decision, now=NOW)
    with pytest.raises(NotFound):
        corrections.decide(make.acting(scene.lead), row.id, decision, now=NOW)
    with pytest.raises(NotFound):
        corrections.decide(make.acting(scene.reviewer), 999, decision, now=NOW)
    undecided = Decision(CorrectionState.PROPOSED, "Hm.")
    with pytest.raises(Invalid):
        corrections.decide(make.acting(scene.reviewer), row.id, undecided, now=NOW)
    make.sign_in(client, make.user(make.organisation(), "lead"))
    assert client.get(f"/public-record/{scene.record.id}/correction").status_code == 404
    assert "checks no videos" not in client.get("/public-record").text


def test_pages_of_the_public_record_are_bounded(client: AuditClient, scene: Scene) -> None:
    for number in range(60):
        make.public_record(scene.company, statement=f"Fact number {number}.", value=Decimal(1), unit="reports")
    make.sign_in(client, scene.reviewer)
    page = client.get(f"/companies/{scene.company.slug}/public-record").text
    assert "61 facts from the public record" in page
    assert page.count('id="record-') == 50
    assert client.get(f"/companies/{scene.company.slug}/public-record?page=2").text.count('id="record-') == 11
    make.sign_in(client, scene.lead)
    assert client.get("/public-record").text.count('id="record-') == 25
    assert client.get("/public-record?page=3").text.count('id="record-') == 11
