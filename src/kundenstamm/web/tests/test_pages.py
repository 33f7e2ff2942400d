"""Every page: who may see it, what it answers, what it escapes, what it costs."""

from __future__ import annotations

import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.complaint_actions import open_complaint, solve
from kundenstamm.care.models import Interaction, Survey
from kundenstamm.customers.models import BulkAct, BulkChange, Customer
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Product
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.web.tests.conftest import NASTY, attacking_contact
from kundenstamm.web.tests.nasty_chain import page_of_chain
from kundenstamm.web.tests.nasty_departures import pages_of_departure
from kundenstamm.web.tests.nasty_joining import pages_of_joining
from kundenstamm.web.tests.nasty_pair import page_of_pair
from kundenstamm.web.tests.nasty_partner import page_of_partner
from kundenstamm.web.tests.nasty_relation import page_of_leaving
from kundenstamm.web.tests.nasty_tasks import page_of_playbook, page_of_task, pages_of_pursuit
from kundenstamm.web.tests.nasty_terms import agreement_of, plan_of, proposal_of

COUNTS = Path(__file__).with_name("query_counts.json")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
PLAIN = (
    "base",
    "customers",
    "imports",
    "company",
    "company-products",
    "account",
    "find",
    "people",
    "teams",
    "transfer",
    "mfa_index",
    "evidence",
    "pools",
    "activity-types",
    "activity-type-new",
    "allocations",
    "terms",
    "proposals",
    "pursuits",
    "new-pursuit",
    "kept-promises",
    "capacity",
    "how-many",
    "scenarios",
    "new-scenario",
    "repairs",
    "shortcuts",
    "bulk",
    "chain",
    "relations",
    "duplicates",
    "tasks",
    "team-tasks",
    "complaints",
    "solved-complaints",
    "complaint-figures",
    "complaint-classes",
    "playbooks",
    "satisfaction",
    "today",
    "outcomes",
    "growth",
    "targets",
    "partners",
    "channels",
)


def addresses():
    customer = Customer.objects.get(name=NASTY[:200])
    product = Product.objects.order_by("pk").first()
    agreement = agreement_of(customer)
    before = reverse("before-signing", args=[customer.key])
    return {name: reverse(name) for name in PLAIN} | {
        "customer": reverse("customer", args=[customer.key]),
        "entries": reverse("entries", args=[customer.key]),
        "purchases": reverse("purchases", args=[customer.key]),
        "activities": reverse("activities", args=[customer.key]),
        "interactions": _interactions(customer),
        "contacts": reverse("contacts", args=[customer.key]),
        "contact": reverse("contact", args=[attacking_contact(customer).key]),
        "timeline": reverse("timeline", args=[customer.key]),
        "task": page_of_task(customer),
        "complaint": _complaint(customer),
        "playbook": page_of_playbook(customer),
        "chain-of": page_of_chain(customer),
        "chain-below": reverse("chain-below", args=[customer.key]),
        "leaving": page_of_leaving(customer),
        "chain-what-if": reverse("chain-what-if", args=[customer.key]),
        "answered": _answered(customer),
        "allocation": reverse("allocation", args=["2026-05"]),
        "agreement": reverse("agreement", args=[agreement.key]),
        "without-agreement": reverse("without-agreement", args=[customer.key]),
        "before-signing": before,
        "before-renewing": f"{before}?renews={agreement.key}",
        "proposal": reverse("proposal", args=[proposal_of(customer).key]),
        **pages_of_pursuit(customer),
        **pages_of_departure(customer),
        **pages_of_joining(customer),
        "repair": reverse("repair", args=[customer.key]),
        "repair-plan": reverse("repair-plan", args=[plan_of(customer).key]),
        "repair-letter": reverse("repair-letter", args=[plan_of(customer).key, "de"]),
        "product-cost": reverse("product-cost", args=[product.pk]),
        "found": reverse("find") + "?q=script",
        "errand": reverse("find") + "?q=alle buch script",
        "preview": reverse("preview", args=[customer.key]),
        "bulk-confirm": f"{reverse('bulk-confirm')}?act=region&customer={customer.key}",
        "partner": page_of_partner(customer),
        "bulk-act": reverse("bulk-act", args=[_bulk_act(customer).key]),
        "duplicate": page_of_pair(customer),
        "starred": reverse("customers") + "?starred=1",
        "search": reverse("customers") + "?q=script",
        "filtered": reverse("customers") + "?stage=regular&sort=value&region=Nord&losing=1",
    }


def _bulk_act(customer):
    """The customer was moved to a region whose name is an attack."""
    act, _made = BulkAct.objects.get_or_create(
        kind=BulkAct.Kind.REGION, told={"region": NASTY[:100]}, customers=1,
        done_by=User.objects.get(email="frieda@example.com"),
        defaults={"done_at": customer.created_at},
    )  # fmt: skip
    BulkChange.objects.get_or_create(
        act=act, customer=customer, defaults={"before": "", "after": NASTY[:100]}
    )
    return act


def _interactions(customer):
    """The page of a customer with a note, and a withdrawn one, that are attacks."""
    told = {
        "customer": customer, "kind": "note", "day": date(2020, 1, 1),
        "happened_at": customer.created_at, "author": User.objects.first(),
    }  # fmt: skip
    if not customer.interactions.exists():
        for wrong in ({}, {"withdrawn_because": NASTY, "withdrawn_by": told["author"],
                           "withdrawn_at": customer.created_at}):  # fmt: skip
            made = Interaction(recorded_at=customer.created_at, **told, **wrong)
            made.put("note", NASTY)
            made.save()
    return reverse("interactions", args=[customer.key])


def _complaint(customer):
    """An open one whose words are attacks, and one that was solved so."""
    if not customer.complaints.exists():
        told = {
            "customer": customer, "kind": "complaint", "day": date(2020, 1, 1), "reached": True,
            "happened_at": customer.created_at, "author": User.objects.first(),
        }  # fmt: skip
        by = {"actor": User.objects.first(), "at": customer.created_at}
        for _number in range(2):
            happened = Interaction(recorded_at=customer.created_at, **told)
            happened.put("note", NASTY)
            happened.save()
            made = open_complaint(happened, **by)
        solve(made, NASTY, **by)
    return reverse("complaint", args=[customer.complaints.get(solved_at=None).key])


def _answered(customer):
    """The page of satisfaction with an answer whose words are attacks."""
    if not customer.surveys.exists():
        made = Survey(
            customer=customer, language="de", question=NASTY[:300], score=3,
            asked_by=User.objects.first(), asked_at=timezone.now() - timedelta(days=1),
            answered_at=timezone.now(), open_until=timezone.now() + timedelta(days=9),
        )  # fmt: skip
        made.put("said", NASTY)
        made.put("remark", NASTY)
        made.save()
    return reverse("satisfaction")


@pytest.mark.usefixtures("company")
def test_every_page(signed_in):
    """In both languages, with names escaped, nothing inline, and no more questions than committed.

    An increase shows in the diff: WRITE_QUERY_COUNTS=1 writes the file anew.
    """
    measured = {}
    for name, address in addresses().items():
        _looked_at(signed_in, "en", name, address)
        # The second time, when what is kept from request to request is there.
        with CaptureQueriesContext(connection) as queries:
            _looked_at(signed_in, "de", name, address)
        measured[name] = len(queries)
    if os.environ.get("WRITE_QUERY_COUNTS"):
        COUNTS.write_text(json.dumps(measured, indent=2) + "\n")
    committed = json.loads(COUNTS.read_text())
    assert {n: c for n, c in measured.items() if c > committed.get(n, 0)} == {}


def _looked_at(client, language, name, address):
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, name
    body = answer.content.decode()
    if name not in ("purchases", "preview", "chain-below"):
        assert f'<html lang="{language}">' in body, name
    assert "<script>alert(1)" not in body, name
    assert "14" not in body.split("alert(1)")[-1][:40], name
    own = body.replace(NASTY, "")
    assert " style=" not in own, name
    assert not re.search(r"\son[a-z]+=", own.split("<body", 1)[-1]), name


@pytest.mark.usefixtures("company")
def test_nobody_sees_a_page_without_signing_in(client):
    for name, address in addresses().items():
        answer = client.get(address)
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/sign-in/"), name


@pytest.mark.parametrize(
    ("name", "code"),
    [("customer", 404), ("entries", 404), ("purchases", 404), ("import-job", 404),
     ("interactions", 404), ("timeline", 404), ("task", 404), ("complaint", 404),
     ("agreement", 404), ("without-agreement", 404), ("before-signing", 404), ("proposal", 404),
     ("repair", 404), ("repair-plan", 404), ("chain-of", 404), ("chain-below", 404),
     ("chain-what-if", 404), ("leaving", 404),
     ("pursuit", 404), ("pursue", 404), ("scenario", 404),
     ("departure", 404), ("handover-sheet", 404),
     ("import-outlook", 404), ("import-refused", 404)],
)  # fmt: skip
def test_what_is_not_there_answers_404(signed_in, name, code):
    assert signed_in.get(reverse(name, args=[UNKNOWN])).status_code == code


@pytest.mark.parametrize(
    "query",
    ["?after=nonsense", f"?after={UNKNOWN}", "?sort=nonsense&order=sideways", "?stage=nonsense",
     "?from=x&to=99999999999", "?q=%00", "?q=%25_%5C", "?column=nonsense", "?region=%00"],
)  # fmt: skip
@pytest.mark.usefixtures("company")
def test_addresses_typed_by_hand_break_nothing(signed_in, query):
    assert signed_in.get(reverse("customers") + query).status_code == 200


@pytest.mark.usefixtures("company")
def test_headers_allow_no_inline_script_and_no_cache(signed_in):
    answer = signed_in.get("/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert "onclick" not in answer.content.decode()


@pytest.mark.usefixtures("company")
def test_marks_of_the_charts_lead_to_lists_that_hold_what_they_say(signed_in):
    body = signed_in.get("/").content.decode()
    stages = json.loads(body.split('<script id="stages" type="application/json">')[1].split("<")[0])
    for row in stages["datasets"]["rows"]:
        answer = signed_in.get(row["href"])
        assert answer.context["about"].number == row["count"], row["name"]


@pytest.mark.usefixtures("company")
def test_paging_shows_everybody_once(signed_in, monkeypatch):
    monkeypatch.setattr("kundenstamm.web.customers.views.PAGE", 7)
    address, seen = reverse("customers") + "?sort=name", []
    while address:
        context = signed_in.get(address).context
        seen += [row.customer.number for row in context["page"].rows]
        address = reverse("customers") + context["next"] if context["next"] else ""
    assert len(seen) == len(set(seen)) == Customer.objects.count()


@pytest.mark.usefixtures("company")
def test_a_view_is_saved_shown_and_removed(signed_in):
    query = "stage=regular&sort=value"
    signed_in.post(reverse("save-view"), {"name": "Treue", "query": query})
    answer = signed_in.get(reverse("customers"))
    assert "Treue" in answer.content.decode()
    view = answer.context["views"].get()
    assert view.query == query
    signed_in.post(reverse("remove-view", args=[view.pk]))
    assert not signed_in.get(reverse("customers")).context["views"].exists()


@pytest.mark.usefixtures("company")
def test_another_persons_view_is_not_removed(signed_in, frieda):
    from kundenstamm.guard.models import User
    from kundenstamm.lifecycle.models import SavedView

    bernd = User.objects.create(
        email="bernd@example.com", name="Bernd", role="representative", created_at=frieda.created_at
    )
    view = SavedView.objects.create(user=bernd, name="Meine", query="")
    assert signed_in.post(reverse("remove-view", args=[view.pk])).status_code == 404


@pytest.mark.usefixtures("company")
def test_every_bar_of_the_bridge_leads_to_entries_of_its_sum(signed_in):
    """Also when there are entries before the year that the bridge is about."""
    key = Estimate.objects.order_by("rank").first().customer.key
    steps = signed_in.get(reverse("customer", args=[key])).context["bridge_steps"]
    assert len(steps) > 3
    for step in steps:
        assert signed_in.get(step["href"]).context["found"].total == step["amount"], step["name"]


@pytest.mark.usefixtures("company")
def test_the_filters_form_gets_the_rows_and_the_views_only(signed_in):
    """Going back in the browser asks for the same address, and must get the whole page."""
    asked = {"HX-Request": "true"}
    part = signed_in.get(reverse("customers") + "?q=a", headers=asked).content.decode()
    assert "<html" not in part
    assert 'id="views" hx-swap-oob="true"' in part
    restored = asked | {"HX-History-Restore-Request": "true"}
    whole = signed_in.get(reverse("customers") + "?q=a", headers=restored).content.decode()
    assert "<html" in whole


@pytest.mark.usefixtures("company")
def test_sorting_turns_round_and_filters_stay(signed_in):
    answer = signed_in.get(reverse("customers") + "?q=e&stage=regular&sort=revenue")
    revenue = next(c for c in answer.context["columns"] if c["name"] == "revenue")
    turned = signed_in.get(reverse("customers") + revenue["href"]).context
    assert turned["ask"].wanted.stages == ("regular",)
    assert turned["ask"].wanted.words == "e"
    shown = [row.estimate.year_net_revenue for row in turned["page"].rows]
    assert shown == sorted(shown)


@pytest.mark.usefixtures("company")
def test_chosen_columns_are_the_ones_shown(signed_in):
    answer = signed_in.get(reverse("customers") + "?column=rank&column=region")
    assert [column["name"] for column in answer.context["columns"]] == ["name", "rank", "region"]


@pytest.mark.usefixtures("company")
def test_a_view_is_renamed_and_takes_the_place_of_its_namesake(signed_in, frieda):
    for name in ("Eins", "Zwei"):
        signed_in.post(reverse("save-view"), {"name": name, "query": f"q={name}&after=x&region="})
    one = frieda.saved_views.get(name="Eins")
    assert one.query == "q=Eins"
    signed_in.post(reverse("rename-view", args=[one.pk]), {"name": "Zwei"})
    assert frieda.saved_views.get().query == "q=Eins"
    signed_in.post(reverse("rename-view", args=[one.pk]), {"name": "  "})
    assert frieda.saved_views.get().name == "Zwei"


@pytest.mark.usefixtures("company")
def test_find_offers_places_and_customers(signed_in):
    signed_in.cookies["django_language"] = "de"
    answer = signed_in.get(reverse("find") + "?q=firma")
    [group] = [group for group in answer.context["groups"] if group.pages]
    assert [page.name for page in group.pages] == ["company"]
    number = Customer.objects.order_by("pk").last().number
    rows = signed_in.get(reverse("find") + f"?q={number}").context["rows"]
    assert number in [row.customer.number for row in rows]


@pytest.mark.usefixtures("company")
def test_earlier_purchases_are_a_page_without_scripts_too(signed_in):
    estimate = Estimate.objects.order_by("-occasions").first()
    address = reverse("customer", args=[estimate.customer.key])
    documents = signed_in.get(address).context["documents"]
    assert documents.after
    further = signed_in.get(f"{address}?after={documents.after}").context["documents"]
    assert not {d.number for d in documents.rows} & {d.number for d in further.rows}
    assert signed_in.get(f"{address}?after=nonsense").status_code == 404
