"""After a departure: only what goes beyond the others counts, and little data says so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.handover.afterwards import afterwards, learned_rate

money = st.lists(st.floats(1, 1e5), min_size=5, max_size=30).map(np.array)


@given(before=money, others=money, trend=st.floats(0.2, 3))
def test_who_changes_as_everybody_does_has_lost_nothing(before, others, trend):
    told = afterwards(before, before * trend, others, others * trend)
    assert told.rate == pytest.approx(0, abs=1e-9)
    assert told.money == pytest.approx(0, abs=1e-6 * before.sum() * trend)
    assert (told.kept, told.customers) == (len(before), len(before))
    assert told.low == pytest.approx(0, abs=1e-9) == told.high


@given(before=money, others=money, kept=st.floats(0.01, 1))
def test_the_rate_is_what_went_beyond_and_a_unit_changes_nothing(before, others, kept):
    told = afterwards(before, before * kept * 1.1, others, others * 1.1)
    assert told.rate == pytest.approx(1 - kept, abs=1e-9)
    cents = afterwards(before * 100, before * kept * 110, others * 100, others * 110)
    assert cents.rate == pytest.approx(told.rate, abs=1e-9)
    assert cents.money == pytest.approx(100 * told.money, abs=1e-6)


def test_kept_thinned_and_lost():
    before = np.array([100.0] * 6)
    after = np.array([100.0, 90, 51, 40, 0, 0])
    told = afterwards(before, after, before, before)
    assert (told.kept, told.thinned, told.lost) == (3, 1, 2)
    assert told.money == 600 - 281
    assert (told.expected, told.less_than(0.6)) == (600, 0.6 * 600 - 319)
    assert told.low < told.rate < told.high


def test_few_customers_say_nothing():
    few, many = np.full(4, 10.0), np.full(9, 10.0)
    assert afterwards(few, few, many, many) is None
    assert afterwards(many, many, few, few) is None
    assert afterwards(many, many, many, many * 0) is None


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng, inside = np.random.default_rng(1), 0
    for _ in range(100):
        before, others = rng.gamma(2, 100, 60), rng.gamma(2, 100, 200)
        after = before * 0.85 * rng.gamma(4, 0.25, 60)
        told = afterwards(before, after, others, others * rng.gamma(4, 0.25, 200))
        inside += told.low <= 0.15 <= told.high
    assert 65 <= inside <= 92


def test_the_own_rate_moves_from_what_was_believed_to_what_was_seen():
    before = np.array([100.0] * 50)
    told = afterwards(before, before * 0.5, before, before)
    assert learned_rate(0.15, []) == pytest.approx(0.15)
    assert learned_rate(0.15, [(told.rate, told.customers)]) == pytest.approx(0.325)
    assert learned_rate(0.15, [(told.rate, told.customers)] * 99) > 0.49
