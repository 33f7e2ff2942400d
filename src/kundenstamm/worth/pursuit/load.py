"""How full pools are, month by month: what they can work, and who needs it.

Rules in prose and worked examples: ``docs/algorithms/capacity.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.pursuit.plan import PlanError, Pool

Minutes = tuple[float, ...]


@dataclass(frozen=True)
class Load:
    """One pool; minutes by month from now, all of one length.

    Attributes
    ----------
    rate
        Money a minute: cost ÷ practical capacity.
    capacity
        Practical capacity.
    base
        Of whom is served already.
    won
        Of whom was won since, and is not among those yet.
    planned
        Of running pursuits, times their chances.
    """

    name: str
    rate: float
    capacity: Minutes
    base: Minutes
    won: Minutes
    planned: Minutes

    @property
    def needed(self) -> Minutes:
        parts = zip(self.base, self.won, self.planned, strict=True)
        return tuple(base + won + planned for base, won, planned in parts)

    @property
    def free(self) -> Minutes:
        """Negative: so many are too few."""
        both = zip(self.capacity, self.needed, strict=True)
        return tuple(there - needed for there, needed in both)

    @property
    def full(self) -> Minutes:
        """Needed ÷ capacity."""
        both = zip(self.capacity, self.needed, strict=True)
        return tuple(needed / there for there, needed in both)

    def pool(self) -> Pool:
        """As a plan wants it."""
        return Pool(self.name, self.rate, self.free, self.capacity[0])


@dataclass(frozen=True)
class Need:
    """Minutes that serving takes from a month on, by name of the pool, as many times as
    ``weight`` says: a chance, or a number of customers."""

    minutes: Mapping[str, float]
    first_month: int
    weight: float = 1.0

    def by_month(self, pool: str, months: int) -> Floats:
        """Shape ``(months,)``: nothing before the first month, all of it from then on."""
        begun = np.arange(months) >= self.first_month
        return np.asarray(begun * (self.minutes.get(pool, 0.0) * self.weight))


@dataclass(frozen=True)
class Added:
    """More hands in a pool from a month on: minutes a month, and what they cost a month."""

    pool: str
    minutes: float
    first_month: int = 0
    cost: float = 0.0

    def __post_init__(self) -> None:
        for name in ("minutes", "first_month", "cost"):
            if getattr(self, name) < 0:
                raise PlanError(f"{name} is {getattr(self, name)}; it must be not below 0.")

    def by_month(self, months: int) -> Floats:
        """Minutes, shape ``(months,)``."""
        return np.asarray((np.arange(months) >= self.first_month) * self.minutes)

    def costs(self, months: int) -> Floats:
        """Money, shape ``(months,)``."""
        return np.asarray((np.arange(months) >= self.first_month) * self.cost)


def changed(
    loads: Sequence[Load], *, on: Iterable[Need] = (), off: Iterable[Need] = ()
) -> tuple[Load, ...]:
    """The same pools with further needs among what is planned, and without others."""
    more, less = tuple(on), tuple(off)

    def planned(load: Load) -> Minutes:
        months = len(load.planned)
        moved = _sum(more, load.name, months) - _sum(less, load.name, months)
        return tuple((np.asarray(load.planned) + moved).tolist())

    return tuple(replace(load, planned=planned(load)) for load in loads)


def widened(loads: Sequence[Load], added: Iterable[Added]) -> tuple[Load, ...]:
    """The same pools with more hands.

    Raises
    ------
    PlanError
        Hands are added to a pool that is not there.
    """
    found, names = tuple(added), {load.name for load in loads}
    for each in found:
        if each.pool not in names:
            raise PlanError(f"minutes are added to {each.pool}; there is no such pool.")
    return tuple(
        replace(load, capacity=tuple((np.asarray(load.capacity) + _given(load, found)).tolist()))
        for load in loads
    )


def stretched(loads: Sequence[Load], share: float) -> tuple[Load, ...]:
    """The same pools working so much more than their capacity, as a share of it."""
    return tuple(
        replace(load, capacity=tuple(each * (1 + share) for each in load.capacity))
        for load in loads
    )


def scaled(loads: Sequence[Load], factor: float) -> tuple[Load, ...]:
    """The same pools with a base that needs so many times as much."""
    return tuple(replace(load, base=tuple(each * factor for each in load.base)) for load in loads)


def _sum(needs: Sequence[Need], pool: str, months: int) -> Floats:
    return sum((need.by_month(pool, months) for need in needs), np.zeros(months))


def _given(load: Load, added: Sequence[Added]) -> Floats:
    months = len(load.capacity)
    own = (each.by_month(months) for each in added if each.pool == load.name)
    return sum(own, np.zeros(months))
