"""The day's list on its page, the answers to it, and the card of the customer's page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Interaction, Task
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import AuditEntry
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.today.models import Answer, Step, Wish

AT = timezone.now()
TODAY = timezone.localdate(AT)
DAY = timedelta(days=1)
LATE = {"msgid": "A rival was seen {seen} days ago.", "params": {"seen": 3}}


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def ahorn(frieda):
    found = Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=AT)
    step(found, 70)
    return found


@pytest.fixture
def birke(frieda):
    """Nobody's."""
    found = Customer.objects.create(number="K2", name="Bäcker Birke", created_at=AT)
    step(found, 90)
    return found


def step(customer, cost):
    return Step.objects.create(
        customer=customer, as_of=TODAY, cost_of_waiting=Decimal(cost), minutes=15, cause="rival",
        reason=LATE, value_class="A", allowed=30, silence=60, p_now=0.5,
    )  # fmt: skip


@pytest.fixture
def people(ahorn, serving, frieda):
    return serving(ahorn) | {"Frieda": frieda}


@pytest.fixture
def anna(client, people):
    client.force_login(people["Anna"])
    return client


def names(answer):
    return [row.of.customer.name for row in answer.context["rows"]]


def test_the_list_tells_what_why_and_what_waiting_costs(anna, birke):
    page = anna.get(reverse("today"))
    assert names(page) == ["Bäcker Ahorn"]
    said = page.content.decode()
    assert "1 Schritt, 15\xa0min. Wer ihn eine Woche liegen lässt, verliert im Mittel 70" in said
    assert "Vor 3 Tagen wurde ein Mitbewerber gesehen." in said
    assert "Bäcker Birke" not in said
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert len(AuditEntry.objects.get(kind="read", what="today").customers) == 1


def test_done_is_recorded_and_told_below(anna, ahorn):
    sent = {"outcome": "promised", "way": "call", "note": "Bestellt im Mai"}
    page = anna.post(reverse("step-done", args=[ahorn.key]), sent, follow=True)
    assert names(page) == []
    assert [row.of.outcome for row in page.context["answered"]] == ["promised"]
    assert (page.context["day"].spent, Interaction.objects.get().reached) == (15, True)
    undo = reverse("undo-answer", args=[Answer.objects.get().key])
    assert names(anna.post(undo, follow=True)) == ["Bäcker Ahorn"]
    assert Interaction.objects.get().withdrawn


def test_an_answer_on_the_customers_page_leads_back_there(anna, ahorn):
    here = reverse("customer", args=[ahorn.key])
    assert "Vor 3 Tagen wurde ein Mitbewerber gesehen." in anna.get(here).content.decode()
    sent = {"until": TODAY + 9 * DAY, "because": "Im Urlaub", "next": here}
    page = anna.post(reverse("step-not-now", args=[ahorn.key]), sent, follow=True)
    assert page.redirect_chain == [(here, 302)]
    assert "ruht bis" in page.content.decode()
    elsewhere = sent | {"next": "https://example.com/"}
    step_done = anna.post(reverse("step-not-now", args=[ahorn.key]), elsewhere)
    assert "example.com" not in step_done.headers.get("Location", "")


@pytest.mark.parametrize(
    ("route", "sent", "word"),
    [
        ("step-not-now", {"until": TODAY, "because": "Später"}, "Wählen Sie einen späteren Tag."),
        ("step-not-now", {"until": TODAY + DAY, "because": ""}, "Dieses Feld"),
        ("step-done", {"outcome": "not_reached", "way": "visit"}, "Ein Besuch, bei dem niemand"),
        ("step-done", {"outcome": "?", "way": "call"}, "Keine gültige Auswahl"),
        ("step-give", {"to": 0, "what": "x", "due": TODAY}, "Keine gültige Auswahl"),
    ],
)
def test_what_is_wrong_stands_at_its_field(anna, ahorn, route, sent, word):
    page = anna.post(reverse(route, args=[ahorn.key]), sent)
    said = page.content.decode()
    assert page.status_code == 200
    assert word.casefold() in said.casefold()
    assert said.count('<details class="change" data-key') == 3
    assert Answer.objects.count() == 0


def test_given_to_a_colleague_as_a_task(anna, ahorn, people):
    sent = {"to": people["Hanno"].pk, "what": "Bitte anrufen", "due": TODAY + DAY}
    page = anna.post(reverse("step-give", args=[ahorn.key]), sent, follow=True)
    assert Task.objects.get().owner == people["Hanno"]
    assert "an Hanno" in page.content.decode()


def test_others_customers_are_not_there_to_answer(anna, birke):
    for route in ("step-done", "step-not-now", "step-give"):
        assert anna.post(reverse(route, args=[birke.key])).status_code == 404


def test_who_does_not_record_has_no_day(people):
    doris = people["Bernd"]
    doris.role = "controller"
    doris.save()
    client = Client()
    client.force_login(doris)
    assert client.get(reverse("today")).status_code == 403


def test_a_lead_sees_all_or_only_own_ones(signed_in, people, birke):
    assert names(signed_in.get(reverse("today"))) == ["Bäcker Birke", "Bäcker Ahorn"]
    assert names(signed_in.get(reverse("today") + "?of=mine")) == []


def test_empty_lists_teach_what_is_missing(anna, ahorn, people):
    Step.objects.all().delete()
    assert "Noch ist nichts vorbereitet" in anna.get(reverse("today")).content.decode()


def test_the_day_is_what_one_wishes(anna, ahorn, people):
    sent = {"minutes": 15, "morning_mail": "on"}
    anna.post(reverse("wish-for-the-day"), sent)
    kept = Wish.objects.get()
    assert (kept.minutes, kept.morning_mail, kept.names_customers) == (15, True, False)
    page = anna.post(reverse("wish-for-the-day"), {"minutes": 3})
    assert page.context["wish"].errors
    sent = {"outcome": "reached", "way": "call"}
    page = anna.post(reverse("step-done", args=[ahorn.key]), sent, follow=True)
    assert "Der Tag ist voll" in page.content.decode()


def test_representatives_begin_with_it_and_owners_with_the_base(people, client, settings):
    settings.SECURE_SSL_REDIRECT = False
    for who, first in (("Anna", "/today/"), ("Hanno", "/today/"), ("Frieda", "/")):
        person = people[who]
        person.set_password("ein langes Kennwort")
        person.save()
        sent = {"login": person.email, "password": "ein langes Kennwort"}
        for asked, goes in (("", first), ("?next=/", first), ("?next=/terms/", "/terms/")):
            answer = Client().post(reverse("sign-in") + asked, sent)
            assert answer.headers["Location"] == goes, (who, asked)


def test_whoever_objected_is_not_proposed(anna, ahorn):
    Contact.objects.create(customer=ahorn, name="Frau Eins", is_main=True, objection="advertising")
    other = Contact.objects.create(customer=ahorn, name="Herr Zwei")
    pages = [reverse("today"), reverse("customer", args=[ahorn.key])]

    def said(words):
        return [words in anna.get(page).content.decode() for page in pages]

    assert said("Frau Eins hat widersprochen: mit Herr Zwei sprechen.") == [True, True]
    Contact.objects.filter(pk=other.pk).update(objection="all")
    assert said("hat widersprochen, und sonst darf niemand angerufen werden.") == [True, True]
    assert said("Nicht anrufen") == [True, True]
    # Whoever complained waits for an answer.
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    Step.objects.update(cause="complaint")
    assert said("widersprochen") == [False, False]
