"""Every route that shows a customer writes exactly one entry, and it names everyone shown.

Routes are found by looking through the addresses; which of them show customers is read off their
answers, so a new page is held to it without being named here.
"""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import AuditEntry
from kundenstamm.kit.postgres.roles import APP
from tests.wall.conftest import CAST, TODAY
from tests.wall.test_front import carried_amiss
from tests.wall.test_pages import addresses, told_in, walk

READS = ("read", "reveal")
CUSTOMERS_PAGE = re.compile(r"^/customers/.*[0-9a-f-]{36}/")


@pytest.fixture(autouse=True)
def _behind_the_wall(settings):
    settings.DATABASE_WALL_ROLE = APP


def shown_in(answer, address):
    """Names of customers that an answer tells; a region to filter by is no customer."""
    return {name for name in told_in(answer, address) if not name.startswith("Land")}


def each_with_slow(usual):
    """The cast; those who are not ``usual`` in the slow tests: a walk takes its time."""
    slow = pytest.mark.slow
    return [
        name if name in usual else pytest.param(name, marks=slow)
        for name in CAST
        if name != "Clara"
    ]


@pytest.mark.parametrize("name", each_with_slow({"Anna", "Doris", "Emil"}))
def test_no_word_of_others_and_whoever_is_shown_stands_in_the_audit(
    cast, facts, noted, name, record_property
):
    """One walk through all addresses for each person; and what every answer carries."""
    names = dict(Customer.objects.values_list("pk", "name"))
    known = facts.known(name)
    asked = showing = 0
    noted()
    for route, address, answer in walk(cast[name]):
        asked += 1
        read = [entry for entry in noted() if entry.kind in READS]
        told = {word.removeprefix("Land") for word in told_in(answer, address)}
        assert told <= known, (route, address)
        assert carried_amiss(answer) == [], address
        shown = shown_in(answer, address)
        assert len(read) == 1 if shown else len(read) <= 1, (address, shown, read)
        if not shown:
            continue
        showing += 1
        (entry,) = read
        assert shown <= {names[pk] for pk in entry.customers}, (route, address)
        assert entry.actor == cast[name].pk
        assert (entry.channel, entry.address) == ("page", "192.0.2.9")
        assert len(entry.request) == 32
    record_property("pages asked for, pages that showed customers", (asked, showing))
    assert asked > 100
    assert showing > 20 or name == "Emil"
    assert name != "Emil" or showing == 0


def test_asking_for_what_is_not_ones_own_is_noted_without_saying_whom(cast, noted, client):
    client.force_login(cast["Anna"])
    foreign = Customer.objects.get(name="WortB")
    noted()
    assert client.get(reverse("customer", args=[foreign.key])).status_code == 404
    assert client.get(reverse("company")).status_code == 403
    refused = [(e.kind, e.what, e.customers) for e in noted() if e.kind == "refused"]
    assert refused == [("refused", "customer", []), ("refused", "company", [])]


def test_the_auditor_sees_who_looked_and_no_word_of_whom(cast, client):
    customer = Customer.objects.get(name="WortA")
    client.force_login(cast["Anna"])
    client.get(reverse("customer", args=[customer.key]))
    client.force_login(cast["Emil"])
    page = client.get(reverse("audit")).content.decode()
    assert "Anna" in page
    assert "Wort" not in page
    token = re.search(r"\?customer=([a-z2-7]{26})", page)[1]
    about = client.get(reverse("audit") + f"?customer={token}&kind=read")
    assert {row["who"] for row in about.context["rows"]} == {"Anna"}
    client.force_login(cast["Frieda"])
    named = client.get(reverse("audit") + f"?customer={token}&kind=read").content.decode()
    assert "WortA" in named


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?kind=refused", {"refused"}),
        ("?channel=page&kind=read", {"read"}),
        ("?from=2100-01-01", set()),
        ("?to=2000-01-01", set()),
        ("?customer=NrWortA&kind=update", {"update"}),
        ("?customer=niemand", set()),
        ("?request=gibtesnicht", set()),
        ("?person=0&kind=kaputt&after=x&from=x", None),
    ],
)
def test_filters(cast, client, query, kinds):
    client.force_login(cast["Anna"])
    client.get(reverse("customers"))
    client.get(reverse("company"))
    Customer.objects.filter(name="WortA").update(city="Anderswo")
    client.force_login(cast["Frieda"])
    answer = client.get(reverse("audit") + query)
    assert answer.status_code == 200
    if kinds is not None and "niemand" not in query:
        assert {row["entry"].kind for row in answer.context["rows"]} == kinds
    assert ("niemand" in query) is answer.context["unknown"]


def test_pages_of_the_audit_follow_each_other(cast, client):
    client.force_login(cast["Frieda"])
    first = client.get(reverse("audit"))
    seen, address, pages = [], first.context["next"], 1
    rows = [row["entry"].pk for row in first.context["rows"]]
    while rows:
        assert not set(rows) & set(seen)
        seen += rows
        if not address:
            break
        answer, pages = client.get(reverse("audit") + address), pages + 1
        rows = [row["entry"].pk for row in answer.context["rows"]]
        address = answer.context["next"]
    assert seen == sorted(seen, reverse=True)
    # Each page is itself noted.
    assert len(seen) >= AuditEntry.objects.count() - pages


SENT = (
    {},
    {"reason": "reach", "document": "BelegWortA1", "day": str(TODAY - timedelta(days=30))},
)


@pytest.mark.parametrize("name", ["Hanno", pytest.param("Frieda", marks=pytest.mark.slow)])
def test_forms_that_answer_with_a_customer_note_it_too(cast, noted, name, record_property):
    """Every route about a customer or a contact, sent to: with nothing, and with a reason."""
    names = dict(Customer.objects.values_list("pk", "name"))
    client = Client()
    client.force_login(cast[name])
    showing = 0
    about = [a for _route, a in list(addresses()) if "?" not in a and CUSTOMERS_PAGE.search(a)]
    for address, sent in itertools.product(about, SENT):
        before = transaction.savepoint()
        client.cookies.pop("messages", None)  # what was said of the one before
        noted()
        answer = client.post(address, sent)
        read = [entry for entry in noted() if entry.kind in READS]
        shown = shown_in(answer, address) if answer.status_code == 200 else set()
        transaction.savepoint_rollback(before)
        assert len(read) == bool(shown), (address, shown, read)
        if shown:
            showing += 1
            assert shown <= {names[pk] for pk in read[0].customers}, address
    record_property("forms that showed a customer", showing)
    assert showing >= 3
