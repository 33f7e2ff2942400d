"""What-if before signing: the published formula, tables of cases, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kundenstamm.worth.decisions.terms import Interval, break_even, walk_away, what_if
from kundenstamm.worth.decisions.year import Change, DecisionError, Tier, Year, changed
from kundenstamm.worth.levels import Kind

# 100,000 of sales, 60,000 of goods, 15,000 of service (half of it by volume), 1,000 of winning.
USUAL = Year(
    100_000.0,
    goods=-60_000.0,
    serving={Kind.ORDER: -5_000.0, Kind.DELIVERY: -2_500.0, Kind.VISIT: -7_500.0},
    winning=-1_000.0,
)
PLAIN = Year(100_000.0, goods=-60_000.0)

shares = st.floats(-0.3, 0.3)
years = st.builds(
    Year,
    st.floats(1_000, 1e6),
    st.floats(-500, 0),
    st.floats(-400, 0),
    st.floats(-2e5, 0),
    st.fixed_dictionaries({Kind.ORDER: st.floats(-1e4, 0), Kind.VISIT: st.floats(-1e4, 0)}),
    st.floats(-1e4, 0),
)
changes = st.builds(
    Change, shares, st.floats(0, 0.3), st.just(()), st.floats(0, 90), st.just(0.06), st.floats(0, 2)
)


def test_levels_from_the_ledgers_sums():
    year = Year.of({10: 100.0, 20: -10.0, 31: -5.0, 40: -50.0, 52: -8.0, 55: -1.0, 61: -2.0})
    assert (year.turnover, year.net_revenue, year.contribution_1) == (90, 85, 35)
    assert (year.cost_to_serve, year.contribution_2, year.contribution_3) == (-9, 26, 24)


@pytest.mark.parametrize(
    ("change", "contribution_3"),
    [
        (Change(), 24_000),
        (Change(price=-0.05), 19_000),
        (Change(rebate=0.05), 19_000),
        (Change(payment_days=36.5, financing_rate=0.1), 23_000),
        (Change(service=0.5), 31_500),
        # A tenth more: 4,000 of contribution I, 750 of orders and deliveries, no more visits.
        (Change(volume=0.1), 27_250),
        (Change(tiers=(Tier(0, 0.01), Tier(100_000, 0.03), Tier(200_000, 0.09))), 21_000),
        (Change(volume=-0.5, tiers=(Tier(100_000, 0.03),)), 7_750),
    ],
)
def test_what_terms_do(change, contribution_3):
    assert changed(USUAL, change).contribution_3 == pytest.approx(contribution_3)


@given(st.floats(0.05, 0.9), st.floats(-0.5, 0.5))
def test_break_even_is_the_published_formula(margin, price):
    assume(margin + price > 0.01)
    year = Year(100_000.0, goods=-100_000.0 * (1 - margin))
    assert break_even(year, Change(price=price)) == pytest.approx(-price / (margin + price))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(price=-0.4), None),
        (Change(price=-0.5), None),
        (Change(rebate=0.2), 1.0),
        (Change(price=0.1), -0.2),
        # Reached at twice the volume: 80,000 − 20,000 of rebate is more than 40,000 already.
        (Change(price=0.0, tiers=(Tier(200_000, 0.1),)), 0.0),
        # From 100,000 on a quarter is lost, below it nothing: but there it brings less than today.
        (Change(tiers=(Tier(100_000, 0.25),)), 40_000 / 15_000 - 1),
    ],
)
def test_break_even_by_hand(change, expected):
    found = break_even(PLAIN, change)
    assert found is expected if expected is None else found == pytest.approx(expected)


@settings(max_examples=200, deadline=None)
@given(years, changes)
def test_at_break_even_the_customer_brings_what_it_brought(year, change):
    found = break_even(year, change)
    if found is not None and -1 < found < 1000:
        then = changed(year, replace(change, volume=found)).contribution_3
        assert then == pytest.approx(year.contribution_3, abs=1e-3 * (1 + abs(found)))
        more = changed(year, replace(change, volume=found + 0.01)).contribution_3
        assert more > then


@settings(max_examples=200, deadline=None)
@given(years, changes, st.floats(-0.2, 0.4))
def test_at_the_walk_away_rebate_just_the_required_margin_is_left(year, change, margin):
    found = walk_away(year, change, margin)
    assume(found is not None and abs(found) < 0.99)
    then = changed(year, replace(change, rebate=found))
    assert then.contribution_3 == pytest.approx(margin * then.net_revenue, abs=1e-3)


@given(years, st.floats(0, 0.2), st.floats(0.001, 0.2))
def test_a_larger_rebate_brings_less_and_needs_more_growth(year, rebate, more):
    less = what_if(year, Change(rebate=rebate))
    dearer = what_if(year, Change(rebate=rebate + more))
    assert dearer.gain < less.gain
    assert dearer.break_even is None or dearer.break_even >= less.break_even


@given(years, changes, st.floats(0, 1e5), st.floats(0, 1e5))
def test_the_interval_holds_the_gain_and_starts_from_the_estimates(year, change, below, above):
    ends = Interval(year.contribution_3 - below, year.contribution_3 + above)
    found = what_if(year, change, interval=ends)
    assert found.gain_interval.low <= found.gain <= found.gain_interval.high
    nothing = what_if(year, Change(), interval=ends)
    assert nothing.after_interval.low == pytest.approx(ends.low, abs=1e-3)
    assert nothing.after_interval.high == pytest.approx(ends.high, abs=1e-3)


def test_who_may_buy_more_may_cost_more_rebate():
    found = what_if(PLAIN, Change(rebate=0.1), interval=Interval(20_000, 80_000))
    assert (found.gain_interval.low, found.gain_interval.high) == pytest.approx((-20_000, -5_000))
    assert found.after_interval.low == pytest.approx(15_000)


def test_the_coming_year_in_the_proportions_of_the_last():
    told = USUAL.expected(20_000, 6_000)
    assert (told.gross_sales, told.contribution_1) == pytest.approx((50_000, 20_000))
    assert (told.cost_to_serve, told.winning) == (pytest.approx(-6_000), 0)
    # Nothing earned tells no proportion.
    assert Year(0.0, goods=-10.0).expected(500, 0).gross_sales == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": -1.0},
        {"volume": -1.5},
        {"rebate": 1.0},
        {"service": -0.1},
        {"tiers": (Tier(-1, 0.1),)},
        {"tiers": (Tier(1, 1.5),)},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(DecisionError):
        Change(**wrong)
