"""A demo server and a real browser. Without Chromium the tests are skipped, unless REQUIRE_BROWSER=1."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.scene import Scene
from tests.proof.server import demo_server

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"


@dataclass(frozen=True, slots=True)
class Site:
    """The running demo."""

    address: str
    scene: Scene


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is not on this machine; tools/system-packages installs it")
        pytest.skip("Chromium is not on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    del browser  # no server without a browser
    with demo_server(tmp_path_factory.mktemp("site")) as (_process, scene, port):
        yield Site(f"http://localhost:{port}", scene)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone at a browser: `page` is the tab, `look` checks what every page owes."""

    page: Page
    site: Site
    name: str

    def sign_in(self, email: str, language: str) -> None:
        self.page.goto(f"{self.site.address}/sign-in?lang={language}")
        self.page.fill("#email", email)
        self.page.fill("#password", self.site.scene.password)
        self.page.press("#password", "Enter")

    def goto(self, address: str) -> None:
        self.page.goto(self.site.address + address)

    def shoot(self, what: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SCREENSHOTS / f"{self.name}-{what}.png"), full_page=True)
