"""Whether what was expected is what came: classes of customers, expected beside actual.

A class is a group of customers of whom about the same was expected. None is of fewer than `FEWEST`
customers, so that a class tells nothing of a single one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats

CLASSES = 10
# A class wants so many customers to say something; small bases have fewer classes.
ENOUGH = 20
FEWEST = 5
# Intervals of 95 %.
Z = 1.959964

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CalibrationClass:
    """Means of a class: what was expected, what came, and how far chance alone might move that.

    ``low`` and ``high`` are the ends of an interval of 95 % around ``actual``.
    """

    customers: int
    expected: float
    actual: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether chance explains the difference."""
        return self.low <= self.expected <= self.high

    def as_data(self) -> dict[str, Any]:
        return {
            name: value if isinstance(value, int) else round(value, 6)
            for name, value in asdict(self).items()
        }


def counts(actual: Floats, expected: Floats, classes: int = CLASSES) -> list[CalibrationClass]:
    """Customers in classes of about equal size by what was expected of them, lowest first.

    Parameters
    ----------
    actual, expected
        Counts, and their expected means; shape ``(customers,)``.
    classes
        How many at most; customers with the same expectation stay together.

    Returns
    -------
    list of CalibrationClass
        Empty for fewer than `FEWEST` customers.
    """
    wanted = int(np.clip(expected.size // ENOUGH, 1, classes))
    labels = _merged(_by_rank(expected, wanted))
    return [_class(actual[rows], expected[rows], _count_interval) for rows in _rows(labels)]


def chances(
    happened: Floats, probability: Floats, classes: int = CLASSES
) -> list[CalibrationClass]:
    """Customers in classes of equal width by the probability that was told, lowest first.

    ``happened`` is 1 or 0; ``actual`` of a class is the share of those to whom it happened.
    """
    labels = _merged(np.minimum((probability * classes).astype(np.int64), classes - 1))
    return [_class(happened[rows], probability[rows], _share_interval) for rows in _rows(labels)]


def _class(actual: Floats, expected: Floats, interval: Any) -> CalibrationClass:
    low, high = interval(actual)
    mean = float(actual.mean())
    # Rounding must not put a mean outside its own interval.
    ends = min(low, mean), max(high, mean)
    return CalibrationClass(int(actual.size), float(expected.mean()), mean, *ends)


def _by_rank(values: Floats, classes: int) -> Labels:
    """Class by place in the order; equal values share the place of the first of them."""
    _values, which, many = np.unique(values, return_inverse=True, return_counts=True)
    first = np.cumsum(many) - many
    return np.asarray(first[which] * classes // values.size, dtype=np.int64)


def _merged(labels: Labels) -> Labels:
    """Classes joined with the next one until none is too small; what is left joins the last."""
    present, which, many = np.unique(labels, return_inverse=True, return_counts=True)
    joined = np.zeros(present.size, dtype=np.int64)
    number, inside = 0, 0
    for n, size in enumerate(many):
        joined[n] = number
        inside += int(size)
        if inside >= FEWEST:
            number, inside = number + 1, 0
    if inside and number:
        joined[joined == number] = number - 1
    return np.asarray(joined[which], dtype=np.int64)


def _rows(labels: Labels) -> list[npt.NDArray[np.bool_]]:
    if labels.size < FEWEST:
        return []
    return [labels == label for label in np.unique(labels)]


def _count_interval(actual: Floats) -> tuple[float, float]:
    """Of a mean count: the score interval of a Poisson, widened where counts vary more.

    Never of no width, also where nobody bought, and never below nil.
    """
    size, mean = actual.size, float(actual.mean())
    spread = float(actual.var(ddof=1)) / mean if size > 1 and mean > 0 else 1.0
    unit = max(spread, 1.0) * Z**2 / size
    half = float(np.sqrt(unit * mean + unit**2 / 4))
    return mean + unit / 2 - half, mean + unit / 2 + half


def _share_interval(happened: Floats) -> tuple[float, float]:
    """Of a share (Wilson 1927)."""
    size, share = happened.size, float(happened.mean())
    unit = Z**2 / size
    centre = (share + unit / 2) / (1 + unit)
    half = float(np.sqrt(unit * share * (1 - share) + unit**2 / 4)) / (1 + unit)
    return centre - half, centre + half
