"""Expected occasions of a customer who is active and may leave after each purchase.

Waits in the coming days are negative binomial given the history; every k-th is a purchase. The
m-th purchase comes about if there are enough waits and the customer has stayed m − 1 times. All
terms are positive: nothing cancels, whatever the parameters.
"""

from __future__ import annotations

import numpy as np

from kundenstamm.worth.kernels.compiling import compiled, spread
from kundenstamm.worth.models.base import Floats, History

# More terms than this are left to quadrature.
MOST_TERMS = 4000.0
EXACT = 1e-13
# 1/n: a division less in the innermost loop; 1/0 is never asked for.
INVERSE = 1 / np.maximum(np.arange(20 * int(MOST_TERMS)), 1.0)


def expected_if_active(
    history: History, shape: Floats, stays: Floats, alpha: float, a: float, k: int, days: float
) -> Floats:
    """Mean occasions in ``days``; NaN for customers so heavy that there are too many terms.

    Parameters
    ----------
    history
        Days.
    shape
        Of each customer's gamma over rates, ``r + k·x``.
    stays
        Second parameter of an active customer's beta over dropout chances.
    """
    out = np.empty(history.x.size)

    def part(start: int, stop: int) -> None:
        rows = slice(start, stop)
        _fill(
            history.t_x[rows], history.age[rows], shape[rows], stays[rows], alpha, a, k, days,
            INVERSE, out[rows],
        )  # fmt: skip

    spread(part, out.size)
    return out


@compiled
def _fill(t_x, age, shape, stays, alpha, a, k, days, inverse, out):  # type: ignore[no-untyped-def]
    for row in range(out.size):
        reach = days / (alpha + age[row])
        share = (age[row] - t_x[row]) / (alpha + age[row])
        if _too_many(shape[row] + k, reach):
            out[row] = np.nan
            continue
        total, weights, term = 0.0, 0.0, 1.0
        for j in range(k):
            total += term * _purchases(shape[row] + j, reach, stays[row], a, k, j, inverse)
            weights += term
            term *= (shape[row] + j) / (j + 1) * share
        out[row] = total / weights


@compiled
def _too_many(shape, reach):  # type: ignore[no-untyped-def]
    """Whether the series would be long, or begin below what a float can hold."""
    rate = np.log1p(reach)
    tail = np.log1p(1 / reach) if reach > 0 else 1.0
    return shape * rate > 600.0 or shape * reach + 40.0 / tail > MOST_TERMS


@compiled
def _purchases(shape, reach, stays, a, k, done, inverse):  # type: ignore[no-untyped-def]
    """``Σ_n P(n waits) · Σ_{m ≤ (n + done)/k} P(stayed m − 1 times)``."""
    share = reach / (1 + reach)
    chance = np.exp(-shape * np.log1p(reach))
    total, so_far, stayed, next_stay = 0.0, 0.0, 1.0, stays
    missing = k - done
    n = 0
    ratio = shape * share
    while True:
        chance *= ratio
        n += 1
        missing -= 1
        if missing == 0:
            so_far += stayed
            stayed *= next_stay / (a + next_stay)
            next_stay += 1
            missing = k
        total += chance * so_far
        over = inverse[n + 1]
        ratio = (shape + n) * over * share
        # What is left is less than a geometric series, once the terms fall.
        most = ratio * (1 + over)
        if most < 1 and chance * (so_far + 1) * most < EXACT * total * (1 - most):
            return total
        if chance == 0.0 or n == inverse.size - 2:
            return total
