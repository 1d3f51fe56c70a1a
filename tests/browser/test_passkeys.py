"""Passkeys in a real browser, with an authenticator that Chromium plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.browser.conftest import Site, Visitor
from tests.browser.looking import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    page = browser.new_context().new_page()
    yield Visitor(page, site, "passkeys")
    page.context.close()


def authenticator(visitor: Visitor, **options: Any) -> CDPSession:
    """An authenticator in the device; the person's finger is on it, unless `isUserVerified` says otherwise."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": usual | options})
    return session


def test_a_passkey_is_registered_used_and_removed(visitor: Visitor) -> None:
    page = visitor.page
    authenticator(visitor)
    visitor.sign_in(visitor.site.scene.lead, "en")
    visitor.goto("/account/passkeys")
    assert violations(page) == []
    page.fill("#name", "My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_selector("text=Keep your recovery codes")
    visitor.goto("/account/passkeys")
    assert page.get_by_text("My telephone").first.is_visible()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{visitor.site.address}/")
    visitor.goto("/account/sessions")
    assert page.get_by_text("this session").is_visible()
    visitor.goto("/account/passkeys")
    assert "last used" in page.inner_text("main")

    page.get_by_role("button", name="Remove My telephone").click()
    page.wait_for_selector("text=The passkey is removed.")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_selector("text=The passkey was not accepted")


def test_a_passkey_is_the_second_factor_after_the_password(visitor: Visitor) -> None:
    page = visitor.page
    authenticator(visitor)
    visitor.sign_in(visitor.site.scene.reviewer, "en")
    visitor.goto("/account/passkeys")
    page.fill("#name", "Key")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_selector("text=Keep your recovery codes")
    page.get_by_role("button", name="Sign out").click()
    visitor.sign_in(visitor.site.scene.reviewer, "fr")
    page.wait_for_url("**/sign-in/second")
    assert violations(page) == []
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.wait_for_url("**/companies")


def test_the_form_is_not_shown_where_the_browser_cannot(browser: Browser, site: Site) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/sign-in")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    page.context.close()
