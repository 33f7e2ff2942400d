"""The hidden truth of the invented company: coming years, answers to measures, concessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from kundenstamm.worth.levels import Kind
from kundenstamm.worth.synthetic import base, coming, sample_company
from kundenstamm.worth.synthetic.answers import World, answered, kept
from kundenstamm.worth.synthetic.coming import Bought, Played
from kundenstamm.worth.synthetic.company import Plan
from kundenstamm.worth.synthetic.concessions import concessions
from kundenstamm.worth.synthetic.reactions import Load, Reaction, loads, reactions
from kundenstamm.worth.synthetic.service import FREIGHT, RATE

PLAN = Plan(date(2026, 6, 30), seed=3, customers=60)
POOLS = ("Außendienst", "Innendienst", "Lager und Versand", "Kundendienst")
ANSWER = Reaction(price=0.1, patience=20, care=0.5, follows=True, dealer_work=0.25)


def _world(elastic=0.0, overtime=0.0):
    pools = {name: Load(1.0, elastic) for name in POOLS}
    return World(pools, {name: np.full(12, overtime) for name in POOLS})


IDLE, FULL = _world(), _world(elastic=1.0)


def _customer(days=(0, 10, 100), care=4):
    orders = [Bought(day, 100.0, -10.0, -5.0, -50.0, 8.0, 9.0) for day in days]
    return Played(orders, [(Kind.VISIT, 0, 60.0)] * care, [], -2.0, -1.0)


def test_a_year_is_played_alike_and_differently():
    made = base.buyers(PLAN)
    one, same, other = (coming.played(PLAN, made, n) for n in (1, 1, 2))
    assert one == same != other
    assert {order.day for each in one.values() for order in each.orders} <= set(range(365))


def test_what_is_played_adds_up_like_the_ledger():
    """The very history, played once more without another chance, has the ledger's contribution."""
    made = base.buyers(PLAN)
    company = sample_company(PLAN.until, PLAN.seed, PLAN.customers)
    year = coming.played(PLAN, made, 3)
    revenue = sum(float(a) for a in company.sales["amount"]) / PLAN.years
    played = sum(order.net for one in year.values() for order in one.orders)
    assert played == pytest.approx(revenue, rel=0.35)
    standard = sum(coming.at_standard_rates(one) for one in year.values())
    lines = sum(float(a) for a in company.lines()["amount"]) / PLAN.years
    assert standard == pytest.approx(lines, rel=0.5)


def test_work_in_idle_pools_costs_nothing_and_in_full_ones_its_rate():
    one = _customer()
    money = 3 * (85 - 50 - FREIGHT) - 3
    assert kept(one, IDLE) == pytest.approx(money)
    minutes = 3 * (8 * RATE["Innendienst"] + 9 * RATE["Lager und Versand"])
    care = 240 * RATE["Außendienst"]
    assert kept(one, FULL) == pytest.approx(money - minutes - care)
    # An hour of overtime in the month of the visits: only that much is saved.
    hour = replace(_customer(days=()), waiting=0.0, bonus=0.0)
    assert kept(hour, _world(overtime=60.0)) == pytest.approx(-60 * RATE["Außendienst"])


@pytest.mark.parametrize(
    ("measure", "size", "stays"),
    [("price", 0.1, True), ("price", 0.11, False), ("service", 0.5, True), ("service", 0.4, False)],
)
def test_a_customer_bears_a_measure_or_leaves(measure, size, stays):
    found = answered(_customer(), ANSWER, IDLE, measure, size)
    assert (found != 0) == stays


def test_what_measures_bring():
    one = _customer()
    now = kept(one, IDLE)
    assert answered(one, ANSWER, IDLE, "price", 0.1) == pytest.approx(now + 25.5 - 0.3)
    assert answered(one, ANSWER, IDLE, "let_go", 0) == 0
    assert answered(one, replace(ANSWER, follows=False), FULL, "dealer", 0.15) == 0
    dealer = 3 * (90 * 0.85 - 50 - FREIGHT / 4)
    assert answered(one, ANSWER, IDLE, "dealer", 0.15) == pytest.approx(dealer)
    # The list is 16 above its 270 less 16; who bears 5 % only stays away.
    assert answered(one, replace(ANSWER, price=0.05), IDLE, "dealer", 0.15) == 0
    spared = answered(one, ANSWER, FULL, "service", 0.5) - kept(one, FULL)
    assert spared == pytest.approx(120 * RATE["Außendienst"])


@pytest.mark.parametrize(("patience", "orders", "typing"), [(5, 0, 0), (20, 1, 12), (200, 1, 12)])
def test_orders_wait_for_each_other_as_long_as_the_customer_does(patience, orders, typing):
    """The second order comes after ten days, the third after ninety more."""
    one, answer = _customer(), replace(ANSWER, patience=patience)
    found = answered(one, answer, FULL, "minimum_order", 150.0)
    each = 2 * 35 - FREIGHT - typing * RATE["Innendienst"] - 13 * RATE["Lager und Versand"]
    share = 2 / 3 if orders else 0
    expected = orders * each - 3 * share - 240 * RATE["Außendienst"]
    assert found == pytest.approx(expected)


def test_hidden_truth_is_the_same_for_the_same_seed_only():
    made = base.buyers(PLAN)
    other = replace(PLAN, seed=4)
    assert reactions(PLAN, made) == reactions(PLAN, made) != reactions(other, made)
    assert loads(PLAN) == loads(PLAN) != loads(other)
    assert not any(reactions(PLAN, made)[b.number].follows for b in made if b.link == "dealer")


def test_concessions_have_both_kinds():
    found = concessions(PLAN)
    assert found.columns == ["customer", "kind", "starts", "ends", "share", "slipped"]
    assert set(found["slipped"]) == {True, False}
    assert (found["share"] >= 0).all()
    assert (found["ends"].fill_null(date.max) >= found["starts"]).all()
