"""Anna asks, the customer answers on a phone without signing in; Anna sees it, Bernd does not."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser]


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def people(frieda):
    """Anna serves Ahorn, Bernd serves Birke."""
    at, made = timezone.now(), {}
    CompanyProfile.objects.update_or_create(pk=1, defaults={"name": "Muster Baustoffe"})
    for name, customer in (("Anna", "Ahorn Baubedarf"), ("Bernd", "Birke Holz")):
        person = User.objects.create(
            email=f"{name.lower()}@example.com", name=f"{name} Beispiel",
            role=Role.REPRESENTATIVE, created_at=at,
        )  # fmt: skip
        set_password(person, PASSWORD, actor=frieda, at=at)
        served = Customer.objects.create(number=name, name=customer, created_at=at)
        code = Representative.objects.create(code=name, name=person.name, user=person)
        starts = timezone.localdate(at).replace(day=1)
        Assignment.objects.create(customer=served, representative=code, starts=starts)
        made[name] = person
    cache.clear()
    return made


def test_from_the_question_to_the_answer(people, page, browser, live_server):
    ahorn = Customer.objects.get(name="Ahorn Baubedarf")
    sign_in(page, live_server.url, people["Anna"])
    page.goto(f"{live_server.url}/customers/{ahorn.key}/")
    page.locator("#ask summary").click()
    page.locator("#ask").get_by_label("Sprache").select_option("en")
    page.get_by_role("button", name="Link erstellen").click()
    link = page.locator("#survey-link").input_value()

    phone = browser.new_context(
        locale="de-DE", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    outside = phone.new_page()
    outside.goto(link)
    expect(outside.get_by_role("heading", level=1)).to_contain_text("recommend Muster Baustoffe")
    outside.get_by_label("3", exact=True).check()
    outside.get_by_label("What should we do better?").fill("Deliver on time")
    outside.get_by_role("button", name="Send").click()
    expect(outside.get_by_role("heading", level=1)).to_have_text("Thank you!")
    assert phone.cookies() == []
    phone.close()

    page.goto(f"{live_server.url}/customers/{ahorn.key}/")
    expect(page.locator("#service")).to_contain_text("3 von 10")
    expect(page.locator("#service")).to_contain_text("Deliver on time")
    page.goto(f"{live_server.url}/complaints/satisfaction/")
    expect(page.locator("#content")).to_contain_text("Ahorn Baubedarf")

    rival = browser.new_context(locale="de-DE")
    desk = rival.new_page()
    sign_in(desk, live_server.url, people["Bernd"])
    desk.goto(f"{live_server.url}/complaints/satisfaction/")
    expect(desk.locator("#content")).to_contain_text("Noch hat niemand geantwortet")
    assert desk.goto(f"{live_server.url}/customers/{ahorn.key}/").status == 404
    rival.close()
