"""Prospects who resemble the best customers, by what is known at the start.

Ridge regression (Hoerl & Kennard 1970) on one column for each value of each trait; how strongly
effects are drawn to nothing is chosen by leaving out each customer in turn, in closed form (Allen
1974).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.models.base import Floats

STRENGTHS = tuple(float(each) for each in np.logspace(-1, 4, 26))
# Traits must save so much of the squared error of the plain mean, else they tell nothing.
SAVED = 0.02
TAIL = 0.05
Traits = Mapping[str, str | None]


@dataclass(frozen=True)
class Why:
    """One value of a trait, and by how much it moves what is expected; money."""

    trait: str
    value: str
    effect: float
    customers: int


@dataclass(frozen=True)
class Resembles:
    """``expected`` money of a first year; reasons by size."""

    expected: float
    reasons: tuple[Why, ...]


@dataclass(frozen=True)
class Likeness:
    """How traits move what customers bring.

    Attributes
    ----------
    mean
        Of all customers, money.
    effects
        By trait and value, money, and of how many customers it was learned.
    saved
        Share of the squared error of the plain mean that leaving out found to be saved.
    """

    mean: float
    effects: Mapping[tuple[str, str], tuple[float, int]]
    saved: float

    @property
    def tells(self) -> bool:
        return bool(self.effects)

    @classmethod
    def fitted(cls, known: Sequence[Traits], brought: Sequence[float]) -> Likeness:
        """From customers' traits at the start and what each brought in its first year.

        Raises
        ------
        ValueError
            There is nobody, or not one sum for each.
        """
        sums = np.asarray(brought, dtype=np.float64)
        if sums.size == 0 or sums.size != len(known):
            raise ValueError("Traits and one sum for each of at least one customer are needed.")
        names = sorted({pair for traits in known for pair in _pairs(traits)})
        mean = float(sums.mean())
        if not names or sums.size < 3:
            return cls(mean, {}, 0.0)
        rows = np.array(
            [[pair in set(_pairs(traits)) for pair in names] for traits in known], float
        )
        weights, saved = _drawn(rows - rows.mean(axis=0), sums - mean)
        if saved < SAVED:
            return cls(mean, {}, max(saved, 0.0))
        # What everybody has on average is in the mean already.
        base = mean - float(rows.mean(axis=0) @ weights)
        counts = rows.sum(axis=0).astype(int).tolist()
        told = dict(zip(names, zip(weights.tolist(), counts, strict=True), strict=True))
        return cls(base, told, saved)

    def of(self, traits: Traits) -> Resembles:
        """A prospect; values that no customer has say nothing."""
        found = [Why(*pair, *self.effects[pair]) for pair in _pairs(traits) if pair in self.effects]
        reasons = tuple(sorted(found, key=lambda why: -abs(why.effect)))
        return Resembles(self.mean + sum(why.effect for why in found), reasons)


def steady(brought: Sequence[float]) -> list[float]:
    """Sums beyond the ends of the middle nine tenths counted as these ends (winsorised).

    One order of a hundred thousand would drown what the others have in common (Tukey 1962).

    >>> steady([1.0] * 10 + [2.0] * 9 + [500.0])[-1] < 30
    True
    """
    if not len(brought):
        return []
    low, high = np.quantile(np.asarray(brought, dtype=np.float64), [TAIL, 1 - TAIL])
    return [min(max(each, float(low)), float(high)) for each in brought]


def _pairs(traits: Traits) -> list[tuple[str, str]]:
    return [(trait, value) for trait, value in traits.items() if value]


def _drawn(rows: Floats, sums: Floats) -> tuple[Floats, float]:
    """Effects at the best strength, and the share of squared error saved when left out."""
    left, scales, right = np.linalg.svd(rows, full_matrices=False)
    size = sums.size
    plain = float(((sums * size / (size - 1)) ** 2).sum())
    turned = left.T @ sums
    best, strength = np.inf, STRENGTHS[-1]
    for each in STRENGTHS:
        shrink = scales**2 / (scales**2 + each)
        # The mean is fitted, too: it takes 1/n of each customer's say.
        hat = (left**2 * shrink).sum(axis=1) + 1 / size
        off = (sums - left @ (shrink * turned)) / np.maximum(1 - hat, 1e-9)
        error = float((off**2).sum())
        if error < best:
            best, strength = error, each
    weights = right.T @ (scales / (scales**2 + strength) * turned)
    return np.asarray(weights), 1 - best / plain if plain > 0 else 0.0
