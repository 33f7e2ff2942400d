"""What a channel costs and brings per customer, with intervals that hold for few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from kundenstamm.worth.acquisition.sums import LEVEL, Sums, spread
from kundenstamm.worth.decisions.terms import Interval


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


@dataclass(frozen=True)
class Age:
    """Of customers in one month since they were won.

    ``brought``: their credits times what they brought in this month, money; ``so_far``: of what
    each brought up to its end.
    """

    brought: float
    so_far: Sums


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
    shares = [1.0] * len(months) if weights is None else [float(each) for each in weights]
    if len(shares) != len(months) or not all(each > 0 for each in shares):
        raise ValueError("One weight above 0 for each customer is needed.")
    return cohort_of([_age(months, shares, n) for n in range(max(map(len, months), default=0))],
                     cost)  # fmt: skip


def _age(months: Sequence[Sequence[float]], shares: Sequence[float], month: int) -> Age:
    there = [(each, share) for each, share in zip(months, shares, strict=True) if len(each) > month]
    weights = [share for _each, share in there]
    brought = sum(share * each[month] for each, share in there)
    return Age(brought, Sums.of([sum(each[: month + 1]) for each, _share in there], weights))


def cohort_of(ages: Sequence[Age], cost: float) -> Cohort:
    """The same from sums of the first month, the second and so on, each with somebody in it."""
    mean = np.cumsum([each.brought / each.so_far.weight for each in ages])
    ends = [_ends(each.so_far, at) for each, at in zip(ages, mean.tolist(), strict=True)]
    earned = np.flatnonzero(mean < cost)
    first = int(earned[-1]) + 2 if earned.size else 1
    return Cohort(
        tuple(mean.tolist()), tuple(each.so_far.number for each in ages),
        tuple(each.low for each in ends), tuple(each.high for each in ends),
        first if first <= mean.size else None,
    )  # fmt: skip


def _ends(so_far: Sums, mean: float) -> Interval:
    """Around ``mean``, by the spread of the sums of those who are known for so long."""
    known, interval = spread(so_far)
    if known is None:
        return interval
    return Interval(mean + interval.low - known, mean + interval.high - known)
