"""Second factors as people set them up; the passkey is Chromium's own virtual one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def passkey(page):
    """A fingerprint reader that always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": kind})


@pytest.mark.usefixtures("passkey")
def test_a_passkey_is_set_up_and_asked_for(site, frieda, live_server):
    url = live_server.url
    site.goto(f"{url}/account/second-factor/passkey/")
    site.locator("form[data-passkey] button").click()
    expect(site).to_have_url(f"{url}/account/second-factor/codes/")
    expect(site.locator(".codes code")).to_have_count(10)
    site.context.clear_cookies(name="sessionid")
    site.goto(f"{url}/sign-in/")
    site.locator("#id_login").fill(frieda.email)
    site.locator("#id_password").fill(PASSWORD)
    site.locator("form.card button.main").click()
    expect(site).to_have_url(f"{url}/sign-in/second/")
    site.locator("form[data-passkey] button").click()
    site.get_by_role("link", name=frieda.name).wait_for()


def test_the_demos_cast_comes_in_with_one_click(page, frieda, live_server, settings, complaints):
    settings.DEMO = True
    page.goto(f"{live_server.url}/sign-in/")
    page.locator(".cast button").click()
    page.get_by_role("link", name=frieda.name).wait_for()
    assert complaints == []


def test_the_accounts_pages_fit_a_telephone(site, live_server):
    site.set_viewport_size({"width": 390, "height": 844})
    for path in ("account/", "people/", "account/second-factor/", "account/second-factor/app/"):
        site.goto(f"{live_server.url}/{path}")
        assert site.evaluate("document.documentElement.scrollWidth") <= 390, path
