"""What serving costs: time-driven activity-based costing.

Kaplan & Anderson (2004), "Time-Driven Activity-Based Costing", Harvard Business Review 82 (11).
A pool (a team, a warehouse, a fleet) has a cost and a practical capacity in minutes; their ratio
is what a minute costs. An activity takes the minutes that its time equation says, and its customer
bears those. Capacity that nobody used stays where it is: idle cost is shown and never charged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars as pl

Whole = npt.NDArray[np.int64]
# Money is shared out in ten-thousandths, as the ledger keeps it; time in thousandths of a minute.
UNIT, TICKS = Decimal("0.0001"), 1000
# The usual share of the theoretical capacity that people can really work (breaks, training).
PRACTICAL = Decimal("0.8")
LARGEST = np.iinfo(np.int64).max


class ActivityError(ValueError):
    """An activity or a pool cannot be; the message names it and the mend."""


@dataclass(frozen=True)
class TimeEquation:
    """Minutes of one activity: ``base`` and, per driver, minutes for each unit of it.

    >>> packing = TimeEquation(Decimal("0.5"), {"special": Decimal("6.5"), "air": Decimal("0.2")})
    >>> packing.minutes({"special": Decimal(1)})
    Decimal('7.0')
    """

    base: Decimal
    drivers: Mapping[str, Decimal] = field(default_factory=dict)

    def minutes(self, amounts: Mapping[str, Decimal]) -> Decimal:
        """Minutes of an activity with these amounts of its drivers; missing ones are nil.

        Raises
        ------
        ActivityError
            The equation does not know a driver, or the minutes would be negative.
        """
        if unknown := set(amounts) - set(self.drivers):
            raise ActivityError(
                f"The time equation knows no driver {sorted(unknown)[0]!r}. "
                f"It has: {', '.join(sorted(self.drivers)) or 'none'}."
            )
        total = sum((self.drivers[name] * amount for name, amount in amounts.items()), self.base)
        if total < 0:
            raise ActivityError(f"The time equation gives {total} minutes. Check its drivers.")
        return total


@dataclass(frozen=True)
class Pool:
    """What a team costs in a period, and the minutes it can really work in it.

    Attributes
    ----------
    cost
        Of the period; money, not negative.
    capacity
        Practical capacity of the period, minutes: the theoretical one × `PRACTICAL`, as a rule.
    """

    cost: Decimal
    capacity: Decimal

    def __post_init__(self) -> None:
        if self.cost < 0:
            raise ActivityError(f"A pool cannot cost {self.cost}. Give nil or more.")
        if self.capacity <= 0:
            raise ActivityError(
                f"A pool needs a practical capacity above nil, not {self.capacity} minutes."
            )

    @property
    def rate(self) -> Decimal:
        """What a minute costs, money."""
        return self.cost / self.capacity


@dataclass(frozen=True)
class Share:
    """How one pool's cost was shared out.

    Attributes
    ----------
    charged, idle
        Money; together the pool's cost. ``idle`` is what unused capacity cost.
    used
        Minutes of all activities.
    overloaded
        More minutes were worked than the practical capacity has: a minute then costs less than
        the rate, since a pool never charges more than it costs.
    """

    charged: Decimal
    idle: Decimal
    used: Decimal
    overloaded: bool


def allocated(minutes: pl.Series, pool: Pool) -> tuple[pl.Series, Share]:
    """What each activity of a pool costs; the sum is exactly what is charged.

    Parameters
    ----------
    minutes
        Of the period's activities, a decimal or float series; not negative. Taken to a thousandth
        of a minute.

    Returns
    -------
    polars.Series
        Costs (``decimal(18, 4)``, not negative) in the order of ``minutes``, none off by a whole
        ten-thousandth. One activity more or less moves two others at most, unless the pool is
        overloaded: then it changes what a minute costs.
    Share
        What was charged and what stayed idle.

    Raises
    ------
    ActivityError
        Minutes are missing or negative.
    """
    import polars as pl

    ticks = _ticks(minutes)
    worked = int(ticks.sum())
    used = Decimal(worked) / TICKS
    overloaded = used > pool.capacity
    there = Fraction(worked) if overloaded else Fraction(pool.capacity) * TICKS
    units, total = _rounded(ticks, Fraction(pool.cost) / Fraction(UNIT) / there)
    charged = pool.cost if overloaded else total * UNIT
    costs = pl.Series("cost", units, dtype=pl.Int64).cast(pl.Decimal(18, 4)) / 10_000
    return costs.cast(pl.Decimal(18, 4)), Share(charged, pool.cost - charged, used, overloaded)


def _ticks(minutes: pl.Series) -> Whole:
    import polars as pl

    if minutes.has_nulls():
        row = int(minutes.is_null().arg_true()[0])
        raise ActivityError(f"The activity in row {row} has no minutes. Give them or leave it out.")
    values = minutes.cast(pl.Float64).to_numpy() * TICKS
    if (bad := ~np.isfinite(values) | (values < 0)).any():
        row = int(np.argmax(bad))
        raise ActivityError(
            f"The activity in row {row} takes {minutes[row]} minutes. Give nil or more."
        )
    return np.asarray(np.rint(values), dtype=np.int64)


def _rounded(weights: Whole, price: Fraction) -> tuple[Whole, int]:
    """Whole units for whole weights at a price, and their sum: the price of all, rounded.

    Each is rounded for itself. By what their sum then is off, the first of those that were rounded
    the wrong way are rounded the other way. There are always enough: each is off by a half at most.
    """
    quotients, remainders, whole = _divided(weights, price)
    upwards = (remainders >= whole - remainders).astype(bool)
    parts = quotients + upwards
    total = round(price * int(weights.sum()))
    lacking = total - int(parts.sum())
    downwards = ~upwards & (remainders > 0).astype(bool)
    moved = np.flatnonzero(downwards if lacking > 0 else upwards)[: abs(lacking)]
    parts[moved] += 1 if lacking > 0 else -1
    return parts, total


def _divided(weights: Whole, price: Fraction) -> tuple[Whole, npt.NDArray[Any], int]:
    """Weights times a price: whole units, and what is left over in parts of a unit."""
    whole = price.denominator
    each, rest = divmod(price.numerator, whole)
    # Products beyond 64 bits are computed with Python's own numbers, which know no bound.
    fits = max(whole, rest * int(weights.max(initial=0))) <= LARGEST
    products = weights * rest if fits else weights.astype(object) * rest
    return weights * each + (products // whole).astype(np.int64), products % whole, whole
