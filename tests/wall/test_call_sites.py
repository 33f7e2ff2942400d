"""Every question about customers begins with need-to-know, and no ``visible_to`` is idle.

With the second wall out of the way, each statement that a page sends about customers must itself
name the person. Then each place in the code that says so is taken out in turn, and must be missed.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import kundenstamm
from kundenstamm.acquisition.models import Partner
from kundenstamm.care.actions import Happening, record
from kundenstamm.care.survey_actions import own_language
from kundenstamm.customers.actions import open_to
from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import CustomerQuerySet
from kundenstamm.guard.audit.narrowing import AuditQuerySet
from kundenstamm.guard.audit.queries import Wanted, alarms, entries, unseen_alarms
from kundenstamm.guard.models import Alarm, Role, User
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.rights import Forbidden
from kundenstamm.guard.wall import tables
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.lifecycle.queries import comparing
from kundenstamm.pursuits.models import Scenario
from kundenstamm.serving.actions import allocate, enter_activity_type
from kundenstamm.serving.models import Pool
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.today.models import Preparation
from tests.wall.conftest import AT, TODAY
from tests.wall.test_pages import addresses

PACKAGE = Path(kundenstamm.__file__).parent
NARROWING = ("visible_to", "visible_one_by_one")
NAMES_THE_PERSON = re.compile(r"customers_(known_to|known_bits|hidden_from)\(")


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
    told = {"customer": customer, "valid_from": TODAY, "agreed_by": frieda, "agreed_at": AT}
    Agreement.objects.create(kind=Kind.FREE_GOODS, free_quantity=1, per_quantity=12, **told)
    Agreement.objects.create(kind=Kind.PAYMENT_TERM, payment_days=90, **told)
    return cast


def _support(customer, frieda):
    """Work that follows from an interaction."""
    by, pool = {"actor": frieda, "at": AT}, Pool.objects.get()
    enter_activity_type(
        "support", pool, EntryKind.SUPPORT, Decimal(10), derived_from="support", **by
    )
    record(customer, Happening("support", AT), **by)


def call_sites():
    """File and line of every place in the package that narrows."""
    for path in sorted(PACKAGE.rglob("*.py")):
        # Departures are confided to few by conditions of their own, and what their proposals read
        # is asked by buttons, which no walk through pages presses: see `test_departure_sites`.
        if "tests" in path.parts or "departures" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            narrows = any(f".{name}(" in line for name in NARROWING)
            if narrows and "super()" not in line and "``" not in line:
                yield str(path), number


def asked_for(person, customer):
    """One address of each route and query, for one customer that the person knows."""
    key = str(customer.key)
    own = {key, *(str(contact.key) for contact in customer.contacts.all())}
    for things in (
        customer.agreements, customer.proposals, customer.repair_plans, customer.interactions,
        customer.tasks, customer.complaints, customer.pursuits,
    ):  # fmt: skip
        own |= {str(thing.key) for thing in things.all()}
    own |= {str(key) for key in Scenario.objects.filter(owner=person).values_list("key", flat=True)}
    own |= {str(act.key) for act in person.bulk_acts.all()}
    own |= {str(partner.key) for partner in Partner.objects.all()}
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


def _ask(client, address, entry):
    """Get a page; the one that only takes what is sent is sent an entry."""
    if not address.endswith("/link/"):
        return client.get(address)
    return client.post(address, {"entry": entry, "agreement": uuid4()})


def nameless(person, asking=None):
    """Statements about customers that do not say for whom; ``asking``: at these addresses."""
    customer = Customer.objects.get(name="WortA")
    about = re.compile("|".join([rf'FROM "?{each.table}\b' for each in tables()] + ["ledger_line"]))
    client, entry = Client(raise_request_exception=False), customer.entries.latest("pk").pk
    client.force_login(person)
    found = []
    for address in list(asked_for(person, customer)) if asking is None else asking:
        reset_queries()  # the log holds so many and no more
        with CaptureQueriesContext(connection) as asked:
            answer = _ask(client, address, entry)
        found += _nameless(asked, address, about)
        if answer.status_code >= 500:
            found.append((address, "no page at all"))
    with CaptureQueriesContext(connection) as asked, suppress(Forbidden):
        own_language(person, customer)
        open_to(person, customer, "Vertretung", actor=User(pk=person.pk, role=Role.OWNER), at=AT)
    return found + _nameless(asked, "open_to", about)


def _nameless(asked, address, about):
    return [
        (address, query["sql"])
        for query in asked
        if about.search(query["sql"]) and not NAMES_THE_PERSON.search(query["sql"])
    ]


@pytest.mark.slow
def test_every_statement_about_customers_names_the_person(everything_happens, cast):
    for name in ("Anna", "Doris", "Greta", "Frieda"):
        assert nameless(cast[name]) == [], name


@pytest.mark.slow
def test_each_visible_to_is_needed(everything_happens, cast, monkeypatch, record_property):
    """Of the addresses that lead to a place, some are asked again without it."""
    Alarm.objects.create(at=AT, kind="refused", person=cast["Bernd"], reason="Probe")
    leading = _leading_to_each(cast, monkeypatch)
    caught = {}
    for site in call_sites():
        with monkeypatch.context() as patch:
            _narrow_by(patch, lambda here, site=site: here != site)
            caught[f"{Path(site[0]).name}:{site[1]}"] = _missed(cast, leading[site])
    record_property("taken out, caught", caught)
    assert len(caught) > 20
    assert all(caught.values()), [site for site, count in caught.items() if not count]


def _leading_to_each(cast, monkeypatch):
    """Place in the code → who gets there by which addresses."""
    leading = defaultdict(lambda: defaultdict(list))
    customer = Customer.objects.get(name="WortA")
    for name in ("Anna", "Greta", "Frieda"):
        client, entry = Client(), customer.entries.latest("pk").pk
        client.force_login(cast[name])
        for address in list(asked_for(cast[name], customer)):
            reached = set()
            with monkeypatch.context() as patch:
                _narrow_by(patch, lambda here, reached=reached: bool(reached.add(here)) or True)
                _ask(client, address, entry)
            for site in reached:
                leading[site][name].append(address)
    return leading


def _missed(cast, leading):
    """How often the first who misses it does: on a page, by an action, by the audit."""
    for name, asking in (leading or {"Anna": []}).items():
        for address in asking or [None]:
            if found := nameless(cast[name], [address] if address else []):
                return len(found)
    anna = cast["Anna"]
    return len(entries(anna, Wanted()).rows) + len(alarms(anna)) + unseen_alarms(anna)


def _narrow_by(patch, narrows):
    """``visible_to`` narrows where ``narrows(place)`` says so; a place is file and line."""
    for queryset in (NeedToKnowQuerySet, CustomerQuerySet, AuditQuerySet):
        for name in NARROWING:
            if narrowing := getattr(queryset, name, None):
                patch.setattr(queryset, name, _narrowing(narrowing, narrows))


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
