"""From what hangs on whom to the customer, and a word against the record."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.cli.cast import engage
from kundenstamm.relations.models import Correction
from kundenstamm.relations.reckoning import reckon_due

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


@pytest.fixture
def reckoned(frieda, sample):
    at = timezone.now()
    engage(at=at)
    reckon_due(actor=frieda, at=at, today=timezone.localdate(at))


def test_from_the_people_to_a_correction(site, reckoned, live_server):
    site.goto(f"{live_server.url}/")
    site.get_by_role("navigation").get_by_role("link", name="Beziehungen").click()
    site.locator("table.list tbody a").first.click()
    before = site.locator("#lost .figures").inner_text()
    site.get_by_label("Verloren höchstens").fill("50")
    expect(site.locator("#lost")).to_contain_text("bis 50,0")
    assert site.locator("#lost .figures").inner_text() != before
    site.locator("#lost table.list tbody a").first.click()
    card = site.locator("#holding")
    expect(card).to_contain_text("Gehalten von")
    card.locator("summary").click()
    card.get_by_label("Warum").fill("Kennt die Inhaberin seit der Schule")
    card.get_by_role("button", name="Notieren").click()
    expect(site.locator("#holding")).to_contain_text("seit der Schule")
    assert Correction.objects.count() == 1
    site.set_viewport_size({"width": 360, "height": 800})
    assert site.evaluate("document.documentElement.scrollWidth") <= 360
