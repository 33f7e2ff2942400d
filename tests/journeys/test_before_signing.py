"""Anna proposes terms beyond a limit and cannot approve them; Frieda does, and they hold."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.customers.models import Assignment, Representative
from kundenstamm.decisions.tests.conftest import sold_for_100_000
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.terms.models import Agreement
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customer(frieda):
    """Sold for 100,000, served by Anna, who has an account."""
    at, day = timezone.now(), timezone.localdate() - timedelta(days=9)
    made = sold_for_100_000(day, actor=frieda, at=at)
    anna = User.objects.create(
        email="anna@example.com", name="Anna Schlehdorn", role=Role.REPRESENTATIVE, created_at=at
    )
    set_password(anna, PASSWORD, actor=frieda, at=at)
    code = Representative.objects.create(code="AS", name=anna.name, user=anna)
    Assignment.objects.create(customer=made, representative=code, starts=day)
    return made


@pytest.fixture
def annas(customer, browser, live_server):
    """Anna's own browser, signed in."""
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    sign_in(page, live_server.url, User.objects.get(name="Anna Schlehdorn"))
    yield page
    context.close()


def test_terms_beyond_a_limit_are_approved_by_somebody_else(site, customer, annas, live_server):
    address = f"{live_server.url}/customers/{customer.key}/"
    annas.goto(address)
    annas.get_by_role("link", name="Vor dem Abschluss").click()
    annas.get_by_label("Nachlass", exact=True).press_sequentially("12,5")
    reckoned = annas.locator("#reckoned")
    # Reckoned while typing, before any button is pressed.
    expect(reckoned).to_contain_text("kostet das 12.500")
    expect(reckoned).to_contain_text("Eine zweite Person muss es freigeben")
    annas.get_by_label("Grund").fill("Wettbewerber bietet mehr")
    annas.get_by_role("button", name="Vereinbaren oder vorschlagen").click()
    expect(annas.get_by_role("status")).to_contain_text("Eine zweite Person entscheidet")
    expect(annas.get_by_role("button", name="Freigeben")).to_have_count(0)
    assert not Agreement.objects.exists()
    site.reload()
    site.get_by_role("link", name="Konditionen").click()
    site.get_by_role("link", name="Wartet auf Freigabe").click()
    site.get_by_role("link", name="K1").click()
    site.get_by_label("Grund der Entscheidung").fill("Strategischer Kunde")
    site.get_by_role("button", name="Freigeben").click()
    expect(site.get_by_role("status")).to_contain_text("Freigegeben: Es gilt.")
    assert Agreement.objects.get().rate == Decimal("0.125")
    annas.goto(address)
    expect(annas.locator("#terms")).to_contain_text("Nachlass 12,5")
