"""The day's actions: never over capacity, one per customer, never worse than greedy."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.care import day
from kundenstamm.worth.care.day import best, by_ratio, chosen, exactly

action = st.tuples(st.integers(0, 5), st.floats(0.01, 1_000), st.integers(1, 60))
actions = st.lists(action, min_size=1, max_size=9)


def _arrays(rows):
    who, saved, takes = zip(*rows, strict=True)
    return np.array(who), np.array(saved), np.array(takes)


def _by_trying_all(who, saved, takes, minutes):
    most = 0.0
    for size in range(len(who) + 1):
        for places in map(list, combinations(range(len(who)), size)):
            if len(set(who[places])) == size and takes[places].sum() <= minutes:
                most = max(most, saved[places].sum())
    return most


@settings(max_examples=60, deadline=None)
@given(actions, st.integers(60, 150))
def test_the_exact_choice_is_the_best_there_is(rows, minutes):
    who, saved, takes = _arrays(rows)
    places = exactly(who, saved, takes, minutes)
    assert saved[places].sum() == pytest.approx(_by_trying_all(who, saved, takes, minutes))


@settings(max_examples=60, deadline=None)
@given(actions, st.integers(60, 150), st.sampled_from([by_ratio, exactly, best]))
def test_never_over_capacity_and_one_action_a_customer(rows, minutes, way):
    who, saved, takes = _arrays(rows)
    places = way(who, saved, takes, minutes)
    assert takes[places].sum() <= minutes
    assert np.unique(who[places]).size == places.size == np.unique(places).size


@settings(max_examples=60, deadline=None)
@given(actions, st.integers(60, 150))
def test_never_worse_than_greedy(rows, minutes):
    arrays = _arrays(rows)
    saved = arrays[1]
    greedy = saved[by_ratio(*arrays, minutes)].sum()
    assert saved[best(*arrays, minutes)].sum() >= greedy * (1 - 1e-12)


def test_many_customers_are_chosen_by_ratio(monkeypatch):
    monkeypatch.setattr(day, "LARGEST", 10)
    who, saved, takes = _arrays([(0, 60.0, 10), (1, 100.0, 20), (2, 120.0, 30)])
    assert list(best(who, saved, takes, 50)) == [0, 1]
    monkeypatch.undo()
    assert list(best(who, saved, takes, 50)) == [1, 2]


def test_the_list_begins_with_most_a_minute_and_leaves_out_what_costs_nothing():
    table = pl.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D", "B"],
            "cost_of_waiting": [100.0, 90.0, 0.0, 500.0, 95.0],
            "minutes": [20, 15, 15, 70, 60],
        }
    )
    found = chosen(table, 60)
    assert found["customer_id"].to_list() == ["B", "A"]
    assert found["minutes"].to_list() == [15, 20]
    assert chosen(table, 10).height == 0
    assert chosen(table.clear(), 60).height == 0
