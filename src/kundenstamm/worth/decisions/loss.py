"""Where one customer loses: what would vanish with it, and what will not come again.

Rules in prose and worked examples: ``docs/algorithms/repair.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.decisions.year import WORK, Change, DecisionError, Year, changed
from kundenstamm.worth.levels import Kind, Level

# Freed minutes of a pool below the first use help nobody; of one at the second all of them do.
SLACK, FULL = 0.85, 1.0
# Where nothing is known of the pools behind a cost.
HALF = 0.5
AS_NOW = Interval(1.0, 1.0)


def avoidable_share(used: float, capacity: float) -> float:
    """Share of freed minutes that saves money: what a pool works ÷ what it can really work.

    In a pool that has time left, freed minutes only stand idle: 0. In a full one other work takes
    them, or a hand less is needed: 1. Between `SLACK` and `FULL` the share rises evenly.

    >>> [avoidable_share(used, 1_000) for used in (700, 850, 925, 1_000, 1_200)]
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    if capacity <= 0:
        return 1.0
    return round(min(max((used / capacity - SLACK) / (FULL - SLACK), 0.0), 1.0), 6)


@dataclass(frozen=True)
class Loss:
    """One customer that brings less than nothing, or may.

    Attributes
    ----------
    year
        The last twelve months.
    one_off
        Kind → what of the year will not come again; money, signed as in the ledger.
    avoidable
        Kind of work → share of its cost that vanishes with the work, `HALF` where not said.
        Waiting for money is always avoidable: it is money.
    orders
        Net value of each order of the year.
    dealer
        Whether a dealer could supply the customer instead.
    quantity
        What is expected to be bought in the coming year, as a multiple of this one.
    """

    year: Year
    one_off: Mapping[Kind, float] = field(default_factory=lambda: MappingProxyType({}))
    avoidable: Mapping[Kind, float] = field(default_factory=lambda: MappingProxyType({}))
    orders: tuple[float, ...] = ()
    dealer: bool = False
    quantity: Interval = AS_NOW

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in self.avoidable.values()):
            raise DecisionError("A share that is avoidable lies between nil and 100 per cent.")
        if not 0 <= self.quantity.low <= self.quantity.high:
            raise DecisionError("A quantity is not negative, and its low end comes first.")

    @cached_property
    def recurring(self) -> Year:
        """The year without what was paid once."""
        serving = {
            kind: amount - self.one_off.get(kind, 0.0) for kind, amount in self.year.serving.items()
        }
        once = sum(amount for kind, amount in self.one_off.items() if kind.level == Level.WINNING)
        return replace(self.year, serving=serving, winning=self.year.winning - once)

    @cached_property
    def vanishing(self) -> Year:
        """What would really be gone without the customer: revenue, goods, avoidable cost."""
        year = self.recurring
        serving = {kind: amount * self._share(kind) for kind, amount in year.serving.items()}
        return replace(year, serving=serving)

    @property
    def at_stake(self) -> float:
        """Avoidable contribution: what parting loses, or saves where it is negative."""
        return self.vanishing.contribution_3

    @property
    def staying(self) -> float:
        """Cost to serve that would be there without the customer too; not positive."""
        return self.recurring.cost_to_serve - self.vanishing.cost_to_serve

    def at(self, quantity: float) -> Loss:
        """The same customer buying so many times as much."""
        year = changed(self.recurring, Change(volume=quantity - 1))
        return replace(self, year=year, one_off={})

    def _share(self, kind: Kind) -> float:
        return self.avoidable.get(kind, HALF) if kind in WORK else 1.0
