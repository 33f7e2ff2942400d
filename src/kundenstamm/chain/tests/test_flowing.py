"""The flow down a chain: the widest links, the others counted, the hidden not told of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kundenstamm.chain import flowing
from kundenstamm.chain.flowing import flow
from kundenstamm.customers.models import Customer
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.lifecycle.tests.books import AS_OF


def told(world, person, top="Gross"):
    return flow(person, latest_run(), world.of[top], AS_OF)


def test_reports_are_the_width_and_invoices_where_there_is_none(world):
    dealers, ends = told(world, world.frieda)
    # Nobody reported what the wholesaler sold: what we invoiced the dealers stands for it.
    assert [(each.lower.name, each.volume, each.reported) for each in dealers.flows] == [
        ("Ahrens", Decimal("100.1"), False), ("Benn", 10, False),
    ]  # fmt: skip
    assert {(each.lower.name, each.volume, each.reported) for each in ends.flows} == {
        ("Eck", 400, True), ("Dom", 300, True), ("Dom", 100, True),
        ("Café", Decimal("20.01"), False),
    }  # fmt: skip
    assert [each.profit < 0 for each in dealers.flows] == [False, True]


def test_the_others_are_counted_with_all_they_carry(world, monkeypatch):
    whole = told(world, world.frieda)
    monkeypatch.setattr(flowing, "WIDEST", 1)
    dealers, ends = told(world, world.frieda)
    assert ([each.lower.name for each in dealers.flows], dealers.others.number) == (["Ahrens"], 1)
    assert dealers.others.volume == 10
    # Of the second step only those behind the dealer that is drawn.
    assert [each.lower.name for each in ends.flows] == ["Dom", "Café"]
    for few, all_of in ((dealers, whole[0]),):
        volumes = [sum(each.volume for each in step.flows) for step in (few, all_of)]
        assert volumes[0] + few.others.volume == volumes[1] + all_of.others.volume


def test_only_known_customers_flow(world):
    """Anna serves Benn: the others are nobody she hears of, neither by name nor in a sum."""
    [ends] = told(world, world.anna, "Benn")
    assert {each.lower.name for each in ends.flows} == {"Dom", "Eck"}
    Customer.objects.filter(name="Eck").update(confidential=True)
    [ends] = told(world, world.anna, "Benn")
    assert [(each.lower.name, each.volume) for each in ends.flows] == [("Dom", 100)]
    assert ends.others == flowing.Others(0, Decimal(0), Decimal(0))


@pytest.mark.parametrize("name", ["Eck"])
def test_nothing_flows_from_the_end(world, name):
    assert told(world, world.frieda, name) == []
