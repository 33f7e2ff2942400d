"""Pareto/NBD: purchases at a customer's own rate over a lifetime of its own.

Schmittlein, Morrison & Colombo (1987), "Counting your customers: who are they and what will they
do next?", Management Science 33; formulas as in Fader & Hardie (2005), "A note on deriving the
Pareto/NBD model". The purchase rate is gamma (r, alpha) over customers, the rate of leaving gamma
(s, beta).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.models.base import Counts, Floats, History
from kundenstamm.worth.models.distinct import Distinct, inner
from kundenstamm.worth.models.parametric import Parametric

if TYPE_CHECKING:
    import polars as pl


class ParetoNBD(Parametric):
    """Expected purchase occasions and the probability that a customer is still active.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and scale (days) of the gamma over purchase rates.
    s_, beta_ : float
        Shape and scale (days) of the gamma over the rates of leaving.
    standard_errors_, fit_report_
        See `kundenstamm.worth.models.base.OccasionsModel`.
    """

    name = "paretonbd"
    parameters = ("r", "alpha", "s", "beta")
    times = frozenset({"alpha", "beta"})
    bounds = ((-7.0, 7.0), (-9.0, 9.0), (-7.0, 7.0), (-9.0, 9.0))
    centre = (0.0, 0.0, 0.0, 0.0)

    r_: float
    alpha_: float
    s_: float
    beta_: float

    @classmethod
    def of(cls, r: float, alpha: float, s: float, beta: float) -> ParetoNBD:
        """A model with known parameters, ``alpha`` and ``beta`` in days."""
        return cls.from_data({"parameters": {"r": r, "alpha": alpha, "s": s, "beta": beta}})

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``.

        P(active) × posterior mean rate × expected time in the horizon before leaving,
        ``(β+T)/(s−1) · (1 − ((β+T)/(β+T+days))^(s−1))``, also where s is 1.
        """
        history = History.of(summary)
        rate = (self.r_ + history.x) / (self.alpha_ + history.age)
        reach = np.log1p(days / (self.beta_ + history.age))
        time = (self.beta_ + history.age) * reach * _shrinking((self.s_ - 1) * reach)
        return np.asarray(self._active(history) * rate * np.minimum(time, days))

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the number of occasions in the next ``days``; shape ``(customers, size)``."""
        history = History.of(summary)
        drawn = np.zeros((history.x.size, size), dtype=np.int64)
        active = rng.random(drawn.shape) < self._active(history)[:, None]
        # Only these are drawn further: most draws of an old base are of customers long gone.
        row = np.nonzero(active)[0]
        rate = rng.standard_gamma((self.r_ + history.x)[row]) / (self.alpha_ + history.age)[row]
        leaving = rng.standard_gamma(self.s_, row.size) / (self.beta_ + history.age)[row]
        left = rng.standard_exponential(row.size) / np.maximum(leaving, 1e-300)
        drawn[active] = rng.poisson(np.minimum(rate * np.minimum(left, days), 1e9))
        return drawn

    def _log_odds_gone(self, history: History) -> Floats:
        from kundenstamm.worth.kernels.pareto import log_odds_gone

        return log_odds_gone(history, self.r_, self.alpha_, self.s_, self.beta_)

    def _log_waiting(self, history: History) -> Floats:
        buying = (self.r_ + history.x) * np.log(self.alpha_ + history.age)
        return np.asarray(-buying - self.s_ * np.log(self.beta_ + history.age))

    def _likelihood(self, rows: Distinct, logs: Floats) -> tuple[float, Floats]:
        """``L = Γ(r+x)/Γ(r) · α^r β^s · [(α+T)^-(r+x) (β+T)^-s + s·∫ (α+y)^-(r+x) (β+y)^-(s+1)]``.

        The integral runs from ``t_x`` to ``T``.
        """
        from scipy.special import gammaln, psi

        from kundenstamm.worth.kernels.pareto import bends

        r, alpha, s, beta = (float(value) for value in np.exp(logs))
        x, customers = rows.x.values, rows.by_x()
        value, d_r, d_alpha, d_s, d_beta = bends(rows.history, rows.weight, r, alpha, s, beta)
        total = rows.total
        value += inner(customers, gammaln(r + x) - gammaln(r))
        value += total * (r * np.log(alpha) + s * np.log(beta))
        d_r += inner(customers, psi(r + x) - psi(r)) + total * np.log(alpha)
        d_alpha += total * r / alpha
        d_s += total * np.log(beta)
        d_beta += total * s / beta
        return float(value), np.array([d_r * r, d_alpha * alpha, d_s * s, d_beta * beta])


def _shrinking(exponent: Floats) -> Floats:
    """``(1 − e^-z) / z``, 1 where z is nil; bounded for large negative z."""
    safe = np.clip(np.where(exponent == 0, 1.0, exponent), -600.0, None)
    return np.asarray(np.where(exponent == 0, 1.0, -np.expm1(-safe) / safe))
