"""Who will buy more, who less than the parametric models say: boosted trees on earlier windows.

The trees learn a ratio, with the parametric expectation as a Poisson offset: where they see
nothing, the ratio is 1. The level of each window is taken out before, so that seasons and growth,
which are the same for all, do not pass for traits of customers (see `kundenstamm.worth.drift`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.purchases import YEAR, Window, lookback

if TYPE_CHECKING:
    import polars as pl

# Less is never expected of anybody, occasions: a ratio to nil says nothing.
FLOOR = 1e-3
# The ratio stays within these bounds whatever the trees say.
BOUNDS = (0.1, 10.0)


class LearnedRatio:
    """Occasions relative to an expectation, from frequency, recency, gaps, season and size."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, windows: Sequence[Window], expected: Sequence[Floats]) -> Self:
        """Learn from windows and what was expected in each; all of the same length."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        self.days_ = windows[0].days
        tables, ratios, weights = [], [], []
        for window, told in zip(windows, expected, strict=True):
            weight = level_free(window.occasions, told)
            tables.append(features(window.summary, told, self.days_))
            ratios.append(window.occasions / weight)
            weights.append(weight)
        # A column in which all are equal or missing says nothing (and cannot be cut into bins).
        whole = np.vstack(tables)
        self.kept_ = np.array([np.unique(column[~np.isnan(column)]).size > 1 for column in whole.T])
        rows = sum(weight.size for weight in weights)
        self.trees_ = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=100,
            learning_rate=0.05,
            max_leaf_nodes=6,
            min_samples_leaf=max(50, min(200, rows // 100)),
            l2_regularization=5.0,
            early_stopping=False,
            random_state=self.seed,
        )
        self.trees_.fit(
            whole[:, self.kept_], np.concatenate(ratios), sample_weight=np.concatenate(weights)
        )
        return self

    def ratio(self, summary: pl.DataFrame, expected: Floats) -> Floats:
        """The factor on ``expected``; 1 for all where the summary lacks the windows."""
        if any(f"occasions_last_{days}" not in summary.columns for days in lookback(self.days_)):
            return np.ones(expected.size)
        known = features(summary, expected, self.days_)[:, self.kept_]
        told: Any = self.trees_.predict(known)
        return np.asarray(np.clip(told, *BOUNDS), dtype=np.float64)


def level_free(actual: Floats, expected: Floats) -> Floats:
    """``expected`` with the sum of ``actual``, nowhere nil; shape ``(customers,)``."""
    told = np.maximum(expected, FLOOR)
    return np.asarray(told * max(float(actual.sum()), 1.0) / float(told.sum()))


def features(summary: pl.DataFrame, expected: Floats, days: int) -> Floats:
    """What the trees see of each customer; missing values are NaN, which they understand."""
    x, t_x, age = (_column(summary, name) for name in ("x", "t_x", "age"))
    gap, spread = _column(summary, "gap_mean"), _column(summary, "gap_sd")
    silence = age - t_x
    columns = [
        np.log(np.maximum(expected, FLOOR)),
        np.log1p(x),
        np.log1p(silence),
        np.log1p(age),
        silence / (age + 1),
        silence / (gap + 1),
        spread / (gap + 1),
        np.log1p(np.abs(_column(summary, "contribution_mean"))),
    ]
    for length in lookback(days):
        recent = _column(summary, f"occasions_last_{length}")
        columns.append(recent / np.minimum(length, age + 1) * 30)
    if days < YEAR:
        columns.append(_same_season(summary, days, age))
    return np.column_stack(columns)


def _same_season(summary: pl.DataFrame, days: int, age: Floats) -> Floats:
    """Occasions in the coming ``days``' season a year ago, of those who were customers then."""
    there = _column(summary, f"occasions_last_{YEAR}")
    season = there - _column(summary, f"occasions_last_{YEAR - days}")
    return np.asarray(np.where(age >= YEAR - days, season, np.nan))


def _column(summary: pl.DataFrame, name: str) -> Floats:
    values = summary[name].cast(float).fill_null(np.nan).to_numpy()
    return np.asarray(values, dtype=np.float64)
