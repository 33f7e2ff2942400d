"""Somebody is entered as a contact, met, and removed; that they were met stays."""

from __future__ import annotations

import pytest

from kundenstamm.lifecycle.models import Estimate
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


def test_a_contact_is_entered_met_and_removed(frieda, live_server, page, complaints):
    sign_in(page, live_server.url, frieda)
    customer = Estimate.objects.order_by("-occasions").first().customer
    own = f"{live_server.url}/customers/{customer.key}/"
    page.goto(own)
    page.get_by_role("link", name="Ansprechpartner eintragen oder ändern").click()
    page.get_by_label("Name", exact=True).fill("Frau Quitte")
    page.get_by_label("Entscheider").check()
    page.get_by_label("Widerspruch").select_option("advertising")
    page.get_by_label("Was anzusprechen ist").fill("Rudert im Verein")
    page.get_by_role("button", name="Eintragen", exact=True).click()
    entered = page.locator(".people li", has_text="Frau Quitte")
    entered.get_by_text("Keine Werbung", exact=True).wait_for()
    entered.get_by_role("button", name="Zum Hauptansprechpartner machen").click()
    page.goto(own)
    first = page.locator("#contacts li").first
    assert "Frau Quitte" in first.inner_text()
    assert "Rudert im Verein" in first.inner_text()
    page.get_by_text("Wann, mit wem").click()
    page.locator("#record").get_by_label("Mit", exact=True).select_option(label="Frau Quitte")
    page.locator("#record").get_by_label("Notiz").fill("Will den Katalog")
    page.locator("#record").get_by_role("button", name="Festhalten").click()
    page.locator("#care").get_by_text("mit Frau Quitte").wait_for()
    page.goto(f"{own}contacts/")
    page.locator(".people summary", has_text="Frau Quitte").click()
    successor = page.get_by_label("Hauptansprechpartner danach")
    named = successor.locator("option:checked").inner_text()
    page.get_by_role("button", name="Entfernen Frau Quitte").click()
    page.get_by_text(f"Hauptansprechpartner ab jetzt: {named.split(',')[0]}").wait_for()
    page.get_by_role("button", name="Zurückholen Frau Quitte").wait_for()
    page.goto(own)
    assert "Frau Quitte" not in page.locator("#contacts").inner_text()
    assert "mit Frau Quitte" in page.locator("#care").inner_text()
    assert complaints == []
