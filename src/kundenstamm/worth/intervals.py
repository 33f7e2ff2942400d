"""Draws of what may come, and the ends of intervals: how far out they stand says ``tails``."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.steps import CUSTOMERS, Step, silent

if TYPE_CHECKING:
    import polars as pl

# Draws are made for so many customers at a time, which bounds memory.
CHUNK = 20_000
LEAST, MANY = 1e-9, 1e6


Draws = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ends:
    """Ends of intervals, both inside: of occasions, and of contribution (money)."""

    low: Floats
    high: Floats
    amount_low: Floats
    amount_high: Floats

    @classmethod
    def nothing(cls, size: int) -> Ends:
        """From nil to nil for ``size`` customers."""
        return cls(*np.zeros((4, size)))

    def put(self, rows: npt.NDArray[np.bool_], found: Ends) -> None:
        """Set the ends of ``rows``."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(found, field.name)


def in_parts(
    summary: pl.DataFrame,
    ends: Callable[[pl.DataFrame, np.random.Generator], Ends],
    seed: int,
    step: Step = silent,
) -> Ends:
    """``ends`` of all rows, some at a time on all processors.

    Each part has random numbers of its own, so that the answer does not depend on who was first.
    ``step`` hears of every part that is done.
    """
    starts = range(0, max(summary.height, 1), CHUNK)

    def part(start: int) -> Ends:
        return ends(summary[start : start + CHUNK], np.random.default_rng([seed, start]))

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        parts = []
        for found in pool.map(part, starts):
            parts.append(found)
            step(CUSTOMERS, min(len(parts) * CHUNK, summary.height), summary.height)
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


def with_chance(draws: Draws, chance: Floats, rng: np.random.Generator) -> Draws:
    """Draws of which ``chance`` (per row) are above nil, with the mean that they had.

    Where fewer shall be, some of those above nil become nil and the others grow; where more shall
    be, some that were nil become 1 and what others have above 1 is thinned.
    """
    share, mean = (draws > 0).mean(axis=1), draws.mean(axis=1)
    found, fewer, more = draws.copy(), chance < share, (chance > share) & (mean > 0)
    found[fewer] = _rarer(draws[fewer], chance[fewer] / share[fewer], rng)
    kept = np.clip((mean - chance)[more] / np.maximum(mean - share, LEAST)[more], 0.0, 1.0)
    turned = ((chance - share) / np.maximum(1 - share, LEAST))[more]
    found[more] = _likelier(draws[more], turned, kept, rng)
    return found


def _rarer(draws: Draws, kept: Floats, rng: np.random.Generator) -> Draws:
    """Those above nil kept with a chance per row; the others grow by what is lost with these."""
    row, column = np.nonzero(draws)
    grown = _positive_mean(draws) * (1 / np.maximum(kept, LEAST) - 1)
    values = draws[row, column] + rng.poisson(np.minimum(grown, MANY)[row])
    found = np.zeros(draws.shape)
    found[row, column] = np.where(rng.random(row.size) < kept[row], values, 0.0)
    return found


def _likelier(draws: Draws, turned: Floats, kept: Floats, rng: np.random.Generator) -> Draws:
    """Nil turned to 1 with a chance per row; of what is above 1 a share is kept."""
    bought = draws > 0
    thinned = np.floor((draws - 1) * kept[:, None] + rng.random(draws.shape)) + 1
    return np.where(bought, thinned, rng.random(draws.shape) < turned[:, None])


def _positive_mean(draws: Draws) -> Floats:
    """Mean of what is above nil, per row; nil where nothing is."""
    return np.asarray(draws.sum(axis=1) / np.maximum((draws > 0).sum(axis=1), 1))


def central(draws: Draws, level: float) -> tuple[Floats, Floats]:
    """Ends of the middle ``level`` of each row's draws; shapes ``(customers,)``."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return low, high
