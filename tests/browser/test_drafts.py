"""Saving as one types, in a real browser: what is said, what survives, what is never overwritten, and who can read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Site, Visitor
from tests.browser.looking import violations

pytestmark = pytest.mark.browser

STATE = "[data-save-state]"
SLOW = 15_000


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def writing(context: BrowserContext, site: Site, language: str = "en") -> Page:
    """The page of a question, with the lead signed in."""
    visitor = Visitor(context.new_page(), site, "drafts")
    visitor.sign_in(site.scene.lead, language)
    visitor.goto(site.scene.question)
    return visitor.page


def type_in(page: Page, text: str) -> None:
    page.fill("#explanation", "")
    page.locator("#explanation").press_sequentially(text)


def stored(context: BrowserContext, site: Site) -> str:
    """The explanation as another tab sees it."""
    page = context.new_page()
    page.goto(site.address + site.scene.question)
    text = page.input_value("#explanation")
    page.close()
    return text


@pytest.mark.parametrize(("language", "said"), [("en", "Saved at"), ("fr", "Enregistré à")])
def test_it_is_saved_and_said_without_a_button(context: BrowserContext, site: Site, language: str, said: str) -> None:
    page = writing(context, site, language)
    text = f"Typed, never sent by a button ({language})."
    type_in(page, text)
    expect(page.locator(STATE)).to_contain_text(said, timeout=SLOW)
    assert stored(context, site) == text
    assert violations(page) == []
    assert page.evaluate("Object.keys(localStorage).length") == 0, "what is saved is not kept in the browser"


def test_what_cannot_be_saved_yet_says_why(context: BrowserContext, site: Site) -> None:
    page = writing(context, site)
    page.locator("input[name=status][value=planned]").check()
    for part in ("", "-month", "-year"):
        page.fill(f"#planned_on{part}", "")
    expect(page.locator(STATE)).to_contain_text("Not saved yet: Enter a date.", timeout=SLOW)


def test_a_lost_connection_loses_nothing(context: BrowserContext, site: Site) -> None:
    page = writing(context, site)
    page.locator("input[name=status][value=in_place]").check()
    context.set_offline(True)
    type_in(page, "Typed in a tunnel.")
    expect(page.locator(STATE)).to_contain_text("No connection", timeout=SLOW)
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(STATE)).to_contain_text("Saved at", timeout=SLOW)
    assert stored(context, site) == "Typed in a tunnel."


def test_a_lost_answer_is_not_taken_for_a_colleague(context: BrowserContext, site: Site) -> None:
    """The server saved, but its answer never came: the same request again is the same save."""
    page = writing(context, site)
    lost: list[int] = []

    def lose_one(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/assessments/**", lose_one)
    page.locator("input[name=status][value=in_place]").check()
    type_in(page, "Sent once, kept once.")
    expect(page.locator(STATE)).to_contain_text("No connection", timeout=SLOW)
    type_in(page, "Sent once, kept once, and more.")
    expect(page.locator(STATE)).to_contain_text("Saved at", timeout=SLOW)
    assert lost == [200]
    page.wait_for_timeout(3_000)
    assert stored(context, site) == "Sent once, kept once, and more."


def test_an_expired_session_loses_nothing(context: BrowserContext, site: Site) -> None:
    page = writing(context, site)
    page.locator("input[name=status][value=in_place]").check()
    cookies = context.cookies()
    context.clear_cookies()
    type_in(page, "Typed after the session had ended.")
    expect(page.locator(STATE)).to_contain_text("You are signed out", timeout=SLOW)
    assert page.locator("[data-sign-in]").is_visible()
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "Typed after" not in kept, "nobody else at this machine can read it"
    visitor = Visitor(page, site, "drafts")
    visitor.sign_in(site.scene.lead, "en")
    visitor.goto(site.scene.question)
    expect(page.locator("#explanation")).to_have_value("Typed after the session had ended.", timeout=SLOW)
    expect(page.locator(STATE)).to_contain_text("Saved at", timeout=SLOW)
    assert stored(context, site) == "Typed after the session had ended."
    assert cookies


def test_a_button_pressed_after_the_session_ended_loses_nothing(context: BrowserContext, site: Site) -> None:
    page = writing(context, site)
    page.locator("input[name=status][value=in_place]").check()
    page.wait_for_timeout(2_500)
    context.clear_cookies()
    page.fill("#explanation", "Pressed the button too late.")
    page.click("button[name=then][value=tasks]")
    expect(page.locator("#text-1")).to_have_value("Pressed the button too late.")
    assert violations(page) == []
    visitor = Visitor(page, site, "drafts")
    visitor.sign_in(site.scene.lead, "en")
    visitor.goto(site.scene.question)
    expect(page.locator("#explanation")).to_have_value("Pressed the button too late.", timeout=SLOW)


def test_signing_out_clears_what_was_kept(context: BrowserContext, site: Site) -> None:
    page = writing(context, site)
    context.set_offline(True)
    type_in(page, "Not for the next person.")
    expect(page.locator(STATE)).to_contain_text("No connection", timeout=SLOW)
    assert page.evaluate("Object.keys(localStorage).length") == 1
    context.set_offline(False)
    page.click(".site-header__button")
    page.wait_for_url("**/sign-in*")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_colleagues_save_is_never_overwritten(context: BrowserContext, browser: Browser, site: Site) -> None:
    page = writing(context, site)
    other_context = browser.new_context()
    other = writing(other_context, site)
    type_in(other, "The colleague's text.")
    expect(other.locator(STATE)).to_contain_text("Saved at", timeout=SLOW)
    type_in(page, "My text.")
    expect(page.locator(STATE)).to_contain_text("Press “Save” to see both texts", timeout=SLOW)
    type_in(page, "My text, and more of it.")
    page.wait_for_timeout(2_500)
    assert stored(other_context, site) == "The colleague's text."
    page.click("button[name=then][value=tasks]")
    assert "The colleague's text." in page.inner_text(".conflict__side--theirs")
    assert "My text, and more of it." in page.inner_text(".conflict__side--mine")
    type_in(page, "Merged by me.")
    page.wait_for_timeout(2_500)
    assert stored(other_context, site) == "The colleague's text.", "only the button replaces it"
    page.click("button[name=then][value=tasks]")
    page.wait_for_url(f"**/assessments/{site.scene.cycle}")
    assert stored(other_context, site) == "Merged by me."
    other_context.close()
