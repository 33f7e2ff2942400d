"""The whale curve: how the profit adds up, best customers first (Kaplan & Cooper 1998)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats

POINTS = 200


@dataclass(frozen=True)
class Whale:
    """Cumulative profit by rank, with the figures people ask for.

    ``ranks`` and ``shares`` are the curve (share 1.0 = the whole profit, at the last rank);
    at most 200 points, always with the start, the peak and the end.
    """

    customers: int
    total: float
    ranks: tuple[int, ...]
    shares: tuple[float, ...]
    peak_rank: int
    peak_share: float
    earners: int
    loss_makers: int
    loss_share: float
    top_tenth: int
    top_tenth_share: float
    gini: float

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def whale(profits: npt.ArrayLike) -> Whale | None:
    """The curve of one profit figure per customer; None where the whole is not positive.

    Shares of a total that is zero or negative say nothing, so there is no curve then.
    """
    values = np.sort(np.asarray(profits, dtype=np.float64))[::-1]
    total = float(values.sum())
    if values.size == 0 or total <= 0:
        return None
    cumulative = np.concatenate([[0.0], np.cumsum(values)]) / total
    peak = int(np.argmax(cumulative))
    tenth = max(1, round(values.size / 10))
    ranks = _ranks(values.size, peak)
    return Whale(
        customers=int(values.size),
        total=total,
        ranks=tuple(int(rank) for rank in ranks),
        shares=tuple(float(cumulative[rank]) for rank in ranks),
        peak_rank=peak,
        peak_share=float(cumulative[peak]),
        earners=int((values > 0).sum()),
        loss_makers=int((values < 0).sum()),
        loss_share=float(-values[values < 0].sum() / total),
        top_tenth=tenth,
        top_tenth_share=float(cumulative[tenth]),
        gini=_gini(np.maximum(values, 0.0)),
    )


def _ranks(customers: int, peak: int) -> npt.NDArray[np.int64]:
    even = np.linspace(0, customers, min(customers + 1, POINTS - 1)).round().astype(np.int64)
    return np.unique(np.append(even, peak))


def _gini(descending: Floats) -> float:
    """Gini coefficient of values that are not negative: 0 all equal, towards 1 one has all."""
    ascending = descending[::-1]
    total = ascending.sum()
    if total <= 0:
        return 0.0
    n = ascending.size
    weighted = (np.arange(1, n + 1) * ascending).sum()
    return float(2 * weighted / (n * total) - (n + 1) / n)
