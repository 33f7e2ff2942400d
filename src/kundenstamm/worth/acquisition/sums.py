"""Means and intervals of weighted amounts from five sums, which may be added up beforehand.

So a page about a hundred thousand customers reads sums and not customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kundenstamm.worth.decisions.terms import Interval

LEVEL = 0.8
# Of so many customers at least a spread is known well enough to show.
ENOUGH = 5


@dataclass(frozen=True)
class Sums:
    """Of amounts x with weights w.

    Attributes
    ----------
    number
        How many amounts.
    weight, weight_squared
        Σ w and Σ w².
    amount, squared
        Σ w·x, money, and Σ w·x².
    """

    number: int = 0
    weight: float = 0.0
    weight_squared: float = 0.0
    amount: float = 0.0
    squared: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float], weights: Sequence[float]) -> Sums:
        pairs = list(zip(weights, values, strict=True))
        return cls(
            len(pairs),
            sum(w for w, _x in pairs),
            sum(w * w for w, _x in pairs),
            sum(w * x for w, x in pairs),
            sum(w * x * x for w, x in pairs),
        )

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.number + other.number,
            self.weight + other.weight,
            self.weight_squared + other.weight_squared,
            self.amount + other.amount,
            self.squared + other.squared,
        )


def spread(sums: Sums) -> tuple[float | None, Interval]:
    """A weighted mean and its interval by Student's t; nan where fewer than five are known.

    The number of customers behind weighted ones is Kish's: (sum of weights)² ÷ sum of their squares
    (Kish 1965). None and nan where there is nobody.
    """
    from scipy.stats import t

    unknown = Interval(float("nan"), float("nan"))
    if sums.number == 0:
        return None, unknown
    mean = sums.amount / sums.weight
    size = sums.weight**2 / sums.weight_squared
    if sums.number < ENOUGH or size < 2:
        return mean, unknown
    # By rounding alone the difference could fall below nil where all are equal.
    variance = max(sums.squared / sums.weight - mean**2, 0.0) * size / (size - 1)
    off = float(t.ppf((1 + LEVEL) / 2, size - 1) * (variance / size) ** 0.5)
    return mean, Interval(mean - off, mean + off)
