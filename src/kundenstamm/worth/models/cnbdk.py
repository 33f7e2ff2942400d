"""BG/CNBD-k and MBG/CNBD-k: the same with regular rhythms.

Reutterer, Platzer & Schröder (2021), International Journal of Research in Marketing 38. A gap is
the sum of ``k`` exponential waits, so that its spread is ``1/√k`` of its mean. ``k`` is chosen by
likelihood, which needs the gaps' logarithms: the column ``gap_log_mean`` of the summary.
"""

from __future__ import annotations

from dataclasses import replace
from math import lgamma
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import FitError, Floats
from kundenstamm.worth.models.betageo import BetaGeometric
from kundenstamm.worth.models.distinct import Distinct, inner
from kundenstamm.worth.models.parametric import mean_age, observed

if TYPE_CHECKING:
    import polars as pl

MOST_WAITS = 12
# Of fewer gaps a rhythm cannot be told from chance.
LEAST_GAPS = 30


class _Regular(BetaGeometric):
    """``k`` None: chosen by likelihood among 1 … 12; a number: fixed."""

    def __init__(self, k: int | None = None) -> None:
        if k is not None and not 1 <= k <= MOST_WAITS:
            raise ValueError(f"k must lie between 1 and {MOST_WAITS}, not be {k}.")
        self.k = k

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Maximum likelihood; where ``k`` is free, for 1, 2, … as long as it gets better.

        Of fewer than 30 gaps in all ``k`` is 1.

        Parameters
        ----------
        summary
            As for the other models, and ``gap_log_mean`` (mean of the logarithm of the gaps in
            days, null for one-time buyers). Without it a fixed ``k`` can be fitted, and the
            report's log-likelihood then lacks the gaps' own part, ``(k − 1)·Σ log gap``.
        weights
            How many customers each row stands for.

        Raises
        ------
        FitError
            As for the other models; or ``k`` is free and there is no ``gap_log_mean``.
        """
        history, weight = observed(summary, weights)
        gaps = _log_gaps(summary, history.x, weight)
        if gaps is None and self.k is None:
            raise FitError("To choose k the summary must have the column 'gap_log_mean'.")
        rows = Distinct.of(history, weight)
        if self.k is not None:
            self.__dict__.update(self._tried(self.k, rows, gaps or 0.0, None).__dict__)
            return self
        return self._chosen(rows, gaps or 0.0)

    def _chosen(self, rows: Distinct, gaps: float) -> Self:
        """Upwards from 1 until two in a row are worse: the likelihood has one peak in k."""
        best, worse = self._tried(1, rows, gaps, None), 0
        most = MOST_WAITS if rows.repeats >= LEAST_GAPS else 1
        for k in range(2, most + 1):
            tried = self._tried(k, rows, gaps, best)
            if tried.fit_report_.log_likelihood > best.fit_report_.log_likelihood:
                best, worse = tried, 0
            elif (worse := worse + 1) == 2:
                break
        self.__dict__.update(best.__dict__ | {"k": None})
        return self

    def _tried(self, k: int, rows: Distinct, gaps: float, near: Self | None) -> Self:
        """A model with this ``k``; the fit starts from the parameters of ``near``."""
        model = type(self)(k)
        model.k_ = k
        start = None if near is None else near._logs(mean_age(rows))
        model._fit(rows, start)
        found = model.fit_report_
        own = (k - 1) * gaps - rows.repeats * lgamma(k)
        model.fit_report_ = replace(found, log_likelihood=found.log_likelihood + own)
        return model

    def _logs(self, scale: float) -> Floats:
        low, high = np.array(self.bounds).T
        logs = np.log([self.r_, self.alpha_ / scale, self.a_, self.b_])
        return np.asarray(np.clip(logs, low + 1e-3, high - 1e-3))

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), "k": self.k_}


class BetaGeoCNBD(_Regular):
    """BG/CNBD-k; see `kundenstamm.worth.models.betageo.BetaGeometric`."""

    name = "bgcnbdk"
    first = 0


class ModifiedBetaGeoCNBD(_Regular):
    """MBG/CNBD-k; see `kundenstamm.worth.models.betageo.BetaGeometric`."""

    name = "mbgcnbdk"
    first = 1


def _log_gaps(summary: pl.DataFrame, x: Floats, weights: Floats | None) -> float | None:
    """Sum over customers of the logarithms of their gaps; None without the column."""
    if "gap_log_mean" not in summary.columns:
        return None
    means = summary["gap_log_mean"].cast(float).fill_null(0.0).fill_nan(0.0).to_numpy()
    return inner(x * means, np.ones(x.size) if weights is None else weights)
