"""Whom a customer is measured against, and that nobody learns of others by it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.models import Role, User
from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.queries import customer_sheet
from kundenstamm.lifecycle.queries.comparing import AT_LEAST, AT_MOST
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post

pytestmark = pytest.mark.django_db
SALE, VISIT, DELIVERY = EntryKind.SALE, EntryKind.VISIT, EntryKind.DELIVERY


@pytest.fixture
def base(frieda):
    """Forty dealers and bakers of 1000 to 1390, visits at 3 %; the first is visited at 9 %."""
    known = customers(*(f"Kunde {n:02}" for n in range(40)))
    for n, who in enumerate(known):
        who.link, who.trade = ("dealer", "end_customer")[n >= 30], ("bakery", "café")[n % 2]
    Customer.objects.bulk_update(known, ["link", "trade"])
    day = AS_OF - timedelta(days=30)
    lines = [(who, day, SALE, 1000 + 10 * n) for n, who in enumerate(known)]
    lines += [(who, day, VISIT, -3 * (1000 + 10 * n) // 100) for n, who in enumerate(known) if n]
    lines += [(who, day, DELIVERY, -20) for who in known]
    post(frieda, [*lines, (known[0], day, VISIT, -90)])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    return known


def test_the_nearest_of_the_same_link_and_trade_as_shares(base, frieda):
    found = customer_sheet(frieda, base[0].key, AS_OF).comparable
    alike = [1000 + 10 * n for n in range(2, 30, 2)]
    assert (found.customers, found.alike) == (len(alike), ("link", "trade"))
    assert found.shares["net_revenue"] == 1
    assert found.shares["goods"] == pytest.approx(-0.65)
    served = [Decimal(-3 * net // 100 - 20) for net in alike]
    assert found.year_cost_to_serve == sum(served) / len(alike)
    assert found.shares["contribution_2"] == pytest.approx(0.35 + float(sum(served)) / sum(alike))
    assert (found.largest.kind, found.largest.own) == (VISIT, pytest.approx(0.09))
    assert found.largest.others == pytest.approx(0.03, abs=0.001)


def test_each_rung_of_the_ladder(base, frieda):
    """Of ten end customers five share the trade: too few, so the link alone must do."""
    assert customer_sheet(frieda, base[35].key, AS_OF).comparable.alike == ("link",)
    Customer.objects.filter(pk=base[35].pk).update(link="agent")
    assert customer_sheet(frieda, base[35].key, AS_OF).comparable.alike == ("trade",)
    Customer.objects.filter(pk=base[35].pk).update(trade="")
    found = customer_sheet(frieda, base[35].key, AS_OF).comparable
    assert (found.alike, found.customers) == ((), AT_MOST)


def test_others_of_another_size_are_no_yardstick(base, frieda):
    [giant] = customers("Riese")
    post(frieda, [(giant, AS_OF, SALE, 5000)])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert customer_sheet(frieda, giant.key, AS_OF).comparable is None


def test_only_customers_that_the_reader_knows_are_averaged(base, frieda):
    """Whatever others bring or cost, what Anna is shown does not move by a digit."""
    anna = User.objects.create(
        email="anna@example.com", name="Anna", role=Role.REPRESENTATIVE, created_at=AT
    )
    code = Representative.objects.create(code="A", name="Anna", user=anna)
    own = base[: AT_LEAST + 1]
    for who in own:
        Assignment.objects.create(customer=who, representative=code, starts=date(2020, 1, 1))
    before = customer_sheet(anna, base[0].key, AS_OF).comparable
    assert (before.customers, before.alike) == (AT_LEAST, ("link",))
    post(frieda, [(who, AS_OF, VISIT, -500) for who in base[AT_LEAST + 1 :]])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    after = customer_sheet(anna, base[0].key, AS_OF).comparable
    assert (after.shares, after.largest) == (before.shares, before.largest)
    Assignment.objects.filter(customer=base[3]).delete()
    assert customer_sheet(anna, base[0].key, AS_OF).comparable is None  # seven are too few
