"""What the parametric estimators share: scaling of time, the fit, standard errors, plain values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import (
    Counts,
    FitError,
    FitReport,
    Floats,
    History,
    checked_weights,
)
from kundenstamm.worth.models.distinct import Distinct, inner
from kundenstamm.worth.models.optimum import (
    Optimum,
    Problem,
    covariance_at,
    curvature_at,
    polished,
    searched,
)

if TYPE_CHECKING:
    import polars as pl

# From this many distinct histories on, a part of them is fitted first.
LARGE = 60_000
PART = 15_000
# A silence longer than a hundred years is as good as none at all.
FOREVER = 36_500.0


class Parametric(ABC):
    """A model of purchase histories with a few positive parameters, fitted by likelihood.

    Subclasses name their parameters in the order of the likelihood's gradient. Time is divided by
    the mean age before the fit, and parameters that are times are multiplied by it afterwards, so
    that results do not depend on whether days or weeks are counted.
    """

    name: ClassVar[str]
    parameters: ClassVar[tuple[str, ...]]
    times: ClassVar[frozenset[str]]
    # Of the logarithms, time in units of the mean age.
    bounds: ClassVar[tuple[tuple[float, float], ...]]
    centre: ClassVar[tuple[float, ...]]

    fit_report_: FitReport
    standard_errors_: dict[str, float]

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Maximum likelihood with an analytic gradient.

        Parameters
        ----------
        summary
            Rows with at least one occasion; columns ``x``, ``t_x``, ``age`` (days).
        weights
            How many customers each row stands for; one each by default.

        Raises
        ------
        FitError
            No customers, nobody was observed after the first purchase, or rows that cannot be.
        """
        return self._fit(Distinct.of(*observed(summary, weights)))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The model that `as_data` wrote down: with its parameters, without its report."""
        model = cls()
        for name, value in data["parameters"].items():
            setattr(model, f"{name}_", value)
        return model

    def as_data(self) -> dict[str, Any]:
        """``{"model": name, "parameters": {...}}``, times in days."""
        return {"model": self.name, "parameters": self._values()}

    def probability_active(self, summary: pl.DataFrame) -> Floats:
        """P(active) at each customer's ``age``; shape ``(customers,)``."""
        return self._active(History.of(summary))

    def probability_buying(self, summary: pl.DataFrame, days: float) -> Floats:
        """Chance of at least one occasion in the next ``days``; shape ``(customers,)``.

        ``1 − L(T + days) / L(T)``: how much less likely the same history becomes when another
        ``days`` of silence belong to it.
        """
        now = History.of(summary)
        then = History(now.x, now.t_x, now.age + days)
        # L is the part of those who are active, divided by P(active).
        gone_now, gone_then = self._log_odds_gone(now), self._log_odds_gone(then)
        silent = self._log_waiting(then) - self._log_waiting(now)
        silent += np.logaddexp(0, gone_then) - np.logaddexp(0, gone_now)
        return np.abs(np.expm1(np.minimum(silent, 0.0)))

    @abstractmethod
    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""

    @abstractmethod
    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the number of occasions in the next ``days``; shape ``(customers, size)``."""

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:
        """Days after the last purchase at which P(active) falls to ``probability``.

        By bisection on the logarithm of the silence, to a ten-thousandth of it. 100 years where
        that is never, 0 where it lies below from the start.
        """
        history = History.of(summary)
        low = np.full(history.x.size, np.log(1e-3))
        high = np.full(history.x.size, np.log(FOREVER))
        for _halving in range(18):
            middle = (low + high) / 2
            then = History(history.x, history.t_x, history.t_x + np.exp(middle))
            above = self._active(then) > probability
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        silence = np.where(low == np.log(1e-3), 0.0, np.exp(high))
        return np.asarray(np.where(high == np.log(FOREVER), FOREVER, silence))

    def _active(self, history: History) -> Floats:
        return np.asarray(1 / (1 + np.exp(np.minimum(self._log_odds_gone(history), 700.0))))

    @abstractmethod
    def _log_odds_gone(self, history: History) -> Floats:
        """Of having left against being active; minus infinity where nobody leaves."""

    @abstractmethod
    def _log_waiting(self, history: History) -> Floats:
        """Log-likelihood of being active at ``age``, up to what does not change with it."""

    def _waits_per_gap(self) -> int:
        """In how many powers of time a gap comes into the likelihood."""
        return 1

    @abstractmethod
    def _likelihood(self, rows: Distinct, logs: Floats) -> tuple[float, Floats]:
        """Log-likelihood summed over customers, and its gradient in the logarithms."""

    def _fit(self, rows: Distinct, start: Floats | None = None) -> Self:
        scale = mean_age(rows)
        problem = self._problem(rows.scaled(scale), start)
        found = self._optimum(rows.scaled(scale), problem)
        deviations = np.sqrt(
            np.diag(covariance_at(problem, found.logs, both_sides=rows.weight.size < LARGE))
        )
        self.standard_errors_ = {}
        for name, log, deviation in zip(self.parameters, found.logs, deviations, strict=True):
            value = float(np.exp(log)) * (scale if name in self.times else 1.0)
            setattr(self, f"{name}_", value)
            # The delta method: a logarithm's deviation is relative.
            self.standard_errors_[name] = value * float(deviation)
        # A density in days: the times of repeat occasions are stretched by the scale.
        stretched = self._waits_per_gap() * rows.repeats * np.log(scale)
        self.fit_report_ = _report(rows, found, found.log_likelihood - stretched)
        return self

    def _problem(self, rows: Distinct, start: Floats | None) -> Problem:
        centre = np.array(self.centre)
        return Problem(
            lambda logs: self._likelihood(rows, logs),
            rows.total,
            centre if start is None else start,
            centre,
            self.bounds,
        )

    def _optimum(self, rows: Distinct, problem: Problem) -> Optimum:
        """Of a large base a part first; the whole then needs a few steps only."""
        size = rows.weight.size
        if size < LARGE:
            return searched(problem)
        part = self._problem(rows.thinned(size // PART), problem.start)
        near = searched(part)
        if near.inside:
            arrived = polished(problem, near.logs, curvature_at(part, near.logs))
            if arrived is not None:
                return arrived
        return searched(replace(problem, start=near.logs))

    def _values(self) -> dict[str, Any]:
        return {name: float(getattr(self, f"{name}_")) for name in self.parameters}


def observed(summary: pl.DataFrame, weights: npt.ArrayLike | None) -> tuple[History, Floats | None]:
    """Histories and weights, checked."""
    history = History.of(summary)
    if history.x.size == 0:
        raise FitError("There is no customer with a purchase to learn from.")
    return history, checked_weights(weights, history.x.size)


def mean_age(rows: Distinct) -> float:
    """The unit in which the fit counts time, days."""
    scale = inner(rows.age.sums(rows.weight), rows.age.values) / rows.total
    if scale <= 0:
        raise FitError("All customers bought on the last day: there is no time to learn from.")
    return scale


def _report(rows: Distinct, found: Optimum, log_likelihood: float) -> FitReport:
    warnings = []
    if not rows.x.values.any():
        warnings.append("Nobody has bought twice: how often they will is mostly an assumption.")
    if rows.total < 50:
        warnings.append("Fewer than 50 customers: parameters are rough.")
    if not found.inside:
        warnings.append("The data have no optimum inside the bounds of the parameters.")
    if not found.converged:
        warnings.append("The search for the parameters stopped before its end.")
    customers = round(rows.total)
    return FitReport(
        customers, float(log_likelihood), found.iterations, found.converged, tuple(warnings)
    )
