"""While an assessment is returned: an answer that no question names stays closed, however the request is made."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from compliance.services.review import clarifications
from compliance.services.transaction import looking
from compliance.storage.database import db
from compliance.storage.models import Answer, Clarification, User
from tests.services.exchange_world import DAY, submitted_world
from tests.services.exchange_world import NOW as MADE
from tests.support import factories as make
from tests.support.audit_client import AuditClient

QUESTION = "Which formats are matched?"


def test_only_the_named_answer_opens(
    client: AuditClient, app: Flask, record_property: Callable[[str, object], None]
) -> None:
    from compliance.domain.clarifications import ClarificationEntry
    from compliance.domain.saving import Stamp

    world = submitted_world()
    row = clarifications.ask(
        world.reviewer, world.place(), ClarificationEntry(QUESTION, MADE.date() + 300 * DAY), Stamp(0, ""), now=MADE
    )
    clarifications.give_back(world.reviewer, world.company.slug, world.cycle.slug, now=MADE)
    before = answers(world.assessment.id)
    tried = 0
    for role in ("lead", "contributor", "viewer"):
        make.sign_in(client, make.user(world.company, role))
        for address in every_question(client, world.cycle.slug):
            if address.endswith(f"/{world.service.slug}/P01.a"):
                continue
            for version in ("0", "1", "2"):
                tried += 1
                fields = {"status": "in_place", "explanation": "Slipped in.", "version": version, "key": f"k{tried}"}
                status = client.post(address, data=fields).status_code
                assert status in (403, 404, 409, 422), (role, address, status)
    assert answers(world.assessment.id) == before
    assert tried > 100
    # The other way: the answer that was named does open, or this would be green with everything closed.
    make.sign_in(client, db.session.get_one(User, world.lead.user_id))
    named = f"/assessments/{world.cycle.slug}/services/{world.service.slug}/P01.a"
    fields = {"status": "not_in_place", "explanation": "Not for video.", "version": "1", "key": "z"}
    assert client.post(named, data=fields).status_code == 303
    assert answers(world.assessment.id) != before
    # Somebody else's question, a draft, and one that was taken back have no page and take no reply.
    make.sign_in(client, db.session.get_one(User, world.rival.user_id))
    assert client.post(f"/assessments/{world.cycle.slug}/questions/{row.id}", data={"reply": "x y"}).status_code == 404
    clarifications.drop(world.reviewer, world.company.slug, world.cycle.slug, row.id, now=MADE)
    make.sign_in(client, db.session.get_one(User, world.lead.user_id))
    late = client.post(f"/assessments/{world.cycle.slug}/questions/{row.id}", data={"reply": "Too late now."})
    assert late.status_code == 409
    assert "Too late now." in late.text
    with looking() as session:
        assert session.scalars(select(Clarification.reply)).all() == [""]
    record_property("result", f"{tried} hand-made requests, 0 answers changed; the named one opens")


def every_question(client: AuditClient, cycle: str) -> list[str]:
    """The address of every question of the assessment, also of services and indicators that do not apply."""
    from compliance.services.cycle import frameworks

    framework = frameworks.newest()
    assert framework is not None
    with looking() as session:
        from compliance.storage.models import Service

        slugs = session.scalars(select(Service.slug)).all()
    base = f"/assessments/{cycle}"
    found = []
    for indicator in framework.indicators.values():
        found += [f"{base}/services/{slug}/{indicator.id}" for slug in slugs] + [f"{base}/company/{indicator.id}"]
    return found


def answers(assessment_id: int) -> list[tuple[object, ...]]:
    with looking() as session:
        rows = session.scalars(select(Answer).where(Answer.assessment_id == assessment_id).order_by(Answer.id))
        return [(row.service_id, row.indicator_id, row.status, row.explanation, row.version) for row in rows]
