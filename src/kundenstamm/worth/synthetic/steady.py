"""The second world with the luck of leaving taken out of the sum, so that ways can be told apart.

A single big customer that happens to leave decides what a company of `hazards` brings in two years.
How likely it was to leave is known here. So whatever chance took beyond what was to be expected is
put back, at what the customer would still have brought (a control variate whose mean is nil:
Glasserman 2003, "Monte Carlo methods in financial engineering", 4.1). What is done, what is seen
and what happens stays the same; the sum is right on average for every way of calling, and varies
less.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kundenstamm.worth.synthetic import hazards
from kundenstamm.worth.synthetic.attachment import Floats, Happened
from kundenstamm.worth.synthetic.caring import YEAR

# Of those who are there so many leave a year, about: what is still to come is worth so much less.
LEAVE = 0.24


class Steady:
    """`hazards` for one company from day nil on; ``put_back`` is to be added to its two sums."""

    State = hazards.State

    def __init__(self) -> None:
        self.put_back = np.zeros(2)
        self.day = 0.0

    def step(
        self, nature: Any, state: Any, days: float, price_rise: float, rng: np.random.Generator
    ) -> Happened:
        lost, tempted = (-np.expm1(-each * days) for each in hazards.hazards(nature, state))
        there, share = ~state.gone, state.share.copy()
        halves = nature.splits & (share * 0.5 >= hazards.LEAST_SHARE)
        halving = np.where(halves, tempted, 0.0)
        rate = hazards._rate(nature, state) * days
        # Whoever gives in buys less on the same day.
        buying = -(1 - halving) * np.expm1(-rate) - halving * np.expm1(-rate / 2)
        to_come = self._to_come(nature, state)
        happened = hazards.step(nature, state, days, price_rise, rng)
        leaving = np.where(halves, lost, 1 - (1 - lost) * (1 - tempted))
        meant = there * (leaving + (1 - leaving) * halving * 0.5)
        took = there * np.where(state.gone, 1.0, np.where(state.share < share, 0.5, 0.0))
        known = nature.starts <= self.day
        self.put_back += to_come @ ((took - meant) * known)
        bought = there * buying * nature.size - happened.brought
        self.put_back[0 if self.day < YEAR else 1] += float((bought * known).sum())
        self.day += days
        return happened

    def talk(self, nature: Any, state: Any, who: Any, luck: Floats, chance: Floats) -> None:
        gone = state.gone[who].copy()
        meant = gone * (state.away[who] <= hazards.WINNABLE) * nature.won_back[who]
        hazards.talk(nature, state, who, luck, chance)
        back = gone & ~state.gone[who]
        self.put_back += self._to_come(nature, state)[:, who] @ (meant - back)

    def _to_come(self, nature: Any, state: Any) -> Floats:
        """Of the rest of both years, were the customer there now; shape ``(2, customers)``."""
        left = [max(end - max(self.day, end - YEAR), 0) / YEAR for end in (YEAR, 2 * YEAR)]
        ahead = [max(end - YEAR - self.day, 0) / YEAR + had / 2
                 for end, had in zip((YEAR, 2 * YEAR), left, strict=True)]  # fmt: skip
        weight = np.array(left) * np.exp(-LEAVE * np.array(ahead))
        return np.asarray(weight[:, None] * nature.size * nature.rate * state.share)
