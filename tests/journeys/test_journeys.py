"""What people do with the site, from the sign-in to the evidence."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]


@pytest.fixture
def site(shared_site):
    return shared_site


def test_from_a_stage_to_the_entries_behind_a_bar(site):
    site.locator("[data-chart=stages] svg path[aria-roledescription=bar]").nth(3).click()
    expect(site).to_have_url(re.compile(r"/customers/\?stage=regular"))
    expect(site.locator("label.chip.regular input")).to_be_checked()
    first = site.locator("#rows tbody tr").first
    name = first.locator("a").inner_text()
    first.locator("td").nth(2).click()
    expect(site.get_by_role("heading", level=1)).to_have_text(name)
    expect(site.locator("[data-chart=rhythm] svg")).to_be_visible()
    site.locator("[data-chart=bridge] svg path[aria-roledescription=bar]").first.click()
    expect(site).to_have_url(re.compile(r"/entries/\?level=gross_sales&from="))
    expect(site.get_by_role("heading", level=1)).to_have_text("Umsatz")
    shown = site.locator("tfoot td").inner_text()
    site.go_back()
    site.get_by_text("Als Tabelle").first.click()
    expect(site.locator("#bridge ~ details td").first).to_have_text(shown)


def test_the_whale_curve_leads_to_its_customers(site):
    site.locator("[data-chart=whale] svg text", has_text="kosten").click()
    expect(site).to_have_url(re.compile(r"/base/customers/\?profit_to=0"))
    expect(site.locator("main tbody tr").first).to_be_visible()
    site.go_back()
    point = site.locator("[data-chart=whale] svg .mark-symbol path").nth(20)
    point.hover(force=True)
    expect(site.locator("#vg-tooltip-element")).to_contain_text("Anteil am Gewinn")
    point.click(force=True)
    expect(site).to_have_url(re.compile(r"\?from=\d+&to=\d+$"))
    expect(site.locator("#rows tbody tr").first).to_be_visible()


def test_search_as_you_type_keeps_the_address(site):
    site.get_by_role("link", name="Kunden", exact=True).click()
    everybody = site.locator("#rows [role=status]").inner_text()
    name = site.locator("#rows tbody a").nth(7).inner_text()
    site.locator("#q").press_sequentially(name[:9].upper(), delay=20)
    expect(site.locator("#rows [role=status]")).not_to_have_text(everybody)
    expect(site.locator("#rows tbody a", has_text=name).first).to_be_visible()
    expect(site).to_have_url(re.compile(r"/customers/\?q=[^&]+$"))
    site.locator("label.chip.regular").click()
    expect(site).to_have_url(re.compile(r"q=[^&]+&stage=regular$"))
    site.reload()
    assert site.locator("#q").input_value() == name[:9].upper()
    site.get_by_text("Ansichten").click()
    site.get_by_label("Diese Liste speichern als").fill("Meine Treuen")
    site.locator("#views").get_by_role("button", name="Speichern").click()
    expect(site.locator("#views a.chip.on")).to_have_text("Meine Treuen")


def test_the_list_by_keyboard_and_page_by_page(site):
    site.goto(site.url + "customers/?sort=name&order=up")
    names = site.locator("#rows tbody a").all_inner_texts()
    site.keyboard.press("j")
    site.keyboard.press("j")
    expect(site.locator("#rows tbody a").nth(1)).to_be_focused()
    site.keyboard.press("k")
    site.keyboard.press("Enter")
    expect(site.get_by_role("heading", level=1)).to_have_text(names[0])
    site.go_back()
    site.get_by_role("link", name="Weiter").click()
    site.wait_for_url(re.compile("after="))
    assert not set(site.locator("#rows tbody a").all_inner_texts()) & {names[0]}
    site.get_by_role("link", name="Zurück").click()
    site.wait_for_url(re.compile("before="))
    assert site.locator("#rows tbody a").all_inner_texts() == names


def test_find_and_go(site):
    site.keyboard.press("Control+k")
    site.locator("#palette-q").press_sequentially("firm", delay=20)
    expect(site.locator("#palette li")).to_have_count(1)
    site.keyboard.press("Enter")
    expect(site).to_have_url(re.compile("/company/$"))


def test_language_and_colours(site):
    background = "getComputedStyle(document.body).backgroundColor"
    stroke = "getComputedStyle(document.querySelector('[data-chart=whale] .mark-line path')).stroke"
    site.locator("[data-chart=whale] svg .mark-line path").first.wait_for()
    light, drawn = site.evaluate(background), site.evaluate(stroke)
    site.get_by_label("Dunkel").click()
    assert site.evaluate(background) != light
    assert site.evaluate(stroke) != drawn
    site.reload()
    assert site.evaluate(background) != light
    site.get_by_role("button", name="English").click()
    expect(site.get_by_role("heading", level=1)).to_have_text("How healthy is the base?")
    expect(site.locator("[data-chart=stages] svg")).to_contain_text("Regular")


@pytest.mark.parametrize("width", [360, 390])
def test_every_page_fits_a_telephone(site, width):
    site.set_viewport_size({"width": width, "height": 844})
    home = site.url
    customer = site.locator(".stakes a").first.get_attribute("href") or "/"
    for path in ("", "customers/", "import/", "company/", "company/products/", "account/"):
        site.goto(home + path)
        wide = site.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide"
    site.goto(home.rstrip("/") + customer)
    assert site.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_filters_are_a_plain_form(house, browser):
    context = browser.new_context(java_script_enabled=False, locale="de-DE")
    page = context.new_page()
    sign_in(page, house.url, house.frieda)
    page.goto(house.url + "/customers/")
    page.locator("label.chip.regular").click()
    page.locator("#filters noscript button, #filters button").first.click()
    expect(page).to_have_url(re.compile("stage=regular"))
    context.close()
