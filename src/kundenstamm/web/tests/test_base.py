"""The base page: its choices stay in its links, and every mark leads to its customers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from kundenstamm.customers.models import Customer
from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.frames import shape
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries import Chosen, base_figures
from kundenstamm.lifecycle.queries.behind import PAGE
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
CHOSEN = "?period=last-year&link=dealer&level=2"


@pytest.fixture
def base(frieda, monkeypatch):
    """Seventy of growing size over two years, dealers and others; every ninth is served dearly."""
    monkeypatch.setattr(shape, "SINGLE_AT_MOST", 30)
    known = customers(*(f"Kunde {n:02}" for n in range(70)))
    for n, who in enumerate(known):
        who.link, who.trade = ("dealer", "end_customer", "agent")[n % 3], "bakery"
    Customer.objects.bulk_update(known, ["link", "trade"])
    lines = [(who, AS_OF - timedelta(days=day + n), EntryKind.SALE, 50 + 5 * n)
             for n, who in enumerate(known) for day in range(5, 700, 60)]  # fmt: skip
    lines += [(who, AS_OF - timedelta(days=day), EntryKind.VISIT, -400)
              for who in known[::9] for day in (20, 400)]  # fmt: skip
    post(frieda, lines)
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    return known


def test_what_is_chosen_stays_in_every_link(signed_in):
    answer = signed_in.get("/" + CHOSEN)
    for level in answer.context["levels"]:
        query = parse_qs(urlsplit(level["href"]).query)
        assert (query["period"], query["link"]) == (["last-year"], ["dealer"])
    marks = answer.context["sizes"]["marks"] + answer.context["points"]
    behind = [m["href"] for m in marks if m["href"].startswith(reverse("base-customers"))]
    assert behind
    for href in behind:
        assert {"period", "link", "level"} <= parse_qs(urlsplit(href).query).keys()
    for stage in answer.context["stages"]:
        assert parse_qs(urlsplit(stage["href"]).query)["link"] == ["dealer"]
    options = {c["name"]: [o["value"] for o in c["options"] if o["on"]]
               for c in answer.context["choices"]}  # fmt: skip
    assert (options["period"], options["link"]) == (["last-year"], ["dealer"])


def test_what_is_not_understood_does_not_narrow(signed_in):
    answer = signed_in.get("/?period=1066-Q4&level=9&link=pirate")
    assert answer.context["figures"].ready
    nonsense = "?first=x&last=-&stage=gone&group=all&net_from=--1&page=99"
    answer = signed_in.get(reverse("base-customers") + nonsense)
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["", "?level=1", "?period=last-year", CHOSEN])
def test_every_customer_stands_behind_exactly_one_mark(signed_in, query):
    """Cells and points: together all with an entry, and each as many as it says."""
    answer = signed_in.get("/" + query)
    marks = answer.context["sizes"]["marks"]
    total = answer.context["figures"].whale[answer.context["figures"].chosen.profit]["customers"]
    singles = [m for m in marks if "/base/customers/" not in m["href"]]
    cells = [m for m in marks if "/base/customers/" in m["href"]]
    if cells:
        counted = [signed_in.get(m["href"]).context["found"].customers for m in cells[:6]]
        assert counted == [m["customers"] for m in cells[:6]]
        assert sum(m["customers"] for m in cells) == total
    else:
        assert len(singles) + len(answer.context["sizes"]["big"]) == total


def test_the_sums_behind_are_those_of_the_page(signed_in, frieda):
    for ask in (Chosen(), Chosen(period="last-year"), Chosen(links=("dealer",))):
        figures = base_figures(frieda, ask)
        query = "&".join(f"{name}={value}" for name, value in ask.as_query())
        found = signed_in.get(f"{reverse('base-customers')}?{query}").context["found"]
        assert found.sums["contribution_3"] == figures.contribution_3
        losing = signed_in.get(f"{reverse('base-customers')}?{query}&group=losing")
        assert losing.context["found"].sums["contribution_3"] == figures.loss
        assert losing.context["found"].customers == figures.loss_makers


def test_quarters_lead_to_the_customers_they_count(signed_in):
    answer = signed_in.get("/")
    for chart, row in zip(answer.context["quarters"], ("profitable_regulars", "", "loss_makers"),
                          strict=True):  # fmt: skip
        last = chart["chart"]["datasets"]["rows"][-2]
        if row:
            assert signed_in.get(last["href"]).context["found"].customers == last["amount"]


def test_pages_behind_a_mark_hold_every_customer_once(signed_in):
    address, seen = reverse("base-customers"), []
    while address:
        answer = signed_in.get(address)
        seen += [row.customer.pk for row in answer.context["found"].rows]
        found = answer.context["next"]
        address = reverse("base-customers") + found if found else ""
    assert len(seen) == len(set(seen)) == answer.context["found"].customers > PAGE


def test_the_alarm_stands_on_the_page_in_the_list_and_on_the_base(signed_in):
    one = Estimate.objects.filter(alarm="contribution_2").select_related("customer").first()
    page = signed_in.get(reverse("customer", args=[one.customer.key])).content.decode()
    assert "Serving costs more than it brings" in page or "Betreuung kostet mehr" in page
    counts = {a["href"]: a["count"] for a in signed_in.get("/").context["alarms"]}
    for href, count in counts.items():
        rows = signed_in.get(href).context["page"].about.number
        assert count == str(rows)
    answer = signed_in.get(reverse("customers") + "?alarm=any&column=alarm")
    assert all(row.estimate.alarm for row in answer.context["page"].rows)
    assert [c["name"] for c in answer.context["columns"]] == ["name", "alarm"]


def test_the_bridge_stands_beside_comparable_customers(signed_in):
    big = Estimate.objects.select_related("customer").get(customer__name="Kunde 45")
    answer = signed_in.get(reverse("customer", args=[big.customer.key]))
    steps, others = answer.context["bridge_steps"], answer.context["sheet"].comparable
    net = next(step for step in steps if step["name"] and step["href"].count("level=net_revenue"))
    assert net["other"] == pytest.approx(float(big.year_net_revenue))
    assert net["share"] == net["others"]
    assert others.shares["net_revenue"] == 1
    assert others.largest.kind == EntryKind.VISIT
    assert answer.context["largest"] in answer.content.decode()
