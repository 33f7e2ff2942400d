"""Compiled futures are those of the worlds, and taking luck out moves no sum."""

from __future__ import annotations

import numpy as np
import pytest

from kundenstamm.worth.synthetic import attachment, hazards
from kundenstamm.worth.synthetic.caring import Company
from kundenstamm.worth.synthetic.futures import added
from kundenstamm.worth.synthetic.seeing import Seeing, Watched
from kundenstamm.worth.synthetic.steady import Steady

N, TIMES, WEEKS = 60, 400, 20


@pytest.mark.parametrize("world", [attachment, hazards])
def test_a_call_adds_as_much_as_in_the_world_itself(world):
    rng = np.random.default_rng(8)
    nature = world.natures(N, 730, rng)
    nature.size[:] = 100.0
    state = world.State.at_first(nature, rng)
    state.gone[:6], state.complaint[6:20] = True, True
    sums = []
    for call in (True, False):
        lived, luck = state.copies(TIMES), np.random.default_rng(9)
        if call:
            well = np.clip(luck.normal(1.0, 0.3, (TIMES, N)), 0.0, None)
            world.talk(nature, lived, np.arange(N), well, luck.random((TIMES, N)))
        luck = np.random.default_rng(10)
        sums.append(sum(world.expect(nature, lived, 7.0, luck) for _week in range(WEEKS)))
    told = (sums[0] - sums[1]).mean(axis=0)
    found = added(world, nature, state, TIMES, (0, 0, 7 * WEEKS), 0.0)
    error = (sums[0] - sums[1]).sum(axis=1).std() / TIMES**0.5
    assert found.sum() == pytest.approx(told.sum(), abs=4 * error)
    assert np.corrcoef(found, told)[0, 1] > 0.9


def test_without_luck_sums_are_the_same_on_average_and_vary_less():
    made = np.random.default_rng(3)
    nature = hazards.natures(200, 730, made)
    nature.starts[:], nature.size[:4] = -730.0, 5_000.0
    at_first = hazards.State.at_first(nature, made)
    at_first.clock[:] = 0.0
    raw, steady = [], []
    for seed in range(24):
        world, state, rng = Steady(), at_first.copy(), np.random.default_rng(seed)
        brought = sum(
            world.step(nature, state, 7.0, 0.0, rng).brought.sum() for _week in range(104)
        )
        raw.append(brought)
        steady.append(brought + world.put_back.sum())
    assert np.std(steady) < 0.75 * np.std(raw)
    error = np.std(np.subtract(raw, steady)) / 24**0.5
    assert np.mean(steady) == pytest.approx(np.mean(raw), abs=3 * error)


@pytest.mark.parametrize("world", [attachment, hazards])
def test_what_is_believed_follows_what_is_seen(world):
    company = Watched(3, customers=40, minutes=15, world=world)
    way = Seeing(particles=20)
    called = way(0, company)
    assert len(set(called)) == len(called) <= 2
    gone = way.believed.state.gone.reshape(20, 40)
    believed = (gone * way.believed._weights()).sum(axis=0)
    here = ~company.state.gone & (company.books.purchases > 0)
    assert believed[here].mean() < 0.2
    assert believed[company.state.gone].mean() > believed[here].mean()


def test_watching_changes_nothing():
    plain, watched = (made(4, customers=40) for made in (Company, Watched))
    assert plain.play(None) == watched.play(None)
