"""A day begins with the list: read, called, put off, undone; and what a call brings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import leave, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


@pytest.fixture
def anna(live_server, page, complaints, sample):
    """The representative, signed in."""
    from kundenstamm.cli.cast import engage
    from kundenstamm.guard.actions import set_password
    from kundenstamm.guard.models import User
    from tests.journeys.conftest import PASSWORD

    at = timezone.now()
    engage(at=at)
    found = User.objects.get(email="anna@example.com")
    set_password(found, PASSWORD, actor=found, at=at)
    sign_in(page, live_server.url, found)
    yield found
    leave(page)
    assert complaints == []


def test_the_morning_of_a_representative(page, anna):
    """Everything by keyboard, but for what has to be chosen."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heute")
    steps = page.locator("[data-steps] > li")
    first, second = (steps.nth(n).locator(".name").inner_text() for n in (0, 1))
    page.keyboard.press("j")
    expect(steps.first.locator(".name")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.press("Tab")
    steps.nth(1).get_by_label("Warum").fill("Der Einkäufer ist im Urlaub.")
    page.keyboard.press("Enter")
    below = page.locator("section.card", has_text="Heute beantwortet")
    expect(below).to_contain_text(second)
    expect(below).to_contain_text("Der Einkäufer ist im Urlaub.")
    page.keyboard.press("d")
    steps.first.get_by_label("Was herauskam").select_option("Zugesagt")
    steps.first.get_by_label("Eine Zeile dazu").fill("Bestellt im Mai.")
    page.keyboard.press("Enter")
    expect(below).to_contain_text(first)
    below.locator("li", has_text=first).get_by_role("button").click()
    expect(below).not_to_contain_text(first)
    expect(steps.locator(".name", has_text=first).first).to_be_visible()


def test_a_neglected_regular_is_found_called_and_orders_again(page, anna, live_server, frieda):
    from kundenstamm.today.actions import wish
    from kundenstamm.today.models import Step

    at = timezone.now()
    wish(720, morning_mail=False, names_customers=False, actor=anna, at=at)
    known = Step.objects.visible_to(anna)
    left = known.filter(cause="neglect").order_by("-per_minute").select_related("customer")[0]
    name = left.customer.name
    page.goto(f"{live_server.url}/today/")
    line = page.locator("[data-steps] > li", has=page.locator(f'a[href*="{left.customer.key}"]'))
    expect(line).to_contain_text(
        "ist kein Gespräch erfasst"
        if "No conversation" in left.reason["msgid"]
        else "Letztes Gespräch vor"
    )
    line.locator(".name").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    card = page.locator("#next")
    card.get_by_text("Erledigt", exact=True).click()
    card.get_by_label("Was herauskam").select_option("Bestellt")
    card.get_by_role("button", name="Festhalten").click()
    expect(page.locator("#next")).to_contain_text("ruht bis")
    expect(page.locator("main")).to_contain_text("Anruf")
    _orders(left.customer, frieda, at)
    page.goto(f"{live_server.url}/today/")
    expect(page.locator(f'[data-steps] a[href*="{left.customer.key}"]')).to_have_count(0)
    page.goto(f"{live_server.url}/customers/{left.customer.key}/")
    expect(page.locator("#purchases")).to_contain_text("NEU-1")


def _orders(customer, frieda, at):
    """An order comes in, the base is valued, the day prepared."""
    import polars as pl

    from kundenstamm.ledger.actions import Document, post_lines
    from kundenstamm.lifecycle.actions import value_all
    from kundenstamm.today.preparing import prepare_due

    today = timezone.localdate(at)
    row = {"row": 1, "customer": customer.number, "customer_name": customer.name, "kind": 10,
           "date": today, "amount": Decimal(480), "document": "NEU-1", "line": 1}  # fmt: skip
    lines = pl.DataFrame([row]).with_columns(
        product=pl.lit(None, pl.String), product_name=pl.lit(None, pl.String)
    )
    post_lines(lines, Document("Probe"), actor=frieda, at=at)
    value_all(as_of=today, actor=frieda, at=at)
    prepare_due(actor=frieda, at=at + timedelta(minutes=1), today=today)
