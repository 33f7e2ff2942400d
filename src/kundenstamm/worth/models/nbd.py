"""NBD: purchases at a customer's own rate, and nobody ever leaves.

Ehrenberg (1959), "The pattern of consumer purchases", Applied Statistics 8. What every model with
dropout has to beat, and the right one for a base in which nobody leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.models.base import Counts, Floats, History
from kundenstamm.worth.models.distinct import Distinct, inner
from kundenstamm.worth.models.parametric import FOREVER, Parametric

if TYPE_CHECKING:
    import polars as pl


class NBD(Parametric):
    """Expected purchase occasions of a base in which everybody stays.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and scale (days) of the gamma over purchase rates.
    standard_errors_, fit_report_
        See `kundenstamm.worth.models.base.OccasionsModel`.
    """

    name = "nbd"
    parameters = ("r", "alpha")
    times = frozenset({"alpha"})
    bounds = ((-7.0, 7.0), (-9.0, 9.0))
    centre = (0.0, 0.0)

    r_: float
    alpha_: float

    @classmethod
    def of(cls, r: float, alpha: float) -> NBD:
        """A model with known parameters, ``alpha`` in days."""
        return cls.from_data({"parameters": {"r": r, "alpha": alpha}})

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``: ``(r + x)/(α + T) · days``."""
        history = History.of(summary)
        return np.asarray((self.r_ + history.x) / (self.alpha_ + history.age) * days)

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:  # noqa: ARG002
        """Nobody ever leaves: 100 years."""
        return np.full(History.of(summary).x.size, FOREVER)

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the number of occasions in the next ``days``; shape ``(customers, size)``."""
        history = History.of(summary)
        shape = (history.x.size, size)
        scale = 1 / (self.alpha_ + history.age[:, None])
        rate = rng.gamma(self.r_ + history.x[:, None], scale, shape)
        return np.asarray(rng.poisson(np.minimum(rate * days, 1e9)), dtype=np.int64)

    def _log_odds_gone(self, history: History) -> Floats:
        return np.full(history.x.size, -np.inf)

    def _log_waiting(self, history: History) -> Floats:
        return np.asarray(-(self.r_ + history.x) * np.log(self.alpha_ + history.age))

    def _likelihood(self, rows: Distinct, logs: Floats) -> tuple[float, Floats]:
        """``L = Γ(r+x)/Γ(r) · α^r (α+T)^-(r+x)``, the density of the purchases' times."""
        from scipy.special import gammaln, psi

        r, alpha = np.exp(logs)
        x, customers = rows.x.values, rows.by_x()
        by_age = rows.age.sums(rows.weight)
        shape_by_age = rows.age.sums(rows.weight * (r + rows.x.column))
        log_age = np.log(alpha + rows.age.values)
        value = inner(customers, gammaln(r + x) - gammaln(r) + r * np.log(alpha))
        value -= inner(shape_by_age, log_age)
        d_r = inner(customers, psi(r + x) - psi(r) + np.log(alpha)) - inner(by_age, log_age)
        d_alpha = rows.total * r / alpha - inner(shape_by_age, 1 / (alpha + rows.age.values))
        return float(value), np.array([d_r * r, d_alpha * alpha])
