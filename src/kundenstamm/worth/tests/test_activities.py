"""Time-driven costing against the published case, and to the last ten-thousandth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.activities import ActivityError, Pool, TimeEquation, allocated

# Kaplan & Anderson (2004): the customer service department in a quarter.
DEPARTMENT = Pool(cost=Decimal(560_000), capacity=Decimal(700_000))
CASE = [  # activity, minutes each, how many, cost each, cost of all
    ("order", 8, 49_000, "6.40", "313600"),
    ("inquiry", 44, 1_400, "35.20", "49280"),
    ("credit check", 50, 2_500, "40.00", "100000"),
]


def decimals(*values):
    return pl.Series([Decimal(value) for value in values], dtype=pl.Decimal(18, 3))


def test_the_published_case():
    assert DEPARTMENT.rate == Decimal("0.8")
    minutes = [each for _name, each, count, _one, _all in CASE for _ in range(count)]
    costs, share = allocated(pl.Series(minutes, dtype=pl.Float64), DEPARTMENT)
    at = 0
    for _name, _minutes, count, one, whole in CASE:
        own = costs[at : at + count]
        assert own.unique().to_list() == [Decimal(one)]
        assert own.sum() == Decimal(whole)
        at += count
    assert (share.used, share.charged, share.idle) == (578_600, Decimal(462_880), Decimal(97_120))


@pytest.mark.parametrize(
    ("amounts", "minutes"),
    [({}, "0.5"), ({"special": 1}, "7.0"), ({"special": 1, "air": 1}, "7.2"), ({"air": 3}, "1.1")],
)
def test_the_published_time_equation(amounts, minutes):
    packing = TimeEquation(Decimal("0.5"), {"special": Decimal("6.5"), "air": Decimal("0.2")})
    told = packing.minutes({name: Decimal(amount) for name, amount in amounts.items()})
    assert told == Decimal(minutes)


def test_a_pool_never_charges_more_than_it_costs():
    costs, share = allocated(decimals("60", "60"), Pool(Decimal(90), Decimal(100)))
    assert share.overloaded
    assert costs.to_list() == [Decimal(45), Decimal(45)]
    assert share.idle == 0


def test_without_activities_all_is_idle():
    costs, share = allocated(decimals(), Pool(Decimal(90), Decimal(100)))
    assert costs.len() == 0
    assert (share.charged, share.idle, share.used) == (0, 90, 0)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 10_000_000), min_size=1, max_size=40),
    st.integers(0, 10**12),
    st.integers(1, 10**9),
)
def test_costs_add_up_and_none_is_off_by_a_unit(ticks, cost, capacity):
    minutes = decimals(*(Decimal(tick) / 1000 for tick in ticks))
    pool = Pool(Decimal(cost) / 10_000, Decimal(capacity))
    costs, share = allocated(minutes, pool)
    assert share.charged + share.idle == pool.cost
    assert sum(costs.to_list(), Decimal(0)) == (share.charged if any(ticks) else 0)
    assert share.charged <= pool.cost
    rate = Fraction(pool.cost) / max(capacity * 1000, sum(ticks))
    assert abs(Fraction(share.charged) - rate * sum(ticks)) <= Fraction(1, 20_000)
    for tick, own in zip(ticks, costs.to_list(), strict=True):
        assert own >= 0
        assert abs(Fraction(own) - rate * tick) < Fraction(1, 10_000)


many_ticks = st.lists(st.integers(0, 9) | st.integers(0, 60_000), min_size=1, max_size=60)


@settings(max_examples=300, deadline=None)
@given(many_ticks, st.integers(0, 10**9), st.integers(4_000, 10**6), st.data())
def test_one_activity_more_moves_two_others_at_most(ticks, cost, capacity, data):
    """Also where the rate is so round that every share ends in half a unit."""
    cost = data.draw(st.sampled_from([cost, capacity * 500, capacity * 15]))
    pool = Pool(Decimal(cost) / 10_000, Decimal(capacity))
    at, more = data.draw(st.integers(0, len(ticks))), data.draw(st.integers(0, 60_000))
    before, _share = allocated(decimals(*(Decimal(n) / 1000 for n in ticks)), pool)
    longer = [*ticks[:at], more, *ticks[at:]]
    after, _share = allocated(decimals(*(Decimal(n) / 1000 for n in longer)), pool)
    others = after.to_list()[:at] + after.to_list()[at + 1 :]
    moved = [
        abs(one - other)
        for one, other in zip(before.to_list(), others, strict=True)
        if one != other
    ]
    assert len(moved) <= 2
    assert all(by == Decimal("0.0001") for by in moved)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Pool(Decimal(-1), Decimal(5)), "cannot cost -1"),
        (lambda: Pool(Decimal(1), Decimal(0)), "capacity above nil"),
        (lambda: TimeEquation(Decimal(1)).minutes({"km": Decimal(2)}), "no driver 'km'"),
        (
            lambda: TimeEquation(Decimal(1), {"km": Decimal(-1)}).minutes({"km": Decimal(2)}),
            "gives -1 minutes",
        ),
        (lambda: allocated(decimals("1", "-2"), DEPARTMENT), "row 1 takes -2"),
        (lambda: allocated(pl.Series([None, 1.0]), DEPARTMENT), "row 0 has no minutes"),
        (lambda: allocated(pl.Series([float("nan")]), DEPARTMENT), "row 0 takes nan"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(make, said):
    with pytest.raises(ActivityError, match=said):
        make()
