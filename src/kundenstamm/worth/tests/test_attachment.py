"""The world in which Today is judged: what holds in it, and what the books may see of it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from kundenstamm.worth.synthetic.attachment import Nature, State, natures, step, talk
from kundenstamm.worth.synthetic.caring import CALL, YEAR, Company, working
from kundenstamm.worth.synthetic.knowing import Knowing


@pytest.fixture(scope="module")
def nature():
    return natures(300, 100, np.random.default_rng(1))


def _after(nature, days, called=()):
    rng = np.random.default_rng(2)
    state = State.at_first(nature, rng)
    luck = np.ones(nature.gap.size)
    for day in range(days):
        if day in called:
            talk(nature, state, np.arange(nature.gap.size), luck, luck)
        step(nature, state, 1.0, 0.0, rng)
    return state


def test_silence_wears_and_conversations_keep(nature):
    left_alone, spoken_to = _after(nature, 400), _after(nature, 400, range(0, 400, 40))
    assert left_alone.gone.mean() > 1.5 * spoken_to.gone.mean()
    assert left_alone.attached.mean() < spoken_to.attached.mean()
    for state in (left_alone, spoken_to):
        assert ((state.attached >= 0) & (state.attached <= 1)).all()


def test_whoever_has_left_buys_nothing_and_mostly_stays_away(nature):
    state = _after(nature, 400)
    state.gone[:], state.away[:] = True, 10.0
    talk(nature, state, np.arange(300), np.ones(300), np.random.default_rng(3).random(300))
    assert 0 < (~state.gone).mean() < 0.2
    state.gone[:], state.away[:] = True, 100.0
    talk(nature, state, np.arange(300), np.ones(300), np.zeros(300))
    assert state.gone.all()
    assert not step(nature, state, 30.0, 0.0, np.random.default_rng(4)).bought.any()


def test_called_again_at_once_annoys(nature):
    state = State.at_first(nature, np.random.default_rng(2))
    state.attached[:] = nature.ceiling
    state.silence[:] = 1.0
    talk(nature, state, np.arange(300), np.ones(300), np.ones(300))
    assert (state.attached < nature.ceiling).all()


def test_one_long_step_is_about_as_many_short_ones(nature):
    long, short = (State.at_first(nature, np.random.default_rng(2)).copies(20) for _ in "ab")
    rng = np.random.default_rng(5)
    for _ in range(20):
        step(nature, long, 7.0, 0.0, rng)
    for _ in range(140):
        step(nature, short, 1.0, 0.0, rng)
    assert long.attached.mean() == pytest.approx(short.attached.mean(), abs=0.02)
    assert long.gone.mean() == pytest.approx(short.gone.mean(), abs=0.02)


def test_equal_seeds_have_the_same_past_and_the_same_luck():
    one, other = (Company(3, customers=60) for _ in range(2))
    assert (one.books.last == other.books.last).all()
    assert one.play(None) == other.play(None)


def test_the_books_know_nothing_of_the_truth():
    seen = {each.name for each in fields(Company(3, customers=40).books)}
    assert not seen & {each.name for each in (*fields(Nature), *fields(State))}


class Counting(Company):
    """Adds up the minutes of every day of the year."""

    def call(self, day, customer):
        taken = super().call(day, customer)
        if day >= 0:
            self.taken = getattr(self, "taken", {})
            self.taken[day] = self.taken.get(day, 0) + taken
        return taken


def test_minutes_are_kept_on_working_days_of_the_first_year():
    company = Counting(3, customers=40)
    company.play(lambda day, company: range(10))
    assert max(company.taken.values()) == 3 * CALL <= company.minutes
    assert all(working(day) and day < YEAR for day in company.taken)


def test_knowing_the_truth_helps():
    best = sum(Company(3, customers=60, minutes=15).play(Knowing(then=0)))
    rng = np.random.default_rng(6)
    chance = sum(Company(3, customers=60, minutes=15).play(lambda *_: rng.permutation(60)[:1]))
    assert best > chance > sum(Company(3, customers=60).play(None))
