"""Who sees what: the company names governments, each start and end is in its trail, and access follows at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound
from compliance.services import audit
from compliance.services.cycle import sharing
from compliance.storage.models import AuditEvent, Cycle, Organisation, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient


class Scene:
    def __init__(self) -> None:
        self.company: Organisation = make.organisation(name="Alder")
        self.cycle: Cycle = make.cycle()
        make.participation(self.cycle, self.company)
        make.refresh(self.cycle, self.company, now=make.MADE_AT)
        self.lead: User = make.user(self.company, "lead")
        self.british: User = make.user(make.government("GB"), "reviewer")


@pytest.fixture
def scene(context: object) -> Scene:
    return Scene()


def acts(session: Session, scene: Scene) -> list[tuple[str, str]]:
    session.rollback()
    chain = AuditEvent.chain == audit.chain_of(scene.company.id)
    rows = session.scalars(select(AuditEvent).where(chain, AuditEvent.action.like("sharing.%")).order_by(AuditEvent.id))
    return [(row.action, (row.after or {})["country"]) for row in rows]


def test_a_company_names_governments_and_access_follows(client: AuditClient, scene: Scene, session: Session) -> None:
    address = f"/assessments/{scene.cycle.slug}/sharing"
    company = f"/companies/{scene.company.slug}"
    make.sign_in(client, scene.british)
    assert "not shared with your government" in client.get(company).text
    make.sign_in(client, scene.lead)
    assert "leads on your company and always sees the content" in client.get(address).text
    assert client.post(address, data={"seen": "CA", "countries": ["GB", "NZ"]}).status_code == 303
    assert "United Kingdom" in client.get("/").text
    make.sign_in(client, scene.british)
    assert "not shared with your government" not in client.get(company).text
    make.sign_in(client, scene.lead)
    clash = client.post(address, data={"seen": "CA", "countries": ["AU"]})
    assert clash.status_code == 409
    assert "it is shared with Canada, New Zealand, United Kingdom now" in clash.text.replace("  ", " ") or (
        "it is shared with Canada, United Kingdom, New Zealand now" in clash.text
    )
    assert client.post(address, data={"seen": "CA GB NZ", "countries": ["ZZ"]}).status_code == 422
    client.post(address, data={"seen": "CA GB NZ", "countries": ["NZ"]})
    make.sign_in(client, scene.british)
    assert "not shared with your government" in client.get(company).text
    assert acts(session, scene) == [("sharing.start", "GB"), ("sharing.start", "NZ"), ("sharing.end", "GB")]
    assert audit.verify(session) == []


def test_the_lead_country_cannot_be_taken_out_and_others_may_not_decide(scene: Scene, session: Session) -> None:
    lead = make.acting(scene.lead)
    now = make.MADE_AT
    sharing.name_countries(lead, scene.cycle.slug, [], seen=["CA"], now=now)
    assert acts(session, scene) == []
    assert sharing.sharing_page(lead, scene.cycle.slug).countries == {"CA"}
    with pytest.raises(Denied):
        sharing.name_countries(make.actor(scene.company, "contributor"), scene.cycle.slug, [], seen=["CA"], now=now)
    with pytest.raises(NotFound):
        sharing.name_countries(make.actor(make.organisation()), scene.cycle.slug, [], seen=["CA"], now=now)
    with pytest.raises(Denied):
        sharing.sharing_page(make.acting(scene.british), scene.cycle.slug)
    with pytest.raises(Invalid):
        sharing.name_countries(lead, scene.cycle.slug, ["FR"], seen=["CA"], now=now)
    with pytest.raises(Conflict):
        sharing.name_countries(lead, scene.cycle.slug, ["GB"], seen=["CA", "NZ"], now=now)


def test_another_country_leads(scene: Scene, session: Session) -> None:
    closed = make.cycle(closed_on=make.MADE_AT.date())
    make.participation(closed, scene.company)
    sharing.change_lead(scene.company.slug, "GB", now=make.MADE_AT)
    lead = make.acting(scene.lead)
    assert sharing.sharing_page(lead, scene.cycle.slug).countries == {"GB"}
    assert sharing.sharing_page(lead, closed.slug).countries == {"CA"}, "what is closed stays with whom it was shared"
    assert acts(session, scene) == [("sharing.end", "CA"), ("sharing.start", "GB")]
    with pytest.raises(NotAllowed):
        sharing.change_lead(scene.company.slug, "GB", now=make.MADE_AT)
    with pytest.raises(NotFound):
        sharing.change_lead("nobody", "GB", now=make.MADE_AT)
    with pytest.raises(Invalid):
        sharing.change_lead(scene.company.slug, "FR", now=make.MADE_AT)
