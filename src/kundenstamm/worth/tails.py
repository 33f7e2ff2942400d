"""Intervals that hold: how far out their ends stand is learned from earlier windows.

A model's own quantiles cover too much where counts are rare (0 alone may have 90 %) and too
little where buyers are heavy. Two things are told apart. What earlier windows say is a `Claim`:
which share of its own draws a model must take in so that the wanted share of what came was inside
(conformal prediction by groups; Vovk, Gammerman & Shafer 2005, section 4.5). There ties are split
at random, so that it also holds for other counts, as of a longer window. Then the `Tails` of the
coming days are set so that the draws of a class do take in that share of themselves, both ends
included: that settles the ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from kundenstamm.worth.models.base import Floats

CLASSES = 8
# Fewer customers than this make no class of their own, but for the heaviest.
LEAST = 100
# The heaviest are unlike the others, and matter most.
HEAVIEST, LEAST_HEAVY = 0.05, 40
# Shares of whole draws, but for the last digits.
NEAR = 1e-6


@dataclass(frozen=True)
class Claim:
    """The share of its draws that a model must take in, by class of expected count.

    ``edges`` are expected counts between the classes, ascending; ``shares`` has one more.
    """

    edges: Floats
    shares: Floats

    @classmethod
    def plain(cls, level: float) -> Claim:
        """The model is believed."""
        return cls(np.empty(0), np.array([level]))

    @classmethod
    def learned(
        cls,
        actual: Floats,
        draws: Floats,
        expected: Floats,
        level: float,
        rng: np.random.Generator,
    ) -> Claim:
        """Such that ``level`` of the actual values were inside.

        Parameters
        ----------
        actual, expected
            What came, and the mean expected; shape ``(customers,)``.
        draws
            Of the predictive distribution; shape ``(customers, size)``.
        level
            The share to cover, 0.8 say.
        rng
            Splits ties.
        """
        edges = _edges(expected)
        depth = _split_depth(actual, draws, rng)
        place = np.searchsorted(edges, expected, side="right")
        tails = [_depth_left_out(depth, place == n, level) for n in range(edges.size + 1)]
        return cls(edges, 1 - 2 * np.array(tails))

    def share(self, expected: Floats) -> Floats:
        """By customer; shape ``(customers,)``."""
        place = np.searchsorted(self.edges, expected, side="right")
        return np.asarray(self.shares[place])


@dataclass(frozen=True)
class Tails:
    """The share left out at each end, by class of expected count; edges as those of a `Claim`."""

    edges: tuple[float, ...]
    shares: tuple[float, ...]

    @classmethod
    def settled(cls, draws: Floats, expected: Floats, claim: Claim) -> Tails:
        """Tails at which the draws of each class take in what is claimed, ends included.

        Parameters
        ----------
        draws
            Of the predictive distribution; shape ``(customers, size)``. One of each customer's
            stands for the truth, another column for each, as columns may have something in common.
        expected
            Shape ``(customers,)``.
        claim
            As `Claim.learned`, or `Claim.plain`.
        """
        truth = np.zeros(draws.shape, dtype=np.bool_)
        rows = np.arange(draws.shape[0])
        truth[rows, rows % draws.shape[1]] = True
        depth = _depth(draws[truth], draws[~truth].reshape(draws.shape[0], -1))
        edges, claimed = _edges(expected), claim.share(expected)
        place = np.searchsorted(edges, expected, side="right")
        shares = [
            _depth_left_out(depth, place == n, float(claimed[place == n].mean()))
            if (place == n).any()
            else (1 - float(claimed.mean())) / 2
            for n in range(edges.size + 1)
        ]
        return cls(tuple(edges.tolist()), tuple(np.clip(shares, 0.0, 0.5).tolist()))

    def as_data(self) -> list[list[float]]:
        """Plain values: edges, then shares."""
        return [list(self.edges), list(self.shares)]

    @classmethod
    def from_data(cls, data: Sequence[Sequence[float]]) -> Self:
        """What `as_data` wrote down."""
        return cls(tuple(data[0]), tuple(data[1]))

    def share(self, expected: Floats) -> Floats:
        """What is left out at each end, by customer; shape ``(customers,)``."""
        place = np.searchsorted(self.edges, expected, side="right")
        return np.asarray(np.array(self.shares)[place])

    def ends(self, draws: Floats, expected: Floats) -> tuple[Floats, Floats]:
        """Low and high of each customer, values among the draws; shapes ``(customers,)``."""
        share = self.share(expected)
        drawn = np.sort(draws, axis=1)
        # A value that has just this share of the draws at or beyond it is inside.
        beyond = np.ceil(share * drawn.shape[1] - NEAR).astype(np.intp) - 1
        outside = np.clip(beyond, 0, (drawn.shape[1] - 1) // 2)
        rows = np.arange(drawn.shape[0])
        return drawn[rows, outside], drawn[rows, drawn.shape[1] - 1 - outside]


def _edges(expected: Floats) -> Floats:
    """Between classes of equal size, and the heaviest twentieth where it is large enough."""
    classes = int(np.clip(expected.size // LEAST, 1, CLASSES))
    parts = list(np.arange(1, classes) / classes)
    if expected.size * HEAVIEST >= LEAST_HEAVY:
        parts.append(1 - HEAVIEST)
    return np.asarray(np.quantile(expected, parts)) if parts else np.empty(0)


def _depth_left_out(depth: Floats, rows: Floats, level: float) -> float:
    """How much may be left out at each end so that ``level`` of the rows stay inside."""
    chosen = depth[rows] if rows.any() else depth
    return float(np.quantile(chosen, 1 - level))


def _depth(actual: Floats, draws: Floats) -> Floats:
    """The largest share at each end that may be left out and ``actual`` is still inside."""
    below = (draws <= actual[:, None]).mean(axis=1)
    above = (draws >= actual[:, None]).mean(axis=1)
    return np.asarray(np.minimum(below, above), dtype=np.float64)


def _split_depth(actual: Floats, draws: Floats, rng: np.random.Generator) -> Floats:
    """As `_depth`, but ``actual`` stands at one of the places of equal draws, by chance."""
    less = (draws < actual[:, None]).sum(axis=1)
    equal = (draws == actual[:, None]).sum(axis=1)
    place = (less + rng.random(actual.size) * (equal + 1)) / (draws.shape[1] + 1)
    return np.asarray(np.minimum(place, 1 - place))
