"""The pages of the exchange with the demo's companies in them: wide in English, on a telephone in French; axe on each."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from compliance.demo import loading
from compliance.storage.database import db
from compliance.storage.models import (
    Assessment,
    Clarification,
    Commitment,
    Cycle,
    ExtensionRequest,
    FindingVersion,
    Organisation,
    User,
)
from tests.browser.conftest import SCREENSHOTS
from tests.browser.looking import scrolls_sideways, violations
from tests.support import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The demo behind an address, in a thread of this process."""
    loading.load(12, 1, hash_password=lambda: "not used", now=dt.datetime.now(dt.UTC))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


def pages() -> dict[str, list[str]]:
    """By the address of the person: what they look at."""
    cycles = list(db.session.scalars(select(Cycle.slug).order_by(Cycle.period_end)))
    before, now = cycles
    question = db.session.scalars(
        select(Clarification).join(Assessment).join(Organisation).where(Organisation.slug == "quillpath")
    ).all()
    dispute = next(row for row in question if row.function)
    commitment = db.session.scalars(
        select(Commitment)
        .join(Organisation, Organisation.id == Commitment.company_id)
        .where(Organisation.slug == "quillpath")
    ).first()
    assert commitment is not None
    shared = db.session.scalars(select(FindingVersion.finding_id).where(FindingVersion.number == 2)).one()
    request = db.session.scalars(select(ExtensionRequest).order_by(ExtensionRequest.decided_at.is_not(None))).first()
    assert request is not None
    us = "online-safety-us.example"
    return {
        f"reviewer@{us}": [
            f"/companies/quillpath/{now}/review",
            f"/companies/quillpath/{now}/review/functions",
            f"/companies/quillpath/{now}/review/steps",
            f"/companies/quillpath/{before}/gaps",
            f"/companies/quillpath?cycle={now}",
            f"/companies/quillpath/{before}/meetings",
            "/commitments/of/quillpath",
            f"/commitments/{commitment.id}",
            f"/portfolio/overview?cycle={now}&against={before}",
            "/portfolio/heatmap",
            "/queue",
        ],
        f"coordinator@{us}": ["/queue", f"/queue/requests/{request.id}", f"/cycles/{now}"],
        "lead@quillpath.example": [
            f"/assessments/{now}",
            f"/assessments/{now}/questions",
            f"/assessments/{now}/questions/{dispute.id}",
            f"/assessments/{now}/workbook",
            f"/assessments/{before}/findings",
            "/commitments",
        ],
        "lead@orrinfind.example": [f"/assessments/{now}/findings", f"/assessments/{now}/findings/{shared}"],
        "lead@pebblecroft.example": [f"/assessments/{now}/asked", f"/assessments/{now}/more-time"],
        "lead@brindlecove.example": [f"/assessments/{now}/after"],
    }


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_every_page_of_the_exchange_is_for_everybody(
    app: Flask, browser: Browser, address: str, language: str, width: int
) -> None:
    found: list[str] = []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert serializer is not None
    for email, paths in pages().items():
        person = db.session.scalars(select(User).where(User.email == email)).one()
        context = browser.new_context(viewport={"width": width, "height": 900})
        stored = serializer.dumps(make.cookie_of(person, language=language))
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": stored, "url": address}])
        page = context.new_page()
        for path in paths:
            answer = page.goto(f"{address}{path}")
            if answer is None or answer.status != 200:
                found.append(f"{path}: {answer.status if answer else 'nothing'}")
                continue
            found += [f"{path}: {item}" for item in violations(page)]
            found += [f"{path}: scrolls sideways"] if scrolls_sideways(page) else []
            name = path.strip("/").replace("/", "-").partition("?")[0]
            page.screenshot(path=SCREENSHOTS / f"review-{language}-{name}.png", full_page=True)
        context.close()
    assert found == []
