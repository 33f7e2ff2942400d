"""Spending is noted, Anna asks a customer once where it comes from, and the owner thanks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.acquisition.models import Partner
from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import User
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]
PARTNER = "Vermessung Distelkamp"


@pytest.fixture
def anna(frieda):
    from kundenstamm.cli.cast import engage

    at = timezone.now()
    engage(at=at)
    found = User.objects.get(email="anna@example.com")
    set_password(found, PASSWORD, actor=frieda, at=at)
    return found


def test_from_the_question_to_the_thanks(site, anna, live_server, browser):
    unasked = Customer.objects.visible_to(anna).filter(origin=None, referrals=None).first()
    site.goto(f"{live_server.url}/growth/partners/")
    site.get_by_label("Partner", exact=True).fill(PARTNER)
    site.get_by_role("button", name="Speichern").click()
    expect(site.get_by_role("heading", level=1)).to_have_text(PARTNER)
    site.goto(f"{live_server.url}/growth/channels/")
    spend = site.locator("#spend")
    spend.get_by_label("Kanal").select_option(label="Partnerbetriebe")
    spend.get_by_label("Betrag").fill("480")
    spend.get_by_label("Wofür").fill("Gemeinsamer Stand")
    spend.get_by_role("button", name="Speichern").click()
    expect(site.locator("#spending")).to_contain_text("Gemeinsamer Stand")

    hers = browser.new_context(locale="de-DE").new_page()
    sign_in(hers, live_server.url, anna)
    hers.goto(f"{live_server.url}/customers/{unasked.key}/")
    card = hers.locator("#coming")
    card.get_by_text("Einmal fragen").click()
    card.get_by_label("Kanal").first.select_option(label="Partnerbetriebe")
    card.get_by_label("Geschickt vom Partner").select_option(label=PARTNER)
    day = timezone.localdate() - timedelta(days=30)
    card.get_by_label("Tag").first.fill(day.isoformat())
    card.get_by_role("button", name="Notieren").first.click()
    expect(card).to_contain_text(PARTNER)
    expect(card).to_contain_text("Dank überfällig")
    expect(card.get_by_text("Einmal fragen")).to_have_count(0)

    site.goto(f"{live_server.url}/growth/partners/")
    late = site.locator("#late li", has_text=PARTNER)
    late.get_by_role("button", name="Gedankt").click()
    expect(site.locator("#late li", has_text=PARTNER)).to_have_count(0)
    site.get_by_role("link", name=PARTNER).click()
    expect(site.locator("#content")).to_contain_text(unasked.name)
    assert Partner.objects.get(name=PARTNER).referrals.get().thanked_on is not None


def test_the_page_says_who_is_credited(site, live_server):
    site.goto(f"{live_server.url}/growth/")
    expect(site.locator("header.page")).to_contain_text("40 % dem ersten Kanal")
    site.get_by_role("link", name="erste Berührung").click()
    expect(site.locator("header.page")).to_contain_text("dem ersten Kanal zugerechnet")
    expect(site.locator("#channels")).to_contain_text("Werbung an eine Zielgruppe")
    expect(site.locator(".chart svg, .chart canvas").first).to_be_visible()
