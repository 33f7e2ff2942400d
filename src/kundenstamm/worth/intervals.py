"""Intervals that hold: how far out the ends stand is learned from earlier windows.

A model's own quantiles cover too much where counts are rare (0 alone may have 90 %) and too
little where buyers are heavy. Here the tails are chosen per class of expected count, so that the
interval, both ends included, covered the wanted share of what came in earlier windows (conformal
prediction by groups; Vovk, Gammerman & Shafer 2005, section 4.5). Where there are none, the
draws of the model itself stand in, which settles the ties of counts though not the model's errors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    import polars as pl

CLASSES = 8
# Fewer customers than this make no class of their own.
LEAST = 100
# Draws are made for so many customers at a time, which bounds memory.
CHUNK = 20_000


@dataclass(frozen=True)
class Tails:
    """The share left out at each end, by class of expected count.

    ``edges`` are expected counts between the classes, ascending; ``shares`` has one more.
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]

    @classmethod
    def learned(cls, actual: Floats, draws: Floats, expected: Floats, level: float) -> Tails:
        """The tails at which ``level`` of the actual values were inside.

        Parameters
        ----------
        actual, expected
            What came, and the mean expected; shape ``(customers,)``.
        draws
            Of the predictive distribution; shape ``(customers, size)``.
        level
            The share to cover, 0.8 say.
        """
        classes = int(np.clip(expected.size // LEAST, 1, CLASSES))
        edges = np.quantile(expected, np.arange(1, classes) / classes)
        depth = _depth(actual, draws)
        place = np.searchsorted(edges, expected, side="right")
        overall = float(np.quantile(depth, 1 - level))
        shares = [
            float(np.quantile(depth[place == n], 1 - level)) if (place == n).any() else overall
            for n in range(classes)
        ]
        return cls(tuple(edges.tolist()), tuple(np.clip(shares, 0.0, 0.5).tolist()))

    def as_data(self) -> list[list[float]]:
        """Plain values: edges, then shares."""
        return [list(self.edges), list(self.shares)]

    @classmethod
    def from_data(cls, data: Sequence[Sequence[float]]) -> Self:
        """What `as_data` wrote down."""
        return cls(tuple(data[0]), tuple(data[1]))

    def ends(self, draws: Floats, expected: Floats) -> tuple[Floats, Floats]:
        """Low and high of each customer, values among the draws; shapes ``(customers,)``."""
        share = np.array(self.shares)[np.searchsorted(self.edges, expected, side="right")]
        drawn = np.sort(draws, axis=1)
        outside = np.minimum((share * drawn.shape[1]).astype(np.intp), (drawn.shape[1] - 1) // 2)
        rows = np.arange(drawn.shape[0])
        return drawn[rows, outside], drawn[rows, drawn.shape[1] - 1 - outside]


def central_tails(level: float) -> Tails:
    """Equal tails for all: the middle ``level`` of every distribution."""
    return Tails((), ((1 - level) / 2,))


def own_tails(draws: Floats, expected: Floats, level: float) -> Tails:
    """Tails at which the distribution covers ``level`` of itself: one draw stands for the truth.

    It is another column for each row, as columns may have something in common.
    """
    truth = np.zeros(draws.shape, dtype=np.bool_)
    rows = np.arange(draws.shape[0])
    truth[rows, rows % draws.shape[1]] = True
    others = draws[~truth].reshape(draws.shape[0], -1)
    return Tails.learned(draws[truth], others, expected, level)


def _depth(actual: Floats, draws: Floats) -> Floats:
    """The largest share at each end that may be left out and ``actual`` is still inside."""
    below = (draws <= actual[:, None]).mean(axis=1)
    above = (draws >= actual[:, None]).mean(axis=1)
    return np.asarray(np.minimum(below, above), dtype=np.float64)


Draws = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ends:
    """Ends of intervals, both inside: of occasions, and of contribution (money)."""

    low: Floats
    high: Floats
    amount_low: Floats
    amount_high: Floats


def in_parts(
    summary: pl.DataFrame,
    ends: Callable[[pl.DataFrame, np.random.Generator], Ends],
    seed: int,
) -> Ends:
    """``ends`` of all rows, some at a time on all processors.

    Each part has random numbers of its own, so that the answer does not depend on who was first.
    """
    starts = range(0, max(summary.height, 1), CHUNK)

    def part(start: int) -> Ends:
        return ends(summary[start : start + CHUNK], np.random.default_rng([seed, start]))

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        parts = list(pool.map(part, starts))
    names = [field.name for field in fields(Ends)]
    return Ends(*(np.concatenate([getattr(each, name) for each in parts]) for name in names))


def rescaled(
    draws: npt.NDArray[np.int64], ratio: Floats, levels: Floats, rng: np.random.Generator
) -> Draws:
    """Counts times ``ratio`` per row and ``levels`` per column, whole again by random rounding."""
    found = np.zeros(draws.shape)
    bought = draws > 0
    row, column = np.nonzero(bought)
    scaled = draws[bought] * ratio[row] * levels[column]
    found[bought] = np.floor(scaled + rng.random(scaled.size))
    return found


def central(draws: Draws, level: float) -> tuple[Floats, Floats]:
    """Ends of the middle ``level`` of each row's draws; shapes ``(customers,)``."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return low, high
