"""Pages of playbooks: proposals are switched on, steps changed, one is started and stopped."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Task
from kundenstamm.care.task_actions import finish
from kundenstamm.customers.models import Customer
from kundenstamm.lifecycle.models import Stage
from kundenstamm.playbooks.models import Play, Playbook
from kundenstamm.playbooks.proposals import PROPOSALS
from kundenstamm.playbooks.rules import STAGES


def sent(*rows, do="save"):
    """What the form sends: a row is number, what, who, days."""
    told = {"step-TOTAL_FORMS": len(rows), "step-INITIAL_FORMS": 0, "do": do}
    for n, row in enumerate(rows):
        names = ("position", "what", "owner", "due_days")
        told |= {f"step-{n}-{name}": value for name, value in zip(names, row, strict=True)}
    return told


@pytest.fixture
def of_company(company, serving):
    """A customer of Anna's, and a playbook for its stage that is switched on."""
    customer = Customer.objects.exclude(stage_changes=None).order_by("pk").last()
    return customer, serving(customer)


def test_a_proposal_is_kept_in_the_words_of_who_switches_it_on(signed_in):
    signed_in.cookies["django_language"] = "de"
    signed_in.post(reverse("switch-playbook", args=["new", "dealer"]), {"on": "1"})
    book = Playbook.objects.get()
    assert book.on
    assert book.steps.count() == len(PROPOSALS["new", "dealer"])
    assert book.steps.first().what.startswith("Für die Erstbestellung danken")
    signed_in.post(reverse("switch-playbook", args=["new", "dealer"]))
    book.refresh_from_db()
    assert not book.on
    nothing = reverse("switch-playbook", args=["lost", "agent"])
    assert signed_in.post(nothing, {"on": "1"}).status_code == 404


def test_steps_are_put_in_order_taken_out_and_given_to_a_person(signed_in, frieda):
    address = reverse("playbook", args=["regular", "any"])
    rows = (
        (2, "zweitens", "service", 9), (1, "erstens", frieda.pk, 3), (3, " ", "service", ""),
        ("", "drittens", "representative", 0),
    )  # fmt: skip
    assert signed_in.post(address, sent(*rows, do="on")).status_code == 302
    book = Playbook.objects.get()
    assert book.on
    assert [(s.what, s.function, s.person, s.due_days) for s in book.steps.all()] == [
        ("erstens", "person", frieda, 3), ("zweitens", "service", None, 9),
        ("drittens", "representative", None, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row", [(1, "Anrufen", "service", ""), (1, "Anrufen", "nobody", 1), (1, "", "service", 1)]
)
def test_what_is_not_whole_is_shown_again(signed_in, row):
    answer = signed_in.post(reverse("playbook", args=["new", "any"]), sent(row))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Playbook.objects.exists()


def test_there_is_none_for_stages_and_links_that_are_not(signed_in):
    for stage, link in (("parted", "any"), ("new", "nonsense"), ("nonsense", "any")):
        assert signed_in.get(reverse("playbook", args=[stage, link])).status_code == 404
    chosen = signed_in.get(reverse("choose-playbook"), {"stage": "lost", "link": "agent"})
    assert chosen["Location"] == reverse("playbook", args=["lost", "agent"])
    assert signed_in.get(reverse("choose-playbook"))["Location"] == reverse("playbooks")


def test_every_stage_has_a_proposal(signed_in):
    rows = signed_in.get(reverse("playbooks")).context["rows"]
    assert {row.stage for row in rows} == {*STAGES}
    assert Stage.PARTED not in {row.stage for row in rows}


def test_started_on_the_customers_page_done_and_stopped(signed_in, of_company, client):
    customer, people = of_company
    rows = [(n, f"Schritt {n}", "representative", n) for n in (1, 2, 3)]
    signed_in.post(reverse("playbook", args=["new", "any"]), sent(*rows, do="on"))
    client.force_login(people["Anna"])
    page = reverse("customer", args=[customer.key])
    book = Playbook.objects.get()
    client.post(reverse("start-playbook", args=[customer.key]), {"playbook": book.pk})
    again = client.post(reverse("start-playbook", args=[customer.key]), {"playbook": book.pk})
    assert again.status_code == 200
    assert Play.objects.count() == 1
    first = Task.objects.order_by("due").first()
    assert first.owner == people["Anna"]
    finish(first, actor=people["Anna"], at=timezone.now())
    card = client.get(page).context["playbook"]
    assert (card["started"].progress.done, card["started"].progress.steps) == (1, 3)
    assert str(book) in client.get(reverse("task", args=[first.key])).content.decode()
    stop = reverse("stop-playbook", args=[customer.key])
    assert client.post(stop, {"because": ""}).status_code == 200
    assert client.post(stop, {"because": "Baut um"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Baut um" in shown
    assert Play.objects.get().end == "stopped"
    client.force_login(people["Bernd"])
    assert client.post(stop, {"because": "x"}).status_code == 404
    assert client.post(reverse("switch-playbook", args=["new", "any"])).status_code == 403
