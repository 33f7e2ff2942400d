"""Which sentences tell a customer's expectation, by cases."""

from __future__ import annotations

import string
from datetime import date, timedelta

import polars as pl
import pytest

from kundenstamm.worth import history

AS_OF = date(2026, 6, 30)
USUAL = 30.0


def told(*, occasions, first, last, lately, left=84.0, gap_sd=5.0, age=None):
    """The two sentences of a customer who bought ``first`` to ``last`` days ago."""
    gaps = occasions - 1
    row = {
        "customer_id": 1,
        "occasions": occasions,
        "first_day": AS_OF - timedelta(first),
        "last_day": AS_OF - timedelta(last),
        "age": first if age is None else age,
        "gap_mean": (first - last) / gaps if gaps else None,
        "gap_sd": gap_sd if gaps > 1 else None,
        "contribution_mean": left,
        "expected_occasions": 11.2,
        "p_active": 0.9,
        "occasions_last_365": lately,
    }
    types = {"gap_mean": pl.Float64, "gap_sd": pl.Float64}
    frame = pl.DataFrame([row], schema_overrides=types)
    [found] = history.told(frame, AS_OF, days=365, usual_gap=USUAL).to_dicts()
    return found["past"], found["outlook"]


@pytest.mark.parametrize(
    ("customer", "past", "outlook"),
    [
        ({"occasions": 1, "first": 9, "last": 9, "lately": 1}, history.ONCE, history.FIRST),
        (
            {"occasions": 1, "first": 300, "last": 300, "lately": 1, "left": -3.0},
            history.ONCE_AT_A_LOSS,
            history.FIRST_SILENT,
        ),
        ({"occasions": 4, "first": 100, "last": 9, "lately": 4}, history.OFTEN, history.YOUNG),
        ({"occasions": 36, "first": 1095, "last": 12, "lately": 11}, history.OFTEN, history.STEADY),
        (
            {"occasions": 30, "first": 1000, "last": 12, "lately": 9, "left": -20.0},
            history.OFTEN_AT_A_LOSS,
            history.STEADY,
        ),
        ({"occasions": 30, "first": 1000, "last": 200, "lately": 5}, history.OFTEN, history.SILENT),
        ({"occasions": 36, "first": 1095, "last": 12, "lately": 6}, history.OFTEN, history.FEWER),
        ({"occasions": 36, "first": 1095, "last": 12, "lately": 20}, history.OFTEN, history.MORE),
        # Two more than few is many more; one more is chance.
        ({"occasions": 4, "first": 1095, "last": 12, "lately": 3, "gap_sd": 300.0},
         history.OFTEN, history.MORE),
        ({"occasions": 3, "first": 1095, "last": 12, "lately": 2, "gap_sd": 300.0},
         history.OFTEN, history.STEADY),
        # Too short a time before to be a yardstick.
        ({"occasions": 20, "first": 400, "last": 12, "lately": 19}, history.OFTEN, history.STEADY),
        ({"occasions": 20, "first": 364, "last": 12, "lately": 20}, history.OFTEN, history.STEADY),
        ({"occasions": 20, "first": 363, "last": 12, "lately": 20}, history.OFTEN, history.YOUNG),
        # Without the window there is nothing to lay beside.
        ({"occasions": 30, "first": 1000, "last": 12, "lately": None},
         history.OFTEN, history.YOUNG),
    ],
)  # fmt: skip
def test_the_sentences_of_a_case(customer, past, outlook):
    found = told(**customer)
    assert [each["msgid"] for each in found] == [past, outlook]
    for each in found:
        names = {name for _, name, _, _ in string.Formatter().parse(each["msgid"]) if name}
        assert all(each["params"][name] is not None for name in names)


def test_the_values_are_the_customers_own():
    past, outlook = told(occasions=36, first=1095, last=12, lately=6)
    values = past["params"]
    assert (values["since"], values["last"]) == ("2023-07-01", "2026-06-18")
    assert (values["usual"], values["left"]) == (31, 84.0)
    assert (outlook["params"]["lately"], outlook["params"]["before"]) == (6, 15.0)
    assert (outlook["params"]["purchases"], outlook["params"]["months"]) == (11.2, 12)


def test_nothing_is_told_where_nothing_is_expected():
    frame = pl.DataFrame(
        {"customer_id": [1], "occasions": [0], "first_day": [None], "last_day": [None],
         "age": [None], "gap_mean": [None], "gap_sd": [None], "contribution_mean": [None],
         "expected_occasions": [None], "p_active": [None]},
        schema_overrides={"first_day": pl.Date, "last_day": pl.Date, "age": pl.Int64,
                          "gap_mean": pl.Float64, "gap_sd": pl.Float64,
                          "contribution_mean": pl.Float64, "expected_occasions": pl.Float64,
                          "p_active": pl.Float64},
    )  # fmt: skip
    assert history.told(frame, AS_OF, days=365, usual_gap=USUAL).height == 0
