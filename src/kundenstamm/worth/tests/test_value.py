"""Value in its parts: before and after serving, in blocks, over years; stored and brought back."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth import Kind, read, summarise
from kundenstamm.worth.appraisal import appraise, fit
from kundenstamm.worth.fitted import Fitted
from kundenstamm.worth.lifetime import YEAR, discounted
from kundenstamm.worth.models.base import FitError
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.past import table
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.serving import CostToServe
from kundenstamm.worth.value import Horizon, value

AS_OF = date(2026, 1, 1)


def lines(customers=240, seed=5, years=3):
    """Customers who buy at their own pace, leave, and cost a visit now and then."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        first = int(rng.integers(0, years * YEAR - 10))
        until = min(first + rng.exponential(700), years * YEAR)
        pace, size = rng.gamma(2, 20) + 3, rng.lognormal(4, 0.7)
        at = float(first)
        while at <= until:
            day = AS_OF - timedelta(days=years * YEAR - int(at))
            rows.append((customer, day, int(Kind.SALE), size * rng.uniform(0.8, 1.2)))
            if rng.random() < 0.3:
                rows.append((customer, day, int(Kind.VISIT), -size * rng.uniform(0, 0.9)))
            at += rng.exponential(pace) + 1
    names = ["customer_id", "date", "kind", "amount"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.fixture(scope="module")
def base():
    summarised = summarise(read(lines()), AS_OF).sort("customer_id")
    return summarised, fit(summarised)


def test_before_serving_less_serving_is_what_is_expected(base):
    summarised, fitted = base
    found = value(summarised, AS_OF, fitted)
    gap = found["expected_before_serving"] - found["expected_cost_to_serve"]
    np.testing.assert_allclose(gap, found["expected_contribution"], atol=1e-6)
    assert found["expected_cost_to_serve"].min() >= 0
    assert found["expected_cost_to_serve"].sum() > 0
    known = summarised.filter(pl.col("occasions") > 40)
    own = -(known["cost_to_serve"] / known["occasions"])
    np.testing.assert_allclose(fitted.serving.expected(known), own, rtol=0.2)


def test_few_occasions_cost_what_others_cost():
    summary = pl.DataFrame({"occasions": [1, 50], "cost_to_serve": [-400.0, -20_000.0]})
    few, many = CostToServe(mean=10.0, half=4.0).expected(summary)
    assert (few, many) == (10 + 390 / 5, pytest.approx(10 + 390 * 50 / 54))


def test_no_cost_stays_no_cost():
    frame = pl.DataFrame(
        {
            "occasions": [2, 5, 9],
            "contribution_mean": [5.0, 7.0, 9.0],
            "contribution_sd": [1.0, 2.0, 3.0],
            "cost_to_serve": [0.0, 0.0, 0.0],
        }
    )
    found = CostToServe.fitted(frame, ContributionPerOccasion().fit(frame))
    assert found.expected(frame).tolist() == [0.0, 0.0, 0.0]


def test_years_are_near_to_quarters(base):
    summarised, fitted = base
    bought = summarised.filter(pl.col("occasions") > 0)
    model = fitted.occasions
    each = np.full(bought.height, 10.0)
    quarters = _quarters(model, bought, 5, 0.1) * 10
    found = discounted(model, bought, each, years=5, rate=0.1)
    assert found.sum() == pytest.approx(quarters.sum(), rel=0.02)
    assert np.abs(found / quarters - 1).max() < 0.04


def _quarters(model, bought, years, rate):
    """The same in quarters, the level of the first year spread over it."""
    ends = [n * YEAR / 4 for n in range(4 * years + 1)]
    told = [table(model.models_, bought, end) @ model.choice_.weights for end in ends]
    steps = np.diff(np.array(told), axis=0)
    steps[:4] *= model.expected_occasions(bought, YEAR) / told[4] * model.choice_.amount_level
    waits = (np.arange(4 * years) + 0.5) / 4
    return ((1 + rate) ** -waits) @ steps


def test_waiting_costs_and_more_years_bring_more(base):
    summarised, fitted = base
    bought = summarised.filter(pl.col("occasions") > 0)

    def worth(years, rate):
        return discounted(fitted.occasions, bought, np.ones(bought.height), years=years, rate=rate)

    assert (worth(6, 0.1) > worth(5, 0.1)).all()
    assert (worth(5, 0.0) > worth(5, 0.1)).all()
    one = fitted.occasions.expected_occasions(bought, YEAR)
    np.testing.assert_allclose(worth(1, 0.0), one)


def test_a_block_is_scored_as_within_the_whole(base):
    summarised, fitted = base
    blocked = summarised.with_columns(block=pl.col("customer_id") // 16)
    whole = appraise(blocked, AS_OF, fitted=fitted)
    for block in (0, 7, 14):
        part = appraise(blocked.filter(pl.col("block") == block), AS_OF, fitted=fitted)
        assert part.equals(whole.filter(pl.col("block") == block), null_equal=True)


def test_what_was_stored_says_the_same(base):
    summarised, fitted = base
    again = Fitted.from_data(json.loads(json.dumps(fitted.as_data())))
    one, two = (appraise(summarised, AS_OF, fitted=each) for each in (fitted, again))
    assert one.equals(two, null_equal=True)


def test_a_refusal_is_stored_too():
    summarised = summarise(read(lines(2).head(0)), AS_OF)
    fitted = fit(summarised)
    again = Fitted.from_data(json.loads(json.dumps(fitted.as_data())))
    assert (again.occasions, again.refusal) == (None, fitted.refusal)
    assert fitted.refusal
    with pytest.raises(FitError, match="learn"):
        value(summarised, AS_OF, again)


def test_with_purchases_earlier_windows_decide():
    frame = lines(years=4)
    summarised = summarise(read(frame), AS_OF, windows=(30, 60, 91, 365))
    fitted = fit(summarised, Purchases.of(frame), AS_OF)
    assert "earlier windows" in str(fitted.occasions.why_[0])
    assert Horizon().days == 365


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 1000), st.integers(0, 9))
def test_another_currency_changes_the_unit_only(base, rate, row):
    summarised, _fitted = base
    money = ["net_sales", "contribution", "contribution_mean", "contribution_sd", "cost_to_serve"]
    other = summarised.with_columns(pl.col(money) * rate)
    one, two = (
        CostToServe.fitted(each, ContributionPerOccasion().fit(each)).expected(each)[row]
        for each in (summarised.filter(pl.col("occasions") > 0),
                     other.filter(pl.col("occasions") > 0))
    )  # fmt: skip
    assert two == pytest.approx(one * rate)
