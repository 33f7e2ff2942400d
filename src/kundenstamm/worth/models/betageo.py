"""The family of models in which a customer may leave after each purchase.

While active, a customer buys at a rate of its own, with gaps that are the sum of ``k`` exponential
waits (Erlang-k; ``k = 1``: no rhythm). Rates are gamma (r, alpha) over customers. After a purchase
the customer leaves for good with a chance of its own; chances are beta (a, b).

====================  ===================  =============================================
``k = 1``             ``k > 1``            may a customer leave after the first purchase?
====================  ===================  =============================================
BG/NBD                BG/CNBD-k            no (Fader, Hardie & Lee 2005)
MBG/NBD               MBG/CNBD-k           yes (Batislam, Denizel & Filiztekin 2007)
====================  ===================  =============================================

``CNBD-k`` after Reutterer, Platzer & Schröder (2021), "Leveraging purchase regularity for
predicting customer behavior the easy way", International Journal of Research in Marketing 38.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from kundenstamm.worth.models.base import Counts, Floats, History
from kundenstamm.worth.models.distinct import Distinct, inner
from kundenstamm.worth.models.geometric import if_active
from kundenstamm.worth.models.parametric import FOREVER, Parametric

if TYPE_CHECKING:
    import polars as pl


class BetaGeometric(Parametric):
    """Expected purchase occasions and the probability that a customer is still active.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and scale (days) of the gamma over the rate of one exponential wait.
    a_, b_ : float
        Parameters of the beta over dropout chances.
    k_ : int
        Waits per gap; 1 unless the gaps are regular.
    standard_errors_, fit_report_
        See `kundenstamm.worth.models.base.OccasionsModel`.
    """

    parameters = ("r", "alpha", "a", "b")
    times = frozenset({"alpha"})
    # Bases in which nobody drops out, or everybody buys once, have their optimum at infinity:
    # they stop here, with a warning.
    bounds = ((-7.0, 7.0), (-9.0, 9.0), (-7.0, 7.0), (-7.0, 9.0))
    centre = (0.0, 0.0, 0.0, 1.0)
    # 1 where a customer may leave after the very first purchase.
    first: ClassVar[int]

    r_: float
    alpha_: float
    a_: float
    b_: float
    k_: int = 1

    def expected_occasions(self, summary: pl.DataFrame, days: float) -> Floats:
        """Mean number of occasions in the next ``days``; shape ``(customers,)``."""
        history = History.of(summary)
        return np.asarray(self._active(history) * if_active(self, history, days))

    def silence_until(self, summary: pl.DataFrame, probability: float) -> Floats:
        """Days after the last purchase at which P(active) falls to ``probability``.

        Closed form for ``k = 1``: the odds of being gone are
        ``a / (b + x) · ((α + T) / (α + t_x))^(r + x)``. At most 100 years; 0 where it lies below
        from the start.
        """
        if self.k_ > 1:
            return super().silence_until(summary, probability)
        history = History.of(summary)
        log_odds = np.log1p(-probability) - np.log(probability) - self._log_chance(history.x)
        growth = np.maximum(log_odds, 0) / (self.r_ + history.x)
        silence = (self.alpha_ + history.t_x) * np.expm1(np.minimum(growth, 50.0))
        return np.asarray(np.minimum(silence, FOREVER))

    def sample(
        self, summary: pl.DataFrame, days: float, size: int, rng: np.random.Generator
    ) -> Counts:
        """Draws of the number of occasions in the next ``days``; shape ``(customers, size)``."""
        history = History.of(summary)
        drawn = np.zeros((history.x.size, size), dtype=np.int64)
        active = rng.random(drawn.shape) < self._active(history)[:, None]
        # Only these are drawn further: most draws of an old base are of customers long gone.
        row = np.nonzero(active)[0]
        phase = self._phases(history, row, rng)
        scale = days / (self.alpha_ + history.age)
        mean = rng.standard_gamma(self._shape(history.x)[row] + phase) * scale[row]
        waits = rng.poisson(np.minimum(mean, 1e9))
        # The occasion after which the customer leaves is geometric; numpy's counts from one.
        dropout = rng.beta(self.a_, self._stays(history.x)[row])
        last = rng.geometric(np.clip(dropout, 1e-12, 1.0))
        drawn[active] = np.minimum((waits + phase) // self.k_, last)
        return drawn

    def _log_odds_gone(self, history: History) -> Floats:
        growth = np.log1p((history.age - history.t_x) / (self.alpha_ + history.t_x))
        log_odds = self._log_chance(history.x) + self._shape(history.x) * growth
        if self.k_ > 1:
            log_odds = log_odds - np.log(self._phase_terms(history).sum(axis=1))
        return np.asarray(log_odds)

    def _log_waiting(self, history: History) -> Floats:
        waiting = -self._shape(history.x) * np.log(self.alpha_ + history.age)
        if self.k_ > 1:
            waiting = waiting + np.log(self._phase_terms(history).sum(axis=1))
        return np.asarray(waiting)

    def _shape(self, x: Floats) -> Floats:
        """Shape of a customer's gamma over rates, after ``x`` gaps."""
        return np.asarray(self.r_ + self.k_ * x)

    def _stays(self, x: Floats) -> Floats:
        """Second parameter of an active customer's beta over dropout chances."""
        return np.asarray(self.b_ + x + self.first)

    def _log_chance(self, x: Floats) -> Floats:
        """Log-odds of having left with the last purchase, before any silence."""
        return log_chance(np.log(self.a_), self.b_, x, self.first)

    def _phase_terms(self, history: History) -> Floats:
        """Weights of the waits done since the last purchase; shape ``(customers, k)``."""
        shape = self._shape(history.x)
        share = (history.age - history.t_x) / (self.alpha_ + history.age)
        return np.column_stack(list(phase_terms(shape, share, self.k_)))

    def _phases(self, history: History, row: Counts, rng: np.random.Generator) -> Counts:
        """Waits done since the last purchase, drawn by their weights, for each of ``row``."""
        if self.k_ == 1:
            return np.zeros(row.size, dtype=np.int64)
        terms = self._phase_terms(history)
        below = np.cumsum(terms, axis=1) / terms.sum(axis=1, keepdims=True)
        uniform, drawn = rng.random(row.size), np.zeros(row.size, dtype=np.int64)
        for step in range(self.k_ - 1):
            drawn += uniform > below[row, step]
        return drawn

    def _waits_per_gap(self) -> int:
        return self.k_

    def _likelihood(self, rows: Distinct, logs: Floats) -> tuple[float, Floats]:
        """Log-likelihood and gradient; the gaps' own logarithms (k > 1) are added by the fit.

        ``L = Γ(r+kx)/Γ(r) · α^r · B(a, b+x+f)/B(a, b) · (α+T)^-(r+kx) · (S + odds)``: ``S`` sums
        the weights of the waits since the last purchase (1 for k = 1), ``odds`` are those of
        having left, ``f`` is 1 where one may leave after the first purchase.
        """
        r, alpha, a, b = np.exp(logs)
        value, d_r, d_alpha, d_a, d_b = _by_count(rows, (r, alpha, a, b), self.k_, self.first)
        shape = r + self.k_ * rows.x.values
        chance = log_chance(logs[2], b, rows.x.values, self.first)
        log_age, log_last = np.log(alpha + rows.age.values), np.log(alpha + rows.t_x.values)
        growth = log_age[rows.age.at] - log_last[rows.t_x.at]
        log_sum, in_r, in_alpha = _waits(rows, shape, alpha, self.k_)
        odds = chance[rows.x.at] + shape[rows.x.at] * growth - log_sum
        small = np.exp(-np.abs(odds))
        gone = np.where(odds > 0, 1.0, small) / (1 + small) * rows.weight
        ages = rows.age.sums(rows.weight)
        bends = np.maximum(odds, 0) + np.log1p(small) + log_sum
        shape_by_age = rows.age.sums(rows.weight * shape[rows.x.at])
        gone_by_x = rows.x.sums(gone)
        value += inner(rows.weight, bends) - inner(shape_by_age, log_age)
        d_r += inner(gone, growth - in_r) + inner(rows.weight, in_r) - inner(ages, log_age)
        d_alpha += inner(rows.weight - gone, in_alpha)
        d_alpha += _slope_in_alpha(rows, gone * shape[rows.x.at], shape_by_age, alpha)
        d_a += gone_by_x.sum() / a
        d_b -= inner(gone_by_x, 1 / np.maximum(b + rows.x.values + self.first - 1, 1e-300))
        return value, np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])


def log_chance(log_a: float, b: float, x: Floats, first: int) -> Floats:
    """``log(a / (b + x + first − 1))``; nobody leaves a BG/NBD before the first repeat."""
    left = np.log(b + np.maximum(x + first - 1, 0))
    return np.asarray(np.where(x + first > 0, log_a - left, -np.inf))


def phase_terms(shape: Floats, share: Floats, k: int) -> Iterator[Floats]:
    """``Γ(shape+j)/Γ(shape)/j! · share^j`` for j = 0 … k−1."""
    term = np.ones_like(share)
    for j in range(k):
        yield term
        term = np.asarray(term * ((shape + j) / (j + 1) * share))


def _by_count(
    rows: Distinct, natural: tuple[float, float, float, float], k: int, first: int
) -> tuple[float, float, float, float, float]:
    """What depends on ``x`` alone: gamma functions once per distinct count."""
    from scipy.special import gammaln, psi

    r, alpha, a, b = natural
    x, customers = rows.x.values, rows.by_x()
    stays, shape = b + x + first, r + k * x
    beta = gammaln(stays) - gammaln(b) - gammaln(a + stays) + gammaln(a + b)
    per_count = gammaln(shape) - gammaln(r) + r * np.log(alpha) + beta
    both = psi(a + b) - psi(a + stays)
    return (
        inner(customers, per_count),
        inner(customers, psi(shape) - psi(r) + np.log(alpha)),
        float(customers.sum() * r / alpha),
        inner(customers, both),
        inner(customers, psi(stays) - psi(b) + both),
    )


def _waits(rows: Distinct, shape: Floats, alpha: float, k: int) -> tuple[Floats, Floats, Floats]:
    """``log S`` of each history and its slopes in r and alpha; nil for k = 1."""
    nothing = np.zeros(rows.weight.size)
    if k == 1:
        return nothing, nothing, nothing
    age, own = rows.age.column, shape[rows.x.at]
    share = (age - rows.t_x.column) / (alpha + age)
    total, in_r, in_alpha, steps = nothing, nothing, nothing, nothing
    for j, term in enumerate(phase_terms(own, share, k)):
        total, in_r, in_alpha = total + term, in_r + term * steps, in_alpha + j * term
        steps = steps + 1 / (own + j)
    return np.log(total), in_r / total, -in_alpha / total / (alpha + age)


def _slope_in_alpha(rows: Distinct, gone: Floats, shape_by_age: Floats, alpha: float) -> float:
    """Of ``−shape · log(α+T)``, and of the growth for those who have left."""
    by_age = rows.age.sums(gone) - shape_by_age
    by_last = rows.t_x.sums(gone)
    in_age, in_last = 1 / (alpha + rows.age.values), 1 / (alpha + rows.t_x.values)
    return inner(by_age, in_age) - inner(by_last, in_last)
