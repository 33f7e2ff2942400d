"""Twelve months of one customer as quantities, and what they become when terms change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kundenstamm.worth.levels import Kind, Level

# What grows with the goods sold. Visits and advice depend on what was agreed, not on volume.
WITH_VOLUME = frozenset({Kind.ORDER, Kind.DELIVERY, Kind.COMPLAINT})
# What is work, so that a service level can lower it. Waiting for money is none.
WORK = frozenset({Kind.ORDER, Kind.DELIVERY, Kind.VISIT, Kind.SUPPORT, Kind.COMPLAINT})


class DecisionError(ValueError):
    """A change or an assumption cannot be; the message names it and the mend."""


@dataclass(frozen=True)
class Year:
    """Twelve months of one customer; money, signed as it acts on profit (`worth.levels`).

    Attributes
    ----------
    gross_sales, returns, reductions, goods
        As the levels of that name.
    serving
        Kind of cost to serve → amount.
    winning
        Winning and keeping together.
    """

    gross_sales: float
    returns: float = 0.0
    reductions: float = 0.0
    goods: float = 0.0
    serving: Mapping[Kind, float] = field(default_factory=lambda: MappingProxyType({}))
    winning: float = 0.0

    @classmethod
    def of(cls, amounts: Mapping[int, float]) -> Year:
        """From the ledger's sums by kind."""
        levels = dict.fromkeys(Level, 0.0)
        for kind, amount in amounts.items():
            levels[Kind(kind).level] += float(amount)
        serving = {
            Kind(kind): float(amount)
            for kind, amount in amounts.items()
            if Kind(kind).level == Level.COST_TO_SERVE
        }
        return cls(
            levels[Level.GROSS_SALES],
            levels[Level.RETURNS],
            levels[Level.REDUCTIONS],
            levels[Level.GOODS],
            serving,
            levels[Level.WINNING],
        )

    @property
    def turnover(self) -> float:
        """Gross sales less returns: what a rebate is reckoned from."""
        return self.gross_sales + self.returns

    @property
    def net_revenue(self) -> float:
        return self.turnover + self.reductions

    @property
    def contribution_1(self) -> float:
        return self.net_revenue + self.goods

    @property
    def cost_to_serve(self) -> float:
        return sum(self.serving.values())

    @property
    def contribution_2(self) -> float:
        return self.contribution_1 + self.cost_to_serve

    @property
    def contribution_3(self) -> float:
        return self.contribution_2 + self.winning

    def scaled(self, factor: float) -> Year:
        """All of it so many times; winning and keeping too."""
        return Year(
            self.gross_sales * factor,
            self.returns * factor,
            self.reductions * factor,
            self.goods * factor,
            {kind: amount * factor for kind, amount in self.serving.items()},
            self.winning * factor,
        )

    def expected(self, before_serving: float, cost_to_serve: float) -> Year:
        """The coming twelve months in the proportions of these.

        Sales and goods are scaled so that contribution I is ``before_serving``, the cost to serve
        so that it is ``cost_to_serve`` (positive). Winning is over and nothing is expected of
        it. Where these twelve months cannot be scaled (nothing earned, or nothing served), they
        stay as they are.
        """
        # The two signs must agree: no scale turns a loss on goods into a gain.
        trade = before_serving / self.contribution_1 if self.contribution_1 else 0.0
        told = self.scaled(trade) if trade > 0 else self
        service = -cost_to_serve / self.cost_to_serve if self.cost_to_serve else 1.0
        serving = {kind: amount * service for kind, amount in self.serving.items()}
        return replace(told, serving=serving, winning=0.0)


@dataclass(frozen=True)
class Tier:
    """From this turnover on, a rebate of this share of the whole turnover."""

    turnover: float
    rebate: float


@dataclass(frozen=True)
class Change:
    """What is proposed; nothing by default.

    Attributes
    ----------
    price
        Share by which prices change (−0.05: five per cent lower).
    rebate
        Additional share of turnover given back.
    tiers
        Additional rebates by turnover reached, on top of ``rebate``.
    payment_days
        Additional days the customer may take to pay.
    financing_rate
        What a year of waiting for money costs, share.
    service
        Share of today's work that is still done (1: as today).
    volume
        Share by which the quantity bought is expected to change.
    """

    price: float = 0.0
    rebate: float = 0.0
    tiers: tuple[Tier, ...] = ()
    payment_days: float = 0.0
    financing_rate: float = 0.06
    service: float = 1.0
    volume: float = 0.0

    def __post_init__(self) -> None:
        rebates = [self.rebate, *(tier.rebate for tier in self.tiers)]
        if self.price <= -1 or self.volume < -1:
            raise DecisionError("Prices and volume cannot fall by more than all of it.")
        if not all(-1 < rebate < 1 for rebate in rebates):
            raise DecisionError("A rebate lies between nil and 100 per cent.")
        if self.service < 0 or self.financing_rate < 0:
            raise DecisionError("Service level and financing rate are not negative.")
        if any(tier.turnover < 0 for tier in self.tiers):
            raise DecisionError("A tier begins at a turnover of nil or more.")

    def tier_rebate(self, turnover: float) -> float:
        """Of the highest tier that is reached."""
        reached = [tier for tier in self.tiers if turnover >= tier.turnover]
        return max(reached, key=lambda tier: tier.turnover).rebate if reached else 0.0

    @property
    def financing(self) -> float:
        """Share of net revenue that waiting for it costs."""
        return self.payment_days * self.financing_rate / 365


def changed(year: Year, change: Change) -> Year:
    """The same twelve months under the proposed terms.

    Quantity moves sales, returns, reductions, goods and the costs in `WITH_VOLUME`; price moves
    all but goods and work; what waiting for money cost follows net revenue.
    """
    volume, price = 1 + change.volume, 1 + change.price
    money = volume * price
    before = replace(
        year,
        gross_sales=year.gross_sales * money,
        returns=year.returns * money,
        reductions=year.reductions * money,
        goods=year.goods * volume,
    )
    rebate = change.rebate + change.tier_rebate(before.turnover)
    reduced = replace(before, reductions=before.reductions - rebate * before.turnover)
    waiting = year.serving.get(Kind.PAYMENT_DELAY, 0.0) * money
    serving = {
        kind: amount * change.service * (volume if kind in WITH_VOLUME else 1.0)
        for kind, amount in year.serving.items()
        if kind in WORK
    }
    waiting -= change.financing * reduced.net_revenue
    return replace(reduced, serving=serving | ({Kind.PAYMENT_DELAY: waiting} if waiting else {}))
