"""The rolling origin: whole, comparable, and blind to what comes after the cut."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from kundenstamm.worth.backtesting import backtest, outcomes, predicted
from kundenstamm.worth.purchases import Purchases

START = date(2024, 1, 1)
CUT, DAYS = date(2025, 7, 1), 90


def shop(customers=500, days=640, seed=4):
    """Customers with rates of their own, new ones all along, some of whom leave."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(customers):
        at, rate = float(rng.integers(0, days - 60)), rng.gamma(1.2, 1 / 30)
        end = at + rng.exponential(500)
        while at < min(days, end):
            when = START + timedelta(days=int(at))
            rows.append((f"K{n:03}", when, round(float(rng.lognormal(4, 0.6)), 2)))
            at += 1 + rng.exponential(1 / rate)
    return pl.DataFrame(rows, schema=["customer_id", "date", "amount"], orient="row")


SHOP = shop()


@pytest.mark.parametrize("name", ["mbgnbd", "last_window", "auto"])
def test_the_future_changes_no_prediction(name):
    """Neither other purchases after the cut, nor customers who come later."""
    future = pl.col("date") > CUT
    other = pl.concat(
        [
            SHOP.filter(~future),
            SHOP.filter(future).with_columns(amount=pl.col("amount") * 50).sample(30, seed=1),
            pl.DataFrame({"customer_id": ["A new"], "date": [date(2025, 7, 2)], "amount": [9.0]}),
        ]
    )
    answers = []
    for lines in (SHOP, SHOP.filter(~future), other):
        known = Purchases.of(lines)
        told = predicted(known.until(CUT), CUT, DAYS, name)
        who = known.customers.gather(known.summary(CUT)["customer_id"]).to_list()
        answers.append((who, told))
    (who, first), *others = answers
    for same, told in others:
        assert same == who
        for column, values in first.items():
            np.testing.assert_array_equal(told[column], values, err_msg=column)


def test_every_customer_up_to_the_cut_is_counted_on_all_days_after_it():
    lines = pl.DataFrame(
        {
            "customer_id": ["a", "a", "a", "a", "b", "c"],
            "date": [CUT, *[CUT + timedelta(n) for n in (1, 1, 90)], CUT, CUT + timedelta(2)],
            "amount": [5.0, 2.0, 3.0, 7.0, 4.0, 8.0],
        }
    )
    window = Purchases.of(lines).window(CUT, 90)
    assert window.occasions.tolist() == [2, 0]
    assert window.contribution.tolist() == [12, 0]


def test_the_table_has_every_estimator_and_no_nan():
    names = ["mbgnbd", "own_rate", "last_window", "auto"]
    table = backtest(SHOP, [CUT, CUT - timedelta(60)], DAYS, names)
    assert table.group_by("cutoff", "estimator").len()["len"].unique().len() == 1
    assert set(table["estimator"]) == set(names)
    assert set(table["target"]) == {"occasions", "contribution"}
    assert table["value"].is_finite().all()


def test_an_estimator_that_refuses_has_no_rows():
    first_day = SHOP["date"].min()
    assert backtest(SHOP, [first_day], 30, ["mbgnbd"]).height == 0


def test_a_cutoff_after_which_nothing_is_known_is_refused():
    last = SHOP["date"].max()
    with pytest.raises(ValueError, match=f"Nothing is known after {last}"):
        backtest(SHOP, [last], 30, ["own_rate"])


def test_outcomes_are_what_the_table_measures():
    names = ["own_rate", "auto"]
    found = list(outcomes(SHOP, [CUT], DAYS, names))
    assert [outcome.estimator for outcome in found] == names
    measured = [(CUT, one.estimator, *row) for one in found for row in one.measured()]
    assert measured == backtest(SHOP, [CUT], DAYS, names).rows()
    assert [bool(outcome.why) for outcome in found] == [False, True]
    assert all((one.told["buying"] >= 0).all() for one in found)
    assert found[0].truth is found[1].truth


def test_windows_end_at_the_cut_or_before():
    known = Purchases.of(SHOP)
    windows = known.earlier(CUT, DAYS)
    assert windows
    assert all(window.as_of + timedelta(DAYS) <= CUT for window in windows)
    assert CUT - timedelta(365) in [window.as_of for window in windows]
    assert known.earlier(START + timedelta(100), DAYS) == []


def test_who_is_thinned_keeps_all_days():
    known = Purchases.of(SHOP)
    part = known.thinned(100)
    assert np.unique(part.customer).size <= 100
    own = known.customer == part.customer[0]
    assert (part.day[part.customer == part.customer[0]] == known.day[own]).all()


def test_who_is_chosen_does_not_depend_on_who_comes_later():
    new = pl.DataFrame({"customer_id": ["A new"], "date": [date(2025, 7, 2)], "amount": [9.0]})
    chosen = []
    for lines in (SHOP, pl.concat([SHOP, new])):
        known = Purchases.of(lines)
        part = known.until(CUT).thinned(100)
        chosen.append(known.customers.gather(np.unique(part.customer)).to_list())
    assert chosen[0] == chosen[1]
