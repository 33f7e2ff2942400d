"""Every question about customers begins with need-to-know, and no ``visible_to`` is idle.

With the second wall out of the way, each statement that a page or a button sends about customers
must itself name the person, and no answer may tell of others. Then each place in the code that says
so is taken out in turn, and must be missed.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, reset_queries
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import kundenstamm
from kundenstamm.acquisition.models import Arrival, Partner
from kundenstamm.care.actions import Happening, record
from kundenstamm.chain.actions import reckon_all
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.customers.queries import CustomerQuerySet
from kundenstamm.guard.audit.narrowing import AuditQuerySet
from kundenstamm.guard.audit.queries import Wanted, alarms, entries, unseen_alarms
from kundenstamm.guard.models import Alarm
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.wall import tables
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.lifecycle.queries import comparing
from kundenstamm.pursuits.models import Scenario
from kundenstamm.relations.models import Colleague
from kundenstamm.serving.actions import allocate, enter_activity_type
from kundenstamm.serving.models import Pool
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.today.models import Preparation
from tests.wall.conftest import AT, TODAY
from tests.wall.pressing import PRESSES, pressed, things
from tests.wall.test_pages import addresses, told_in

PACKAGE = Path(kundenstamm.__file__).parent
NARROWING = ("visible_to", "visible_one_by_one")
# The same as conditions of statements in plain SQL.
IN_PLAIN_SQL = ("known_customers", "known_one_by_one", "bit_of")
# Where they are called; in text of ours they stand in double backticks.
NARROWS = re.compile(
    rf"^(?!.*(``|super\(\)\.visible)).*"
    rf"(\.({'|'.join(NARROWING)})|(?<!def )\b({'|'.join(IN_PLAIN_SQL)}))\("
)
CONFIDED = re.compile(r"(Departure|Absence|WatchOpening)\.objects\.visible_to")
NAMES_THE_PERSON = re.compile(r"customers_(known_to|known_bits|hidden_from)\(")

# It reads nothing, not even whether there is such a row.
ONLY_LOCKS = re.compile(r"SELECT FROM .* FOR UPDATE$")


@pytest.fixture(autouse=True)
def _one_is_comparable(monkeypatch):
    """The few customers here are too few to compare with, and then nothing more is asked."""
    monkeypatch.setattr(comparing, "AT_LEAST", 1)


@pytest.fixture
def everything_happens(cast, settings):
    """What a customer must have had for every question about it to be asked."""
    customer, frieda = Customer.objects.get(name="WortA"), cast["Frieda"]
    settings.MAIL_HOST = "mail.example.com"
    _support(customer, frieda)
    allocate(Month.of(TODAY), actor=frieda, at=AT)
    losing = {"year_contribution_3": -1, "first_day": TODAY - timedelta(days=400)}
    Estimate.objects.filter(customer=customer).update(**losing)
    # The day's classes, by which answers are split.
    Preparation.objects.create(
        run=ValuationRun.objects.latest("pk"), as_of=TODAY, whole=True, steps=0, least_a=1,
        least_b=0, actor=frieda, made_at=AT,
    )  # fmt: skip
    # One that has not bought yet: a prospect.
    Estimate.objects.filter(customer__name="WortK").update(first_day=None)
    Arrival.objects.filter(customer__name="WortK").update(day=None)
    _link_to_the_hidden(frieda)
    told = {"customer": customer, "valid_from": TODAY, "agreed_by": frieda, "agreed_at": AT}
    Agreement.objects.create(kind=Kind.FREE_GOODS, free_quantity=1, per_quantity=12, **told)
    Agreement.objects.create(kind=Kind.PAYMENT_TERM, payment_days=90, **told)
    return cast


def _link_to_the_hidden(frieda):
    """WortA is known to Anna and Greta, but neither who supplies it nor whom it supplies."""
    of = {letter: Customer.objects.get(name=f"Wort{letter}") for letter in "ACD"}
    for upper, lower in ("CA", "AD"):
        ChainLink.objects.create(
            upstream=of[upper], downstream=of[lower], valid_from=TODAY - timedelta(days=9)
        )
    reckon_all(TODAY, actor=frieda, at=AT)


def _support(customer, frieda):
    """Work that follows from an interaction."""
    by, pool = {"actor": frieda, "at": AT}, Pool.objects.get()
    enter_activity_type(
        "support", pool, EntryKind.SUPPORT, Decimal(10), derived_from="support", **by
    )
    record(customer, Happening("support", AT), **by)


def call_sites():
    """File and line of every place in the package that narrows.

    But for departures, see `test_departure_sites`: they are confided to few by conditions of their
    own, and what their proposals read is asked by buttons.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts or "departures" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if NARROWS.search(line) and not CONFIDED.search(line):
                yield str(path), number


def asked_for(person, customer):
    """One address of each route and query, for one customer that the person knows."""
    key = str(customer.key)
    own = {key, *(str(contact.key) for contact in customer.contacts.all())}
    for kept in (
        customer.agreements, customer.proposals, customer.repair_plans, customer.interactions,
        customer.tasks, customer.complaints, customer.pursuits,
    ):  # fmt: skip
        own |= {str(thing.key) for thing in kept.all()}
    own |= {str(key) for key in Scenario.objects.filter(owner=person).values_list("key", flat=True)}
    own |= {str(act.key) for act in person.bulk_acts.all()}
    for model in (Partner, Colleague):
        own |= {str(thing.key) for thing in model.objects.all()}
    yield f"{reverse('customers')}?after={key}"
    numbered = set()  # one of these is as good as all: none is a customer
    for route, address in addresses():
        general = re.sub(r"/\d+/", "/1/", address)
        if route in ("sign-out", "sign-in") or general in numbered:
            continue
        numbered.add(general)
        mine = re.search(r"[0-9a-f-]{36}", address)
        if mine is None or mine[0] in own:
            yield address
    yield from PRESSES


def _asking(person):
    """Press a button, or get a page; the one that only takes what is sent is sent an entry."""
    given = things()
    client = Client(raise_request_exception=False)
    client.force_login(person)

    def ask(address):
        if address in PRESSES:
            return HttpResponse(pressed(address, person, given))
        if not address.endswith("/link/"):
            return client.get(address)
        return client.post(address, {"entry": given.entry, "agreement": uuid4()})

    return ask


def about_customers():
    read = "|".join(each.table for each in tables())
    return re.compile(rf'(FROM|JOIN) "?({read})\b|ledger_line')


def too_much(person, asking=None):
    """Statements about customers that do not say for whom, and whom an answer tells of wrongly.

    ``asking``: at these addresses only.
    """
    customer = Customer.objects.get(name="WortA")
    known = set(Customer.objects.visible_to(person).values_list("name", flat=True))
    about = about_customers()
    ask, found = _asking(person), []
    for address in list(asked_for(person, customer)) if asking is None else asking:
        reset_queries()  # the log holds so many and no more
        with CaptureQueriesContext(connection) as asked:
            answer = ask(address)
        found += _nameless(asked, address, about)
        if answer.status_code >= 500:
            found.append((address, "no page at all"))
        told = {word.removeprefix("Land") for word in told_in(answer, address)}
        found += [(address, name) for name in told - known]
    return found


def _nameless(asked, address, about):
    return [
        (address, query["sql"])
        for query in asked
        if about.search(query["sql"])
        and not NAMES_THE_PERSON.search(query["sql"])
        and not ONLY_LOCKS.match(query["sql"])
    ]


@pytest.mark.slow
def test_every_statement_about_customers_names_the_person(everything_happens, cast):
    for name in ("Anna", "Doris", "Greta", "Frieda"):
        assert too_much(cast[name]) == [], name


@pytest.mark.slow
def test_each_visible_to_is_needed(everything_happens, cast, monkeypatch, record_property):
    """Of the addresses that lead to a place, some are asked again without it."""
    Alarm.objects.create(at=AT, kind="refused", person=cast["Bernd"], reason="Probe")
    leading = _leading_to_each(cast, monkeypatch)
    caught = {}
    for site in call_sites():
        with monkeypatch.context() as patch:
            _narrow_by(patch, lambda here, site=site: here != site)
            caught[f"{Path(site[0]).relative_to(PACKAGE)}:{site[1]}"] = _missed(cast, leading[site])
    record_property("taken out, caught", caught)
    assert len(caught) > 200
    assert all(caught.values()), [site for site, count in caught.items() if not count]


def _leading_to_each(cast, monkeypatch):
    """Place in the code → who gets there by which addresses."""
    leading = defaultdict(lambda: defaultdict(list))
    customer = Customer.objects.get(name="WortA")
    for name in ("Anna", "Greta", "Frieda"):
        ask = _asking(cast[name])
        for address in list(asked_for(cast[name], customer)):
            reached = set()
            with monkeypatch.context() as patch:
                _narrow_by(patch, lambda here, reached=reached: bool(reached.add(here)) or True)
                ask(address)
            for site in reached:
                leading[site][name].append(address)
    return leading


def _missed(cast, leading):
    """How often the first who misses it does: on a page, by an action, by the audit."""
    for name, asking in leading.items():
        for address in asking:
            if found := too_much(cast[name], [address]):
                return len(found)
    anna = cast["Anna"]
    return len(entries(anna, Wanted()).rows) + len(alarms(anna)) + unseen_alarms(anna)


def _narrow_by(patch, narrows):
    """``visible_to`` narrows where ``narrows(place)`` says so; a place is file and line."""
    for queryset in (NeedToKnowQuerySet, CustomerQuerySet, AuditQuerySet):
        for name in NARROWING:
            if narrowing := getattr(queryset, name, None):
                patch.setattr(queryset, name, _narrowing(narrowing, narrows))
    for module in [each for name, each in sys.modules.items() if name.startswith("kundenstamm.")]:
        for name in IN_PLAIN_SQL:
            if condition := getattr(module, name, None):
                patch.setattr(module, name, _condition(condition, narrows))


def _condition(condition, narrows):
    def known(*told):
        frame = sys._getframe(1)
        return condition(*told) if narrows((frame.f_code.co_filename, frame.f_lineno)) else "true"

    return known


def _narrowing(narrowing, narrows):
    def visible_to(self, actor):
        frame = sys._getframe(1)
        if "manager.py" in frame.f_code.co_filename:  # Model.objects passes it on
            frame = frame.f_back
        here = (frame.f_code.co_filename, frame.f_lineno)
        return narrowing(self, actor) if narrows(here) else self

    return visible_to


@pytest.mark.parametrize("name", ["Emil", "Clara"])
def test_who_knows_nobody_is_asked_nothing_about_customers(cast, name):
    assert not Customer.objects.visible_to(cast[name]).exists()
