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


@dataclass(frozen=True)
class Room:
    """How many customers of a kind fit if they begin in a month that counts from now.

    Attributes
    ----------
    customers
        -1: as many as one likes, as they need nobody.
    pool
        Of which there is least; empty where nobody is needed.
    free
        Its minutes in the month in which it has least, from the first month on.
    fullest
        The first such month, counted from now.
    """

    month: int
    customers: int
    pool: str = ""
    free: float = 0.0
    fullest: int = 0


def room(plan: Plan, pools: Sequence[Pool], months: int = 12) -> tuple[Room, ...]:
    """How many customers of this kind fit, if they begin in each of the coming months.

    As many as every pool has minutes for in each of the plan's months; the first of two equal pools
    is named.

    Raises
    ------
    PlanError
        Minutes are planned in a pool that is not there.
    """
    plan.service(pools)
    needed = [pool for pool in pools if plan.minutes.get(pool.name, 0.0) > 0]
    if not needed:
        return tuple(Room(at, -1) for at in range(months))
    return tuple(
        min((_room(plan, pool, at) for pool in needed), key=lambda each: each.customers)
        for at in range(months)
    )


def _room(plan: Plan, pool: Pool, at: int) -> Room:
    free = pool.free_in(at + plan.months)[at:]
    fullest = int(free.argmin())
    least = float(free[fullest])
    return Room(at, _times(plan.minutes[pool.name], least), pool.name, least, at + fullest)


def _times(minutes: float, free: float) -> int:
    """The largest number of times that fits; a division alone is off by one now and then."""
    found = int(free // minutes)
    if found * minutes > free:
        return found - 1
    return found + 1 if (found + 1) * minutes <= free else found


def how_many(plan: Plan, pools: Sequence[Pool], months: int = 12) -> tuple[int, ...]:
    """The numbers of `room`."""
    return tuple(each.customers for each in room(plan, pools, months))
