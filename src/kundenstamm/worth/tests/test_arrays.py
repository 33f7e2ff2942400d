"""The summary of plain arrays equals the one that reads any table, column by column."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.arrays import summarise_arrays
from kundenstamm.worth.summary import COLUMNS, summary
from kundenstamm.worth.tables import TableError, read

START = date(2025, 1, 1)
entry = st.tuples(st.integers(0, 4), st.integers(0, 60), st.integers(-300, 900))


def both(customers, days, cents, until, windows=(20, 45)):
    as_of = START + timedelta(days=until)
    lines = pl.DataFrame(
        {
            "customer_id": customers,
            "date": [START + timedelta(days=int(day)) for day in days],
            "amount": cents,
        },
        schema={"customer_id": pl.Int64, "date": pl.Date, "amount": pl.Int64},
    )
    slow = summary(read(lines), as_of, windows=windows).to_polars().sort("customer_id")
    dates = lines["date"].to_numpy()
    fast = summarise_arrays(np.array(customers, dtype=np.int64), dates, cents, as_of,
                            windows=windows)  # fmt: skip
    return slow, fast


def assert_equal(slow, fast):
    assert fast.columns == [*COLUMNS, "occasions_last_20", "occasions_last_45"] == slow.columns
    assert fast.height == slow.height
    for name in slow.columns:
        one, two = slow[name].to_list(), fast[name].to_list()
        for wanted, got in zip(one, two, strict=True):
            if isinstance(wanted, float):
                wanted = pytest.approx(wanted, rel=1e-9, abs=1e-9)
            assert got == wanted, name


@settings(max_examples=15, deadline=None)
@given(st.lists(entry, min_size=1, max_size=40), st.integers(0, 65))
def test_both_summaries_are_equal(entries, until):
    assert_equal(*both(*zip(*entries, strict=True), until))


def test_customers_with_very_many_lines_are_sorted_too():
    rng = np.random.default_rng(2)
    customers, days = rng.integers(0, 3, 900), rng.integers(0, 60, 900)
    assert_equal(*both(customers.tolist(), days, rng.integers(-50, 200, 900).tolist(), 50))


def test_no_line_gives_no_customer():
    empty = np.zeros(0, dtype=np.int64)
    assert summarise_arrays(empty, empty, empty, START).height == 0


def test_a_contribution_of_its_own_and_floats():
    found = summarise_arrays([0, 0], [0, 9], [10.5, 5.0], date(1970, 1, 31),
                             contribution=[4.5, -0.5])  # fmt: skip
    row = found.row(0, named=True)
    assert (row["net_sales"], row["contribution"], row["contribution_mean"]) == (15.5, 4.0, 2.0)
    assert (row["x"], row["t_x"], row["age"]) == (1, 9, 30)
    assert row["cost_to_serve"] == 0


def test_cost_to_serve_counts_up_to_the_end():
    found = summarise_arrays([2, 0, 2, 2], [1, 3, 9, 40], [10, 5, 7, 9], date(1970, 1, 31),
                             cost_to_serve=[-3, 0, -4, -5])  # fmt: skip
    assert found.select("customer_id", "cost_to_serve").rows() == [(0, 0.0), (2, -7.0)]


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        (([0.5], [0], [1.0]), "numbered"),
        (([-1], [0], [1.0]), "numbered"),
        (([10**9], [0], [1.0]), "holes"),
        (([0], [0.5], [1.0]), "Days"),
        (([0], [0, 1], [1.0]), "lengths"),
        (([0], [0], [np.nan]), "missing"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(arrays, said):
    with pytest.raises(TableError, match=said):
        summarise_arrays(*arrays, START)
