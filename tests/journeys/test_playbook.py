"""A step is changed, a customer enters the stage, the task stands on Anna's day, and is done."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Batch, Entry, EntryKind, Source
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.playbooks.following import follow_due
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]
STEP = "Nach der Lieferung vorbeifahren"


@pytest.fixture
def anna(frieda, sample):
    from kundenstamm.cli.cast import engage

    at = timezone.now()
    engage(at=at)
    found = User.objects.get(email="anna@example.com")
    set_password(found, PASSWORD, actor=frieda, at=at)
    return found


@pytest.fixture
def newcomer(anna):
    """An end customer of Anna's who has not bought anything yet."""
    found = Customer.objects.filter(
        assignments__representative__user=anna, assignments__ends=None, entries=None,
        confidential=False,
    )  # fmt: skip
    made = found.first() or Customer.objects.create(
        number="NEU", name="Neuling Bau", created_at=timezone.now()
    )
    Customer.objects.filter(pk=made.pk).update(link="end_customer")
    made.assignments.get_or_create(
        representative=anna.representative, defaults={"starts": timezone.localdate()}
    )
    return made


def buys(customer, frieda):
    """A first order of today, and the valuation of the night with what follows it."""
    at = timezone.now()
    today = timezone.localdate(at)
    source, _made = Source.objects.get_or_create(name="Kasse")
    batch = Batch.objects.create(kind="sales", source=source, actor=frieda, made_at=at)
    Entry.objects.create(
        customer=customer, date=today, kind=EntryKind.SALE, amount=900, source=source,
        batch=batch, document="Erstbestellung", line=1,
    )  # fmt: skip
    value_all(as_of=today, actor=frieda, at=at)
    follow_due(actor=frieda, at=at)


def test_from_the_step_to_the_card(site, newcomer, anna, frieda, live_server, browser):
    site.goto(f"{live_server.url}/company/playbooks/")
    site.get_by_role("link", name="Neu · Endkunde").click()
    first = site.locator(".playstep").first
    first.get_by_label("Was zu tun ist").fill(STEP)
    first.get_by_label("Wer").select_option(label="Wer den Kunden betreut")
    first.get_by_label("Nach Tagen").fill("0")
    site.get_by_role("button", name="Speichern und einschalten").click()
    expect(site.locator("header.page .chip")).to_contain_text("an seit")

    buys(newcomer, frieda)

    context = browser.new_context(locale="de-DE")
    hers = context.new_page()
    sign_in(hers, live_server.url, anna)
    hers.goto(f"{live_server.url}/tasks/")
    line = hers.locator("li", has_text=STEP)
    expect(line).to_contain_text(newcomer.name)
    line.get_by_role("button", name="Erledigt").click()
    expect(hers.locator("li", has_text=STEP)).to_have_count(0)
    hers.goto(f"{live_server.url}/customers/{newcomer.key}/")
    card = hers.locator("#playbook")
    expect(card.get_by_role("heading")).to_have_text("Leitfaden: 1 von 4 Schritten erledigt")
    expect(hers.locator("#line")).to_contain_text("Leitfaden „Neu · Endkunde“ begonnen")
    hers.set_viewport_size({"width": 360, "height": 800})
    assert hers.evaluate("document.documentElement.scrollWidth") <= 360
    card.get_by_text("Leitfaden abbrechen").first.click()
    card.get_by_label("Warum").fill("Der Kunde baut um und meldet sich.")
    card.get_by_role("button", name="Leitfaden abbrechen").click()
    expect(hers.get_by_role("status").first).to_contain_text("3 Aufgaben wurden zurückgezogen")
    expect(card).to_contain_text("Der Kunde baut um")
    for address in ("company/playbooks/", "company/playbooks/new/end_customer/"):
        site.set_viewport_size({"width": 360, "height": 800})
        site.goto(f"{live_server.url}/{address}")
        assert site.evaluate("document.documentElement.scrollWidth") <= 360, address
    context.close()
