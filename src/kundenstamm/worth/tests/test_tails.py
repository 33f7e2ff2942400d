"""Intervals cover what they should: rare and heavy, also when counts come from longer times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kundenstamm.worth import metrics
from kundenstamm.worth.intervals import with_chance
from kundenstamm.worth.tails import Claim, Tails

LEVEL = 0.8


def _base(seed, size, days, wild=2.0):
    """What comes is wilder than what the model draws."""
    rng = np.random.default_rng(seed)
    expected = rng.gamma(0.7, 3.0, size) * days
    actual = rng.poisson(expected * rng.gamma(wild, 1 / wild, size)).astype(float)
    draws = rng.poisson(expected[:, None], (size, 200)).astype(float)
    return expected, actual, draws


def _learned(seed=6, size=4000, days=1.0):
    expected, actual, draws = _base(seed, size, days)
    return Claim.learned(actual, draws, expected, LEVEL, np.random.default_rng(seed))


def test_what_was_learned_holds_for_others_rare_and_heavy_alike():
    claim = _learned()
    expected, actual, draws = _base(7, 4000, 1.0)
    low, high = Tails.settled(draws, expected, claim).ends(draws, expected)
    for rows in (expected <= 2, expected > 2):
        assert 0.75 <= metrics.coverage(actual[rows], low[rows], high[rows]) <= 0.88
    # Of 200, whose claim was learned from 200 others: chance moves this by four in a hundred.
    heaviest = expected >= np.quantile(expected, 0.95)
    assert 0.7 <= metrics.coverage(actual[heaviest], low[heaviest], high[heaviest]) <= 0.9


def test_ties_of_short_windows_do_not_narrow_the_intervals_of_longer_ones():
    """Nobody buys twice in the short window, so that all its draws are ties."""
    expected, actual, draws = _base(8, 4000, 0.05, wild=50.0)
    claim = Claim.learned(actual, draws, expected, LEVEL, np.random.default_rng(1))
    assert claim.shares == pytest.approx(LEVEL, abs=0.1)
    expected, actual, draws = _base(9, 4000, 3.0, wild=50.0)
    low, high = Tails.settled(draws, expected, claim).ends(draws, expected)
    assert 0.75 <= metrics.coverage(actual, low, high) <= 0.88


def test_who_is_wilder_claims_more():
    calm = _base(3, 3000, 3.0, wild=1000.0)
    wild = _base(3, 3000, 3.0, wild=1.0)
    shares = [
        Claim.learned(actual, draws, expected, LEVEL, np.random.default_rng(2)).shares.mean()
        for expected, actual, draws in (calm, wild)
    ]
    assert shares[0] == pytest.approx(LEVEL, abs=0.04)
    assert shares[1] > 0.9


def test_a_model_that_is_believed_covers_itself():
    rng = np.random.default_rng(7)
    expected = np.full(3000, 3.0)
    draws = rng.poisson(3.0, (3000, 201)).astype(float)
    tails = Tails.settled(draws, expected, Claim.plain(LEVEL))
    low, high = tails.ends(draws[:, 1:], expected)
    assert 0.79 <= metrics.coverage(draws[:, 0], low, high) <= 0.9


def test_whoever_has_just_the_share_beyond_is_inside():
    draws = np.arange(10.0)[None, :]
    low, high = Tails((), (0.2,)).ends(draws, np.ones(1))
    assert (low[0], high[0]) == (1.0, 8.0)
    low, high = Tails((), (0.0,)).ends(draws, np.ones(1))
    assert (low[0], high[0]) == (0.0, 9.0)


@pytest.mark.parametrize("size", [1, 3, 99, 120, 801])
def test_small_bases_have_classes_they_can_fill(size):
    expected, actual, draws = _base(4, size, 1.0)
    claim = Claim.learned(actual, draws, expected, LEVEL, np.random.default_rng(4))
    tails = Tails.settled(draws, expected, claim)
    low, high = tails.ends(draws, expected)
    assert (low <= high).all()
    assert Tails.from_data(tails.as_data()) == tails


@given(
    arrays(np.float64, (4, 60), elements=st.integers(0, 9).map(float)),
    st.lists(st.floats(0.2, 1), min_size=4, max_size=4),
)
def test_draws_get_a_chance_and_keep_their_mean(draws, shares):
    """In many copies of each draw, so that chance in the redrawing hardly shows."""
    many = np.tile(draws, 200)
    mean = draws.mean(axis=1)
    # None can be above nil more often than the mean says.
    chance = np.array(shares) * np.minimum(mean, 1)
    told = with_chance(many, chance, np.random.default_rng(1))
    np.testing.assert_allclose((told > 0).mean(axis=1), chance, atol=0.03)
    np.testing.assert_allclose(told.mean(axis=1), mean, atol=0.08 * mean.max() + 0.03)
    assert (told == np.floor(told)).all()
