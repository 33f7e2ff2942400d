"""Whom to call if the hidden truth were known: what a benchmark measures itself against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from kundenstamm.worth.synthetic.attachment import Flags, Floats, Nature, State, step, talk
from kundenstamm.worth.synthetic.caring import CALL, COMPLAINT, YEAR, Company

WEEK = 7
# Whoever is not called today may be called another time: so likely a week, as by a way that goes
# round everybody.
LATER = 0.04


class Knowing:
    """Calls those for whom a call today adds most per minute, knowing everything but the luck.

    Twice a week each customer's future to the end of the second year is played ``times`` over from
    its true state, with its true nature, once with a call today and once without, by the
    same draws; the difference is what the call adds. It is one step of policy improvement on going
    round everybody (Bertsekas & Tsitsiklis 1996, "Neuro-dynamic programming"): better than that by
    much, close to the best as far as is known, and no upper bound. A week is played in one step.
    """

    def __init__(self, times: int = 10, again: int = 7) -> None:
        self.times, self.again = times, again
        self.adds: Floats | None = None

    def __call__(self, day: int, company: Company) -> Sequence[int]:
        if self.adds is None or day % WEEK in (0, 3):
            self.adds = self._adds(day, company)
        free = company.books.phoned < day - self.again
        ordered = np.argsort(-np.where(free, self.adds, -np.inf))[: company.minutes // CALL + 1]
        return [int(n) for n in ordered if free[n] and self.adds[n] > 0]

    def _adds(self, day: int, company: Company) -> Floats:
        """Contribution a minute of calling adds, per customer; −∞ where nobody can."""
        state = company.state
        who = np.nonzero((company.nature.starts <= day) & (~state.gone | (state.away < 60)))[0]
        nature = Nature(**{f.name: getattr(company.nature, f.name)[who] for f in fields(Nature)})
        now = State(**{name: value[who] for name, value in vars(state).items()})
        called, not_called = (
            self._future(nature, now.copies(self.times), day, call) for call in (True, False)
        )
        adds = np.full(company.nature.gap.size, -np.inf)
        adds[who] = (called - not_called) / np.where(now.complaint, COMPLAINT, CALL)
        return adds

    def _future(self, nature: Nature, state: State, day: int, call: bool) -> Floats:
        """Mean contribution to the end; whoever is called is called at once."""
        rng = np.random.default_rng([day, 11])
        total, shape = np.zeros(nature.gap.size), state.attached.shape
        for start in range(day, 2 * YEAR, WEEK):
            luck = np.clip(rng.normal(1.0, 0.3, shape), 0.0, None)
            chance, talks = rng.random(shape), rng.random(shape) < LATER
            talks &= start < YEAR
            if start == day:
                talks[:] = call
            _talk_some(nature, state, talks, luck, chance)
            total += step(nature, state, WEEK, 0.0, rng).brought.mean(axis=0)
        return total


def _talk_some(nature: Nature, state: State, talks: Flags, luck: Floats, chance: Floats) -> None:
    if not talks.any():
        return
    tried = state.copy()
    talk(nature, tried, np.arange(nature.gap.size), luck, chance)
    for name, value in vars(state).items():
        value[talks] = vars(tried)[name][talks]
