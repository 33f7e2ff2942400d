"""Frieda finds a customer twice, looks at both, merges them, and takes it back."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.customers import background, matching, moving
from kundenstamm.customers.models import Contact, Customer, Merge

pytestmark = [pytest.mark.browser]


@pytest.fixture
def twice(frieda, monkeypatch):
    """Ahorn and AHORN have one phone. The worker's valuation is left out."""
    monkeypatch.setattr(moving, "work_out_anew", lambda actor, at: None)
    at = timezone.now()
    for number, name in (("1", "Ahorn Sanitär GmbH"), ("2", "AHORN SANITAER")):
        made = Customer.objects.create(number=number, name=name, city="Talheimbach", created_at=at)
        contact = Contact(customer=made, name="Frau Ahorn", is_main=True)
        contact.put("phone", "040 123456")
        contact.save()
    matching.find(actor=frieda, at=at)


def test_merge_and_undo(twice, site, live_server, frieda):
    site.goto(f"{live_server.url}/customers/")
    site.get_by_role("link", name="Dubletten").click()
    expect(site.get_by_text("gleiche Telefonnummer")).to_be_visible()
    site.get_by_role("link", name="Vergleichen").click()
    expect(site.get_by_text("Ansprechpartner").first).to_be_visible()
    site.get_by_role("button", name="Mit Ahorn Sanitär GmbH zusammenführen").click()
    expect(site.get_by_text("Das läuft im Hintergrund")).to_be_visible()
    background.run(Merge.objects.get(), at=timezone.now())
    site.reload()
    expect(site.get_by_text("AHORN SANITAER →").first).to_be_visible()
    site.get_by_role("button", name="Rückgängig").click()
    background.run_back(Merge.objects.get(), actor=frieda, at=timezone.now())
    site.reload()
    expect(site.get_by_text("gleiche Telefonnummer")).to_be_visible()
    assert Customer.objects.filter(withdrawn=False).count() == 2
