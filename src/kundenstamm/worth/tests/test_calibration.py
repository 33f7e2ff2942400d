"""Classes of customers by expectation: nobody is lost, none is alone, intervals are right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.calibration import FEWEST, chances, counts

VALUES = st.floats(0, 40, allow_nan=False)
BASES = st.lists(st.tuples(st.integers(0, 60), VALUES), min_size=FEWEST, max_size=300)
CHANCES = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=FEWEST, max_size=300)


def split(rows):
    return (np.array([row[n] for row in rows], dtype=np.float64) for n in (0, 1))


@pytest.mark.parametrize("make", [counts, chances])
@given(data=st.data())
def test_classes_add_up_to_everybody(make, data):
    actual, expected = split(data.draw(BASES if make is counts else CHANCES))
    found = make(actual, expected)
    sizes = [one.customers for one in found]
    assert sum(sizes) == actual.size
    assert min(sizes) >= FEWEST
    assert len(found) <= 10
    for name, values in (("actual", actual), ("expected", expected)):
        means = [getattr(one, name) for one in found]
        assert np.average(means, weights=sizes) == pytest.approx(values.mean(), abs=1e-9)
    assert all(one.low <= one.actual <= one.high for one in found)
    assert all(one.low >= -1e-12 and one.low < one.high for one in found)
    ordered = [one.expected for one in found]
    assert ordered == sorted(ordered)


@given(rows=BASES)
def test_customers_with_the_same_expectation_stay_together(rows):
    actual, expected = split([(came, round(told / 10)) for came, told in rows])
    found = counts(actual, expected)
    values, many = np.unique(expected, return_counts=True)
    assert len(found) <= len(values)
    # Each class holds whole groups of equals: its size is a sum of neighbouring groups' sizes.
    assert set(np.cumsum([one.customers for one in found])) <= set(np.cumsum(many))


@pytest.mark.parametrize(
    ("customers", "classes"), [(0, 0), (4, 0), (5, 1), (39, 1), (40, 2), (100, 5), (999, 10)]
)
def test_small_bases_have_fewer_classes(customers, classes):
    expected = np.arange(customers, dtype=np.float64)
    assert len(counts(expected, expected)) == classes


@pytest.mark.parametrize(
    ("probabilities", "sizes"),
    [
        ([0.05] * 5 + [0.95] * 5, [5, 5]),
        ([0.05] * 4 + [0.95] * 5, [9]),
        ([0.05] * 6 + [0.45] * 2 + [0.55] * 3 + [0.95] * 2, [6, 7]),
        ([0.0] * 5 + [1.0] * 3, [8]),
        ([0.2] * 4, []),
    ],
)
def test_classes_too_small_join_the_next(probabilities, sizes):
    happened = np.zeros(len(probabilities))
    found = chances(happened, np.array(probabilities))
    assert [one.customers for one in found] == sizes


@pytest.mark.parametrize(
    ("happened", "size", "low", "high"),
    # Wilson's interval as tables have it (Newcombe 1998).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (29, 29, 0.8830, 1.0)],
)  # fmt: skip
def test_intervals_of_shares_are_those_of_the_tables(happened, size, low, high):
    came = np.repeat([1.0, 0.0], [happened, size - happened])
    (found,) = chances(came, np.full(size, 0.5))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize("spread", [1, 4])
def test_intervals_of_counts_hold_what_they_promise(spread):
    """Also where customers differ more than a Poisson lets them."""
    rng, mean, held = np.random.default_rng(4), 2.0, 0
    for _ in range(400):
        own = rng.gamma(2, mean / 2, 200) if spread > 1 else mean
        (found,) = counts(rng.poisson(own, 200).astype(float), np.full(200, mean))
        held += found.holds
    assert 0.92 < held / 400 < 0.98


def test_nobody_bought_is_no_certainty():
    (found,) = counts(np.zeros(38), np.full(38, 0.05))
    assert (found.actual, found.low) == (0, 0)
    assert found.high == pytest.approx(3.84 / 38, rel=0.01)
    assert found.holds


def test_as_data_is_plain_and_short():
    (found,) = counts(np.arange(6.0), np.full(6, 1 / 3))
    assert found.as_data()["customers"] == 6
    assert found.as_data()["expected"] == 0.333333
