"""Whoever cannot see well, or cannot use a mouse, gets the same pages."""

from __future__ import annotations

import pytest

from kundenstamm.lifecycle import evidence

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]


@pytest.fixture
def site(shared_site):
    return shared_site


@pytest.fixture(scope="module")
def judged(house):
    """The estimates have been measured."""
    made = house.sample
    return evidence.judge(as_of=made.as_of, actor=house.frieda, at=made.made_at)


# Contrast of every text with what is behind it (WCAG 1.4.3), controls without a name, ids that
# stand twice, number of main headings. Colours may be oklch: a canvas tells their red and green.
EXAMINE = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const plain = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((v) => v / 255)
      .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = plain(getComputedStyle(at).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return [255, 255, 255, 255];
  };
  const shown = (element) => element.getClientRects().length && !element.closest(".sr");
  const speaks = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const faint = [...document.querySelectorAll("body *")].filter(speaks).filter(shown).map((one) => {
    const style = getComputedStyle(one);
    const ink = plain(one.namespaceURI.includes("svg") ? style.fill : style.color);
    const [more, less] = [light(ink), light(behind(one))].sort((a, b) => b - a);
    return [(more + 0.05) / (less + 0.05), one.textContent.trim().slice(0, 40)];
  }).filter(([ratio]) => ratio < 4.5);
  const controls =
    document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea");
  const nameless = [...controls].filter((one) => one.getAttribute("aria-hidden") !== "true")
    .filter((one) => !one.textContent.trim() && !one.ariaLabel && !one.labels?.length)
    .map((one) => one.outerHTML.slice(0, 120));
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  return {faint, nameless, twice, headings: document.querySelectorAll("h1").length};
}"""
FINE = {"faint": [], "nameless": [], "twice": [], "headings": 1}


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_and_named(site, scheme):
    site.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    home = site.url.rstrip("/")
    customer = site.locator(".stakes a").first.get_attribute("href") or "/"
    paths = ("/", "/customers/", "/import/", "/company/", "/company/products/", "/account/",
             "/estimates/", customer, customer + "entries/")  # fmt: skip
    for path in paths:
        site.goto(home + path)
        site.wait_for_load_state("networkidle")
        assert site.evaluate(EXAMINE) == FINE, path


def test_the_first_tab_leads_past_the_navigation(site):
    site.keyboard.press("Tab")
    assert site.evaluate("document.activeElement.className") == "skip"
    site.keyboard.press("Enter")
    assert site.evaluate("document.activeElement.id") == "content"


def test_each_chart_has_a_table_that_leads_on(site):
    for chart in ("whale", "stages"):
        table = site.locator(f"#{chart} ~ details")
        table.locator("summary").press("Enter")
        assert table.locator("a").first.is_visible()
