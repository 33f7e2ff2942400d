"""A prospect is entered by name, is too big today, is parked, and is won once it begins later."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import formats, timezone
from playwright.sync_api import expect

from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.pursuits.rules import coming, month_after
from kundenstamm.serving.models import Pool
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser
NAME = "Stadtwerke Kesselstadt"


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def store(frieda):
    """4,000 minutes a month, and 40,000 from the third month on."""
    made, first = Pool.objects.create(name="Lager"), coming(timezone.localdate())
    for ahead, minutes in ((-1, 5_000), (2, 50_000)):
        made.months.create(
            month=month_after(first, ahead), cost=Decimal(minutes) * Decimal("0.4"),
            theoretical_minutes=minutes, practical_share="0.8",
        )  # fmt: skip
    return made


@pytest.fixture
def gesa(frieda):
    """The sales lead, who serves nobody herself."""
    at = timezone.now()
    made = User.objects.create(
        email="gesa@example.com", name="Gesa Weidenkamp", role=Role.SALES_LEAD, created_at=at
    )
    set_password(made, PASSWORD, actor=frieda, at=at)
    return made


def test_from_the_idea_to_go_later_to_won(page, complaints, live_server, store, gesa):
    sign_in(page, live_server.url, gesa)
    page.get_by_role("link", name="Akquisevorhaben").click()
    page.get_by_role("main").get_by_role("link", name="Interessenten erfassen").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_role("button", name="Erfassen und abwägen").click()
    weighed = page.locator("#weighed")
    page.get_by_label("Umsatz im Jahr").press_sequentially("1900000")
    page.get_by_label("Lager").press_sequentially("11000")
    later = month_after(coming(timezone.localdate()), 2)
    # Reckoned while typing, before any button is pressed.
    expect(weighed).to_contain_text(f"Später angehen: ab {formats.date_format(later, 'F Y')}")
    expect(weighed).to_contain_text("7.000 Minuten")
    assert not Pursuit.objects.get().is_filled
    page.get_by_role("button", name="Bogen speichern").click()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert")

    page.get_by_role("link", name="Akquisevorhaben").first.click()
    ticket = page.locator(".ticket", has_text=NAME)
    expect(ticket).to_contain_text("Später angehen")
    # Against the verdict only with a reason: the card asks for one instead of moving.
    ticket.get_by_role("link", name=NAME).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(ticket.get_by_label("Warum")).to_be_focused()
    ticket.get_by_label("Verschieben nach").select_option("parked")
    ticket.get_by_label("Warum").fill("Heute zu groß für das Lager")
    ticket.get_by_role("button", name="Verschieben").click()
    expect(page.locator("[data-state=parked] .ticket")).to_contain_text(NAME)

    page.get_by_role("link", name=NAME).click()
    page.get_by_label("Erste Lieferungen im").select_option(later.isoformat())
    expect(weighed.locator(".verdict")).to_have_text("Angehen")
    page.get_by_role("button", name="Bogen speichern").click()
    page.get_by_text("Minuten oder Geld buchen").click()
    page.locator("#spent").get_by_label("Geld").fill("250")
    page.get_by_role("button", name="Buchen", exact=True).click()
    expect(page.locator("#spent")).to_contain_text("250,00")

    page.get_by_role("link", name="Akquisevorhaben").first.click()
    for state in ("go", "negotiating"):
        page.locator(".ticket", has_text=NAME).drag_to(page.locator(f"[data-state={state}]"))
        expect(page.locator(f"[data-state={state}] .ticket")).to_contain_text(NAME)
    page.locator(".ticket a").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-state=won] .ticket")).to_contain_text(NAME)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("main")).to_contain_text("Heute zu groß für das Lager")
    expect(page.get_by_role("button", name="Bogen speichern")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("main").get_by_role("link", name=NAME).click()
    expect(page.locator("#line")).to_contain_text("Akquisevorhaben gewonnen")
    page.wait_for_load_state("networkidle")
    assert complaints == []
