"""Value classes, allowed silence, neglect: tables of cases and what always holds."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.care.cadence import (
    Bounds,
    Cadence,
    CadenceError,
    allowed_silence,
    value_classes,
    with_cadence,
)
from kundenstamm.worth.care.known import Known
from kundenstamm.worth.care.neglect import neglect
from kundenstamm.worth.care.tests.bases import AS_OF, ago, contacts, customer, customers
from kundenstamm.worth.tables import TableError

NAN = math.nan
money = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("expected", "classes"),
    [
        ([70, 25, 5], "ABC"),
        ([69, 26, 5], "AAC"),
        ([10, 10, 10], "AAA"),
        ([100], "A"),
        ([0, -5], "CC"),
        ([50, -50, NAN], "ACC"),
        ([], ""),
    ],
)
def test_value_classes(expected, classes):
    assert "".join(value_classes(expected)) == classes


@settings(max_examples=30)
@given(money, st.randoms(), st.floats(0.01, 100))
def test_neither_order_nor_currency_decides_the_class(expected, random, rate):
    shuffled = list(enumerate(expected))
    random.shuffle(shuffled)
    found = value_classes([value * rate for _, value in shuffled])
    before = value_classes(expected)
    assert [before[place] for place, _ in shuffled] == list(found)


@settings(max_examples=30)
@given(money)
def test_nobody_who_brings_more_is_in_a_lower_class(expected):
    found = value_classes(expected)
    assert list(found[np.argsort(expected, kind="stable")][::-1]) == sorted(found)


@settings(max_examples=30)
@given(money, st.randoms())
def test_a_part_is_classed_by_the_bounds_of_the_whole(expected, random):
    some = random.sample(range(len(expected)), k=len(expected) // 2)
    found = value_classes([expected[place] for place in some], bounds=Bounds.of(expected))
    assert list(found) == [value_classes(expected)[place] for place in some]


@pytest.mark.parametrize(
    ("gap", "days"),
    [(NAN, 45), (30, 30), (200, 45), (3, 14)],
)
def test_allowed_silence_is_the_smaller_but_not_too_small(gap, days):
    assert allowed_silence([100.0], [gap]) == [days]


def test_allowed_silence_follows_the_class_and_the_share_of_the_gap():
    cadence = Cadence(of_gap=0.5, days_a=30, days_b=60, days_c=120)
    assert list(allowed_silence([70, 25, 5], [NAN] * 3, cadence)) == [30, 60, 120]
    assert list(allowed_silence([70, 25, 5], [50.0] * 3, cadence)) == [25, 25, 25]


@pytest.mark.parametrize(
    ("place", "gap", "days", "by_place"),
    [
        (21, NAN, 21, True),
        (90, NAN, 90, True),
        # Its own rhythm shortens what the place allows, and nobody is called too often.
        (90, 30, 30, False),
        (7, NAN, 14, False),
        (None, NAN, 45, False),
    ],
)
def test_the_place_in_the_chain_takes_the_classes_place(place, gap, days, by_place):
    known = customers().with_columns(
        expected_contribution=pl.lit(100.0),
        gap_mean=pl.lit(gap),
        place_days=pl.lit(place, pl.Int64),
    )
    [(allowed, decided)] = with_cadence(known).select("allowed", "by_place").rows()
    assert (allowed, decided) == (days, by_place)


@pytest.mark.parametrize("wrong", [{"a": 0.8}, {"a": -0.1}, {"days_c": 0}, {"of_gap": 0}])
def test_a_cadence_that_cannot_be_is_refused(wrong):
    with pytest.raises(CadenceError):
        Cadence(**wrong)


@pytest.mark.parametrize(
    ("spoken", "since", "silence", "never", "overrun"),
    [
        ((50, 90), None, 50, False, 20),
        ((20,), None, 20, False, 0),
        ((), None, 400, True, 370),
        ((), ago(100), 100, True, 70),
        ((), ago(10), 10, True, 0),
        ((-5, 60), None, 60, False, 30),  # tomorrow's conversation has not been held
    ],
)
def test_neglect(spoken, since, silence, never, overrun):
    found = neglect(with_cadence(customers()), contacts(*spoken), AS_OF, since).row(0, named=True)
    assert (found["silence"], found["never"], found["overrun"]) == (silence, never, overrun)
    assert found["tried"] == (None if never else silence)


def test_what_was_only_sent_is_no_conversation():
    sent = contacts(2, two_way=False)
    found = neglect(with_cadence(customers()), sent, AS_OF).row(0, named=True)
    assert (found["never"], found["silence"], found["tried"]) == (True, 400, 2)


def test_a_table_that_does_not_fit_is_refused_by_name():
    with pytest.raises(TableError, match="'gap_sd'"):
        Known.of(customers().drop("gap_sd"))
    with pytest.raises(TableError, match="expected date"):
        Known.of(customers(), rivals=pl.DataFrame({"customer_id": ["K"], "day": ["2026-01-01"]}))
    with pytest.raises(TableError, match="more than one row"):
        Known.of(customers(customer(), customer()))
