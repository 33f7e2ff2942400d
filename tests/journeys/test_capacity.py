"""From a full month to the scenario in which one customer comes later and hands are added."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import formats, timezone
from playwright.sync_api import expect

from kundenstamm.customers.prospecting import enter_prospect
from kundenstamm.guard.acting import acting_as
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.pursuits import actions
from kundenstamm.pursuits.models import Pursuit, State
from kundenstamm.pursuits.rules import coming, month_after
from kundenstamm.pursuits.sheets import Sheet
from kundenstamm.serving.models import Pool
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser
NAME = "Stadtwerke Kesselstadt"
BEGINS = coming(timezone.localdate())


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def running(frieda):
    """9,000 minutes a month for sure, where there are 6,000."""
    pool = Pool.objects.create(name="Lager")
    pool.months.create(
        month=month_after(BEGINS, -1), cost=3_000, theoretical_minutes=7_500,
        practical_share="0.8",
    )  # fmt: skip
    by = {"actor": frieda, "at": timezone.now()}
    with acting_as(frieda, at=by["at"]):
        made = actions.start(enter_prospect(NAME, **by), **by)
        sheet = Sheet(
            Decimal(400_000), Decimal("0.4"), BEGINS, chance=Decimal(1),
            minutes={pool.pk: Decimal(9_000)},
        )  # fmt: skip
        actions.keep_sheet(made, sheet, **by)
        return actions.move(made, State.GO, "Wir finden jemanden", **by)


def test_from_a_full_month_to_a_scenario(page, complaints, live_server, running, frieda):
    sign_in(page, live_server.url, frieda)
    page.goto(f"{live_server.url}/pursuits/")
    page.get_by_role("link", name="Kapazität", exact=True).click()
    cell = page.locator(".calendar .over a").first
    expect(cell).to_contain_text("50 h zu wenig")
    expect(page.locator(".chart svg")).to_be_visible()
    cell.click()
    expect(page.get_by_role("link", name=NAME)).to_be_visible()

    page.goto(f"{live_server.url}/pursuits/scenarios/")
    page.get_by_role("link", name="Neues Szenario").click()
    later = month_after(BEGINS, 3)
    page.get_by_label("Name").fill("Später und mit Leuten")
    page.get_by_label(f"{NAME}: Ab Monat").select_option(later.isoformat())
    page.get_by_label("Minuten mehr im Monat").fill("4000")
    page.get_by_label("Kosten im Monat").fill("1.900")
    page.get_by_role("button", name="Speichern und vergleichen").click()
    table = page.locator(".side-by-side")
    expect(table).to_contain_text("Später und mit Leuten")
    expect(table).to_contain_text(formats.date_format(later, "F Y"))
    row = table.locator("tr", has_text="Lager: Monate mit zu wenigen Stunden").locator("td")
    expect(row.nth(0)).to_contain_text("24")
    expect(row.nth(1)).to_have_text("keine")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    table.get_by_text("Löschen").first.click()
    table.get_by_role("button", name="Endgültig löschen").click()
    expect(page.get_by_role("status")).to_contain_text("gelöscht")
    expect(table).not_to_contain_text("Später und mit Leuten")
    assert Pursuit.objects.get() == running
    page.wait_for_load_state("networkidle")
    assert complaints == []
