"""From signing in to the receipt with the keyboard alone, in French, on the narrowest page, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, Visitor
from tests.browser.looking import scrolls_sideways, violations
from tests.proof.server import demo_server

pytestmark = pytest.mark.browser

#: A page 320 CSS pixels wide: a small telephone, or a screen of 1280 pixels at a zoom of 400 %.
TELEPHONE = {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2}
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
TEXT = "Écrit au clavier seulement : « même ici »."


class Keyboard:
    """Someone who has no pointer: reaches things with Tab, and looks at each page that comes."""

    def __init__(self, visitor: Visitor, script: bool) -> None:
        self.visitor, self.page, self.script = visitor, visitor.page, script
        self.faults: list[str] = []

    def look(self, where: str) -> None:
        self.page.wait_for_load_state()
        if self.script:  # axe is a script itself
            self.faults += [f"{where}: {fault}" for fault in violations(self.page)]
        if scrolls_sideways(self.page):
            self.faults.append(f"{where}: scrolls sideways")

    def reach(self, selector: str, most: int = 400) -> None:
        for _ in range(most):
            if self.page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by the Tab key")

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def press(self, selector: str, key: str = "Enter") -> None:
        self.reach(selector)
        self.page.keyboard.press(key)

    def follow(self, selector: str, address: str) -> None:
        self.press(selector)
        self.page.wait_for_url(address)


@pytest.fixture(params=[(True, ZOOMED), (False, TELEPHONE)], ids=["script-400-percent", "no-script-320-px"])
def keyboard(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Keyboard]:
    script, screen = request.param
    with demo_server(tmp_path) as (_process, scene, port):
        context = browser.new_context(java_script_enabled=script, locale="fr-CA", **screen)
        context.set_default_timeout(20_000)
        site = Site(f"http://localhost:{port}", scene)
        yield Keyboard(Visitor(context.new_page(), site, "path"), script)
        context.close()


def test_the_whole_path(keyboard: Keyboard) -> None:
    page, site = keyboard.page, keyboard.visitor.site
    tasks = f"{site.address}/assessments/{site.scene.cycle}"
    page.goto(f"{site.address}/sign-in?lang=fr")
    keyboard.look("sign-in")
    keyboard.write("#email", site.scene.lead)
    keyboard.write("#password", site.scene.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/")
    keyboard.look("home")
    keyboard.follow(f"a[href='/assessments/{site.scene.cycle}']", tasks)
    keyboard.look("tasks")
    _answer(keyboard, tasks)
    keyboard.follow(f"a[href='/assessments/{site.scene.cycle}/check']", f"{tasks}/check")
    keyboard.look("check")
    assert TEXT in page.inner_text("main")
    keyboard.follow(f"a[href='/assessments/{site.scene.cycle}/sign']", f"{tasks}/sign")
    keyboard.look("sign")
    keyboard.write("#role", "Responsable de la sécurité")
    keyboard.write("#authority", "Par décision du conseil")
    keyboard.press("#no_material", "Space")
    keyboard.press("main form button")
    page.wait_for_url(f"{tasks}/receipts/*")
    keyboard.look("receipt")
    assert "SHA-256" in page.inner_text("main")
    assert page.get_attribute("html", "lang") == "fr"
    assert keyboard.faults == []


def _answer(keyboard: Keyboard, tasks: str) -> None:
    """An unfinished answer first: the fault is named, what was typed stays, and then it is saved."""
    page = keyboard.page
    page.goto(keyboard.visitor.site.address + keyboard.visitor.site.scene.question)
    keyboard.look("question")
    _choose(page, "planned")
    keyboard.write("#explanation", TEXT)
    for part in ("", "-month", "-year"):
        keyboard.write(f"#planned_on{part}", "")
    keyboard.press("button[name=then][value=tasks]")
    page.wait_for_selector(".govuk-error-summary")
    keyboard.look("question-errors")
    assert page.input_value("#explanation") == TEXT
    _choose(page, "in_place")
    keyboard.press("button[name=then][value=tasks]")
    page.wait_for_url(tasks)


def _choose(page: Page, status: str) -> None:
    """With the arrow keys, as one does in a group of radio buttons."""
    page.focus("input[name=status]:checked, input[name=status]")
    for _ in range(10):
        if page.evaluate("document.activeElement.value") == status:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{status} is not reached by the arrow keys")
