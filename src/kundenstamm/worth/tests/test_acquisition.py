"""Channels: shares of exactly one, costs with intervals that hold, what the data do not carry."""

from fractions import Fraction
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from kundenstamm.worth.acquisition.attribution import Attribution, credits
from kundenstamm.worth.acquisition.channels import cohort, cost_of_winning, share
from kundenstamm.worth.acquisition.likeness import Likeness, steady
from kundenstamm.worth.acquisition.spending import Missing, more_spend
from kundenstamm.worth.acquisition.sums import Sums, spread

TENTHS = [Fraction(each, 10) for each in (4, 1, 1, 4)]


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.sampled_from(Attribution))
def test_credits_are_exactly_one_customer(touches, way):
    told = credits(touches, way)
    assert sum(told.values()) == (1 if touches else 0)
    assert set(told) <= set(touches)
    assert all(part > 0 for part in told.values())


@pytest.mark.parametrize(
    ("touches", "way", "told"),
    [
        ("a", Attribution.POSITION, {"a": 1}),
        ("ab", Attribution.POSITION, {"a": Fraction(1, 2), "b": Fraction(1, 2)}),
        ("abcd", Attribution.POSITION, dict(zip("abcd", TENTHS, strict=True))),
        ("aba", Attribution.POSITION, {"a": Fraction(4, 5), "b": Fraction(1, 5)}),
        ("abc", Attribution.FIRST, {"a": 1}),
        ("abc", Attribution.LAST, {"c": 1}),
    ],
)  # fmt: skip
def test_the_ways_to_share_a_customer(touches, way, told):
    assert credits(touches, way) == told


@pytest.mark.parametrize("mean", [1.5, 6.0, 40.0])
def test_the_interval_of_the_cost_holds_for_few(mean):
    """Of 4,000 periods with so many customers on average at least 80 % are covered (Garwood)."""
    won = np.random.default_rng(5).poisson(mean, 4_000)
    told = {count: cost_of_winning(1_000.0, count).interval for count in set(won.tolist())}
    inside = [told[count].low <= 1_000 / mean <= told[count].high for count in won.tolist()]
    assert 0.8 <= np.mean(inside) <= 0.95


def test_whoever_won_nobody_knows_only_what_it_costs_at_least():
    told = cost_of_winning(900.0, 0)
    assert (told.cost, told.interval.high) == (None, inf)
    with pytest.raises(ValueError, match="below 0"):
        cost_of_winning(-1, 2)


@pytest.mark.parametrize(
    ("became", "won", "low", "high"), [(0, 3, 0.0, 0.35), (3, 3, 0.65, 1.0), (50, 100, 0.43, 0.57)]
)
def test_a_share_of_few_is_known_within_wide_limits(became, won, low, high):
    told = share(became, won)
    assert told.share == became / won
    assert (told.interval.low, told.interval.high) == pytest.approx((low, high), abs=0.02)


def test_a_share_is_of_those_who_were_won():
    assert share(0, 0).share is None
    with pytest.raises(ValueError, match="From none to all"):
        share(3, 2)


@given(
    st.lists(
        st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=24), min_size=1, max_size=12
    ),
    st.floats(0, 1e5),
)  # fmt: skip
def test_from_the_payback_month_on_the_cost_is_earned(months, cost):
    told = cohort(months, cost)
    assert len(told.mean) == max(len(each) for each in months)
    assert list(told.known) == sorted(told.known, reverse=True)
    if told.payback is None:
        assert told.mean[-1] < cost
    else:
        assert all(each >= cost for each in told.mean[told.payback - 1 :])
        assert told.payback == 1 or told.mean[told.payback - 2] < cost
    for low, mean, high, known in zip(told.low, told.mean, told.high, told.known, strict=True):
        assert (known < 5 and low is not None and np.isnan(low)) or low <= high
        assert np.isnan(low) or low <= mean <= high


def test_profit_of_a_month_that_nobody_has_reached_is_not_told():
    told = cohort([[10.0, 10.0]], cost=5.0)
    assert (told.profit(2, 5.0), told.profit(3, 5.0)) == (15.0, None)
    assert cohort([], 5.0).payback is None


def test_an_elasticity_is_found_again():
    rng = np.random.default_rng(11)
    spend = np.exp(rng.normal(7, 0.6, 60))
    won = rng.poisson(0.5 * spend**0.4)
    told = more_spend(spend, won)
    assert told.missing is None
    assert abs(told.elasticity - 0.4) < 2 * told.error
    assert told.next_customer == pytest.approx(spend.mean() / (told.elasticity * won.mean()))


@pytest.mark.parametrize(
    ("spend", "won", "missing"),
    [
        ([100, 400] * 5, [1, 3] * 5, Missing.MONTHS),
        ([0, 400] * 11, [0, 3] * 11, Missing.MONTHS),
        ([1000, 1010] * 12, [1, 9] * 12, Missing.VARIATION),
        ([100, 400] * 12, [0, 0] * 12, Missing.CUSTOMERS),
        ([100, 400] * 12, [6, 5] * 12, Missing.EFFECT),
    ],
)
def test_what_the_data_do_not_carry_is_named(spend, won, missing):
    assert more_spend(spend, won).missing == missing


@pytest.mark.parametrize("spend", [[1.0, nan], [1.0, -2.0], [1.0]])
def test_spend_and_customers_of_the_same_months_are_needed(spend):
    with pytest.raises(ValueError, match="same months"):
        more_spend(spend, [1, 2])


def test_random_traits_tell_nothing():
    """Of forty bases whose traits have no meaning, at most a few may seem to have one."""
    told = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        traits = [
            {"trade": str(rng.integers(5)), "region": str(rng.integers(4))} for _ in range(60)
        ]
        told += Likeness.fitted(traits, np.exp(rng.normal(6, 1, 60))).tells
    assert told <= 10


def test_prospects_are_ordered_by_what_their_like_brings():
    rng = np.random.default_rng(2)
    worth = {"a": 200, "b": 900, "c": 2_000}
    traits = [
        {"trade": rng.choice(list("abc")), "region": rng.choice(list("xy"))} for _ in range(90)
    ]
    known = Likeness.fitted(traits, [worth[each["trade"]] + rng.normal(0, 300) for each in traits])
    told = {trade: known.of({"trade": trade, "region": "x"}) for trade in "abc"}
    assert [told[trade].expected for trade in "abc"] == pytest.approx([200, 900, 2_000], abs=200)
    assert told["c"].reasons[0].trait == "trade"
    assert known.of({"trade": "never seen"}).reasons == ()


def test_likeness_needs_somebody():
    with pytest.raises(ValueError, match="at least one customer"):
        Likeness.fitted([], [])
    assert not Likeness.fitted([{"trade": "a"}], [5.0]).tells


MONTHS = st.lists(st.lists(st.floats(-100, 100), min_size=1, max_size=4), min_size=5, max_size=8)


@given(MONTHS)
def test_shared_customers_count_by_their_credit(months):
    """Twice the weight is twice the customer: mean and payback are those of two of it."""
    weights = [1.0, *[2.0] * (len(months) - 1)]
    shared = cohort(months, 10.0, weights)
    doubled = cohort([months[0], *months[1:], *months[1:]], 10.0)
    assert shared.mean == pytest.approx(doubled.mean)
    plain = cohort(months, 10.0)
    assert cohort(months, 10.0, [3.0] * len(months)).low == pytest.approx(plain.low, nan_ok=True)


def test_weights_are_above_nil_and_one_for_each():
    for weights in ([1.0], [1.0, 0.0], [1.0, -1.0]):
        with pytest.raises(ValueError, match="weight"):
            cohort([[1.0], [2.0]], 0.0, weights)


def test_a_mean_of_few_has_no_interval():
    assert spread(Sums())[0] is None
    mean, interval = spread(Sums.of([1.0, 2.0, 3.0, 4.0], [1.0] * 4))
    assert (mean, isnan(interval.low)) == (2.5, True)
    mean, interval = spread(Sums.of([1.0, 2.0, 3.0, 4.0, 5.0], [1.0] * 5))
    # Student's t with four degrees of freedom: 1.533 · √(2.5 ÷ 5).
    assert (mean, round(interval.high - mean, 3)) == (3.0, 1.084)


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_steady_sums_lie_within_what_there_was(brought):
    told = steady(brought)
    assert len(told) == len(brought)
    assert all(min(brought) <= each <= max(brought) for each in told)


AMOUNTS = st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(0.05, 1)), max_size=9)


@given(AMOUNTS, AMOUNTS)
def test_sums_of_two_groups_are_those_of_both(some, others):
    """So they may be stored by group and added up by whoever asks."""

    def sums(pairs):
        return Sums.of([x for x, _w in pairs], [w for _x, w in pairs])

    both, whole = sums(some) + sums(others), sums([*some, *others])
    for name in ("number", "weight", "weight_squared", "amount", "squared"):
        assert getattr(both, name) == pytest.approx(getattr(whole, name), abs=1e-6)


def test_an_interval_from_sums_is_the_one_from_amounts():
    rng = np.random.default_rng(5)
    amounts = rng.normal(900, 300, 40)
    mean, interval = spread(Sums.of(amounts.tolist(), [1.0] * 40))
    off = t.ppf(0.9, 39) * amounts.std(ddof=1) / 40**0.5
    assert mean == pytest.approx(amounts.mean())
    assert (interval.low, interval.high) == pytest.approx((mean - off, mean + off))
