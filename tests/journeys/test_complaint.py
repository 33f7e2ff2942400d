"""A complaint goes from the call to its solution through three departments, in three browsers."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.care.models import Complaint, Task
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.kit.postgres.roles import APP
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser
ROLES = {"Ida": Role.SERVICE, "Anna": Role.REPRESENTATIVE, "Gesa": Role.SALES_LEAD}


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def ahorn(frieda):
    """Served by Anna, in one team with Ida of the service and Gesa who leads sales."""
    at = timezone.now()
    people = {}
    for name, role in ROLES.items():
        people[name] = User.objects.create(
            email=f"{name.lower()}@example.com", name=f"{name} Beispiel", role=role, created_at=at
        )
        set_password(people[name], PASSWORD, actor=frieda, at=at)
    Team.objects.create(name="Nord").members.set(people.values())
    made = Customer.objects.create(number="1", name="Ahorn Baubedarf", created_at=at)
    code = Representative.objects.create(code="A", name="Anna Beispiel", user=people["Anna"])
    starts = timezone.localdate(at).replace(day=1)
    Assignment.objects.create(customer=made, representative=code, starts=starts)
    return made


@pytest.fixture
def desks(ahorn, browser, live_server):
    """A browser for each of them, signed in."""
    contexts, pages = [], {}
    for name in ROLES:
        contexts.append(browser.new_context(locale="de-DE"))
        pages[name] = contexts[-1].new_page()
        person = User.objects.get(email=f"{name.lower()}@example.com")
        sign_in(pages[name], live_server.url, person)
    yield pages
    for context in contexts:
        context.close()


def test_from_the_call_to_the_solution(desks, ahorn, live_server, complaints):
    ida, anna, gesa = desks.values()
    ida.goto(f"{live_server.url}/customers/{ahorn.key}/")
    care = ida.locator("#care")
    care.get_by_label("Art").select_option("complaint")
    care.get_by_label("Notiz").fill("Zwei Paletten fehlen, Baustelle steht.")
    care.get_by_role("button", name="Festhalten").click()
    expect(ida.get_by_role("heading", level=1)).to_contain_text("Reklamation vom")
    _do(ida, "classify", "Klasse", option="Dringend")
    _do(ida, "answer", "Was zugesagt wurde", "Bis heute Abend sagen wir, wann sie kommen.")
    _hand_over(ida, "Anna Beispiel · Vertreter", "Bitte vor Ort klären.")

    anna.goto(f"{live_server.url}/complaints/")
    anna.get_by_role("link", name="Ahorn Baubedarf").click()
    expect(anna.locator("#history")).to_contain_text("Zwei Paletten fehlen")
    task = anna.locator("#task")
    task.get_by_text("Aufgabe stellen").first.click()
    task.get_by_label("Was zu tun ist").fill("Ersatz freigeben")
    task.get_by_label("Wer").select_option(label="Gesa Beispiel · Vertriebsleitung")
    task.get_by_role("button", name="Speichern").click()
    expect(anna.locator("#tasks")).to_contain_text("Ersatz freigeben")
    _hand_over(anna, "Gesa Beispiel · Vertriebsleitung", "Sie entscheiden über die Kulanz.")

    gesa.goto(f"{live_server.url}/tasks/")
    gesa.locator("li", has_text="Ersatz freigeben").get_by_role("button", name="Erledigt").click()
    expect(gesa.get_by_text("Auf Sie wartet nichts")).to_be_visible()
    gesa.goto(f"{live_server.url}/complaints/")
    gesa.get_by_role("link", name="Ahorn Baubedarf").click()
    assess = gesa.locator("#assess")
    assess.locator("summary").click()
    assess.get_by_label("Ursache").select_option("wrong")
    assess.get_by_label("Kosten").fill("240,00")
    assess.get_by_role("button", name="Speichern").click()
    _do(gesa, "solve", "Was getan wurde", "Zwei Paletten mit der nächsten Tour geliefert.")
    expect(gesa.locator("header.page .chip").first).to_have_text("Gelöst")

    history = ida.goto(gesa.url) and ida.locator("#history")
    for words in ("Ida Beispiel (Kundendienst) → Anna", "Anna Beispiel (Vertreter) → Gesa", "Tour"):
        expect(history).to_contain_text(words)
    made = Complaint.objects.get()
    assert (made.cause, made.cost, made.solved) == ("wrong", 240, True)
    assert Task.objects.get().outcome == "done"
    ida.set_viewport_size({"width": 360, "height": 800})
    for path in (f"complaints/{made.key}/", "complaints/", "complaints/figures/", "tasks/team/"):
        ida.goto(f"{live_server.url}/{path}")
        assert ida.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert complaints == []


def _do(page, step, label, words="", option=""):
    """Open one of the forms, fill its one field, save."""
    form = page.locator(f"#{step}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    if option:
        form.get_by_label(label).select_option(label=option)
    else:
        form.get_by_label(label).fill(words)
    form.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")


def _hand_over(page, to, because):
    form = page.locator("#hand-over")
    form.locator("summary").click()
    form.get_by_label("Übergeben an").select_option(label=to)
    form.get_by_label("Warum").fill(because)
    form.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_contain_text("Gespeichert")
