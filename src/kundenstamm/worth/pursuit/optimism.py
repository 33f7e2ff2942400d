"""How much our plans promise too much, from pursuits that were won and are a year old.

A mean of logarithms drawn towards nothing by credibility (Bühlmann 1967), as sizes differ by
factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# So many pursuits weigh as much as the belief that plans are right.
HALF = 3.0
# Until so many are known, what they came to spreads by this (standard deviation of the logarithm).
FEW, UNKNOWN = 3, 0.5
# Real ÷ promised is taken for no less and no more: one that bought nothing is no reason for -inf.
LEAST, MOST = 0.05, 5.0


@dataclass(frozen=True)
class Optimism:
    """Real ÷ promised turnover.

    Attributes
    ----------
    factor
        What a promise is multiplied by.
    spread
        Standard deviation of its logarithm, of one customer.
    pursuits
        How many it was learned from.
    """

    factor: float
    spread: float
    pursuits: int

    @classmethod
    def of(cls, ratios: Sequence[float]) -> Optimism:
        """From real ÷ promised turnover of each pursuit.

        Raises
        ------
        ValueError
            A ratio is negative or no number.
        """
        known = np.asarray(ratios, dtype=np.float64)
        if not (np.isfinite(known).all() and (known >= 0).all()):
            raise ValueError("Real ÷ promised must be a number that is not below 0.")
        logs = np.log(np.clip(known, LEAST, MOST))
        size = known.size
        middle = float(logs.sum() / (size + HALF)) if size else 0.0
        return cls(float(np.exp(middle)), _spread(logs, middle), size)

    @property
    def is_assumed(self) -> bool:
        """Whether the spread is a belief and not yet learned."""
        return self.pursuits < FEW


def _spread(logs: np.ndarray, middle: float) -> float:
    """Around the drawn middle; the belief counts as much as ``FEW`` pursuits."""
    if logs.size < FEW:
        return UNKNOWN
    squares = float(((logs - middle) ** 2).sum()) + FEW * UNKNOWN**2
    return float(np.sqrt(squares / (logs.size + FEW)))
