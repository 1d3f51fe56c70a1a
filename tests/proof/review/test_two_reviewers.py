"""Several reviewers on one finding at once: every acknowledged save is kept, and whoever loses sees both texts."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from compliance.domain.errors import Conflict
from compliance.domain.findings import FindingEntry
from compliance.domain.permissions import Actor
from compliance.domain.results import Rating
from compliance.domain.saving import Stamp
from compliance.services.review import findings
from compliance.services.transaction import looking
from compliance.storage.database import db
from compliance.storage.models import AuditEvent, Finding, User
from tests.services.exchange_world import NOW, submitted_world
from tests.support import factories as make
from tests.support.audit_client import AuditClient

REVIEWERS, SAVES = 6, 12


@pytest.mark.slow
def test_no_acknowledged_save_is_lost(app: Flask, record_property: Callable[[str, object], None]) -> None:
    world = submitted_world()
    government = make.government("CA")
    people = [make.actor(government) for _number in range(REVIEWERS)]
    accepted: Counter[int] = Counter()
    kept: dict[int, str] = {}
    lost: list[str] = []

    def write(person: Actor) -> None:
        with app.app_context():
            seen = 0
            for number in range(SAVES):
                said = f"{person.name} says {number}"
                try:
                    version = findings.save_finding(
                        person, world.place(), FindingEntry(Rating.PARTLY, said), Stamp(seen, ""), now=NOW
                    )
                    accepted[version] += 1
                    kept[version] = said
                    seen = version
                except Conflict as conflict:
                    lost.append(said)
                    seen = conflict.version

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(accepted.values()) == 1, "a version was given out twice: one reviewer overwrote what another just saved"
    assert len(accepted) + len(lost) == REVIEWERS * SAVES
    with looking() as session:
        row = session.scalars(select(Finding)).one()
        assert (row.version, row.reason) == (len(accepted), kept[row.version])
        trail = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "finding.save").order_by(AuditEvent.id)
        ).all()
    assert [(event.after or {})["reason"] for event in trail] == [kept[version] for version in sorted(kept)]
    record_property("result", f"{len(accepted)} saves kept, {len(lost)} refused and told, 0 lost")


def test_whoever_loses_sees_both_texts(client: AuditClient, app: Flask) -> None:
    world = submitted_world()
    address = f"/companies/{world.company.slug}/{world.cycle.slug}/review/services/{world.service.slug}/P01.a"
    page = None
    for person, said, status in ((world.reviewer, "Theirs came first.", 303), (world.fellow, "Mine came second.", 409)):
        make.sign_in(client, db.session.get_one(User, person.user_id))
        fields = {"rating": "not_met", "reason": said, "closes": f"{said} Close it.", "version": "0", "key": said[:5]}
        page = client.post(address, data=fields)
        assert page.status_code == status
    assert page is not None
    for text in (
        "Theirs came first.",
        "Theirs came first. Close it.",
        "Mine came second.",
        "Mine came second. Close it.",
    ):
        assert text in page.text
    with looking() as session:
        assert session.scalars(select(Finding.reason)).all() == ["Theirs came first."]


def test_a_finding_typed_while_the_state_moved_is_on_the_page(client: AuditClient, app: Flask) -> None:
    """Findings are shared, the company's lead country changes, the assessment is withdrawn: the text is never lost."""
    from compliance.services.transaction import writing
    from compliance.storage.models import Assessment, Organisation

    world = submitted_world()
    address = f"/companies/{world.company.slug}/{world.cycle.slug}/review/services/{world.service.slug}/P01.a"
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    for state, country, status in (
        ("findings_shared", "CA", 422),
        ("reopened", "CA", 409),
        ("submitted", "NZ", 403),
        ("withdrawn", "CA", 404),
    ):
        with writing() as session:
            session.get_one(Assessment, world.assessment.id).state = state
            session.get_one(Organisation, world.company.id).country = country
        fields = {"rating": "not_met", "reason": f"Typed before {state}.", "version": "0", "key": state}
        page = client.post(address, data=fields)
        assert (page.status_code, f"Typed before {state}." in page.text) == (status, True), state


def test_the_moment(app: Flask) -> None:
    """The world of these tests lies before the clock of the site, so that no last day has come by accident."""
    assert dt.datetime.now(dt.UTC) > NOW
