"""From a fear to the last hour: Clara leaves, and everything of hers has somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.care.models import Task
from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.cli.cast import engage
from kundenstamm.customers.actions import transfer
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.departures.models import Departure, HandoverLine
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import User
from tests.journeys.conftest import PASSWORD, leave, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


@pytest.fixture
def clara(frieda, sample):
    """She serves whom Bernd served until yesterday, has a task, and is signed in elsewhere."""
    at = timezone.now()
    engage(at=at)
    person = User.objects.get(email="clara@example.com")
    person.is_active = True
    person.save()
    set_password(person, PASSWORD, actor=person, at=at)
    bernd, hers = (Representative.objects.get(code=code) for code in ("BK", "CM"))
    transfer(bernd, hers, timezone.localdate(at), actor=frieda, at=at)
    best = served_by(person).first()
    errand = Errand("Muster bringen", timezone.localdate(at) + timedelta(days=3), person)
    set_task(best, errand, actor=frieda, at=at)
    return person


def served_by(person):
    lasting = Q(assignments__ends=None, assignments__representative__user=person)
    return Customer.objects.filter(lasting).distinct().order_by("pk")


@pytest.fixture
def elsewhere(browser, clara, live_server, browser_context_args):
    """Clara's own browser."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    sign_in(page, live_server.url, clara)
    yield page
    context.close()


def does(site, deed):
    site.locator(f"button[name='deed'][value='{deed}']").click()


def test_clara_leaves(site, clara, elsewhere, live_server):
    hers = set(served_by(clara).values_list("pk", flat=True))
    assert len(hers) > 5
    _feared(site, live_server.url)
    assert elsewhere.goto(f"{live_server.url}/customers/").status == 200
    changed = _proposed(site, hers)
    _known(site)
    _sheet_and_letter(site)
    site.get_by_label("Clara Mohnacker soll keinen Zugang mehr haben").check()
    does(site, "end")
    expect(site.locator("header.page .chip")).to_have_text("Gegangen")
    # Her next request.
    elsewhere.goto(f"{live_server.url}/customers/")
    expect(elsewhere).to_have_url(f"{live_server.url}/sign-in/?next=/customers/")
    leave(elsewhere)
    _everything_is_somebodys(clara, hers, changed)
    site.set_viewport_size({"width": 390, "height": 844})
    site.reload()
    assert site.evaluate("document.documentElement.scrollWidth") <= 390


def _feared(site, url):
    site.goto(f"{url}/")
    site.get_by_role("navigation").get_by_role("link", name="Weggänge").click()
    site.locator("#id_person").select_option(label="Clara Mohnacker · Vertreter")
    site.locator("#id_because").fill("Fragt nach einem Zeugnis")
    site.locator("form.card button.main").click()
    expect(site.locator("header.page .chip")).to_have_text("Befürchtet")


def _proposed(site, hers):
    """Every customer has a line; one is changed by hand and says what that costs."""
    does(site, "propose")
    expect(site.locator("#lines tbody tr")).to_have_count(min(len(hers), 50))
    assert set(HandoverLine.objects.values_list("customer", flat=True)) == hers
    row = site.locator("#lines tbody tr").first
    choice = row.locator("select option:not(:has-text('vorgeschlagen'))").first
    assert "−" in choice.inner_text()
    row.locator("select").select_option(value=choice.get_attribute("value"))
    expect(row).to_contain_text("gewählt von Frieda Falkenried, kostet")
    [changed] = HandoverLine.objects.exclude(chosen=None)
    assert changed.price > 0
    return changed


def _known(site):
    last = timezone.localdate() + timedelta(days=30)
    site.get_by_label("Letzter Tag").fill(last.isoformat())
    site.locator("form:has(input[value='notice']) button").click()
    expect(site.locator("header.page .chip")).to_have_text("Geht")


def _sheet_and_letter(site):
    there = site.url
    does(site, "sheets")
    site.goto(there.split("/departures/")[0] + "/departures/sheets/")
    site.locator("table.list tbody a").first.click()
    site.locator("#id_matters").fill("Mag keine Anrufe vor neun")
    site.locator("form.card button.main").click()
    site.goto(there)
    site.locator("#lines tbody tr").first.get_by_role("link", name="Brief").click()
    expect(site.locator(".letter")).to_contain_text("Clara Mohnacker")
    site.goto(there)


def _everything_is_somebodys(clara, hers, changed):
    today = timezone.localdate()
    assert Departure.objects.get().state == "gone"
    assert not Task.objects.filter(owner=clara, ended_at=None).exists()
    assert Task.objects.filter(ended_at=None).exists()
    for customer in hers:
        line = HandoverLine.objects.get(customer=customer)
        holder = Assignment.objects.get(customer=customer, ends=None, starts__lte=today)
        assert holder.representative == line.successor
        assert holder.representative.user.is_active
    changed.refresh_from_db()
    assert changed.successor == changed.chosen != changed.proposed
