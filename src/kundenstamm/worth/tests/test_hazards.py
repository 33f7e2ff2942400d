"""The second invented world: goodwill wears off, luck is fair, the truth is worth knowing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kundenstamm.worth.synthetic import hazards
from kundenstamm.worth.synthetic.caring import Company
from kundenstamm.worth.synthetic.knowing import Knowing

N = 500


@pytest.fixture
def drawn():
    rng = np.random.default_rng(5)
    nature = hazards.natures(N, 730, rng)
    return nature, hazards.State.at_first(nature, rng), rng


def call(nature, state):
    hazards.talk(nature, state, np.arange(N), np.ones(N), np.ones(N))


def test_a_call_lowers_the_hazard_of_those_it_holds_and_raises_that_of_the_annoyed(drawn):
    nature, state, _rng = drawn
    state.silence[:] = 0.0
    before, _tempted = hazards.hazards(nature, state)
    call(nature, state)
    after, _tempted = hazards.hazards(nature, state)
    assert (after < before)[nature.held > 0].all()
    assert (after > before)[nature.held < 0].all()


def test_goodwill_saturates_and_wears_off(drawn):
    nature, state, rng = drawn
    once = state.goodwill.copy()
    call(nature, state)
    first = state.goodwill - once
    again = state.goodwill.copy()
    call(nature, state)
    assert (state.goodwill - again < first).all()
    assert (state.goodwill < 1).all()
    full = state.goodwill.copy()
    hazards.step(replace(nature, calls=np.zeros(N)), state, 30.0, 0.0, rng)
    assert state.goodwill == pytest.approx(full * np.exp(-30 / nature.keeps))


def test_what_is_reckoned_is_what_comes_on_average(drawn):
    """Half a year, day by day as it is lived and week by week as it is reckoned with."""
    nature, state, rng = drawn
    lived, reckoned = state.copies(60), state.copies(60)
    came = sum(hazards.step(nature, lived, 1.0, 0.0, rng).brought for _day in range(182))
    meant = sum(hazards.expect(nature, reckoned, 7.0, rng) for _week in range(26))
    assert came.mean(axis=0).sum() == pytest.approx(meant.mean(axis=0).sum(), rel=0.1)


def test_equal_seeds_are_equal_companies():
    one, two = (Company(4, customers=40, world=hazards) for _ in range(2))
    assert one.play(None) == two.play(None)


def test_knowing_the_truth_helps():
    best = sum(Company(3, customers=60, minutes=15, world=hazards).play(Knowing(then=0)))
    assert best > sum(Company(3, customers=60, world=hazards).play(None))
