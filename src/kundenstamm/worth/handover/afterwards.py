"""What became of the customers of somebody who left, against comparable ones of others.

What a year brings changes for everybody; so what is told is the change beyond that of comparable
customers. Its interval comes from drawing customers of both groups anew (bootstrap, Efron 1979):
a few large ones make it wide, and that is what it should say. Nobody was left by lot, so who left
whom may have had reasons that also moved the customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.models.base import Floats

DRAWS = 2_000
SEED = 20
# A customer has thinned out who brings less than this part of what comparable ones would.
THINNED = 0.5
# Fewer customers than this on either side say nothing.
FEWEST = 5
# So many customers weighs what is believed before a firm has learned anything of its own.
BELIEVED = 50


@dataclass(frozen=True)
class Afterwards:
    """Counts of the customers of who left, and what went beyond what goes with everybody.

    Attributes
    ----------
    kept, thinned, lost
        How many customers; together all who had bought before.
    money
        What the year brought less than comparable customers would have; below nil: more.
    rate, low, high
        The same as a part of what was to be expected, and an interval of 80 %.
    expected
        What the year would have brought with what goes with everybody; money.
    """

    kept: int
    thinned: int
    lost: int
    money: float
    rate: float
    low: float
    high: float
    expected: float

    def less_than(self, usual: float) -> float:
        """How much less was lost than at a rate that is usual; money, below nil: more."""
        return usual * self.expected - self.money

    @property
    def customers(self) -> int:
        return self.kept + self.thinned + self.lost


def afterwards(
    before: Floats, after: Floats, others_before: Floats, others_after: Floats
) -> Afterwards | None:
    """What a year brought, against the year before, beside comparable customers.

    Parameters
    ----------
    before, after
        Money that each customer of who left brought in the year before and in the year after,
        shape ``(n,)``. Who brought nothing before is left out.
    others_before, others_after
        The same of comparable customers, shape ``(m,)``.

    Returns
    -------
    Afterwards or None
        None where either side has fewer than five customers, or others brought nothing.
    """
    mine, theirs = before > 0, others_before > 0
    before, after = before[mine], after[mine]
    others_before, others_after = others_before[theirs], others_after[theirs]
    if min(len(before), len(others_before)) < FEWEST or not others_after.sum() > 0:
        return None
    trend = float(others_after.sum() / others_before.sum())
    expected = before * trend
    lost = after <= 0
    thinned = ~lost & (after < THINNED * expected)
    low, high = _interval(before, after, others_before, others_after)
    return Afterwards(
        int((~lost & ~thinned).sum()), int(thinned.sum()), int(lost.sum()),
        float(expected.sum() - after.sum()), float(1 - after.sum() / expected.sum()), low, high,
        float(expected.sum()),
    )  # fmt: skip


def learned_rate(believed: float, found: Sequence[tuple[float, int]]) -> float:
    """The firm's own loss rate: what was believed counts as fifty customers; from nil to one.

    Parameters
    ----------
    found
        Rate and number of customers of each departure whose year is over.
    """
    weights = [float(BELIEVED), *(float(customers) for _rate, customers in found)]
    rates = [believed, *(rate for rate, _customers in found)]
    return float(np.clip(np.average(rates, weights=weights), 0.0, 1.0))


def _interval(
    before: Floats, after: Floats, theirs: Floats, theirs_after: Floats
) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    mine = rng.integers(0, len(before), (DRAWS, len(before)))
    others = rng.integers(0, len(theirs), (DRAWS, len(theirs)))
    with np.errstate(divide="ignore", invalid="ignore"):
        ours = after[mine].sum(axis=1) / before[mine].sum(axis=1)
        trend = theirs_after[others].sum(axis=1) / theirs[others].sum(axis=1)
        rates = 1 - ours / trend
    low, high = np.quantile(rates[np.isfinite(rates)], [0.1, 0.9])
    return float(low), float(high)
