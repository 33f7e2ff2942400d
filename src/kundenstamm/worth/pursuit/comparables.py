"""What a stranger will buy, by what comparable customers do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.pursuit.plan import PlanError

# So many comparable customers weigh as much as the promise.
HALF = 4.0


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
    """

    turnover: float
    weight: float
    middle: float | None


def drawn(promised: float, comparable: Sequence[float]) -> Drawn:
    """Draw a promised turnover to the comparable customers' geometric mean.

    Credibility on the scale of logarithms (Bühlmann 1967). Customers without turnover say nothing
    of size: whether a customer stays is a figure of its own.

    Raises
    ------
    PlanError
        The promise is not above 0.
    """
    if promised <= 0:
        raise PlanError(f"turnover is {promised}; it must be above 0.")
    known = np.asarray([each for each in comparable if each > 0], dtype=np.float64)
    if known.size == 0:
        return Drawn(float(promised), 0.0, None)
    weight = known.size / (known.size + HALF)
    middle = float(np.log(known).mean())
    turnover = float(np.exp((1 - weight) * np.log(promised) + weight * middle))
    return Drawn(turnover, weight, float(np.exp(middle)))
