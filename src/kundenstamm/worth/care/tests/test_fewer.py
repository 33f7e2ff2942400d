"""Fewer conversations, fewer product groups: what is worth a word, and what is chance."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from kundenstamm.worth.care.comfort import compared, drift
from kundenstamm.worth.care.tests.bases import AS_OF, ago, contacts, customer, customers
from kundenstamm.worth.care.thinning import by_customer, thinning

EARLY = tuple(range(301, 400, 9))


@pytest.mark.parametrize(("before", "after"), [(10, 4), (0, 3), (3, 0), (7, 7), (1, 0)])
def test_the_chance_is_the_exact_binomial(before, after):
    found = compared([before], [after], [2.0], [3.0])
    exact = binomtest(after, before + after, 3 / 5, alternative="less")
    assert found.chance[0] == pytest.approx(exact.pvalue)
    share = binomtest(after, before + after, 3 / 5).proportion_ci(0.8, "exact")
    odds = [end / (1 - end) / 1.5 if end < 1 else np.inf for end in share]
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(odds))


def test_nothing_before_and_after_says_nothing():
    found = compared([0], [0], [1.0], [1.0])
    assert np.isnan(found.ratio[0])
    assert found.chance[0] == 1.0


@pytest.mark.parametrize(
    ("since", "drifts"),
    [((20, 90, 200), True), ((), True), (tuple(range(5, 300, 9)), False)],
)
def test_drift_of_a_regular(since, drifts):
    found = drift(customers(), contacts(*EARLY, *since), AS_OF).row(0, named=True)
    assert found["drifts"] is drifts
    assert found["before"] == pytest.approx(len(EARLY) / (101 / 91.25))
    assert found["since"] == pytest.approx(len(since) / (300 / 91.25))


@pytest.mark.parametrize(
    "changed",
    [{"regular_day": None}, {"regular_day": ago(60)}, {"regular_day": ago(350)}],
)
def test_without_a_quarter_on_either_side_nothing_is_said(changed):
    assert drift(customers(customer(**changed)), contacts(*EARLY), AS_OF).height == 0


def test_records_that_begin_late_are_not_taken_for_silence():
    assert drift(customers(), contacts(20), AS_OF, recorded_since=ago(330)).height == 0


def test_unchanged_customers_are_seldom_named():
    rng = np.random.default_rng(4)
    before, after = rng.poisson(4, 20_000), rng.poisson(12, 20_000)
    assert (compared(before, after, [1.0], [3.0]).chance <= 0.01).mean() < 0.01


def _bought(*groups):
    rows = [("K", name, ago(day), worth) for name, days, worth in groups for day in days]
    return pl.DataFrame(rows, ["customer_id", "product_group", "day", "contribution"], orient="row")


MONTHLY = tuple(range(200, 380, 30))
STILL = tuple(range(5, 400, 20))


def test_a_group_no_longer_bought():
    found = thinning(_bought(("screws", MONTHLY, 50.0), ("glue", STILL, 9.0)), AS_OF)
    row = found.row(0, named=True)
    assert found.height == 1
    assert (row["product_group"], row["usual"], row["silent"]) == ("screws", 30, 200)
    assert row["late_after"] < 150
    assert row["worth"] == pytest.approx(50 * 6 * 365 / (6 * 30))


@pytest.mark.parametrize(
    "groups",
    [
        (("screws", MONTHLY, 50.0),),  # the customer is late, not the group
        (("screws", MONTHLY[:3], 50.0), ("glue", STILL, 9.0)),  # no rhythm yet
        (("screws", MONTHLY, -50.0), ("glue", STILL, 9.0)),  # nothing is lost with it
        (("screws", STILL, 50.0), ("glue", STILL, 9.0)),
        (("screws", tuple(range(700, 900, 30)), 50.0), ("glue", STILL, 9.0)),  # long forgotten
    ],
)
def test_groups_that_are_not_worth_a_word(groups):
    assert thinning(_bought(*groups), AS_OF).height == 0


def test_the_dearest_group_speaks_for_its_customer():
    bought = _bought(("screws", MONTHLY, 50.0), ("oil", MONTHLY, 80.0), ("glue", STILL, 9.0))
    row = by_customer(thinning(bought, AS_OF)).row(0, named=True)
    assert (row["product_group"], row["others"]) == ("oil", 1)
    assert row["worth_all"] == pytest.approx(130 * 365 / 30)
