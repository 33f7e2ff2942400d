"""The alarm: what raises it, what is mere noise, and how seldom chance raises it."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from kundenstamm.worth.alarm import Alarm, alarms, brought_columns, cost_columns

FINE = {"one": 400, "care": -100, "winning": 0}


def _alarm(cost=(25, 25, 25, 25), brought=(100, 100, 100, 100), year=FINE):
    two = year["one"] + year["care"]
    row = {
        "customer_id": 1,
        "year_contribution_1": year["one"],
        "year_cost_to_serve": year["care"],
        "year_contribution_2": two,
        "year_winning": year["winning"],
        "year_contribution_3": two + year["winning"],
    }
    row |= dict(zip(cost_columns(), (-each for each in cost), strict=True))
    row |= dict(zip(brought_columns(), brought, strict=True))
    return alarms(pl.DataFrame(row)).row(0, named=True)


@pytest.mark.parametrize(
    ("one", "care", "winning", "expected"),
    [
        (400, -100, 0, Alarm.NONE),
        (400, -400, 0, Alarm.NONE),
        (400, -401, 0, Alarm.CONTRIBUTION_2),
        (400, -401, -50, Alarm.CONTRIBUTION_2),
        (400, -390, -11, Alarm.CONTRIBUTION_3),
        (-1, 0, 0, Alarm.CONTRIBUTION_2),
    ],
)
def test_twelve_months(one, care, winning, expected):
    assert _alarm(year={"one": one, "care": care, "winning": winning})["alarm"] == expected


@pytest.mark.parametrize(
    ("cost", "brought", "expected"),
    [
        ((10, 20, 30, 40), (100, 90, 80, 70), Alarm.TREND),
        ((10, 20, 40, 30), (100, 90, 70, 80), Alarm.TREND),  # one pair each the other way
        ((20, 10, 40, 30), (100, 90, 80, 70), Alarm.NONE),  # two pairs the other way
        ((10, 20, 30, 40), (70, 80, 90, 100), Alarm.NONE),  # it brings more as well
        ((40, 30, 20, 10), (100, 90, 80, 70), Alarm.NONE),
        ((10, 10, 10, 10), (100, 90, 80, 70), Alarm.NONE),
        ((10.0, 10.1, 10.2, 10.3), (100, 99.9, 99.8, 99.7), Alarm.NONE),  # too little to matter
        ((1, 2, 3, 4), (-10, -20, -30, -40), Alarm.NONE),  # there was nothing to lose
    ],
)
def test_the_trend(cost, brought, expected):
    assert _alarm(cost=cost, brought=brought)["alarm"] == expected


def test_a_share_of_less_than_a_tenth_is_noise():
    """First half 200 less 2: what is left must shrink by 20."""
    assert _alarm(cost=(1, 1, 2, 2), brought=(104, 96, 92, 91))["alarm"] == Alarm.NONE
    assert _alarm(cost=(0.5, 1.5, 2, 2.5), brought=(104, 96, 92, 88))["alarm"] == Alarm.TREND


def test_the_reason_holds_the_figures():
    found = json.loads(_alarm(cost=(10, 20, 30, 40), brought=(100, 90, 80, 70))["alarm_reason"])
    assert found["params"] == {
        "care_before": 30.0, "care_now": 70.0, "brought_before": 190.0, "brought_now": 150.0,
    }  # fmt: skip
    assert _alarm()["alarm_reason"] is None


def test_chance_raises_it_in_one_of_thirty_six_at_most():
    """Independent quarters without any trend, as wild as they may be: 4 of 24 orders, twice."""
    rng = np.random.default_rng(7)
    count = 40_000
    table = pl.DataFrame({"customer_id": np.arange(count)}).with_columns(
        year_contribution_1=pl.lit(1.0),
        year_cost_to_serve=pl.lit(0.0),
        year_contribution_2=pl.lit(1.0),
        year_winning=pl.lit(0.0),
        year_contribution_3=pl.lit(1.0),
        **{name: -rng.lognormal(0, 1, count) for name in cost_columns()},
        **{name: rng.lognormal(2, 1, count) for name in brought_columns()},
    )
    share = (alarms(table)["alarm"] == Alarm.TREND.value).mean()
    assert share == pytest.approx(1 / 36, abs=0.003)
