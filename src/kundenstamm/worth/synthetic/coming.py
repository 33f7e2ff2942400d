"""A coming year of the invented company, played as often as one likes.

Customers, assortments and prices stay; when they buy, what of it, and what it takes to serve them
is drawn anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from kundenstamm.worth.levels import Kind
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.synthetic import orders, people, service
from kundenstamm.worth.synthetic.base import Buyer
from kundenstamm.worth.synthetic.company import Plan
from kundenstamm.worth.synthetic.reactions import POOL_OF, Load
from kundenstamm.worth.synthetic.service import RATE

MONTHS = 12


@dataclass(frozen=True)
class Bought:
    """One order with what came back of it; money, signed as it acts on profit."""

    day: int
    gross: float
    returns: float
    reductions: float
    goods: float
    typing: float
    picking: float

    @property
    def net(self) -> float:
        return self.gross + self.returns + self.reductions

    @property
    def month(self) -> int:
        return min(self.day * MONTHS // 365, MONTHS - 1)


@dataclass
class Played:
    """One customer's coming year."""

    orders: list[Bought] = field(default_factory=list)
    # Kind, month and minutes of visits, calls and complaints.
    care: list[tuple[Kind, int, float]] = field(default_factory=list)
    complaints: list[tuple[Kind, int, float]] = field(default_factory=list)
    waiting: float = 0.0
    bonus: float = 0.0


def played(plan: Plan, made: Sequence[Buyer], again: int) -> dict[str, Played]:
    """The last year of ``plan`` by customer, the ``again``-th time."""
    chance = replace(plan, seed=plan.seed + 1_000_000 * again)
    begins = plan.days - 365
    there = [
        replace(buyer, start=max(buyer.start, begins))
        for buyer in made
        if buyer.end is None or buyer.end > begins
    ]
    _categories, products, costs = people.products(plan)
    booked, sales = orders.orders_and_lines(plan, there, products, chance)
    books = service.serve(chance, there, booked)
    year: dict[str, Played] = {buyer.number: Played() for buyer in there}
    _orders(year, booked, sales, costs, books, begins)
    _costs(year, plan, books, sales)
    return year


def overtime(year: dict[str, Played], pools: dict[str, Load]) -> dict[str, Floats]:
    """Minutes beyond what each pool can work, by month, for all customers together."""
    used = {name: np.zeros(MONTHS) for name in pools}
    for one in year.values():
        for kind, month, minutes in work(one):
            used[POOL_OF[kind]][month] += minutes
    return {
        name: np.maximum(minutes - minutes.mean() / pools[name].fullness, 0.0)
        for name, minutes in used.items()
    }


def work(one: Played) -> list[tuple[Kind, int, float]]:
    handled = [(Kind.ORDER, order.month, order.typing) for order in one.orders]
    packed = [(Kind.DELIVERY, order.month, order.picking) for order in one.orders]
    return [*handled, *packed, *one.care, *one.complaints]


def _orders(
    year: dict[str, Played],
    booked: Sequence[orders.Order],
    sales: pl.DataFrame,
    costs: pl.DataFrame,
    books: service.Books,
    begins: int,
) -> None:
    """Orders with their lines' sums; handling is booked in the order of the orders, two by two."""
    sums = _by_document(sales, costs)
    for place, order in enumerate(booked):
        typing, picking = books.costs[2 * place], books.costs[2 * place + 1]
        gross, returns, reductions, goods = sums[order.document[3:]]
        year[order.buyer.number].orders.append(
            Bought(
                order.day - begins, gross, returns, reductions, goods,
                float(str(typing[6])), float(str(picking[6])),
            )
        )  # fmt: skip


def _by_document(sales: pl.DataFrame, costs: pl.DataFrame) -> dict[str, tuple[float, ...]]:
    lines = sales.sort("date").join_asof(
        costs.sort("valid_from"), left_on="date", right_on="valid_from", by="product",
        check_sortedness=False,
    )  # fmt: skip
    amount, kind = pl.col("amount").cast(float), pl.col("kind")
    sums = lines.group_by(document=pl.col("document").str.slice(3)).agg(
        gross=amount.filter(kind == Kind.SALE).sum(),
        returns=amount.filter(kind.is_in([int(Kind.RETURN), int(Kind.CREDIT_NOTE)])).sum(),
        reductions=amount.filter(kind.is_in([int(Kind.REBATE), int(Kind.PROMOTION)])).sum(),
        goods=-(pl.col("quantity") * pl.col("unit_cost").cast(float))
        .filter(kind < int(Kind.DISCOUNT))
        .sum(),
    )
    return {row[0]: row[1:] for row in sums.iter_rows()}


def _costs(year: dict[str, Played], plan: Plan, books: service.Books, sales: pl.DataFrame) -> None:
    for number, when, kind, amount, _document, _line, minutes, _pool in books.costs:
        days_left = (plan.until - when).days
        month = min(max((364 - days_left) * MONTHS // 365, 0), MONTHS - 1)
        one = year[str(number)]
        if kind in (Kind.VISIT, Kind.SUPPORT):
            one.care.append((Kind(kind), month, float(minutes)))
        elif kind == Kind.COMPLAINT:
            one.complaints.append((Kind.COMPLAINT, month, float(minutes)))
        elif kind == Kind.PAYMENT_DELAY:
            one.waiting += float(amount)
    bonuses = sales.filter(pl.col("kind") == int(Kind.BONUS))
    for number, amount in bonuses.select("customer", "amount").iter_rows():
        year[number].bonus += float(amount)


def at_standard_rates(one: Played) -> float:
    """Contribution III of the year as the ledger would show it, winning left aside."""
    money = sum(order.net + order.goods - service.FREIGHT for order in one.orders)
    minutes = sum(RATE[POOL_OF[kind]] * minutes for kind, _month, minutes in work(one))
    return money + one.bonus + one.waiting - minutes
