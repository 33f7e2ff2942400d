"""What if a dealer goes: from the list of chains to the answer, with another assumption."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.chain.actions import reckon_due
from kundenstamm.customers.models import ChainLink, Customer, Link

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


@pytest.fixture
def dealer(frieda, sample):
    """A dealer between a wholesaler and two end customers; nobody else has links."""
    ChainLink.objects.all().delete()
    buying = Customer.objects.filter(confidential=False, estimates__occasions__gt=3)
    top, between, *ends = buying.distinct().order_by("number")[:4]
    for above, below in ((top, between), *((between, end) for end in ends)):
        ChainLink.objects.create(upstream=above, downstream=below)
    Customer.objects.filter(pk__in=[each.pk for each in ends]).update(link=Link.END_CUSTOMER)
    reckon_due(actor=frieda, at=timezone.now())
    return between


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
