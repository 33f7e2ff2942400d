"""Complaints on pages: opened by the compose box, carried to their solution, told in figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from kundenstamm.care.models import Complaint, ComplaintClass, Interaction, Survey, Task
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.web.care.complaint_settings import span

AT = timezone.now()
TODAY = timezone.localdate(AT)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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
def anna(client, people):
    client.force_login(people["Anna"])
    return client


@pytest.fixture
def opened(anna, ahorn):
    """By the compose box, as anything else that happened."""
    form = {"kind": "complaint", "day": TODAY.isoformat(), "note": "Palette fehlt"}
    answer = anna.post(reverse("record-interaction", args=[ahorn.key]), form)
    made = Complaint.objects.get()
    assert answer["Location"] == reverse("complaint", args=[made.key])
    return made


@pytest.fixture
def send(anna, opened):
    def sending(step, **told):
        return anna.post(reverse("complaint-step", args=[opened.key, step]), told)

    return sending


def test_what_is_recorded_as_a_complaint_is_one(opened, anna, people, ahorn):
    assert (opened.owner, opened.of_class.answer_hours) == (people["Anna"], 24)
    page = anna.get(reverse("complaint", args=[opened.key])).content.decode()
    assert "Palette fehlt" in page
    card = anna.get(reverse("customer", args=[ahorn.key]))
    assert [row.of for row in card.context["complaints"]["rows"]] == [opened]
    assert "Offene Reklamation" in card.content.decode()
    listed = anna.get(reverse("complaints")).context["rows"]
    assert [(row.of, row.answered, row.late) for row in listed] == [(opened, False, False)]


def test_it_is_answered_passed_on_solved_and_opened_again(send, anna, opened, people):
    assert send("answer", said="Ersatz bis Freitag").status_code == 302
    assert send("hand-over", to=people["Hanno"].pk, said="Lager prüft").status_code == 302
    assert send("task", what="Ersatz packen", due=TODAY.isoformat(),
                owner=people["Hanno"].pk).status_code == 302  # fmt: skip
    assert Task.objects.get().complaint == opened
    assert send("assess", cause="late", cost="80,50").status_code == 302
    assert send("solve", said="Ersatz ist da").status_code == 302
    opened.refresh_from_db()
    assert (opened.owner, opened.cause, str(opened.cost)) == (people["Hanno"], "late", "80.5000")
    page = anna.get(reverse("complaint", args=[opened.key]))
    body = page.content.decode()
    for word in ("Ersatz bis Freitag", "Lager prüft", "Ersatz packen", "Ersatz ist da", "80,50"):
        assert word in body
    assert [form["name"] for form in page.context["forms"]] == ["reopen", "assess"]
    assert not anna.get(reverse("complaints")).context["rows"]
    assert len(anna.get(reverse("solved-complaints"), {"cause": "late"}).context["rows"]) == 1
    assert not anna.get(reverse("solved-complaints"), {"cause": "goods"}).context["rows"]
    assert send("reopen", said="Wieder falsch").status_code == 302
    assert anna.get(reverse("complaints"), {"cause": "late"}).context["rows"]
    assert "Keine solche" in anna.get(reverse("complaints"), {"cause": "goods"}).content.decode()


@pytest.mark.parametrize(
    ("step", "told", "field"),
    [("answer", {}, "said"), ("solve", {"said": " "}, "said"), ("hand-over", {"said": "x"}, "to"),
     ("hand-over", {"to": "Bernd", "said": "x"}, "to"), ("assess", {"cause": "x"}, "cause"),
     ("assess", {"cost": "-1"}, "cost"), ("classify", {"of_class": "0"}, "of_class"),
     ("task", {"what": "x"}, "due")],
)  # fmt: skip
def test_what_cannot_be_comes_back_at_its_form(send, people, opened, step, told, field):
    if told.get("to") == "Bernd":
        told = told | {"to": people["Bernd"].pk}
    answer = send(step, **told)
    assert answer.status_code == 200
    [form] = [each for each in answer.context["forms"] if each["open"]]
    assert form["name"] == step
    assert form["form"].is_bound
    assert field in form["form"].errors


def test_one_that_came_with_a_file_is_opened_from_its_row(anna, people, ahorn):
    told = {"customer": ahorn, "happened_at": AT, "day": TODAY, "recorded_at": AT}
    happened = Interaction.objects.create(
        kind="complaint", reached=True, author=people["Anna"], **told
    )
    address = reverse("open-complaint", args=[ahorn.key, happened.key])
    assert address in anna.get(reverse("interactions", args=[ahorn.key])).content.decode()
    answer = anna.post(address)
    made = Complaint.objects.get()
    there = reverse("complaint", args=[made.key])
    assert answer["Location"] == there
    page = anna.get(reverse("interactions", args=[ahorn.key])).content.decode()
    assert there in page
    assert address not in page
    assert "schon eröffnet" in anna.post(address, follow=True).content.decode()
    assert Complaint.objects.count() == 1


def test_another_customer_or_step_answers_404(send, client, people, opened):
    assert send("nonsense").status_code == 404
    client.force_login(people["Bernd"])
    assert client.get(reverse("complaint", args=[opened.key])).status_code == 404
    address = reverse("complaint-step", args=[opened.key, "answer"])
    assert client.post(address, {"said": "x"}).status_code == 404


def test_a_solved_complaint_takes_no_answer(send, anna, opened):
    send("solve", said="fertig")
    for step, told in (("answer", {"said": "noch was"}), ("task", {"what": ""})):
        answer = send(step, **told)
        assert answer["Location"] == reverse("complaint", args=[opened.key])
        assert "nicht mehr möglich" in anna.get(answer["Location"]).content.decode()
    assert not opened.steps.filter(kind="answered").exists()


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.DATA_PROTECTION])
def test_who_knows_the_customer_sees_it_and_no_word(send, client, opened, ahorn, role):
    send("answer", said="Ganz Geheim")
    person = User.objects.create(email="x@example.com", name="X", role=role, created_at=AT)
    client.force_login(person)
    page = client.get(reverse("complaint", args=[opened.key]))
    assert page.status_code == 200
    assert "Geheim" not in page.content.decode()
    assert "Palette" not in page.content.decode()
    assert page.context["forms"] == []
    address = reverse("complaint-step", args=[opened.key, "answer"])
    assert client.post(address, {"said": "x"}).status_code == 403


def test_late_and_escalated_ones_are_marked(anna, opened):
    Complaint.objects.update(answer_due=AT - HOUR, escalated_at=AT)
    page = anna.get(reverse("complaints"))
    assert page.context["rows"][0].late
    assert "eskaliert" in page.content.decode()


def test_figures_tell_waits_and_cost(send, anna, opened):
    send("assess", cause="damaged", cost="12")
    send("solve", said="fertig")
    page = anna.get(reverse("complaint-figures"))
    [cause] = page.context["causes"]
    assert (cause["label"], cause["of"].cost) == ("Unterwegs beschädigt", 12)
    assert page.context["quarters"][0]["of"].solution.number == 1


@pytest.mark.parametrize(
    ("waited", "said"),
    [(None, "–"), (timedelta(minutes=90), "1,5 Std."), (47 * HOUR, "47,0 Std."),
     (2 * DAY, "2,0 Tage"), (timedelta(days=10, hours=12), "10,5 Tage")],
)  # fmt: skip
def test_waits_are_told_in_hours_or_days(waited, said):
    with translation.override("de"):
        assert span(waited) == said


def test_classes_are_kept_by_who_keeps_the_company(client, people):
    client.force_login(people["Anna"])
    assert client.get(reverse("complaint-classes")).status_code == 403
    client.force_login(people["Frieda"])
    page = client.get(reverse("complaint-classes"))
    told = {
        f"{form.prefix}-{name}": value
        for form in page.context["forms"]
        for name, value in form.initial.items()
    }
    first = page.context["forms"][0].prefix
    wrong = client.post(reverse("complaint-classes"), told | {f"{first}-answer_hours": "0"})
    assert wrong.status_code == 200
    right = client.post(reverse("complaint-classes"), told | {f"{first}-answer_hours": "2"})
    assert right.status_code == 302
    assert ComplaintClass.objects.order_by("answer_hours").first().answer_hours == 2


def test_how_it_was_handled_is_asked_after_the_solution(send, anna, opened, ahorn, settings):
    settings.MAIL_HOST = "mail.example.com"
    address = reverse("complaint", args=[opened.key])
    send("ask-after", asks="on")
    page = anna.get(address)
    assert "wird nach der Lösung gefragt" in page.content.decode()
    solving = next(each for each in page.context["forms"] if each["name"] == "solve")
    assert solving["form"].initial == {"asks": True}
    # Nobody to write to: it is solved all the same, and that is told.
    told = anna.get(send("solve", said="Ersetzt", asks="on")["Location"])
    assert "Gelöst, aber nicht gefragt: Dort kann niemand" in told.content.decode()
    send("reopen", said="Doch nicht")
    made = Contact(customer=ahorn, name="Frau Ahorn", language="en")
    made.put("email", "ahorn@example.com")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    made.save()
    told = anna.get(send("solve", said="Ersetzt", asks="on")["Location"]).content.decode()
    assert "Frau Ahorn wird per Mail gefragt" in told
    survey = Survey.objects.get()
    assert (survey.complaint, survey.language, survey.contact) == (opened, "en", made)
    assert "gefragt" in anna.get(address).content.decode()
