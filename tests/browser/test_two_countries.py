"""The path in a real browser as a company and as reviewers of two countries: who sees what, in the staff's own views."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, Visitor
from tests.browser.looking import scrolls_sideways, violations

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
PAGES = ("/companies", "/portfolio/heatmap", "/portfolio/overview", "/portfolio/numbers", "/cycles")


def visitor(browser: Browser, site: Site, name: str, size: dict[str, int]) -> Visitor:
    return Visitor(browser.new_context(viewport=size).new_page(), site, name)  # type: ignore[arg-type]


def basis(page: Page) -> int:
    """How many companies the page says are shared with the reader."""
    text = page.inner_text("main")
    return int(text.split(" shared with us in this cycle")[0].split(". ")[-1].split()[0])


def reviewers(site: Site) -> tuple[str, str]:
    """The reviewer of the submitted company's lead country, and one of another country."""
    mine = site.scene.reviewer
    return mine, next(f"reviewer@{slug}.example" for slug in governments(site) if slug not in mine)


def governments(site: Site) -> list[str]:
    from compliance.demo import designs

    del site
    return [design.slug for design in designs.governments() if "reviewer" in design.staff]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_views_of_staff_owe_nothing_to_anybody(browser: Browser, site: Site, language: str) -> None:
    for size in (WIDE, NARROW):
        staff = visitor(browser, site, f"views-{size['width']}", size)
        staff.sign_in(site.scene.reviewer, language)
        for address in PAGES:
            staff.goto(address)
            assert violations(staff.page) == [], address
            assert not scrolls_sideways(staff.page), address
            staff.shoot(f"{address.strip('/').replace('/', '-')}-{language}")
        staff.page.context.close()


def test_two_countries_and_the_company_between_them(browser: Browser, site: Site) -> None:
    """The second country sees the heatmap of what is shared with it; naming it opens one company more, ending closes."""
    first, second = reviewers(site)
    one, other = (visitor(browser, site, name, WIDE) for name in ("first", "second"))
    company = visitor(browser, site, "company", WIDE)
    one.sign_in(first, "en")
    other.sign_in(second, "en")
    company.sign_in(site.scene.lead, "en")
    one.goto("/portfolio/heatmap")
    other.goto("/portfolio/heatmap")
    shown = other.page.locator("tbody tr").count()
    hidden = other.page.get_by_text("Not shared with us", exact=True).count()
    assert basis(other.page) < shown
    assert hidden >= shown - basis(other.page) - other.page.get_by_text("Not in this cycle").count()
    address = f"/assessments/{site.scene.cycle}/sharing"
    company.goto(address)
    assert violations(company.page) == []
    boxes = company.page.locator("input[name=countries]:not(:checked)")
    before, named = basis(other.page), boxes.count()
    assert named
    for box in company.page.locator("input[name=countries]:not(:disabled)").all():
        box.check()
    company.page.click("main button.govuk-button")
    other.goto("/portfolio/heatmap")
    assert basis(other.page) in (before, before + 1)
    company.goto(address)
    for box in company.page.locator("input[name=countries]:not(:disabled)").all():
        box.uncheck()
    company.page.click("main button.govuk-button")
    other.goto("/portfolio/heatmap")
    assert basis(other.page) <= before
    for each in (one, other, company):
        each.page.context.close()


def test_the_heatmap_by_keyboard(browser: Browser, site: Site) -> None:
    """Every cell that leads somewhere is reached with the tab key, and its link says company, principle and word."""
    staff = visitor(browser, site, "keyboard", WIDE)
    staff.sign_in(site.scene.reviewer, "en")
    staff.goto("/portfolio/heatmap")
    link = staff.page.locator("td .heatmap__link").first
    link.focus()
    assert link.evaluate("element => element === document.activeElement")
    assert "Principle" in (link.get_attribute("aria-label") or "")
    assert link.inner_text().split("\n")[-1].strip(" ✕?◔○●–") in (link.get_attribute("aria-label") or "")
    staff.page.keyboard.press("Enter")
    staff.page.wait_for_url("**#principle-*")
    staff.page.context.close()
