"""Who will buy more, who less than the parametric models say: boosted trees on earlier windows.

The trees learn a ratio, with the parametric expectation as a Poisson offset: where they see
nothing, the ratio is 1. The level of each window is taken out before, so that seasons and growth,
which are the same for all, do not pass for traits of customers (see `kundenstamm.worth.drift`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from kundenstamm.worth.covariates import given
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.models.trees import Trees
from kundenstamm.worth.purchases import YEAR, Window, lookback

if TYPE_CHECKING:
    import polars as pl

# Less is never expected of anybody, occasions: a ratio to nil says nothing.
FLOOR = 1e-3
# The ratio stays within these bounds whatever the trees say.
BOUNDS = (0.1, 10.0)
# A word among the covariates counts if so many rows have it; of more words the most frequent.
LEAST_ROWS, MOST_WORDS = 50, 20


class LearnedRatio:
    """Occasions relative to an expectation, from frequency, recency, gaps, season and size.

    Columns of the summary that come from `kundenstamm.worth.covariates` are learned from, too.

    Attributes
    ----------
    days_ : int
        Length of the windows learned from.
    given_ : dict
        Covariate → its words that count; none for a number.
    kept_ : array of bool
        Columns in which not all rows are alike.
    trees_ : Trees
    """

    days_: int
    given_: dict[str, list[str]]
    trees_: Trees

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, windows: Sequence[Window], expected: Sequence[Floats]) -> Self:
        """Learn from windows and what was expected in each; all of the same length."""
        self.days_ = windows[0].days
        self.given_ = _words([window.summary for window in windows])
        tables, ratios, weights = [], [], []
        for window, told in zip(windows, expected, strict=True):
            weight = level_free(window.occasions, told)
            tables.append(self._columns(window.summary, told))
            ratios.append(window.occasions / weight)
            weights.append(weight)
        whole = np.vstack(tables)
        # A column in which all are equal or missing says nothing (and cannot be cut into bins).
        self.kept_ = np.array([np.unique(column[~np.isnan(column)]).size > 1 for column in whole.T])
        self.trees_ = Trees.grown(
            whole[:, self.kept_], np.concatenate(ratios), np.concatenate(weights), self.seed
        )
        return self

    def ratio(self, summary: pl.DataFrame, expected: Floats) -> Floats:
        """The factor on ``expected``; 1 for all where the summary lacks the windows."""
        if any(f"occasions_last_{days}" not in summary.columns for days in lookback(self.days_)):
            return np.ones(expected.size)
        known = self._columns(summary, expected)[:, self.kept_]
        return np.asarray(np.clip(self.trees_.told(known), *BOUNDS), dtype=np.float64)

    def as_data(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "days": self.days_,
            "given": self.given_,
            "kept": self.kept_.tolist(),
            "trees": self.trees_.as_data(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` wrote down."""
        learned = cls()
        learned.days_, learned.given_ = data["days"], dict(data["given"])
        learned.kept_ = np.array(data["kept"], dtype=np.bool_)
        learned.trees_ = Trees.from_data(data["trees"])
        return learned

    def _columns(self, summary: pl.DataFrame, expected: Floats) -> Floats:
        own = features(summary, expected, self.days_)
        return np.column_stack([own, *_given(summary, self.given_)])


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


def _words(summaries: Sequence[pl.DataFrame]) -> dict[str, list[str]]:
    """Every covariate that any window has, a text with its words that are not too rare.

    A text without such a word is left out.
    """
    import polars as pl

    found: dict[str, list[str]] = {}
    for name in sorted({name for summary in summaries for name in given(summary)}):
        parts = [summary[name] for summary in summaries if name in summary.columns]
        if all(part.dtype.is_numeric() or part.dtype == pl.Boolean for part in parts):
            found[name] = []
        elif words := _frequent(parts):
            found[name] = words
    return found


def _frequent(parts: Sequence[pl.Series]) -> list[str]:
    import polars as pl

    words = pl.concat([part.cast(pl.String).rename("word") for part in parts]).drop_nulls()
    counted = words.value_counts().filter(pl.col("count") >= LEAST_ROWS).sort("count", "word")
    return sorted(counted["word"].tail(MOST_WORDS).to_list())


def _given(summary: pl.DataFrame, words: Mapping[str, Sequence[str]]) -> list[Floats]:
    """A column per number, one of 0 and 1 per word; missing throughout where it was not given."""
    import polars as pl

    columns = []
    for name, levels in words.items():
        if name not in summary.columns:
            columns += [np.full(summary.height, np.nan)] * max(len(levels), 1)
        elif not levels:
            columns.append(_column(summary, name))
        else:
            text = summary[name].cast(pl.String)
            columns += [_column_of((text == word).cast(pl.Float64)) for word in levels]
    return columns


def _column(summary: pl.DataFrame, name: str) -> Floats:
    return _column_of(summary[name])


def _column_of(values: pl.Series) -> Floats:
    return np.asarray(values.cast(float).fill_null(np.nan).to_numpy(), dtype=np.float64)
