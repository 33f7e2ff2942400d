"""Gamma-Gamma: what a customer spends per occasion, for spend that is never negative.

Fader & Hardie (2013), "The Gamma-Gamma model of monetary value"; Colombo & Jiang (1999). Single
amounts are gamma (p, ν); ν is gamma (q, gamma) over customers. Contributions may be losses, for
which `kundenstamm.worth.models.contribution` is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import FitError, FitReport, Floats, checked_weights
from kundenstamm.worth.models.distinct import Axis, inner
from kundenstamm.worth.models.optimum import Optimum, Problem, covariance_at, searched

if TYPE_CHECKING:
    import polars as pl

# Of the logarithms of p, q, gamma; money in units of the geometric mean of the means.
BOUNDS = ((-7.0, 9.0), (-4.0, 9.0), (-9.0, 12.0))
CENTRE = np.array([1.0, 1.0, 1.0])


class GammaGamma:
    """Mean amount per occasion, drawn towards what others spend.

    Attributes
    ----------
    p_, q_ : float
        Shapes of the gammas over amounts and over customers.
    gamma_ : float
        Scale of the gamma over customers. Money.
    standard_errors_, fit_report_
        See `kundenstamm.worth.models.base.OccasionsModel`; the density is one per unit of money.
    """

    name = "gammagamma"
    parameters = ("p", "q", "gamma")

    p_: float
    q_: float
    gamma_: float
    fit_report_: FitReport
    standard_errors_: dict[str, float]

    def __init__(self, count: str = "occasions", mean: str = "contribution_mean") -> None:
        """Name the columns: how many amounts, and their mean."""
        self.count, self.mean = count, mean

    def fit(self, summary: pl.DataFrame, weights: npt.ArrayLike | None = None) -> Self:
        """Maximum likelihood with an analytic gradient, money scaled inside.

        Parameters
        ----------
        summary
            Rows with the two columns; those with a count of 0 are left out.
        weights
            How many customers each row stands for.

        Raises
        ------
        FitError
            Nobody has bought, or a mean is missing, nil or negative.
        """
        count, mean = self._columns(summary)
        given = checked_weights(weights, count.size)
        kept = count > 0
        weight = np.ones(int(kept.sum())) if given is None else given[kept]
        count, mean = count[kept], mean[kept]
        _check(mean)
        scale = float(np.exp(np.average(np.log(mean), weights=weight)))
        rows = _Amounts(Axis.of(count), mean / scale, weight)
        problem = Problem(rows.likelihood, float(weight.sum()), CENTRE, CENTRE, BOUNDS)
        found = searched(problem)
        self._take(found, scale, np.sqrt(np.diag(covariance_at(problem, found.logs))))
        log_likelihood = found.log_likelihood - float(weight.sum()) * np.log(scale)
        self.fit_report_ = _report(found, round(float(weight.sum())), float(log_likelihood))
        return self

    @classmethod
    def of(cls, p: float, q: float, gamma: float) -> GammaGamma:
        """A model with known parameters, ``gamma`` in money."""
        return cls.from_data({"parameters": {"p": p, "q": q, "gamma": gamma}})

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The model that `as_data` wrote down."""
        model = cls(*data.get("columns", ()))
        for name, value in data["parameters"].items():
            setattr(model, f"{name}_", value)
        return model

    def as_data(self) -> dict[str, Any]:
        """``{"model": name, "parameters": {...}, "columns": [...]}``."""
        values = {name: float(getattr(self, f"{name}_")) for name in self.parameters}
        return {"model": self.name, "parameters": values, "columns": [self.count, self.mean]}

    def expected(self, summary: pl.DataFrame) -> Floats:
        """Posterior mean per occasion, money; shape ``(customers,)``.

        ``p·(γ + n·m) / (p·n + q − 1)``. Where q ≤ 1 the base has no mean; for customers without
        an amount of their own the amount at the mean of ν, ``p·γ / q``, then stands in.
        """
        count, mean = self._columns(summary)
        spent = self.gamma_ + count * np.where(count > 0, mean, 0.0)
        shape = self.p_ * count + self.q_ - 1
        usual = self.p_ * spent / np.maximum(self.p_ * count + self.q_, 1e-9)
        return np.asarray(np.where(shape > 0.05, self.p_ * spent / np.maximum(shape, 0.05), usual))

    def sample_totals(
        self, summary: pl.DataFrame, occasions: Floats, rng: np.random.Generator
    ) -> Floats:
        """Draws of the sum over ``occasions``, shape ``(customers, draws)``; money."""
        count, mean = self._columns(summary)
        spent = self.gamma_ + count * np.where(count > 0, mean, 0.0)
        shape = np.broadcast_to((self.p_ * count + self.q_)[:, None], occasions.shape)
        size = np.maximum(rng.gamma(shape, 1.0), 1e-12) / spent[:, None]
        # A sum of n gammas of one scale is a gamma; of none it is nil.
        total = rng.gamma(np.maximum(self.p_ * occasions, 1e-12)) / size
        return np.asarray(np.where(occasions > 0, total, 0.0))

    def _columns(self, summary: pl.DataFrame) -> tuple[Floats, Floats]:
        missing = [name for name in (self.count, self.mean) if name not in summary.columns]
        if missing:
            raise FitError(f"The summary has no column {missing[0]!r}.")
        count, mean = (
            np.asarray(summary[name].cast(float).fill_null(np.nan).to_numpy(), dtype=np.float64)
            for name in (self.count, self.mean)
        )
        if not (count >= 0).all():
            raise FitError(f"The column {self.count!r} must not be negative or missing.")
        return count, mean

    def _take(self, found: Optimum, scale: float, deviations: Floats) -> None:
        units = {"p": 1.0, "q": 1.0, "gamma": scale}
        self.standard_errors_ = {}
        for name, log, deviation in zip(self.parameters, found.logs, deviations, strict=True):
            value = float(np.exp(log)) * units[name]
            setattr(self, f"{name}_", value)
            self.standard_errors_[name] = value * float(deviation)


class _Amounts:
    """Counts, mean amounts and weights of the customers to learn from."""

    def __init__(self, count: Axis, mean: Floats, weight: Floats) -> None:
        self.count, self.weight = count, weight
        self.total = mean * count.column
        self.customers = count.sums(weight)
        self.log_means = inner(weight, np.log(mean))
        self.counted_log_totals = inner(weight * count.column, np.log(self.total))

    def likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """``Γ(pn+q)/(Γ(pn)Γ(q)) · γ^q · m^(pn−1) · n^(pn) / (γ + n·m)^(pn+q)`` and its slopes."""
        from scipy.special import gammaln, psi

        p, q, gamma = np.exp(logs)
        n, customers = self.count.values, self.customers
        everybody = float(customers.sum())
        log_sum = self.weight * np.log(gamma + self.total)
        logs_by_count = self.count.sums(log_sum)
        over = self.count.sums(self.weight / (gamma + self.total))
        value = inner(
            customers, gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(gamma)
        )
        value += p * self.counted_log_totals - self.log_means - inner(p * n + q, logs_by_count)
        d_p = inner(customers, n * (psi(p * n + q) - psi(p * n)))
        d_p += self.counted_log_totals - inner(n, logs_by_count)
        d_q = inner(customers, psi(p * n + q) - psi(q)) + everybody * np.log(gamma)
        d_q -= logs_by_count.sum()
        d_gamma = everybody * q / gamma - inner(p * n + q, over)
        return float(value), np.array([d_p * p, d_q * q, d_gamma * gamma])


def _check(mean: Floats) -> None:
    if mean.size == 0:
        raise FitError("There is no customer with a purchase to learn from.")
    if not (np.isfinite(mean) & (mean > 0)).all():
        raise FitError(
            "Mean amounts must be greater than nil. Where customers may bring losses, "
            "use the contribution model instead."
        )


def _report(found: Optimum, customers: int, log_likelihood: float) -> FitReport:
    warnings = []
    if customers < 50:
        warnings.append("Fewer than 50 customers: parameters are rough.")
    if not found.inside:
        warnings.append("The data have no optimum inside the bounds of the parameters.")
    if np.exp(found.logs[1]) <= 1:
        warnings.append("Amounts differ so much between customers that the base has no mean.")
    return FitReport(customers, log_likelihood, found.iterations, found.converged, tuple(warnings))
