"""Palette, shortcuts, stars, preview, and one thing done to many customers, as requests."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import BulkAct, Customer, Star
from kundenstamm.guard.models import User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.web.shell import shortcuts
from kundenstamm.web.shell.commands import PAGES, called_so, errands

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def ahorn(db):
    return Customer.objects.create(number="1", name="Ahorn", created_at=timezone.now())


@pytest.fixture
def birke(db):
    return Customer.objects.create(number="2", name="Birke", created_at=timezone.now())


@pytest.fixture
def people(ahorn, serving):
    """Anna serves Ahorn, Hanno is in her team; Bernd knows nobody."""
    return serving(ahorn)


@pytest.fixture
def as_(client, people, frieda):
    def signed(name):
        client.force_login(frieda if name == "Frieda" else people[name])
        client.cookies["django_language"] = "en"
        return client

    return signed


def as_owner_of_the_tables():
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def offered(client, words=""):
    """Label of the group → what is offered in it."""
    answer = client.get(reverse("find"), {"q": words}, **HTMX)
    return {
        group.label: [row.customer.name for row in group.rows]
        + [customer.name for customer in group.customers]
        + [f"{errand.label}: {customer.name}" for errand, customer, _way in group.errands]
        + [str(each.label) for each in (*group.pages, *group.commands)]
        for group in answer.context["groups"]
    }


@pytest.mark.parametrize(
    ("who", "words", "found"),
    [
        ("Frieda", "import", ["Import"]),
        ("Anna", "import", []),
        ("Frieda", "hand over", ["Hand over customers"]),
        ("Anna", "hand over", []),
        ("Anna", "emergency", ["Emergency access"]),
        ("Frieda", "emergency", []),
        ("Hanno", "proposed", []),
        ("Anna", "proposed", ["Terms that were proposed"]),
        ("Anna", "alarms", []),
        ("Frieda", "alarms", ["Alarms"]),
        ("Anna", "keyboard short", ["Keyboard shortcuts"]),
    ],
)
def test_pages_are_offered_to_whom_they_are_open(as_, who, words, found):
    assert offered(as_(who), words).get("Pages", []) == found


@pytest.mark.parametrize("who", ["Frieda", "Anna", "Hanno", "Bernd"])
def test_every_page_offered_opens_and_every_page_not_offered_does_not(as_, who):
    """But for those that anybody may open who asks for them by address: they show nothing then."""
    client = as_(who)
    names = {str(page.label) for page in PAGES}
    shown = {name for name in names if name in offered(client, name).get("Pages", [])}
    for page in PAGES:
        status = client.get(page.address).status_code
        assert status == (200 if str(page.label) in shown else 403), page


def test_commands_are_buttons_of_the_pages_forms(as_):
    body = as_("Anna").get(reverse("find"), {"q": "sign out"}, **HTMX).content.decode()
    assert re.search(r'<button role="option" tabindex="-1" form="sign-out">', body)
    assert offered(as_("Anna"), "language")["Commands"] == ["Language: Deutsch"]
    assert offered(as_("Anna"), "dark")["Commands"] == ["Colours: dark"]


def test_errands_lead_to_known_customers_only(as_, ahorn, birke):
    assert offered(as_("Frieda"), "new agr ahorn")["For a customer"] == ["New agreement: Ahorn"]
    assert sorted(offered(as_("Frieda"), "all ent")["For a customer"]) == [
        "All entries: Ahorn",
        "All entries: Birke",
    ]
    assert offered(as_("Anna"), "all ent")["For a customer"] == ["All entries: Ahorn"]
    assert "For a customer" not in offered(as_("Anna"), "all entries birke")
    assert "For a customer" not in offered(as_("Anna"), "new agr ahorn")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("new agreement müller", [("New agreement", "müller")]),
        ("new agr müller gmbh", [("New agreement", "müller gmbh")]),
        ("agreement", [("New agreement", "")]),
        ("call müller", [("Record a call or visit", "müller")]),
        ("ne müller", []),
        ("müller new", []),
        ("", []),
    ],
)
def test_what_an_errand_begins_with(frieda, words, meant):
    assert [(str(e.label), rest) for e, rest in errands(frieda, words)] == meant


@pytest.mark.parametrize(
    ("words", "found"),
    [("hand", True), ("cust hand", True), ("cu", True), ("us", False), ("tom", True), ("x", False)],
)
def test_short_words_begin_a_word(words, found):
    assert called_so("Hand over customers", words) is found


def test_before_a_letter_is_typed(as_, ahorn, birke):
    frieda = as_("Frieda")
    assert list(offered(frieda)) == ["Pages"]
    frieda.get(reverse("customer", args=[birke.key]))
    frieda.get(reverse("customer", args=[ahorn.key]))
    frieda.get(reverse("preview", args=[birke.key]))
    frieda.post(reverse("star", args=[birke.key]))
    assert offered(frieda)["Recently viewed"] == ["Ahorn", "Birke"]
    assert offered(frieda)["Starred"] == ["Birke"]
    assert list(offered(as_("Anna"))) == ["Pages"]


def test_who_knows_no_customer_is_offered_none(as_, client, frieda):
    emil = User.objects.create(
        email="emil@example.com", name="Emil", role="auditor", created_at=timezone.now()
    )
    client.force_login(emil)
    assert "Customers" not in offered(client)["Pages"]
    assert "For a customer" not in offered(client, "all entries")


def test_the_palette_without_scripts_is_a_page(as_):
    page = as_("Anna").get(reverse("find"), {"q": "ahorn"}).content.decode()
    assert "<h1>Find and go</h1>" in page
    assert 'value="ahorn"' in page
    assert 'role="option"' not in page.split("<dialog")[0]


def test_shortcuts_stand_once_and_no_two_are_the_same(frieda):
    told = json.loads(shortcuts.for_script(frieda))
    every = [each.keys for _label, rows in shortcuts.table(frieda) for each in rows if each.does]
    assert set(told) == set(every) - {"Ctrl+K"}
    assert len(every) == len(set(every))
    # A key that begins a sequence does nothing by itself.
    assert not {keys.split()[0] for keys in told if " " in keys} & set(told)


def test_shortcuts_lead_to_places_that_are_open(as_, people):
    told = json.loads(shortcuts.for_script(people["Anna"]))
    ways = {keys: does for keys, does in told.items() if does.startswith("/")}
    assert "g c" in ways
    assert "g i" not in ways
    assert all(as_("Anna").get(way).status_code == 200 for way in ways.values())


def test_shortcuts_are_listed_and_switched_off(as_, people):
    anna = as_("Anna")
    assert "data-keys" in anna.get(reverse("shortcuts")).content.decode()
    assert "<html" not in anna.get(reverse("shortcuts"), **HTMX).content.decode()
    anna.post(reverse("account"), {"part": "keyboard"})
    assert not User.objects.get(pk=people["Anna"].pk).shortcuts
    assert 'data-keys="{}"' in anna.get(reverse("shortcuts")).content.decode()
    assert "switched" in anna.get(reverse("shortcuts")).content.decode()
    anna.post(reverse("account"), {"part": "keyboard", "shortcuts": "1"})
    assert User.objects.get(pk=people["Anna"].pk).shortcuts


def test_stars_are_set_where_one_stands(as_, ahorn, birke):
    anna = as_("Anna")
    list_ = "http://testserver" + reverse("customers") + "?sort=name"
    answer = anna.post(reverse("star", args=[ahorn.key]), HTTP_REFERER=list_)
    assert answer["Location"] == list_
    elsewhere = anna.post(reverse("star", args=[ahorn.key]), HTTP_REFERER="https://example.net/")
    assert elsewhere["Location"] == reverse("customer", args=[ahorn.key])
    assert anna.post(reverse("star", args=[birke.key])).status_code == 404
    assert [each.customer for each in Star.objects.all()] == [ahorn]
    shown = anna.get(reverse("customers"), {"starred": "1"}).context["page"].rows
    assert [(row.customer.name, row.starred) for row in shown] == [("Ahorn", True)]
    button = anna.post(reverse("unstar", args=[ahorn.key]), **HTMX).content.decode()
    assert 'aria-pressed="false"' in button
    assert reverse("star", args=[ahorn.key]) in button
    assert anna.get(reverse("customers"), {"starred": "1"}).context["page"].about.number == 0


def test_the_filter_shows_ones_own_stars_only(as_, ahorn, birke, frieda):
    as_("Frieda").post(reverse("star", args=[ahorn.key]))
    assert as_("Anna").get(reverse("customers"), {"starred": "1"}).context["page"].rows == []


def test_many_are_changed_and_undone(as_, ahorn, birke):
    frieda = as_("Frieda")
    asked = {"act": "region", "customer": [str(ahorn.key), str(birke.key)], "list": "sort=name"}
    question = frieda.get(reverse("bulk-confirm"), asked)
    assert "Set the region of 2 customers?" in question.content.decode()
    sent = {"act": "region", "customers": question.context["customers"], "list": "sort=name"}
    answer = frieda.post(reverse("bulk-do"), sent | {"region": "Küste"}, follow=True)
    assert answer.request["QUERY_STRING"] == "sort=name"
    act = BulkAct.objects.get()
    assert reverse("bulk-undo", args=[act.key]) in answer.content.decode()
    as_owner_of_the_tables()
    assert set(Customer.objects.values_list("region", flat=True)) == {"Küste"}
    assert "2 customers moved" in frieda.get(reverse("bulk")).content.decode()
    undone = frieda.post(reverse("bulk-undo", args=[act.key]), follow=True)
    assert "2 customers are as they were." in undone.content.decode()
    as_owner_of_the_tables()
    assert set(Customer.objects.values_list("region", flat=True)) == {""}


def test_all_that_a_list_has_found(as_, ahorn, birke):
    frieda = as_("Frieda")
    asked = {"act": "star", "all": "1", "list": "q=ahorn"}
    assert frieda.get(reverse("bulk-confirm"), asked).context["shown"] == [ahorn]
    asked = {"act": "star", "all": "1", "list": ""}
    assert frieda.get(reverse("bulk-confirm"), asked).context["shown"] == [ahorn, birke]


def test_only_known_customers_and_only_what_one_may(as_, ahorn, birke):
    anna = as_("Anna")
    keys = f"{ahorn.key} {birke.key} nonsense"
    anna.post(reverse("bulk-do"), {"act": "star", "customers": keys})
    assert BulkAct.objects.get().customers == 1
    for act in ("region", "hand_over", "confidential", "lift"):
        assert anna.get(reverse("bulk-confirm"), {"act": act}).status_code == 403
        sent = {"act": act, "customers": str(ahorn.key), "region": "x"}
        assert anna.post(reverse("bulk-do"), sent).status_code == 403
    assert anna.get(reverse("bulk-confirm"), {"act": "delete"}).status_code == 404
    labels = [kind["value"] for kind in anna.get(reverse("customers")).context["kinds"]]
    assert labels == ["star", "unstar", "campaign"]


def test_an_act_is_ones_own(as_, ahorn):
    as_("Frieda").post(reverse("bulk-do"), {"act": "star", "customers": str(ahorn.key)})
    act = BulkAct.objects.get()
    for method, name in (("get", "bulk-act"), ("post", "bulk-undo")):
        assert getattr(as_("Anna"), method)(reverse(name, args=[act.key])).status_code == 404
    assert as_("Anna").get(reverse("bulk")).context["rows"] == []


def test_too_many_and_none(as_, ahorn, birke, monkeypatch):
    frieda = as_("Frieda")
    from dataclasses import replace

    from kundenstamm.customers.deeds import DEEDS

    monkeypatch.setitem(DEEDS, "star", replace(DEEDS["star"], at_most=1))
    asked = {"act": "star", "all": "1"}
    assert (
        "At most 1 customer at once" in frieda.get(reverse("bulk-confirm"), asked).content.decode()
    )
    keys = f"{ahorn.key} {birke.key}"
    frieda.post(reverse("bulk-do"), {"act": "star", "customers": keys})
    assert not BulkAct.objects.exists()
    for answer in (
        frieda.get(reverse("bulk-confirm"), {"act": "star"}, follow=True),
        frieda.post(reverse("bulk-do"), {"act": "star", "customers": ""}, follow=True),
    ):
        assert "Select customers first." in answer.content.decode()
