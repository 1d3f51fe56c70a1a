"""Both paths in a real browser: as a company and as a reviewer, in English and French, wide, narrow, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, Visitor
from tests.browser.looking import scrolls_sideways, violations

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def visitor(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    context = browser.new_context(viewport=WIDE, java_script_enabled=request.param)  # type: ignore[arg-type]
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield Visitor(page, site, "script" if request.param else "plain")
    context.close()
    assert [fault for fault in faults if "Content Security Policy" in fault] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_company_answers_signs_and_gets_its_receipt(visitor: Visitor, language: str) -> None:
    page, scene = visitor.page, visitor.site.scene
    visitor.sign_in(scene.lead, language)
    name = f"Service {visitor.name} {language}"
    visitor.goto("/services/new")
    page.click("main button")  # nothing filled in
    assert page.locator(".govuk-error-summary li").count() == 2
    page.fill("#name", name)
    page.locator("input[name=functions][value=public_posts]").check()
    page.click("main button")
    assert name in page.inner_text("main")
    visitor.goto(scene.question)
    page.locator("input[name=status][value=planned]").check()
    page.fill("#explanation", "Kept as typed: « même ici ».")
    page.fill("#planned_on", "31")
    page.fill("#planned_on-month", "2")
    page.fill("#planned_on-year", "2030")
    page.click("button[name=then][value=tasks]")
    page.locator(".govuk-error-summary").wait_for()  # the script keeps what was typed before it lets the form go
    assert page.input_value("#explanation") == "Kept as typed: « même ici »."
    visitor.shoot(f"question-errors-{language}")
    page.fill("#planned_on", "28")
    page.click("button[name=then][value=tasks]")
    page.wait_for_url(f"**/assessments/{scene.cycle}")
    visitor.goto(f"/assessments/{scene.cycle}/check")
    assert "Kept as typed" in page.inner_text("main")


def test_two_colleagues_and_one_answer(browser: Browser, site: Site) -> None:
    first, second = (Visitor(browser.new_context().new_page(), site, "conflict") for _ in range(2))
    for visitor in (first, second):
        visitor.sign_in(site.scene.lead, "en")
        visitor.goto(site.scene.question)
    for visitor, text in ((first, "Hers."), (second, "His.")):
        visitor.page.locator("input[name=status][value=in_place]").check()
        visitor.page.fill("#explanation", text)
        visitor.page.click("button[name=then][value=tasks]")
        if visitor is first:
            visitor.page.wait_for_url(f"**/assessments/{site.scene.cycle}")
    second.page.locator(".conflict__side--theirs").wait_for()
    assert "Hers." in second.page.inner_text(".conflict__side--theirs")
    assert "His." in second.page.inner_text(".conflict__side--mine")
    assert second.page.input_value("#explanation") == "His."
    assert violations(second.page) == []
    second.shoot("both-texts")
    for visitor in (first, second):
        visitor.page.context.close()


def test_keyboard_only_from_sign_in_to_a_saved_answer(browser: Browser, site: Site) -> None:
    visitor = Visitor(browser.new_context(viewport=WIDE).new_page(), site, "keyboard")  # type: ignore[arg-type]
    page = visitor.page
    visitor.goto("/sign-in")
    _tab_to(page, "#email")
    page.keyboard.type(site.scene.lead)
    page.keyboard.press("Tab")
    page.keyboard.type(site.scene.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/")
    visitor.goto(site.scene.question)
    page.keyboard.press("Tab")
    assert "govuk-skip-link" in (page.evaluate("document.activeElement.className") or "")
    page.keyboard.press("Enter")
    _tab_to(page, "input[name=status]")
    page.keyboard.press("Space")
    _tab_to(page, "#explanation")
    page.keyboard.press("Control+a")
    page.keyboard.type("By keyboard only.")
    _tab_to(page, "button[name=then][value=tasks]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/assessments/{site.scene.cycle}*")
    page.context.close()


def _tab_to(page: Page, selector: str, most: int = 120) -> None:
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the Tab key")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_reviewer_finds_and_takes_the_brief(visitor: Visitor, language: str) -> None:
    page, scene = visitor.page, visitor.site.scene
    visitor.sign_in(scene.reviewer, language)
    visitor.goto(f"/companies/{scene.submitted}/{scene.cycle}/review")
    page.locator("tbody th a").first.click()
    page.locator("input[name=rating][value=partly]").check()
    page.fill("#reason", "")
    page.click("button[name=then][value=list]")
    assert page.locator("#reason-error").is_visible()
    page.fill("#reason", f"Seen on posts only ({visitor.name}, {language}).")
    page.click("button[name=then][value=list]")
    assert page.url.endswith("/review")
    visitor.goto(f"/companies/{scene.submitted}/{scene.cycle}/brief")
    with page.expect_download() as download:
        page.click("a[href$='brief.pdf']")
    assert download.value.suggested_filename.endswith(f"-{language}.pdf")


COMPANY_PAGES = ("/", "/services", "/services/new", "{tasks}", "{question}", "{tasks}/check", "{tasks}/sign", "/account",
                 "/principles", "/demo-mail", "/nothing-here")  # fmt: skip
STAFF_PAGES = ("/companies", "{company}", "{base}/review", "{base}/gaps", "{base}/brief", "{company}/public-record",
               "{company}/public-record/new")  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("who", ["lead", "reviewer"])
def test_every_page_is_for_everybody(browser: Browser, site: Site, who: str, language: str) -> None:
    scene = site.scene
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    visitor = Visitor(context.new_page(), site, who)
    visitor.sign_in(scene.lead if who == "lead" else scene.reviewer, language)
    company = f"/companies/{scene.submitted}"
    names = {
        "tasks": f"/assessments/{scene.cycle}",
        "question": scene.question,
        "company": company,
        "base": f"{company}/{scene.cycle}",
    }
    faults = []
    for number, pattern in enumerate(COMPANY_PAGES if who == "lead" else STAFF_PAGES):
        visitor.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        visitor.goto(pattern.format(**names))
        faults += [f"{pattern}: {fault}" for fault in violations(visitor.page)]
        visitor.shoot(f"{number:02}-{language}")
        visitor.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if scrolls_sideways(visitor.page):
            faults.append(f"{pattern}: scrolls sideways at 320 px")
    context.close()
    assert faults == []
