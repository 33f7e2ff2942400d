"""What a measure would have brought with one customer, played out event by event.

The truth that benchmarks hold advice against. Nothing of `kundenstamm.worth.decisions` is used:
customers bear a measure or leave, orders are gathered one by one, and freed time is worth money
only in months in which the pool works overtime, or as far as it is elastic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from kundenstamm.worth.levels import Kind
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.synthetic.coming import MONTHS, Bought, Played, work
from kundenstamm.worth.synthetic.reactions import POOL_OF, Load, Reaction
from kundenstamm.worth.synthetic.service import FREIGHT, RATE

# Typing and picking that an order takes however few its lines are.
TYPING_ONCE, PICKING_ONCE = 4.0, 5.0


@dataclass(frozen=True)
class World:
    """The pools of a year: how loaded, and how far beyond what they can work by month."""

    pools: Mapping[str, Load]
    overtime: Mapping[str, Floats]

    def cost(self, done: Iterable[tuple[Kind, int, float]]) -> float:
        """What this work really costs: what would not be paid without it."""
        minutes = {name: np.zeros(MONTHS) for name in self.pools}
        for kind, month, taken in done:
            minutes[POOL_OF[kind]][month] += taken
        return float(sum(self._relief(name, each) for name, each in minutes.items()))

    def _relief(self, name: str, minutes: Floats) -> float:
        elastic = self.pools[name].elastic
        relieved = elastic * minutes + (1 - elastic) * np.minimum(minutes, self.overtime[name])
        return float(relieved.sum()) * RATE[name]


def kept(one: Played, world: World) -> float:
    """The customer as it is, against its not being there."""
    money = sum(order.net + order.goods - FREIGHT for order in one.orders)
    return money + one.bonus + one.waiting - world.cost(work(one))


def answered(one: Played, answer: Reaction, world: World, measure: str, size: float) -> float:
    """The year under a measure, against the customer's not being there; nil once it is gone."""
    if measure == "price":
        return kept(_dearer(one, size), world) if size <= answer.price else 0.0
    if measure == "minimum_order":
        return kept(_gathered(one, size, answer.patience), world)
    if measure == "service":
        return kept(_less_care(one, size), world) if size >= answer.care else 0.0
    if measure == "dealer":
        return _by_dealer(one, answer, size, world)
    if measure == "let_go":
        return 0.0
    return kept(one, world)


def _dearer(one: Played, rise: float) -> Played:
    orders = [
        replace(
            order,
            gross=order.gross * (1 + rise),
            returns=order.returns * (1 + rise),
            reductions=order.reductions * (1 + rise),
        )
        for order in one.orders
    ]
    return replace(
        one, orders=orders, waiting=one.waiting * (1 + rise), bonus=one.bonus * (1 + rise)
    )


def _gathered(one: Played, least: float, patience: float) -> Played:
    """Orders wait for each other until they are large enough; too late, they go elsewhere."""
    orders: list[Bought] = []
    waiting: list[Bought] = []
    for order in sorted(one.orders, key=lambda order: order.day):
        waiting = [each for each in waiting if order.day - each.day <= patience]
        waiting.append(order)
        if sum(each.gross + each.reductions for each in waiting) >= least:
            orders.append(_together(waiting))
            waiting = []
    share = sum(order.net for order in orders) / (sum(order.net for order in one.orders) or 1.0)
    return replace(one, orders=orders, waiting=one.waiting * share, bonus=one.bonus * share)


def _together(parts: list[Bought]) -> Bought:
    spared = len(parts) - 1
    return Bought(
        day=parts[-1].day,
        gross=sum(each.gross for each in parts),
        returns=sum(each.returns for each in parts),
        reductions=sum(each.reductions for each in parts),
        goods=sum(each.goods for each in parts),
        typing=max(sum(each.typing for each in parts) - spared * TYPING_ONCE, 0.0),
        picking=max(sum(each.picking for each in parts) - spared * PICKING_ONCE, 0.0),
    )


def _less_care(one: Played, share: float) -> Played:
    """Of the visits and calls as they come, every so-manieth is left out."""
    still = [
        each for n, each in enumerate(one.care) if int((n + 1) * share + 1e-9) > int(n * share)
    ]
    return replace(one, care=still)


def _by_dealer(one: Played, answer: Reaction, rebate: float, world: World) -> float:
    """Behind a dealer it pays the list's prices; who bears no such rise does not go along."""
    sold = sum(order.gross + order.returns for order in one.orders)
    given = -sum(order.reductions for order in one.orders) - one.bonus
    if not answer.follows or given > answer.price * (sold - given):
        return 0.0
    money = sum((order.gross + order.returns) * (1 - rebate) + order.goods for order in one.orders)
    left = answer.dealer_work
    handled = [
        (kind, month, minutes * left)
        for kind, month, minutes in work(one)
        if kind in (Kind.ORDER, Kind.DELIVERY)
    ]
    return money - FREIGHT * left * len(one.orders) - world.cost(handled)
