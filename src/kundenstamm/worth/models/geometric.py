"""Expected occasions given active, where a customer may leave after each purchase.

Few customers go through quadrature in numpy, many (and regular rhythms) through a compiled
series: two independent ways to the same number, and a test holds them equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.models.base import Floats, History

if TYPE_CHECKING:
    from kundenstamm.worth.models.betageo import BetaGeometric

QUADRATURE_NODES = 60
# From this many customers on, compiled code repays the time it takes to load.
MANY = 20_000
CHUNK = 50_000


def if_active(model: BetaGeometric, history: History, days: float) -> Floats:
    """Mean occasions in ``days`` of customers who are active; shape ``(customers,)``."""
    if model.k_ == 1 and history.x.size < MANY:
        return by_quadrature(model, history, days)
    found = by_series(model, history, days)
    heavy = np.isnan(found)
    if heavy.any():
        rest = History(history.x[heavy], history.t_x[heavy], history.age[heavy])
        found[heavy] = by_quadrature(model, rest, days)
    return found


def by_series(model: BetaGeometric, history: History, days: float) -> Floats:
    """Exact for every k; NaN where the series has too many terms."""
    from kundenstamm.worth.kernels.renewal import expected_if_active

    shape, stays = model._shape(history.x), model._stays(history.x)
    return expected_if_active(history, shape, stays, model.alpha_, model.a_, model.k_, float(days))


def by_quadrature(model: BetaGeometric, history: History, days: float) -> Floats:
    """Over the dropout chance p, which is beta (a, b + x + f) for a customer who is active.

    Given p the expectation is ``(1 - (1 + p·days/(k(α+T)))^-(r+kx)) / p``, exact for k = 1. For
    k > 1 it leaves out the waits done since the last purchase; it is used there only for
    customers with so many purchases ahead that these do not show. The textbook form with a
    hypergeometric function overflows for heavy buyers; this one is bounded for every input.
    """
    parts = [
        _chunk(model, history.part(slice(start, start + CHUNK)), days)
        for start in range(0, history.x.size, CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _chunk(model: BetaGeometric, history: History, days: float) -> Floats:
    p, weight = _dropout_nodes(model, history.x)
    reach = (days / model.k_ / (model.alpha_ + history.age))[:, None]
    buys = -np.expm1(-model._shape(history.x)[:, None] * np.log1p(p * reach))
    return np.asarray((buys / p * weight).sum(axis=1))


def _dropout_nodes(model: BetaGeometric, x: Floats) -> tuple[Floats, Floats]:
    """Nodes and weights for a beta (a, b + x + f), by its quantiles."""
    from scipy.special import betaincinv

    u, weight = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
    # Squeezed towards both ends, where the quantile function is steep.
    v = (u + 1) / 2
    smooth = v**3 * (10 - 15 * v + 6 * v**2)
    slope = 30 * v**2 * (1 - v) ** 2
    distinct, back = np.unique(x, return_inverse=True)
    p = betaincinv(model.a_, model._stays(distinct)[:, None], smooth[None, :])
    return np.maximum(p, 1e-300)[back.ravel()], np.asarray(weight / 2 * slope)
