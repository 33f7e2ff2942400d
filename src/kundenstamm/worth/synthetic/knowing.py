"""Whom to call if the hidden truth were known: what a benchmark measures itself against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kundenstamm.worth.synthetic.attachment import Floats
from kundenstamm.worth.synthetic.caring import CALL, COMPLAINT, YEAR, Company

WEEK = 7
# Whoever is not called today may be called another time: so likely a week, as by a way that goes
# round everybody.
LATER = 0.04
# So many futures tell whom to look at more closely, so many customers, and how many futures then.
FIRST, CLOSELY, THEN = 10, 60, 60


class Knowing:
    """Calls those for whom a call today adds most per minute, knowing everything but the luck.

    Twice a week each customer's future to the end of the second year is played over from
    its true state, with its true nature, once with a call today and once without, by the
    same draws; the difference is what the call adds. Ten futures of everybody, and sixty more of
    the sixty for whom it seems most (sequential halving in two rounds: Karnin, Koren & Somekh 2013,
    "Almost optimal exploration in multi-armed bandits"). It is one step of policy improvement on
    going round everybody (Bertsekas & Tsitsiklis 1996, "Neuro-dynamic programming"): better than
    that by much, close to the best as far as is known, and no upper bound. A week is played in one
    step (``worth/synthetic.futures.py``).
    """

    def __init__(self, again: int = 7, then: int = THEN) -> None:
        self.again, self.then = again, then
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
        adds = np.full(company.nature.starts.size, -np.inf)
        adds[who] = self._of(who, FIRST, day, company)
        if self.then:
            closely = np.argsort(-adds)[:CLOSELY]
            more = self._of(closely, self.then, day, company)
            looked = (adds[closely] * FIRST + more * self.then) / (FIRST + self.then)
            adds[closely] = np.where(np.isfinite(adds[closely]), looked, -np.inf)
        return adds

    def _of(self, who: Any, times: int, day: int, company: Company) -> Floats:
        from kundenstamm.worth.synthetic.futures import added

        nature = type(company.nature)(**{n: v[who] for n, v in vars(company.nature).items()})
        now = type(company.state)(**{n: v[who] for n, v in vars(company.state).items()})
        adds = added(company.world, nature, now, times, (day, YEAR, 2 * YEAR), LATER)
        return np.asarray(adds / np.where(now.complaint, COMPLAINT, CALL))
