"""Palette, shortcuts, stars, preview, and many customers at once: with keyboard and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kundenstamm.customers.models import Customer, Star
from kundenstamm.guard.models import AuditEntry
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]
ROWS = "#rows tbody tr"


def name_of(row):
    return row.locator("td").first.locator("a").inner_text()


def test_a_morning_without_the_mouse(site):
    """Go to the list, preview, star, open; the palette then knows where one was."""
    site.keyboard.press("g")
    site.keyboard.press("c")
    expect(site.get_by_role("heading", level=1)).to_have_text("Kunden")
    first, second = (name_of(site.locator(ROWS).nth(place)) for place in (0, 1))
    site.keyboard.press("j")
    site.keyboard.press("Space")
    expect(site.locator("#preview h2")).to_have_text(first)
    site.keyboard.press("j")
    expect(site.locator("#preview h2")).to_have_text(second)
    site.keyboard.press("s")
    expect(site.locator(ROWS).nth(1).locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(site.locator("#preview .star")).to_have_attribute("aria-pressed", "true")
    assert Star.objects.get().customer.name == second
    site.keyboard.press("Escape")
    expect(site.locator("#preview")).to_be_hidden()
    site.keyboard.press("Enter")
    expect(site.get_by_role("heading", level=1)).to_have_text(second)
    site.keyboard.press("s")
    expect(site.locator("header .star")).to_have_attribute("aria-pressed", "false")
    site.keyboard.press("s")
    expect(site.locator("header .star")).to_have_attribute("aria-pressed", "true")
    noted = AuditEntry.objects.filter(what="preview").order_by("pk")
    ids = dict(Customer.objects.values_list("name", "pk"))
    assert [entry.customers for entry in noted] == [[ids[first]], [ids[second]]]
    site.keyboard.press("Control+k")
    groups = site.locator("#palette-found")
    expect(
        groups.get_by_role("group", name="Zuletzt angesehen").get_by_role("option")
    ).to_contain_text(second)
    expect(groups.get_by_role("group", name="Gemerkt").get_by_role("option")).to_contain_text(
        second
    )
    site.keyboard.press("Escape")
    expect(site.locator("#palette")).to_be_hidden()


def test_the_palette_finds_customers_pages_and_errands(site):
    site.goto(site.url + "customers/")
    name = name_of(site.locator(ROWS).nth(3))
    site.keyboard.press("Control+k")
    field = site.get_by_role("combobox", name="Kunden, Seiten, Befehle")
    expect(field).to_be_focused()
    offered = site.locator("#palette-found")
    field.press_sequentially("neue ver " + name[:12], delay=10)
    option = offered.get_by_role("option", name=f"Neue Vereinbarung: {name}")
    expect(option.first).to_be_visible()
    field.fill("alarm")
    expect(offered.get_by_role("option")).to_have_count(1)
    field.fill(name)
    chosen = site.locator("#palette-found [aria-selected=true]")
    expect(chosen).to_contain_text(name)
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    field.fill("farben")
    expect(offered.get_by_role("option")).to_have_count(3)
    field.press("ArrowDown")
    expect(chosen).to_contain_text("hell")
    field.press("ArrowUp")
    field.press("ArrowUp")
    expect(chosen).to_contain_text("wie das Gerät")
    field.press("ArrowDown")
    field.press("Enter")
    assert site.evaluate("document.documentElement.dataset.theme") == "dark"
    site.keyboard.press("Control+k")
    field.fill("english")
    expect(offered.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(site.get_by_role("heading", level=1)).to_have_text("Customers")


def test_shortcuts_are_listed_and_can_be_switched_off(site):
    site.keyboard.press("?")
    expect(site.locator("#shortcut-list")).to_contain_text("nächste Zeile")
    site.keyboard.press("Escape")
    site.locator("#find").press_sequentially("j?gc/")
    expect(site.locator("#shortcut-list")).to_be_hidden()
    assert site.locator("#find").input_value() == "j?gc/"
    site.goto(site.url + "account/")
    site.get_by_label("Tastenkürzel aus einzelnen Tasten").uncheck()
    site.locator("#keyboard").get_by_role("button", name="Speichern").click()
    expect(site.locator(".note")).to_have_text("Gespeichert.")
    site.locator("h1").click()
    site.keyboard.press("?")
    site.keyboard.press("g")
    site.keyboard.press("c")
    site.keyboard.press("Control+k")
    expect(site.locator("#palette")).to_be_visible()
    expect(site.locator("#shortcut-list")).to_be_hidden()
    expect(site).to_have_url(re.compile("/account/"))


def test_many_at_once_and_undone(site):
    """Rows by x, then all that were found; the message undoes what it tells of."""
    site.goto(site.url + "customers/?sort=name&order=up")
    before = dict(Customer.objects.values_list("name", "region"))
    for key in "jxjx":
        site.keyboard.press(key)
    expect(site.locator("#together")).to_contain_text("2 ausgewählt")
    site.get_by_role("button", name="Region setzen").click()
    expect(site.get_by_role("heading", level=1)).to_have_text("Die Region von 2 Kunden setzen?")
    site.get_by_label("Region").fill("Küste")
    site.locator("main").get_by_role("button", name="Region setzen").click()
    expect(site.locator(".note")).to_contain_text("2 Kunden in die Region „Küste“ verlegt.")
    assert Customer.objects.filter(region="Küste").count() == 2
    Customer.objects.filter(pk=Customer.objects.filter(region="Küste").first().pk).update(
        region="Wald"
    )
    site.get_by_role("button", name="Rückgängig machen").click()
    expect(site.locator(".note")).to_contain_text("1 Kunde ist wieder wie vorher.")
    expect(site.locator("main tbody")).to_contain_text("Seither von jemandem geändert")
    after = dict(Customer.objects.values_list("name", "region"))
    assert [region for name, region in after.items() if region != before[name]] == ["Wald"]
    site.goto(site.url.split("/customers/")[0] + "/customers/")
    site.get_by_label("alle hier auswählen").check()
    site.locator("#together [name=all]").check()
    site.locator("#together").get_by_role("button", name="Merken", exact=True).click()
    site.locator("main").get_by_role("button", name="Merken", exact=True).click()
    expect(site.locator(".note")).to_contain_text("gemerkt.")
    assert Star.objects.count() == Customer.objects.count()


def test_without_scripts_all_of_it_is_plain_forms(frieda, live_server, browser):
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    sign_in(page, live_server.url, frieda)
    page.goto(live_server.url + "/customers/")
    row = page.locator(ROWS).first
    name = name_of(row)
    row.locator(".star").click()
    assert Star.objects.get().customer.name == name
    expect(page.locator(ROWS).first.locator(".star")).to_have_attribute("aria-pressed", "true")
    page.locator(ROWS).nth(2).locator("input[name=customer]").check()
    page.locator("#together").get_by_role("button", name="Vertraulich halten").click()
    page.locator("main").get_by_role("button", name="Vertraulich halten").click()
    assert Customer.objects.filter(confidential=True).count() == 1
    page.get_by_role("button", name="Rückgängig machen").click()
    assert not Customer.objects.filter(confidential=True).exists()
    page.goto(live_server.url + "/find/?q=" + name)
    page.locator("main").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_new_pages_fit_and_can_be_read(site, width):
    from tests.journeys.test_reach import EXAMINE, FINE

    site.set_viewport_size({"width": width, "height": 844})
    home = site.url.rstrip("/")
    site.goto(home + "/customers/")
    for box in (0, 1):
        site.locator(ROWS).nth(box).locator("input[name=customer]").check()
    assert site.evaluate(EXAMINE) == FINE
    site.get_by_role("button", name="Region setzen").click()
    confirming = site.url
    others = ("/shortcuts/", "/find/?q=k", "/customers/together/done/")
    for address in (confirming, *(home + path for path in others)):
        site.goto(address)
        assert site.evaluate(EXAMINE) == FINE, address
        assert site.evaluate("document.documentElement.scrollWidth") <= width, address
