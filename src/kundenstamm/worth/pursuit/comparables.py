"""What a stranger will buy, by what comparable customers do: alike, and of its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import PlanError

# So many comparable customers weigh as much as the promise.
HALF = 4.0
# Whoever buys more than so many times as much, or less than such a part, is of another size and
# says nothing of this one.
TIMES = 6.0
# The spread of our own plans counts beside that of comparable customers as much as so many more.
BELIEVED = 3
# What comparable customers would have told of the size, where there are none: standard deviation
# of the logarithm, beside that of what our plans come to.
ALONE = 0.3


@dataclass(frozen=True)
class Drawn:
    """A promise drawn to what comparable customers buy.

    Attributes
    ----------
    turnover
        Money a year.
    weight
        Of the comparable customers, 0 to 1.
    middle
        Theirs, money a year; None without any.
    customers
        How many they are.
    others
        How many were left out, being of another size.
    spread
        Standard deviation of the logarithms of what they buy; nil of fewer than two.
    """

    turnover: float
    weight: float
    middle: float | None
    customers: int = 0
    others: int = 0
    spread: float = 0.0

    def uncertain(self, optimism: Optimism) -> Optimism:
        """How far what comes may be from `turnover`, which the optimism has gone into already.

        Two guesses that err each in its own way, the promise and the middle of comparable
        customers, err less together. Without anybody of this size to judge by it is wider than our
        own plans usually are.
        """
        own, weight = optimism.spread, self.weight
        if not self.customers:
            return replace(optimism, factor=1.0, spread=float(np.hypot(own, ALONE)))
        squares = (self.customers - 1) * self.spread**2 + BELIEVED * own**2
        theirs = squares / (self.customers - 1 + BELIEVED) * (1 + 1 / self.customers)
        both = (1 - weight) ** 2 * own**2 + weight**2 * theirs
        return replace(optimism, factor=1.0, spread=float(np.sqrt(both)))


def of_size(promised: float, turnover: float, times: float = TIMES) -> bool:
    """Whether somebody who buys that much is of the size of what is promised.

    Customers without turnover say nothing of size: whether a customer stays is a figure of its own.
    """
    return turnover > 0 and promised / times <= turnover <= promised * times


def drawn(promised: float, comparable: Sequence[float], times: float = TIMES) -> Drawn:
    """Draw a promised turnover to the geometric mean of comparable customers of its size.

    Credibility on the scale of logarithms (Bühlmann 1967). Who is of its size is told by the
    distance on that scale (`of_size`): eighteen shops of 15,000 say nothing of a chain of millions.

    Raises
    ------
    PlanError
        The promise is not above 0.
    """
    if promised <= 0:
        raise PlanError(f"turnover is {promised}; it must be above 0.")
    bought = np.asarray([each for each in comparable if each > 0], dtype=np.float64)
    known = np.asarray([each for each in bought if of_size(promised, each, times)])
    others = int(bought.size - known.size)
    if known.size == 0:
        return Drawn(float(promised), 0.0, None, 0, others)
    weight = known.size / (known.size + HALF)
    middle = float(np.log(known).mean())
    turnover = float(np.exp((1 - weight) * np.log(promised) + weight * middle))
    spread = float(np.log(known).std(ddof=1)) if known.size > 1 else 0.0
    return Drawn(turnover, weight, float(np.exp(middle)), int(known.size), others, spread)
