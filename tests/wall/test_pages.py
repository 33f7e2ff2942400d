"""Every route for every person: no word of a customer that is not theirs, wherever it might stand.

Routes are found by looking through the addresses, so a new one is asked without being named here.
"""

from __future__ import annotations

import itertools
import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kundenstamm.acquisition.models import Partner, Referral, Touch
from kundenstamm.care.models import (
    Attachment,
    Complaint,
    Interaction,
    Mention,
    Survey,
    Task,
)
from kundenstamm.customers.models import (
    BulkAct,
    Contact,
    Customer,
    Duplicate,
    Merge,
    MergeProposal,
)
from kundenstamm.decisions.models import Proposal, RepairPlan
from kundenstamm.departures.models import Absence, Departure, KnowledgeSheet
from kundenstamm.guard.models import Team, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.ledger.models import Batch, Product
from kundenstamm.pursuits.models import Pursuit, Scenario
from kundenstamm.pursuits.rules import month_after
from kundenstamm.relations.models import Colleague, Correction
from kundenstamm.serving.models import Activity, ActivityType, Pool
from kundenstamm.terms.models import Agreement
from kundenstamm.today.models import Answer
from tests.wall.conftest import TODAY

# Addresses that only take what is sent, by name: a question (GET) is refused there.
SENT_ONLY = 405
MONTH = f"{TODAY:%Y-%m}"
QUERIES = {
    "activities": ["", f"?month={MONTH}"],
    "pools": ["", f"?month={MONTH}"],
    "base": ["", "?period=last-year&level=1", "?link=dealer", "?representative=Bernd"],
    "base-customers": ["", "?first=1&last=900", "?group=losing&period=this-year"],
    "audit": ["", "?customer=NrWortA", "?kind=read"],
    "customers": ["", "?q=Wort", "?q=WortB", "?sort=name", "?column=rank", "?region=LandWortB",
                  "?sort=value&order=up", "?representative=Bernd", "?stage=regular", "?losing=1",
                  "?alarm=any&column=alarm",
                  "?q=WortA@example.com", "?starred=1"],
    "find": ["", "?q=Wort", "?q=NrWortB", "?q=alle buch Wort", "?q=alle"],
    "bulk-confirm": ["", "?act=star&all=1&list=q%3DWort", "?act=region&all=1&list=starred%3D1",
                     "?act=confidential&all=1", "?act=ask&all=1"],
    "transfer": ["", "?of=Bernd&to=Anna&starts=2026-01-01", "?of=Anna&to=Bernd&starts=2026-01-01"],
    "entries": ["", "?level=gross_sales", "?document=BelegWortB1"],
    "chain": ["", "?link=dealer", "?q=Wort&conflicts=on"],
    "chain-of": ["", "?from=25"],
    "chain-what-if": ["", "?along=20&serving=5"],
    "leaving": ["", "?low=10&high=30&from=1"],
    "complaints": ["", "?cause=late"],
    "solved-complaints": ["", "?cause=late", "?cause=x&of_class=x"],
    "team-tasks": ["", "?who=1"],
    "timeline": ["", "?department=management", "?kind=complaint&until=2999-01-01"],
    "today": ["", "?of=mine"],
    "terms": ["", "?sort=back", "?sort=brings", "?from=25"],
    "repairs": ["", "?from=25"],
    "pursuits": ["", "?of=mine"],
    "new-pursuit": ["", "?name=WortA", "?name=WortB"],
    "capacity": ["", "?months=24"],
    "how-many": ["", "?kind=A", "?kind=typed"],
    "repair-plan": ["", "?letter=en"],
    "reveal-prices": [f"?document=BelegWortB1&day={TODAY}"],
}  # fmt: skip


def patterns(resolver=None, prefix=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        elif isinstance(each, URLPattern):
            yield each


# One of each way to know a customer or not: of whom everybody may know, `test_rows` asks for all,
# and here each customer's own page.
SOME = ("WortA", "WortB", "WortC")


def keys_of(things):
    return [str(key) for key in things.values_list("key", flat=True)]


def addresses():
    """Every named route with keys that the base has for its parameter; customers' own pages all."""
    some = {"customer__name__in": SOME}
    keys = {
        "every customer": keys_of(Customer.objects),
        "customer": keys_of(Customer.objects.filter(name__in=SOME)),
        "batch": keys_of(Batch.objects),
        "contact": keys_of(Contact.objects.filter(**some)),
        "agreement": keys_of(Agreement.objects.filter(**some)),
        "interaction": keys_of(Interaction.objects.filter(kind="note", **some)),
        "attachment": keys_of(Attachment.objects.filter(removed_at=None, **some)),
        "mention": keys_of(Mention.objects.filter(person__name__in=["Anna", "Frieda"], **some)),
        "complaint": keys_of(Complaint.objects.filter(solved_at=None, **some)),
        "survey": keys_of(Survey.objects.filter(**some)),
        # A link's secret is in no table: what is asked here is refused as any other.
        "token": ["x" * 43],
        "step": ["answer"],
        "task": keys_of(Task.objects.filter(owner__name__in=["Anna", "Frieda"], **some)),
        "answer": keys_of(Answer.objects.filter(by__name="Anna", **some)),
        "repair_plan": keys_of(RepairPlan.objects.filter(**some)),
        "language": ["de"],
        "pursuit": keys_of(Pursuit.objects.filter(**some)),
        "scenario": keys_of(Scenario.objects.all()),
        # The month whose work by now stands for the base.
        "of_month": [f"{month_after(TODAY.replace(day=1), 12):%Y-%m}"],
        "proposal": keys_of(Proposal.objects.filter(**some)),
        "departure": keys_of(Departure.objects),
        "absence": keys_of(Absence.objects),
        "sheet": keys_of(KnowledgeSheet.objects.filter(**some)),
        "field": ["email"],
        "partner": keys_of(Partner.objects),
        "colleague": keys_of(Colleague.objects.filter(name__in=["Anna", "Frieda"])),
        "correction": keys_of(Correction.objects.filter(**some))[:2],
        "touch": keys_of(Touch.objects.filter(**some))[:1],
        "referral": keys_of(Referral.objects.filter(**some))[:1],
        # Of no customer: nothing is told of it by its address.
        "spending": ["00000000-0000-4000-8000-000000000000"],
        "act": keys_of(BulkAct.objects),
        "keep": keys_of(Customer.objects.filter(name__in=["WortA", "WortB"])),
        "drop": keys_of(Customer.objects.filter(name__in=["WortJ", "WortC"])),
        "merge": keys_of(Merge.objects),
        "merge_proposal": keys_of(MergeProposal.objects),
        "pair": list(Duplicate.objects.values_list("pk", flat=True)),
        "product": list(Product.objects.values_list("pk", flat=True)) or [1],
        "person": list(User.objects.values_list("pk", flat=True)),
        "team": list(Team.objects.values_list("pk", flat=True)),
        "pool": list(Pool.objects.values_list("pk", flat=True)),
        "activity-type": list(ActivityType.objects.values_list("pk", flat=True)),
        # Two are enough: each is asked for with every customer.
        "activity": list(
            Activity.objects.filter(customer__name__in=["WortA", "WortB"])
            # One that follows from an interaction asks for more than others.
            .order_by("-derived", "customer__name")
            .values_list("pk", flat=True)
        ),
        "month": [MONTH],
        "stage": ["new"],
        "link": ["any", "dealer"],
    }
    newcomers = User.objects.filter(name__in=["Anna", "Bernd"]).values_list("pk", flat=True)
    queries = QUERIES | {"joining": ["", *(f"?who={pk}&customers=9" for pk in newcomers)]}
    for pattern in patterns():
        names = list(pattern.pattern.converters)
        choices = [_choices(pattern.name, name, keys) for name in names]
        for chosen in itertools.product(*choices):
            address = reverse(pattern.name, kwargs=dict(zip(names, chosen, strict=True)))
            for query in queries.get(pattern.name, [""]):
                yield pattern.name, address + query


def _choices(route, parameter, keys):
    if route == "customer":
        return keys["every customer"]
    if "import" in route:
        return keys["batch"]
    if "team" in route:
        return keys["team"]
    if route in ("person", "serves"):
        return keys["person"]
    if parameter == "pk" and route in keys:
        return keys[route]
    return keys["product"] if parameter == "pk" else keys.get(parameter, keys["customer"])


def words_of(answer) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return answer.content.decode(errors="replace") + str(answer.headers)


def walk(person):
    """Ask for every address as a person: route, address and answer of each."""
    client = Client(raise_request_exception=True)
    client.force_login(person)
    for route, address in list(addresses()):
        if route in ("sign-out", "sign-in"):
            continue
        answer = client.get(address, REMOTE_ADDR="192.0.2.9")
        assert answer.status_code in (200, 302, 403, 404, SENT_ONLY), (address, answer.status_code)
        yield route, address, answer


def told_in(answer, address) -> set[str]:
    """Names of customers that an answer tells in any word, beyond those that were asked for."""
    said = re.sub(r"q=[^\"&]*|value=\"[^\"]*\"", "", words_of(answer))
    said = re.sub(r"\w{60,}", "", said)  # a token holds any five letters now and then
    asked = set(re.findall(r"Wort[A-Z]", address))
    told = set(re.findall(r"(?:Land)?Wort[A-Z]", said))
    return {word for word in told if word.removeprefix("Land") not in asked}


@pytest.fixture
def behind_the_wall(settings):
    """As in real life: the site's database role, and the actor of the request's transaction."""
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def only_the_application(settings):
    settings.DATABASE_WALL_ROLE = ""


@pytest.mark.parametrize("name", ["Anna", pytest.param("Doris", marks=pytest.mark.slow)])
def test_the_first_wall_holds_alone(cast, facts, name, only_the_application):
    """Both walls together: `tests.audit.test_reads` walks the same way and looks at both."""
    known = facts.known(name)
    for route, address, answer in walk(cast[name]):
        told = {word.removeprefix("Land") for word in told_in(answer, address)}
        assert told <= known, (route, address)


def test_own_customers_are_there_and_others_answer_404(cast, facts, client, behind_the_wall):
    client.force_login(cast["Anna"])
    for customer in list(Customer.objects.all()):
        answer = client.get(reverse("customer", args=[customer.key]))
        assert answer.status_code == (200 if customer.name in facts.known("Anna") else 404)


def test_counts_and_figures_tell_of_own_customers_only(cast, facts, client, behind_the_wall):
    client.force_login(cast["Anna"])
    known = len(facts.known("Anna"))
    assert client.get(reverse("customers")).context["page"].about.number == known
    figures = client.get("/").context["figures"]
    assert figures.totals["customers"] == known
    client.force_login(cast["Greta"])
    assert client.get("/").context["figures"].totals["customers"] == len(facts.known("Greta"))


def test_who_may_not_import_is_not_sent_there(cast, client, behind_the_wall):
    client.force_login(cast["Emil"])
    for address in ("/", reverse("customers")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert reverse("imports") not in answer.content.decode()


def test_a_locked_account_gets_nowhere(cast, client):
    client.force_login(cast["Clara"])
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("name", ["Anna", "Bernd", "Doris", "Emil", "Hanno"])
def test_a_contact_is_found_by_its_whole_address_if_its_customer_is_known(
    cast, facts, client, name, behind_the_wall
):
    client.force_login(cast[name])
    for customer in facts.customers:
        for route in ("customers", "find"):
            answer = client.get(reverse(route), {"q": f" {customer.upper()}@example.com "})
            rows = answer.context["page"].rows if route == "customers" else answer.context["rows"]
            expected = {customer} & facts.known(name)
            assert {row.customer.name for row in rows} == expected, (route, customer)
