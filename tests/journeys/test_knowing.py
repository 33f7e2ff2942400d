"""A customer is handed to Anna in the browser, and closed to her again."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def anna(frieda):
    """A representative with an account and a code, and nothing to do as yet."""
    at = timezone.now()
    made = User.objects.create(
        email="anna@example.com", name="Anna Schlehdorn", role=Role.REPRESENTATIVE, created_at=at
    )
    set_password(made, PASSWORD, actor=frieda, at=at)
    Representative.objects.create(code="AS", name=made.name, user=made)
    return made


@pytest.fixture
def ahorn(frieda):
    """Served by Bernd."""
    at = timezone.now()
    made = Customer.objects.create(number="1", name="Ahorn Baubedarf", created_at=at)
    bernd = Representative.objects.create(code="BK", name="Bernd Kornblum")
    Assignment.objects.create(
        customer=made, representative=bernd, starts=timezone.localdate(at).replace(day=1)
    )
    return made


@pytest.fixture
def annas(anna, browser, live_server):
    """Anna's own browser, signed in."""
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    sign_in(page, live_server.url, anna)
    yield page
    context.close()


def test_a_customer_is_handed_to_anna_and_closed_to_her(site, anna, ahorn, annas, live_server):
    address = f"{live_server.url}/customers/{ahorn.key}/"
    assert annas.goto(address).status == 404
    site.goto(address)
    serving = site.locator("#serving")
    serving.get_by_text("Übergeben oder beenden").click()
    serving.get_by_label("Übergeben an").select_option("AS")
    serving.get_by_role("button", name="Übergeben", exact=True).click()
    expect(site.get_by_role("status").first).to_contain_text("betreut von Anna Schlehdorn")
    annas.goto(f"{live_server.url}/customers/")
    annas.get_by_role("link", name="Ahorn Baubedarf").click()
    expect(annas.get_by_role("heading", level=1)).to_have_text("Ahorn Baubedarf")
    expect(annas.locator("#knowing")).to_have_count(0)
    expect(annas.locator("#serving details")).to_have_count(0)
    knowing = site.locator("#knowing")
    knowing.get_by_text("Öffnen, sperren oder vertraulich halten").click()
    knowing.get_by_label("Person").first.select_option(label="Anna Schlehdorn · Vertreter")
    knowing.get_by_label("Für diese Person ist der Kunde").select_option("closed")
    knowing.get_by_label("Grund").fill("Befangen")
    knowing.get_by_role("button", name="Speichern").click()
    expect(knowing.get_by_text("Befangen")).to_be_visible()
    assert annas.reload().status == 404


def test_confidential_is_asked_for_first(site, ahorn, live_server):
    site.goto(f"{live_server.url}/customers/{ahorn.key}/")
    site.on("dialog", lambda dialog: dialog.accept())
    site.locator("#knowing summary").click()
    site.get_by_role("button", name="Vertraulich halten").click()
    expect(site.locator("#knowing .chip").first).to_have_text("Vertraulich")
    expect(site.locator("#knowing li")).to_contain_text("Frieda Falkenried")


def test_the_pages_about_knowing_fit_a_telephone(site, anna, ahorn, live_server):
    site.set_viewport_size({"width": 360, "height": 800})
    for path in (f"customers/{ahorn.key}/", "customers/transfer/", "people/", "people/teams/"):
        site.goto(f"{live_server.url}/{path}")
        for more in site.locator("details.change summary").all():
            more.click()
        assert site.evaluate("document.documentElement.scrollWidth") <= 360, path
