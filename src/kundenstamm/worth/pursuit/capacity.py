"""Whether our own hands suffice: free minutes of each pool against what a pursuit needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.pursuit.plan import Plan, Pool


@dataclass(frozen=True)
class Overtime:
    """What work beyond capacity costs, as a multiple of the pool's rate, and how much there can be
    at most, as a share of the pool's capacity."""

    multiple: float = 1.5
    most: float = 0.1


@dataclass(frozen=True)
class Overflow:
    """Minutes of one month that a pool does not have; months count from now."""

    pool: str
    month: int
    minutes: float
    capacity: float


def overflow(plan: Plan, pools: Sequence[Pool]) -> tuple[Overflow, ...]:
    """Months in which a pool has fewer free minutes than the plan needs, pool by pool."""
    found = []
    for pool in pools:
        need = plan.minutes.get(pool.name, 0.0)
        end = plan.first_month + plan.months
        short = need - pool.free_in(end)[plan.first_month :]
        found += [
            Overflow(pool.name, plan.first_month + int(at), float(short[at]), pool.capacity)
            for at in np.flatnonzero(short > 0)
        ]
    return tuple(found)


def can_be_worked(found: Sequence[Overflow], overtime: Overtime) -> bool:
    """Whether people can work that much more."""
    return all(each.minutes <= overtime.most * each.capacity for each in found)


def overtime_cost(
    plan: Plan, pools: Sequence[Pool], found: Sequence[Overflow], overtime: Overtime
) -> float:
    """What overtime costs beyond the rate, in money of today, while such customers are there."""
    rates = {pool.name: pool.rate for pool in pools}
    weight = plan.there() * plan.worth_today()
    return sum(
        each.minutes * rates[each.pool] * (overtime.multiple - 1)
        * float(weight[each.month - plan.first_month])
        for each in found
    )  # fmt: skip


def how_many(plan: Plan, pools: Sequence[Pool], months: int = 12) -> tuple[int, ...]:
    """How many customers of this kind fit, if they begin in each of the coming months.

    Returns
    -------
    tuple of int
        Of each month; without a need in any pool as many as one likes: -1.
    """
    needed = [pool for pool in pools if plan.minutes.get(pool.name, 0.0) > 0]
    if not needed:
        return (-1,) * months
    return tuple(
        min(
            int(pool.free_in(at + plan.months)[at:].min() // plan.minutes[pool.name])
            for pool in needed
        )
        for at in range(months)
    )
