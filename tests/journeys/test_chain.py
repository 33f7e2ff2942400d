"""What if a dealer goes: from the list of chains to the answer, with another assumption."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import Customer

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


@pytest.fixture
def dealer(frieda, sample):
    from kundenstamm.cli.cast import engage
    from kundenstamm.cli.sample.chain import sell_on

    at = timezone.now()
    engage(at=at)
    sell_on(actor=frieda, at=at)
    reports = SellThrough.objects.named().filter(dealer__upstream_links__isnull=False)
    return reports.select_related("dealer").first().dealer


def test_from_the_chains_to_what_would_be_left(site, dealer, live_server):
    top = Customer.objects.get(downstream_links__downstream=dealer)
    site.goto(f"{live_server.url}/")
    site.get_by_role("navigation").get_by_role("link", name="Lieferkette").click()
    site.get_by_label("Name").fill(top.name)
    site.get_by_role("button", name="Filtern").click()
    site.locator("tbody").get_by_role("link", name=top.name).first.click()
    row = site.locator(".tree > li", has_text=dealer.name).first
    row.locator("summary").click()
    expect(row.locator(".tree li").first).to_be_visible()
    row.get_by_role("link", name=dealer.name, exact=True).click()
    panel = site.locator("#what-if")
    panel.get_by_role("button", name="Rechnen").click()
    expect(panel).to_contain_text("direkt beliefert, wenn 50")
    panel.get_by_label("Chance").fill("0")
    panel.get_by_role("button", name="Rechnen").click()
    expect(panel).to_contain_text("direkt beliefert, wenn 0")
    site.set_viewport_size({"width": 360, "height": 800})
    assert site.evaluate("document.documentElement.scrollWidth") <= 360
