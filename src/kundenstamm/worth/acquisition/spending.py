"""What more spend would bring, where the data carry it.

The elasticity of a quasi-Poisson regression (McCullagh & Nelder 1989, chapter 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kundenstamm.worth.models.base import Floats

MONTHS, VARIATION, CUSTOMERS = 12, 0.2, 10
# One-sided: elasticities are above nil with so much certainty.
CERTAINTY = 0.9
STEPS = 50


class Missing(StrEnum):
    """Why nothing can be said."""

    MONTHS = "months"
    VARIATION = "variation"
    CUSTOMERS = "customers"
    EFFECT = "effect"


@dataclass(frozen=True)
class MoreSpend:
    """How customers follow spend.

    Attributes
    ----------
    elasticity
        Customers grow by so many per cent with one per cent of spend; None if ``missing``.
    error
        Its standard error.
    next_customer
        What one more customer a month would cost at the mean spend, money.
    missing
        What the data do not carry; None where they do.
    """

    elasticity: float | None = None
    error: float | None = None
    next_customer: float | None = None
    missing: Missing | None = None


def more_spend(spend: Sequence[float], won: Sequence[float]) -> MoreSpend:
    """From spend (money) and customers won of each month; months without spend tell nothing.

    Raises
    ------
    ValueError
        The two are not of one length, or something is negative.
    """
    paid, came = np.asarray(spend, dtype=np.float64), np.asarray(won, dtype=np.float64)
    if paid.shape != came.shape or not ((paid >= 0).all() and (came >= 0).all()):
        raise ValueError("Spend and customers of the same months, not below 0, are needed.")
    paid, came = paid[paid > 0], came[paid > 0]
    if paid.size < MONTHS:
        return MoreSpend(missing=Missing.MONTHS)
    if paid.std() < VARIATION * paid.mean():
        return MoreSpend(missing=Missing.VARIATION)
    if came.sum() < CUSTOMERS:
        return MoreSpend(missing=Missing.CUSTOMERS)
    slope, error = _elasticity(np.log(paid), came)
    if slope <= _sure(paid.size) * error:
        return MoreSpend(slope, error, missing=Missing.EFFECT)
    return MoreSpend(slope, error, float(paid.mean() / (slope * came.mean())))


def _sure(months: int) -> float:
    from scipy.stats import t

    return float(t.ppf(CERTAINTY, months - 2))


def _elasticity(logs: Floats, came: Floats) -> tuple[float, float]:
    """Slope of the log of the mean, and its error with the spread that there is."""
    rows = np.column_stack([np.ones(logs.size), logs - logs.mean()])
    weights = np.array([np.log(came.mean()), 0.0])
    for _ in range(STEPS):
        mean = np.exp(np.clip(rows @ weights, -30, 30))
        step = np.linalg.solve(rows.T @ (rows * mean[:, None]), rows.T @ (came - mean))
        weights = weights + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-12:
            break
    mean = np.exp(np.clip(rows @ weights, -30, 30))
    spread = max(float(((came - mean) ** 2 / mean).sum() / (came.size - 2)), 1.0)
    inverse = np.linalg.inv(rows.T @ (rows * mean[:, None]))
    return float(weights[1]), float(np.sqrt(spread * inverse[1, 1]))
