"""Pages of who holds whom: the sentence, who may ask about whom, what is said against it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from kundenstamm.departures.models import Departure, State
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.relations.models import Colleague, Correction, FirmDay
from kundenstamm.relations.reckoning import reckon_all, reckon_due
from kundenstamm.relations.tests.conftest import AT, TODAY, codes, people, world
from kundenstamm.web.relations.cards import sentence
from kundenstamm.web.relations.figures import by_month, quarters
from kundenstamm.web.relations.forms import RatesForm
from kundenstamm.worth.relations.leaving import LOSS

__all__ = ["codes", "people", "world"]


@pytest.fixture
def reckoned(world, settings):
    settings.DATABASE_WALL_ROLE = APP
    reckon_all(TODAY, actor=world.people["Frieda"], at=AT)
    return world


def page(client, person, name, *args, **told):
    client.force_login(person)
    return client.get(reverse(name, args=args), told)


def key(name):
    return Colleague.objects.get(name=name).key


@pytest.mark.parametrize(
    ("ago", "says"),
    [
        (None, "Gehalten von Anna; sonst hat niemand, der hier arbeitet, je mit ihm gesprochen."),
        (40, "Gehalten von Anna; auch andere sprechen mit ihm."),
        (70, "Gehalten von Anna; sonst hat seit 2 Monaten niemand mit ihm gesprochen."),
        (430, "Gehalten von Anna; sonst hat seit 14 Monaten niemand mit ihm gesprochen."),
    ],
)
def test_the_sentence(ago, says):
    last = None if ago is None else TODAY - timedelta(days=ago)
    holder = SimpleNamespace(colleague=SimpleNamespace(name="Anna"))
    assert sentence(SimpleNamespace(holder=holder, others_spoke=last), TODAY) == says


@pytest.mark.parametrize(
    ("told", "rates"),
    [
        ({}, LOSS),
        ({"low": "10", "high": "30"}, (0.1, 0.3)),
        ({"low": "30", "high": "10"}, (0.1, 0.3)),
        ({"low": "x", "high": "99"}, LOSS),
        ({"low": "", "high": "20"}, (LOSS[0], 0.2)),
    ],
)
def test_rates(told, rates):
    assert RatesForm(told or None).rates() == pytest.approx(rates)


@pytest.mark.parametrize(
    ("told", "rates"),
    [({}, (0.2, 0.25)), ({"low": "10"}, (0.1, 0.25)), ({"high": "x"}, (0.2, 0.25))],
)
def test_what_was_seen_here_is_usual(told, rates):
    assert RatesForm(told or None, usual=(0.2, 0.25)).rates() == pytest.approx(rates)


def test_the_page_begins_with_what_was_seen_here(reckoned, client):
    frieda = reckoned.people["Frieda"]
    before = page(client, frieda, "leaving", key("Anna"))
    assert "in Ihrer eigenen Firma" not in before.content.decode()
    Departure.objects.create(
        person=reckoned.people["Bernd"], state=State.CLOSED, opened_by=frieda, opened_at=AT,
        ended_at=AT, year_rate=0.5, year_customers=50,
    )  # fmt: skip
    shown = page(client, frieda, "leaving", key("Anna"))
    assert "in Ihrer eigenen Firma gesehen wurde: 31,6\xa0% bis 33,8\xa0%" in shown.content.decode()
    assert shown.context["found"].rates == pytest.approx((0.316, 0.338))
    anna = page(client, reckoned.people["Anna"], "leaving", key("Anna"))
    assert anna.context["found"].rates == LOSS


def test_the_customer_page_shows_who_holds_it(reckoned, client):
    shown = page(client, reckoned.people["Anna"], "customer", reckoned.of["Ahorn"].key)
    assert "sonst hat seit 13 Monaten niemand" in shown.content.decode()


def test_owner_sees_everybody_and_the_history(reckoned, client):
    shown = page(client, reckoned.people["Frieda"], "relations")
    assert [row.of.colleague.name for row in shown.context["rows"]] == ["Anna", "Bernd", "Carl"]
    assert "chart" in shown.context
    assert shown.context["quarters"][0]["day"].day == TODAY


def test_a_representative_sees_and_asks_about_themself_only(reckoned, client):
    anna = reckoned.people["Anna"]
    shown = page(client, anna, "relations")
    assert [row.of.colleague.name for row in shown.context["rows"]] == ["Anna"]
    assert "Bernd" not in shown.content.decode()
    assert page(client, anna, "leaving", key("Anna")).status_code == 200
    assert page(client, anna, "leaving", key("Bernd")).status_code == 404
    assert page(client, reckoned.people["Emil"], "leaving", key("Anna")).status_code == 404


def test_what_if_with_other_rates_is_a_part_of_the_page(reckoned, client):
    client.force_login(reckoned.people["Frieda"])
    asked = {"low": "50", "high": "60", "from": "zwei"}
    shown = client.get(
        reverse("leaving", args=[key("Anna")]), asked, headers={"HX-Request": "true"}
    )
    assert shown.templates[0].name == "relations/lost.html"
    assert shown.context["found"].rates == (0.5, 0.6)


def correct(client, world, **told):
    sent = {"colleague": key("Bernd"), "says": "holds", "because": "Duzt den Chef"} | told
    return client.post(reverse("correct-relation", args=[world.of["Ahorn"].key]), sent)


def test_a_correction_is_noted_shown_counted_and_taken_back(reckoned, client, settings):
    settings.DATABASE_WALL_ROLE = ""  # the job works in between, in the same transaction
    anna, ahorn = reckoned.people["Anna"], reckoned.of["Ahorn"]
    client.force_login(anna)
    assert correct(client, reckoned).status_code == 302
    assert "Duzt den Chef" in page(client, anna, "customer", ahorn.key).content.decode()
    at = AT + timedelta(minutes=1)
    reckon_due(actor=reckoned.people["Frieda"], at=at, today=TODAY)
    assert "Gehalten von Bernd" in page(client, anna, "customer", ahorn.key).content.decode()
    made = Correction.objects.get()
    address = reverse("take-back-relation", args=[ahorn.key, made.key])
    client.force_login(reckoned.people["Bernd"])
    assert client.post(address).status_code == 404
    client.force_login(anna)
    assert client.post(address).status_code == 302
    assert "Duzt den Chef" not in page(client, anna, "customer", ahorn.key).content.decode()


def test_without_a_reason_the_form_comes_back(reckoned, client):
    client.force_login(reckoned.people["Anna"])
    answer = correct(client, reckoned, because=" ")
    assert answer.status_code == 200
    assert answer.context["holding"]["form"].errors
    assert not Correction.objects.exists()


@pytest.mark.parametrize(("name", "code"), [("Doris", 403), ("Bernd", 404)])
def test_who_may_not_correct(reckoned, client, name, code):
    client.force_login(reckoned.people[name])
    assert correct(client, reckoned).status_code == code


def test_quarters_end_with_their_last_day():
    days = [
        FirmDay(day=day, value=100, known=100, bound=80, hanging=hanging, customers=1, alone=1)
        for day, hanging in (
            (date(2026, 3, 31), 60),
            (date(2026, 4, 9), 70),
            (date(2026, 6, 1), 40),
        )
    ]
    newest, before = quarters(days)
    assert (newest["name"], newest["day"].day) == ("2026\u00a0Q2", date(2026, 6, 1))
    assert newest["gained"] == pytest.approx(0.25)
    assert before["gained"] is None


def test_of_the_history_a_point_a_month_is_shown():
    days = [FirmDay(day=date(2020, 1, 1) + timedelta(days=n)) for n in range(2000)]
    shown = [each.day for each in by_month(days)]
    assert len(shown) == 36
    assert shown[-1] == days[-1].day
    assert all(day.month != (day + timedelta(days=1)).month for day in shown[:-1])
