"""MBG/NBD: purchases at a customer's own rate, and after each one a chance never to return.

Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for customer
base analysis", International Journal of Research in Marketing 24. Unlike BG/NBD a customer may
drop out right after the first purchase, which one-time buyers show to happen.

The purchase rate is gamma (r, alpha) over customers, the chance to drop out beta (a, b). Time is
scaled inside the fit, so that parameters do not depend on whether days or weeks are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import FitError, FitReport, Floats, History

if TYPE_CHECKING:
    import polars as pl

# Bounds of the parameters' logarithms, time in units of the mean age. Bases in which nobody drops
# out, or everybody buys once, have their optimum at infinity: they stop here, with a warning.
LOG_BOUNDS = ((-7.0, 7.0), (-9.0, 9.0), (-7.0, 7.0), (-7.0, 9.0))
# A weak pull of the log-parameters towards sane values, worth less than one customer: it decides
# only where the data do not.
PRIOR_MEAN = np.array([0.0, 0.0, 0.0, 1.0])
PRIOR_WEIGHT = 0.01
QUADRATURE_NODES = 60


class ModifiedBetaGeoNBD:
    """Expected purchase occasions and the probability that a customer is still active.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and scale (days) of the gamma over purchase rates.
    a_, b_ : float
        Parameters of the beta over dropout chances.
    fit_report_ : FitReport
    """

    r_: float
    alpha_: float
    a_: float
    b_: float
    fit_report_: FitReport

    def fit(self, summary: pl.DataFrame) -> Self:
        """Maximum likelihood with an analytic gradient.

        Parameters
        ----------
        summary
            Rows with at least one occasion; columns ``x``, ``t_x``, ``age`` (days).

        Raises
        ------
        FitError
            No customers, or nobody was observed after the first purchase.
        """
        from scipy.optimize import minimize

        history = History.of(summary)
        if history.x.size == 0:
            raise FitError("There is no customer with a purchase to learn from.")
        scale = float(history.age.mean())
        if scale <= 0:
            raise FitError("All customers bought on the last day: there is no time to learn from.")
        distinct, weight = _distinct(history)
        rows = History(distinct[:, 0], distinct[:, 1] / scale, distinct[:, 2] / scale)
        found = minimize(
            _objective,
            PRIOR_MEAN,
            args=(rows, weight),
            jac=True,
            method="L-BFGS-B",
            bounds=LOG_BOUNDS,
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7},
        )
        self.r_, alpha, self.a_, self.b_ = (float(v) for v in np.exp(found.x))
        self.alpha_ = alpha * scale
        self.fit_report_ = self._report(history, found.x, int(found.nit), bool(found.success))
        return self

    @classmethod
    def of(cls, r: float, alpha: float, a: float, b: float) -> ModifiedBetaGeoNBD:
        """A model with known parameters, ``alpha`` in days: how a stored fit comes back."""
        model = cls()
        model.r_, model.alpha_, model.a_, model.b_ = r, alpha, a, b
        return model

    def probability_active(self, summary: pl.DataFrame) -> Floats:
        """P(active) at each customer's ``age``; shape ``(customers,)``."""
        return self._active(History.of(summary))

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""
        history = History.of(summary)
        rows, back = np.unique(
            np.column_stack([history.x, history.t_x, history.age]), axis=0, return_inverse=True
        )
        distinct = History(rows[:, 0], rows[:, 1], rows[:, 2])
        expected = self._active(distinct) * self._if_active(distinct, days)
        return np.asarray(expected[back.ravel()])

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:
        """Days after the last purchase at which P(active) falls to ``probability``.

        Closed form: the odds of being gone are ``a / (b + x) · ((α + T) / (α + t_x))^(r + x)``.
        Infinite is capped at 100 years; 0 where it lies below from the start.
        """
        history = History.of(summary)
        odds = (1 - probability) / probability * (self.b_ + history.x) / self.a_
        growth = np.maximum(np.log(odds), 0) / (self.r_ + history.x)
        silence = (self.alpha_ + history.t_x) * np.expm1(np.minimum(growth, 50.0))
        return np.asarray(np.minimum(silence, 36_500.0))

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> npt.NDArray[np.int64]:
        """Draws of the number of occasions in the next ``days``; shape ``(customers, size)``."""
        history = History.of(summary)
        shape = (history.x.size, size)
        column = (slice(None), None)
        active = rng.random(shape) < self._active(history)[column]
        rate = rng.gamma(
            self.r_ + history.x[column], 1 / (self.alpha_ + history.age[column]), shape
        )
        dropout = rng.beta(self.a_, self.b_ + history.x[column] + 1, shape)
        bought = rng.poisson(np.minimum(rate * days, 1e6))
        # The occasion after which the customer leaves is geometric; numpy's counts from one.
        last = rng.geometric(np.clip(dropout, 1e-12, 1.0))
        return np.asarray(np.where(active, np.minimum(bought, last), 0), dtype=np.int64)

    def _active(self, history: History) -> Floats:
        growth = np.log1p((history.age - history.t_x) / (self.alpha_ + history.t_x))
        log_odds_gone = (
            np.log(self.a_) - np.log(self.b_ + history.x) + (self.r_ + history.x) * growth
        )
        return np.asarray(1 / (1 + np.exp(np.minimum(log_odds_gone, 700.0))))

    def _if_active(self, history: History, days: float) -> Floats:
        """Expected occasions given active: over the dropout chance by quadrature.

        Given the dropout chance p the expectation is ``(1 - (1 + p·days/(α+T))^-(r+x)) / p``,
        and p is beta (a, b + x + 1). The textbook form with a hypergeometric function overflows
        for heavy buyers; this one is bounded for every input.
        """
        p, weight = self._dropout_nodes(history.x)
        reach = days / (self.alpha_ + history.age)[:, None]
        buys = -np.expm1(-(self.r_ + history.x)[:, None] * np.log1p(p * reach))
        return np.asarray((buys / p * weight).sum(axis=1))

    def _dropout_nodes(self, x: Floats) -> tuple[Floats, Floats]:
        """Nodes and weights for a beta (a, b + x + 1), by its quantiles."""
        from scipy.special import betaincinv

        u, weight = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
        # Squeezed towards both ends, where the quantile function is steep.
        v = (u + 1) / 2
        smooth = v**3 * (10 - 15 * v + 6 * v**2)
        slope = 30 * v**2 * (1 - v) ** 2
        distinct, back = np.unique(x, return_inverse=True)
        p = betaincinv(self.a_, self.b_ + distinct[:, None] + 1, smooth[None, :])
        return np.maximum(p, 1e-300)[back], np.asarray(weight / 2 * slope)

    def _report(
        self, history: History, logs: Floats, iterations: int, converged: bool
    ) -> FitReport:
        low, high = np.array(LOG_BOUNDS).T
        warnings = []
        if not history.x.any():
            warnings.append("Nobody has bought twice: how often they will is mostly an assumption.")
        if history.x.size < 50:
            warnings.append("Fewer than 50 customers: parameters are rough.")
        if np.any((logs <= low + 1e-3) | (logs >= high - 1e-3)):
            warnings.append("The data have no optimum inside the bounds of the parameters.")
        log_likelihood = float(_log_likelihood(history, self.r_, self.alpha_, self.a_, self.b_))
        return FitReport(
            int(history.x.size), log_likelihood, iterations, converged, tuple(warnings)
        )


def _distinct(history: History) -> tuple[Floats, Floats]:
    """Equal rows once, with their number: large bases have few distinct histories."""
    rows, counts = np.unique(
        np.column_stack([history.x, history.t_x, history.age]), axis=0, return_counts=True
    )
    return rows, counts.astype(np.float64)


def _log_likelihood(history: History, r: float, alpha: float, a: float, b: float) -> float:
    value, _ = _terms(history, np.log([r, alpha, a, b]))
    return float(value.sum())


def _objective(logs: Floats, rows: History, weight: Floats) -> tuple[float, Floats]:
    value, gradient = _terms(rows, logs)
    away = logs - PRIOR_MEAN
    total = weight.sum()
    loss = -(weight @ value) + PRIOR_WEIGHT * away @ away
    slope = -(weight @ gradient) + 2 * PRIOR_WEIGHT * away
    return float(loss / total), np.asarray(slope / total)


def _terms(rows: History, logs: Floats) -> tuple[Floats, Floats]:
    """Log-likelihood of each row and its gradient in the logarithms of r, alpha, a, b.

    ``L = Γ(r+x)/Γ(r) · α^r · [A·(α+T)^-(r+x) + B·(α+t_x)^-(r+x)]`` with
    ``A = B(a, b+x+1)/B(a, b)`` (still active) and ``B = B(a+1, b+x)/B(a, b)`` (gone).
    """
    from scipy.special import betaln, gammaln, psi

    r, alpha, a, b = np.exp(logs)
    x = rows.x
    active = betaln(a, b + x + 1) - (r + x) * np.log(alpha + rows.age)
    gone = betaln(a + 1, b + x) - (r + x) * np.log(alpha + rows.t_x)
    either = np.logaddexp(active, gone)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b) + either
    q = np.exp(active - either)  # share of "still active"
    log_time = q * np.log(alpha + rows.age) + (1 - q) * np.log(alpha + rows.t_x)
    d_r = psi(r + x) - psi(r) + np.log(alpha) - log_time
    d_alpha = r / alpha - (r + x) * (q / (alpha + rows.age) + (1 - q) / (alpha + rows.t_x))
    common = psi(a + b) - psi(a + b + x + 1)
    d_a = common - psi(a) + q * psi(a) + (1 - q) * psi(a + 1)
    d_b = common - psi(b) + q * psi(b + x + 1) + (1 - q) * psi(b + x)
    gradient = np.column_stack([d_r * r, d_alpha * alpha, d_a * a, d_b * b])
    return np.asarray(value), gradient
