"""One earlier window as the estimators saw it: fitted at its beginning, judged at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.intervals import Draws, rescaled
from kundenstamm.worth.models.base import FitError, Floats, OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.registry import ESTIMATORS
from kundenstamm.worth.purchases import Window

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Past:
    """A window, the models fitted on what was known at its beginning, and what they told.

    ``told`` has the shape ``(customers, models)``, occasions in the window.
    """

    window: Window
    models: tuple[OccasionsModel, ...]
    told: Floats

    @classmethod
    def of(cls, window: Window, names: Sequence[str]) -> Past | None:
        """None where a model cannot be fitted there, or nobody bought in the window."""
        if not window.occasions.any():
            return None
        try:
            models = tuple(ESTIMATORS[name]().fit(window.summary) for name in names)
        except FitError:
            return None
        return cls(window, models, table(models, window.summary, window.days))

    def thinned(self, most: int) -> Past:
        """The same of at most ``most`` customers, spread evenly."""
        step = -(-self.window.summary.height // most)
        if step <= 1:
            return self
        window = replace(
            self.window,
            summary=self.window.summary.gather_every(step),
            occasions=self.window.occasions[::step],
            contribution=self.window.contribution[::step],
        )
        return Past(window, self.models, self.told[::step])

    def buying(self, weights: Floats, ratio: Floats) -> Floats:
        """The chance that the models told; ``ratio`` corrects their occasions."""
        return buying(self.models, weights, self.window.summary, self.window.days, ratio)

    def totals(self, draws: Draws, rng: np.random.Generator) -> tuple[Draws, Floats]:
        """Draws of the contribution, and its mean per occasion."""
        money = ContributionPerOccasion().fit(self.window.summary)
        totals = money.sample_totals(self.window.summary, draws, rng)
        return totals, money.expected(self.window.summary)


def table(models: Sequence[OccasionsModel], summary: pl.DataFrame, days: float) -> Floats:
    """Expected occasions by model; shape ``(customers, models)``."""
    return np.column_stack([model.expected_occasions(summary, days) for model in models])


def buying(
    models: Sequence[OccasionsModel],
    weights: Floats,
    summary: pl.DataFrame,
    days: float,
    ratio: Floats,
) -> Floats:
    """Chance of at least one occasion by a mixture of models; shape ``(customers,)``.

    A factor on the occasions is one on the log of the chance to stay silent, as a Poisson's would
    be.
    """
    told = np.column_stack([model.probability_buying(summary, days) for model in models])
    silent = np.clip(1 - told @ weights, 0.0, 1.0)
    return np.asarray(1 - silent**ratio)


def drawn(
    models: Sequence[OccasionsModel],
    weights: Floats,
    summary: pl.DataFrame,
    days: float,
    size: int,
    rng: np.random.Generator,
    ratio: Floats,
    level_spread: float = 0.0,
) -> Draws:
    """Draws of a mixture of models, as many from each as it weighs; shape ``(customers, size)``.

    ``ratio`` is the factor per customer on what the mixture expects; ``level_spread`` the standard
    deviation of the logarithm of a factor that is the same for all customers.
    """
    ends = np.round(np.cumsum(weights) * size).astype(int)
    starts = np.concatenate([[0], ends[:-1]])
    parts = [
        model.sample(summary, days, int(end - start), rng)
        for model, start, end in zip(models, starts, ends, strict=True)
        if end > start
    ]
    whole = np.concatenate(parts, axis=1)
    levels = np.exp(level_spread * rng.permutation(_normal(size)) - level_spread**2 / 2)
    return rescaled(whole[:, rng.permutation(size)], ratio, levels, rng)


def _normal(size: int) -> Floats:
    """The middle of ``size`` equal parts of a standard normal, ascending."""
    from scipy.special import ndtri

    return np.asarray(ndtri((np.arange(size) + 0.5) / size))
