"""What a channel costs and brings per customer, with intervals that hold for few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from kundenstamm.worth.decisions.terms import Interval

LEVEL = 0.8
# Of so many customers at least a spread is known well enough to show.
ENOUGH = 5


@dataclass(frozen=True)
class Cost:
    """Of winning one customer, money; ``cost`` is None where nobody was won."""

    cost: float | None
    interval: Interval


@dataclass(frozen=True)
class Share:
    share: float | None
    interval: Interval


@dataclass(frozen=True)
class Cohort:
    """What customers brought since they were won, money.

    Attributes
    ----------
    mean
        Added up to the end of each month, per customer.
    known
        How many customers are known for so long.
    low, high
        Ends of the interval of ``mean``; nan where fewer than five are known.
    payback
        The month, from 1, from which on the cost of winning is earned; None: not yet.
    """

    mean: tuple[float, ...]
    known: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    payback: int | None

    def profit(self, month: int, cost: float) -> float | None:
        """Per customer after so many months, winning taken off; None where nobody is so old."""
        return self.mean[month - 1] - cost if month <= len(self.mean) else None


def cost_of_winning(spent: float, won: float) -> Cost:
    """Spend per customer, with Garwood's interval of the number of customers.

    Parameters
    ----------
    spent
        Money of the period, for those who never came too.
    won
        Customers, or a sum of credits.

    Raises
    ------
    ValueError
        One of them is negative.
    """
    from scipy.stats import chi2

    if spent < 0 or won < 0:
        raise ValueError("Neither spending nor customers can be below 0.")
    least = chi2.ppf((1 - LEVEL) / 2, 2 * won) / 2 if won > 0 else 0.0
    most = chi2.ppf((1 + LEVEL) / 2, 2 * (won + 1)) / 2
    return Cost(
        spent / won if won > 0 else None,
        Interval(float(spent / most), float(spent / least) if least > 0 else inf),
    )


def share(became: float, won: float) -> Share:
    """Of those won who became regulars, with Jeffreys' interval.

    Raises
    ------
    ValueError
        More became than were won, or less than nobody.
    """
    from scipy.stats import beta

    if not 0 <= became <= won:
        raise ValueError("From none to all who were won can have become regulars.")
    posterior = beta(became + 0.5, won - became + 0.5)
    low = 0.0 if became == 0 else float(posterior.ppf((1 - LEVEL) / 2))
    high = 1.0 if became == won else float(posterior.ppf((1 + LEVEL) / 2))
    return Share(became / won if won > 0 else None, Interval(low, high))


def cohort(
    months: Sequence[Sequence[float]], cost: float, weights: Sequence[float] | None = None
) -> Cohort:
    """Contribution of customers by month since they were won, added up.

    Parameters
    ----------
    months
        Of each customer, as many whole months as it is known: contribution before what winning
        cost. Money.
    cost
        Of winning one customer.
    weights
        The channel's credit for each customer, above 0; 1 each where none are given.

    Raises
    ------
    ValueError
        There is not one weight above 0 for each customer.
    """
    shares = np.ones(len(months)) if weights is None else np.asarray(weights, dtype=np.float64)
    if shares.size != len(months) or not (shares > 0).all():
        raise ValueError("One weight above 0 for each customer is needed.")
    table = _table(months)
    there = np.isfinite(table)
    known = there.sum(axis=0)
    heavy = np.where(there, shares[:, None], 0.0)
    monthly = (heavy * np.nan_to_num(table)).sum(axis=0) / np.maximum(heavy.sum(axis=0), 1e-12)
    mean = np.cumsum(monthly)
    low, high = _ends(table, mean, shares)
    earned = np.flatnonzero(mean < cost)
    first = int(earned[-1]) + 2 if earned.size else 1
    return Cohort(
        tuple(mean.tolist()), tuple(known.tolist()), tuple(low.tolist()), tuple(high.tolist()),
        first if first <= mean.size else None,
    )  # fmt: skip


def _table(months: Sequence[Sequence[float]]) -> np.ndarray:
    """Shape ``(customers, longest)``, nan where a customer is younger."""
    longest = max((len(each) for each in months), default=0)
    table = np.full((len(months), longest), np.nan)
    for row, each in zip(table, months, strict=True):
        row[: len(each)] = each
    return table


def spread(values: Sequence[float], weights: Sequence[float]) -> tuple[float | None, Interval]:
    """A weighted mean and its interval by Student's t; nan where fewer than five are known.

    The number of customers behind weighted ones is Kish's: (sum of weights)² ÷ sum of their squares
    (Kish 1965). None and nan where there is nobody.
    """
    from scipy.stats import t

    if not len(values):
        return None, Interval(float("nan"), float("nan"))
    told, heavy = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    mean = float((heavy * told).sum() / heavy.sum())
    size = float(heavy.sum() ** 2 / (heavy**2).sum())
    if told.size < ENOUGH or size < 2:
        return mean, Interval(float("nan"), float("nan"))
    variance = float((heavy * (told - mean) ** 2).sum() / heavy.sum()) * size / (size - 1)
    off = float(t.ppf((1 + LEVEL) / 2, size - 1) * (variance / size) ** 0.5)
    return mean, Interval(mean - off, mean + off)


def _ends(table: np.ndarray, mean: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By the spread of the sums of those who are known for so long."""
    low, high = np.full(mean.shape, np.nan), np.full(mean.shape, np.nan)
    sums = np.cumsum(table, axis=1)
    for month in range(mean.size):
        there = np.isfinite(sums[:, month])
        known, interval = spread(sums[there, month].tolist(), shares[there].tolist())
        if known is not None:
            low[month] = mean[month] + interval.low - known
            high[month] = mean[month] + interval.high - known
    return low, high
