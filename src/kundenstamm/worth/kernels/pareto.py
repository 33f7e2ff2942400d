"""The integral of the Pareto/NBD model, with its slopes, by quadrature in the logarithm of time.

A customer who bought x times, the last after t, has left before T with a likelihood proportional
to ``∫_t^T (α+y)^-(r+x) (β+y)^-(s+1) dy``. In ``w = log((c+y)/(c+t))``, c the smaller of α and β,
the integrand is log-concave, smooth on the scale of 1, and never overflows: no hypergeometric
function, and none of its cancellations for heavy buyers. Panels of eight Gauss-Legendre nodes are
as long as the integrand falls by a few powers of e, and end where nothing is left to add.
"""

from __future__ import annotations

import numpy as np

from kundenstamm.worth.kernels.compiling import compiled, spread
from kundenstamm.worth.models.base import Floats, History

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
NODES = (_NODES + 1) / 2
WEIGHTS = _WEIGHTS / 2
# Below e^-38 of the largest value an integrand adds nothing to a float.
NOTHING = 38.0


def log_odds_gone(history: History, r: float, alpha: float, s: float, beta: float) -> Floats:
    """Log-odds of having left, per customer; ``-inf`` on the day of the last purchase."""
    out = np.empty(history.x.size)

    def part(start: int, stop: int) -> None:
        rows = slice(start, stop)
        _odds(
            history.x[rows], history.t_x[rows], history.age[rows], r, alpha, s, beta,
            NODES, WEIGHTS, out[rows],
        )  # fmt: skip

    spread(part, out.size)
    return out


def bends(
    history: History, weight: Floats, r: float, alpha: float, s: float, beta: float
) -> Floats:
    """Weighted sums over customers of ``log(active + gone)`` and its slopes.

    Returns
    -------
    array of shape (5,)
        The value, then the slopes in r, alpha, s, beta.
    """

    def part(start: int, stop: int) -> Floats:
        rows = slice(start, stop)
        out = np.zeros(5)
        _sums(
            history.x[rows], history.t_x[rows], history.age[rows], weight[rows],
            r, alpha, s, beta, NODES, WEIGHTS, out,
        )  # fmt: skip
        return out

    return np.asarray(sum(spread(part, weight.size)))


@compiled
def _integral(p, q, alpha, beta, t, age, nodes, weights):  # type: ignore[no-untyped-def]
    """``∫ ((α+y)/(α+t))^-p ((β+y)/(β+t))^-q dy`` and the means of four functions under it.

    The functions: ``log((α+y)/(α+t))``, ``log((β+y)/(β+t))``, ``1/(α+y)``, ``1/(β+y)``.
    """
    near, far, near_power, far_power = alpha, beta, p, q
    if beta < alpha:
        near, far, near_power, far_power = beta, alpha, q, p
    near_start, far_start = near + t, far + t
    end = np.log1p((age - t) / near_start)
    total, logs_near, logs_far, over_near, over_far = 0.0, 0.0, 0.0, 0.0, 0.0
    w, highest = 0.0, -np.inf
    while w < end:
        moved = near_start * np.expm1(w)
        level = w * (1 - near_power) - far_power * np.log1p(moved / far_start)
        if level > highest:
            highest = level
        elif level < highest - NOTHING:
            break
        falls = near_power - 1 + far_power * (near_start + moved) / (far_start + moved)
        width = min(min(1.5, 6.5 / (abs(falls) + 1.0)), end - w)
        for node in range(nodes.size):
            v = w + width * nodes[node]
            grown = np.exp(v)
            moved = near_start * (grown - 1.0)
            log_far = np.log1p(moved / far_start)
            mass = width * weights[node] * np.exp(v * (1 - near_power) - far_power * log_far)
            total += mass
            logs_near += mass * v
            logs_far += mass * log_far
            over_near += mass / (near_start * grown)
            over_far += mass / (far_start + moved)
        w += width
    if total == 0.0:
        return 0.0, 0.0, 0.0, 1 / (alpha + t), 1 / (beta + t)
    logs_near /= total
    logs_far /= total
    over_near /= total
    over_far /= total
    if beta < alpha:
        return near_start * total, logs_far, logs_near, over_far, over_near
    return near_start * total, logs_near, logs_far, over_near, over_far


@compiled
def _odds(x, t_x, age, r, alpha, s, beta, nodes, weights, out):  # type: ignore[no-untyped-def]
    for row in range(out.size):
        p, t = r + x[row], t_x[row]
        found = _integral(p, s + 1, alpha, beta, t, age[row], nodes, weights)
        growth = p * np.log1p((age[row] - t) / (alpha + t))
        growth += s * np.log1p((age[row] - t) / (beta + t))
        out[row] = np.log(s * found[0] / (beta + t)) + growth if found[0] > 0 else -np.inf


@compiled
def _sums(x, t_x, age, weight, r, alpha, s, beta, nodes, weights, out):  # type: ignore[no-untyped-def]
    for row in range(weight.size):
        p, t, end = r + x[row], t_x[row], age[row]
        found = _integral(p, s + 1, alpha, beta, t, end, nodes, weights)
        log_a, log_b = np.log(alpha + t), np.log(beta + t)
        grown_a = np.log1p((end - t) / (alpha + t))
        grown_b = np.log1p((end - t) / (beta + t))
        odds = -np.inf
        if found[0] > 0:
            odds = np.log(s * found[0]) - log_b + p * grown_a + s * grown_b
        small = np.exp(-abs(odds))
        gone = (1.0 if odds > 0 else small) / (1 + small)
        stays, w = 1 - gone, weight[row]
        base = -p * (log_a + grown_a) - s * (log_b + grown_b)
        out[0] += w * (base + max(odds, 0.0) + np.log1p(small))
        out[1] -= w * (log_a + stays * grown_a + gone * found[1])
        out[2] -= w * p * (stays / (alpha + end) + gone * found[3])
        out[3] += w * (gone / s - log_b - stays * grown_b - gone * found[2])
        out[4] -= w * (stays * s / (beta + end) + gone * (s + 1) * found[4])
