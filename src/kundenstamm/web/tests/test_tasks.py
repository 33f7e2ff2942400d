"""Tasks on pages: my day, my team's, the line on the customer's page; and the calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Feed, Task
from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.customers.actions import close_to
from kundenstamm.customers.models import Customer
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import AuditEntry, Role, User
from kundenstamm.kit.postgres.roles import APP

AT = timezone.now()
TODAY = timezone.localdate(AT)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def ahorn(frieda):
    return Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=AT)


@pytest.fixture
def people(ahorn, serving, frieda):
    return serving(ahorn) | {"Frieda": frieda}


@pytest.fixture
def setting(people, ahorn):
    def made(what="Muster schicken", owner="Anna", due=TODAY, customer=ahorn):
        errand = Errand(what, TODAY, people[owner])
        task = set_task(customer, errand, actor=people["Frieda"], at=AT)
        Task.objects.filter(pk=task.pk).update(due=due)
        return task

    return made


@pytest.fixture
def anna(client, people):
    client.force_login(people["Anna"])
    return client


def test_a_line_on_the_customers_page_sets_a_task(anna, people, ahorn):
    page = anna.get(reverse("customer", args=[ahorn.key]))
    form = page.context["tasks"]["form"]
    told = {"what": "Muster schicken", "due": form["due"].value().isoformat(),
            "owner": form["owner"].value()}  # fmt: skip
    answer = anna.post(reverse("set-task", args=[ahorn.key]), told)
    assert answer["Location"] == reverse("customer", args=[ahorn.key]) + "#tasks"
    made = Task.objects.get()
    assert (made.owner, made.due, made.created_by) == (people["Anna"], TODAY, people["Anna"])
    assert "Muster schicken" in anna.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"what": ""}, "what"), ({"due": "x"}, "due"), ({"due": "2020-01-01"}, "due"),
     ({"owner": "0"}, "owner"), ({"owner": "Bernd"}, "owner")],
)  # fmt: skip
def test_what_cannot_be_comes_back_at_its_field(anna, people, ahorn, wrong, field):
    told = {"what": "x", "due": TODAY.isoformat(), "owner": people["Anna"].pk} | wrong
    if told["owner"] == "Bernd":
        told["owner"] = people["Bernd"].pk
    answer = anna.post(reverse("set-task", args=[ahorn.key]), told)
    assert answer.status_code == 200
    assert field in answer.context["tasks"]["form"].errors
    assert not Task.objects.exists()


def test_my_day_is_told_by_when_it_is_due(anna, setting):
    later = TODAY + 30 * DAY
    for what, due in (("D", later), ("B", TODAY), ("A", TODAY - DAY)):
        setting(what, due=due)
    setting("Friedas", owner="Frieda")
    page = anna.get(reverse("tasks"))
    shown = [(part["name"], [row.what for row in part["rows"]]) for part in page.context["parts"]]
    assert shown == [("overdue", ["A"]), ("today", ["B"]), ("later", ["D"])]
    assert "Friedas" not in page.content.decode()


def test_one_click_finishes_and_leads_back(anna, setting):
    made = setting()
    address = reverse("finish-task", args=[made.key])
    answer = anna.post(address, {"next": "https://evil.example/"})
    assert answer["Location"] == reverse("tasks")
    made.refresh_from_db()
    assert made.outcome == "done"
    answer = anna.post(address, {"next": "/customers/"}, follow=True)
    assert answer.redirect_chain[0][0] == "/customers/"
    assert "schon beendet" in answer.content.decode()


def test_a_task_is_handed_over_put_off_and_dropped_on_its_page(anna, people, setting):
    made = setting()
    send = lambda route, **told: anna.post(reverse(route, args=[made.key]), told)  # noqa: E731
    refused = send("hand-over-task", to=people["Bernd"].pk, because="so")
    assert "darf von diesem Kunden nicht wissen" in refused.content.decode()
    assert send("put-off-task", due=TODAY.isoformat(), because="so").status_code == 200
    assert send("drop-task", because="").status_code == 200
    assert send("hand-over-task", to=people["Hanno"].pk, because="Urlaub").status_code == 302
    day = (TODAY + DAY).isoformat()
    assert send("put-off-task", due=day, because="Kunde auf Messe").status_code == 302
    page = anna.get(reverse("task", args=[made.key])).content.decode()
    assert "Anna → Hanno" in page
    assert "Kunde auf Messe" in page
    assert send("drop-task", because="Hat sich erledigt").status_code == 302
    page = anna.get(reverse("task", args=[made.key]))
    assert "Hat sich erledigt" in page.content.decode()
    assert page.context["forms"] is None
    again = send("drop-task", because="noch einmal")
    assert "schon beendet" in again.content.decode()


def test_who_handed_it_over_is_named_on_the_list(client, people, setting):
    made = setting(owner="Hanno")
    client.force_login(people["Hanno"])
    told = {"to": people["Anna"].pk, "because": "Deine Kundin"}
    client.post(reverse("hand-over-task", args=[made.key]), told)
    client.force_login(people["Anna"])
    assert "von Hanno" in client.get(reverse("tasks")).content.decode()


def test_my_team_is_for_who_has_one(client, people, setting):
    setting("Annas")
    setting("Hannos", owner="Hanno")
    client.force_login(people["Anna"])
    assert client.get(reverse("team-tasks")).status_code == 404
    client.force_login(people["Hanno"])
    page = client.get(reverse("team-tasks"))
    assert {load.owner.name for load in page.context["loads"]} == {"Anna", "Hanno"}
    page = client.get(reverse("team-tasks"), {"who": people["Anna"].pk}).content.decode()
    assert "Annas" in page
    assert "Hannos" not in page
    assert client.get(reverse("team-tasks"), {"who": "9" * 40}).status_code == 200


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.DATA_PROTECTION])
def test_who_does_not_record_sees_that_there_is_one_and_no_word(client, ahorn, setting, role):
    made = setting("Ganz Geheim")
    person = User.objects.create(email="x@example.com", name="X", role=role, created_at=AT)
    client.force_login(person)
    page = client.get(reverse("customer", args=[ahorn.key])).content.decode()
    assert "Geheim" not in page
    assert "•••" in page
    for address in (reverse("tasks"), reverse("task", args=[made.key])):
        assert client.get(address).status_code == 403


def test_what_is_not_known_answers_404(client, people, setting):
    made = setting()
    client.force_login(people["Bernd"])
    assert client.get(reverse("task", args=[made.key])).status_code == 404
    assert client.post(reverse("finish-task", args=[made.key])).status_code == 404


@pytest.fixture
def address(anna):
    answer = anna.post(reverse("change-feed"), {"do": "open"})
    return answer.context["feed_address"]


def noted():
    """The audit, past the role that the last request has left behind."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    return AuditEntry.objects.all()


def fetched(address):
    """As a calendar program would, without a session."""
    return Client().get(address.removeprefix("http://testserver"))


def test_a_calendar_names_nobody_unless_it_is_switched_on(anna, address, setting):
    made = setting("Ganz Geheim")
    answer = fetched(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert "SUMMARY:Aufgabe in Kundenstamm" in text
    assert str(made.key) in text.replace("\r\n ", "")
    assert "Ahorn" not in text
    anna.post(reverse("change-feed"), {"do": "name"})
    text = fetched(address).content.decode()
    assert "SUMMARY:Aufgabe: Bäcker Ahorn" in text
    assert "Geheim" not in text
    anna.post(reverse("change-feed"), {"do": "hide"})
    assert "Ahorn" not in fetched(address).content.decode()


def test_only_the_digest_of_its_address_is_kept_and_it_is_shown_once(anna, address):
    token = address.split("/")[-1].removesuffix(".ics")
    assert len(token) > 40
    assert token not in str(Feed.objects.values())
    assert "care_feed" in str(list(noted().values()))
    assert token not in str(list(noted().values()))
    assert token not in anna.get(reverse("tasks")).content.decode()


def test_an_address_is_replaced_and_revoked(anna, address, people):
    new = anna.post(reverse("change-feed"), {"do": "open"}).context["feed_address"]
    assert fetched(address).status_code == 404
    assert fetched(new).status_code == 200
    anna.post(reverse("change-feed"), {"do": "close"})
    assert fetched(new).status_code == 404
    assert fetched(new.replace("calendar/", "calendar/x")).status_code == 404


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.CONTROLLER}])
def test_a_locked_account_or_another_role_ends_it_at_the_next_fetch(address, people, change):
    assert fetched(address).status_code == 200
    User.objects.filter(pk=people["Anna"].pk).update(**change)
    assert fetched(address).status_code == 404


def test_need_to_know_holds_at_every_fetch_and_each_is_noted(address, people, ahorn, setting):
    made = setting()
    assert str(made.key) in fetched(address).content.decode().replace("\r\n ", "")
    entry = noted().latest("pk")
    assert (entry.kind, entry.what) == ("read", "task-feed")
    assert (entry.actor, entry.customers) == (people["Anna"].pk, [ahorn.pk])
    name_actor(people["Frieda"], at=timezone.now())
    close_to(people["Anna"], ahorn, "Befangen", actor=people["Frieda"], at=timezone.now())
    assert "VEVENT" not in fetched(address).content.decode()
