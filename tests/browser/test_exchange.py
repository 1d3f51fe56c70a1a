"""The exchange in a real browser: a company and reviewers of two countries, both languages, 320 px, axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from compliance.domain.permissions import Actor
from compliance.storage.database import db
from compliance.storage.models import FindingVersion, User
from tests.browser.conftest import SCREENSHOTS
from tests.browser.looking import scrolls_sideways, violations
from tests.services.exchange_world import World, submitted_world
from tests.support import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Place:
    """The site in a thread of this process, so that people can be signed in without a password."""

    app: Flask
    browser: Browser
    address: str
    world: World

    @contextmanager
    def as_person(self, actor: Actor, language: str, width: int = 1280) -> Iterator[Page]:
        user = db.session.get_one(User, actor.user_id)
        stored = make.cookie_of(user, language=language)
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        assert serializer is not None
        context = self.browser.new_context(viewport={"width": width, "height": 900})
        name = self.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": serializer.dumps(stored), "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page
        context.close()


@pytest.fixture
def place(app: Flask, browser: Browser) -> Iterator[Place]:
    world = submitted_world()
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Place(app, browser, f"http://localhost:{server.server_port}", world)
    server.shutdown()
    thread.join()


def look(page: Page, what: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENSHOTS / f"exchange-{what}.png"), full_page=True)
    assert violations(page) == [], what
    assert not scrolls_sideways(page), what


def day(page: Page, name: str) -> None:
    for part, value in (("day", "1"), ("month", "3"), ("year", "2027")):
        page.fill(f"[name={name}-{part}]", value)


def test_the_exchange_from_question_to_commitment(place: Place) -> None:
    world, base = place.world, f"/companies/{place.world.company.slug}/{place.world.cycle.slug}"
    own = f"/assessments/{world.cycle.slug}"
    answer = f"{base}/review/services/{world.service.slug}/P01.a"
    with place.as_person(world.reviewer, "en") as page:
        page.goto(place.address + answer)
        look(page, "bench")
        page.click("text=Ask the company about this answer")
        page.fill("[name=ask-question]", "Which formats are matched?")
        day(page, "ask-due_on")
        page.click("text=Write the question")
        page.goto(place.address + f"{base}/review/steps")
        look(page, "steps")
        page.click("text=Return to the company")
    with place.as_person(world.lead, "fr") as page:
        page.goto(place.address + f"{own}/questions")
        look(page, "questions-fr")
        page.click("text=Écrire la réplique")
        page.fill("[name=reply]", "Les images seulement.")
        page.click("text=Enregistrer la réplique")
        page.goto(place.address + own)
        look(page, "tasks-fr")
    with place.as_person(world.reviewer, "en") as page:
        page.goto(place.address + f"{base}/review/steps")
        page.click("text=Take the questions back")
        page.goto(place.address + answer)
        page.check("[name=rating][value=partly]")
        page.fill("[name=reason]", "Only images were shown.")
        page.click("text=Save and return to the list")
        look(page, "list")
        page.goto(place.address + f"{base}/review/steps")
        day(page, "reply_due_on")
        page.click("button:has-text('Share the findings')")
    with place.as_person(world.lead, "en") as page:
        page.goto(place.address + f"{own}/findings")
        look(page, "findings")
        db.session.rollback()
        number = db.session.query(FindingVersion).one().finding_id
        page.goto(place.address + f"{own}/findings/{number}")
        look(page, "finding")
        page.check("[name=stance][value=disagree]")
        page.fill("[name=text]", "Video is matched, too.")
        page.click("text=Save the reply")
        page.click("text=Send the replies")
        page.goto(
            place.address
            + f"/commitments/new/{world.company.slug}/{world.cycle.slug}/P01.b?service={world.service.slug}"
        )
        page.fill("[name=text]", "Match video at upload.")
        page.fill("[name=owner]", "Head of safety")
        day(page, "due_on")
        look(page, "commitment-new")
        page.click("main button:has-text('Propose')")
        look(page, "commitment")
    with place.as_person(world.other_country, "fr") as page:
        page.goto(place.address + answer)
        look(page, "bench-other-country-fr")
        assert "Video is matched, too." in page.inner_text("main")
        assert page.query_selector("[name=rating]") is None
        page.goto(place.address + f"{base}/gaps")
        look(page, "gaps-fr")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_telephone(place: Place, language: str) -> None:
    world, base = place.world, f"/companies/{place.world.company.slug}/{place.world.cycle.slug}"
    with place.as_person(world.reviewer, language, width=320) as page:
        for name, address in {
            "bench": f"{base}/review/services/{world.service.slug}/P01.a",
            "list": f"{base}/review",
            "steps": f"{base}/review/steps",
            "gap": f"{base}/gaps/services/{world.service.slug}/P01.c",
            "gaps": f"{base}/gaps",
            "meetings": f"{base}/meetings",
            "meeting": f"{base}/meetings/new",
            "queue": "/queue",
            "commitments": f"/commitments/of/{world.company.slug}",
        }.items():
            page.goto(place.address + address)
            look(page, f"320-{name}-{language}")


def test_keys_are_off_until_they_are_turned_on(place: Place) -> None:
    world, base = place.world, f"/companies/{place.world.company.slug}/{place.world.cycle.slug}"
    with place.as_person(world.reviewer, "en") as page:
        page.goto(place.address + f"{base}/review/services/{world.service.slug}/P01.a")
        page.keyboard.press("j")
        assert page.url.endswith("P01.a")
        page.click("[data-shortcuts-toggle]")
        page.focus("[name=reason]")
        page.keyboard.press("j")
        assert page.url.endswith("P01.a"), "a letter typed into a field is a letter"
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("2")
        assert page.is_checked("[name=rating][value=partly]")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        page.wait_for_url("**/P01.b")
