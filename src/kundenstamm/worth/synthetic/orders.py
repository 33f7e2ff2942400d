"""Orders, their lines, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from kundenstamm.worth.levels import Kind
from kundenstamm.worth.synthetic.base import Buyer
from kundenstamm.worth.synthetic.company import MONEY, Plan, cents

# Demand by month, mean one: building sites rest in winter.
SEASON = (0.72, 0.8, 1.02, 1.12, 1.12, 1.06, 0.95, 0.92, 1.12, 1.14, 1.1, 0.93)
# The promotion that was for one summer, and is still there.
PROMOTION_SHARE = 0.06


@dataclass(frozen=True)
class Order:
    buyer: Buyer
    day: int
    date: date
    document: str
    net: float
    lines: int


def orders_and_lines(
    plan: Plan, made: list[Buyer], products: pl.DataFrame, chance: Plan | None = None
) -> tuple[list[Order], pl.DataFrame]:
    """All orders of the history, and the sales table.

    With ``chance`` (a plan of another seed) the same customers with the same assortments buy on
    other days and other things of them.
    """
    rng, basket = (chance or plan).stream("orders"), plan.stream("baskets")
    shelf = products.rows(named=True)
    days = sorted(
        ((day, buyer) for buyer in made for day in _days(plan, buyer, rng)),
        key=lambda order: (order[0], order[1].number),
    )
    assortment = {b.number: basket.choice(len(shelf), 14, replace=False) for b in made}
    basket = chance.stream("baskets") if chance else basket
    table = _Table()
    orders = []
    for n, (day, buyer) in enumerate(days, start=1):
        when = plan.until - timedelta(days=plan.days - 1 - day)
        document = f"RE-{when.year}-{n:06d}"
        items = _basket(buyer, day, [shelf[i] for i in assortment[buyer.number]], basket)
        net = table.invoice(buyer, when, document, items, _reductions(plan, buyer, day))
        _send_back(table, plan, buyer, when, document, items, basket)
        orders.append(Order(buyer, day, when, document, net, len(items)))
    _bonuses(table, plan, orders)
    return orders, table.frame()


def _days(plan: Plan, buyer: Buyer, rng: np.random.Generator) -> list[int]:
    """Purchase days inside the history: gamma gaps, thinned by season, never on a Sunday."""
    if buyer.rate == 0:
        return [_weekday(plan, buyer.start)] if 0 <= buyer.start < plan.days else []
    last = min(plan.days - 1, plan.days - 1 if buyer.end is None else buyer.end)
    peak = max(SEASON)
    gap = 365 / buyer.rate / peak
    day, days = float(buyer.start) + rng.uniform(0, gap), set()
    while day <= last:
        paused = buyer.pause is not None and buyer.pause[0] <= day <= buyer.pause[1]
        month = (plan.until - timedelta(days=plan.days - 1 - int(day))).month
        if day >= 0 and not paused and rng.random() < SEASON[month - 1] / peak:
            days.add(_weekday(plan, int(day)))
        day += max(rng.gamma(buyer.regularity, gap / buyer.regularity), 1.0)
    return sorted(d for d in days if d < plan.days)


def _weekday(plan: Plan, day: int) -> int:
    """The Monday after, for a Sunday; the Saturday before, where there is no Monday any more."""
    when = plan.until - timedelta(days=plan.days - 1 - day)
    if when.weekday() != 6:
        return day
    return day + 1 if day + 1 < plan.days else day - 1


Item = tuple[dict[str, object], int, float]


def _basket(
    buyer: Buyer, day: int, known: list[dict[str, object]], rng: np.random.Generator
) -> list[Item]:
    """Products, quantities and prices that come near the order's size."""
    count = int(min(1 + rng.geometric(0.36), len(known)))
    chosen = rng.choice(len(known), count, replace=False)
    grown = 1 + 0.03 * day / 365
    budget = buyer.order_size * float(rng.lognormal(-0.08, 0.4)) * grown
    shares = rng.dirichlet(np.ones(count) * 2)
    items = []
    for index, share in zip(chosen, shares, strict=True):
        price = float(known[index]["list_price"]) * grown
        items.append((known[index], max(1, round(budget * share / price)), round(price, 2)))
    return items


def _reductions(plan: Plan, buyer: Buyer, day: int) -> list[tuple[Kind, float, str]]:
    found = []
    if buyer.rebate:
        found.append((Kind.REBATE, buyer.rebate, "Rabatt lt. Vereinbarung"))
    if buyer.story.startswith("Händler mit") and day > plan.days - 800:
        found.append((Kind.PROMOTION, PROMOTION_SHARE, "Sommeraktion"))
    return found


def _send_back(
    table: _Table,
    plan: Plan,
    buyer: Buyer,
    when: date,
    document: str,
    items: list[Item],
    rng: np.random.Generator,
) -> None:
    """Part of an order comes back days later, or a price is put right."""
    back = when + timedelta(days=int(rng.integers(3, 25)))
    if rng.random() < buyer.returns * 2.2 and back <= plan.until:
        product, quantity, price = items[int(rng.integers(len(items)))]
        returned = max(1, round(quantity * float(rng.uniform(0.4, 1.0))))
        back += timedelta(days=1 if back.weekday() == 6 and back < plan.until else 0)
        table.add(buyer, back, Kind.RETURN, f"RT-{document[3:]}", 1, product, -returned, price)
    elif rng.random() < 0.006:
        product, quantity, price = items[0]
        table.add(buyer, when, Kind.CREDIT_NOTE, f"GS-{document[3:]}", 1, product, -1, price)


def _bonuses(table: _Table, plan: Plan, orders: list[Order]) -> None:
    """The yearly bonus of large customers, booked on the last working day of the year."""
    by_year: dict[tuple[str, int], float] = {}
    buyers = {order.buyer.number: order.buyer for order in orders}
    for order in orders:
        key = (order.buyer.number, order.date.year)
        by_year[key] = by_year.get(key, 0.0) + order.net
    for (number, year), net in sorted(by_year.items()):
        last = date(year, 12, 30)
        if net > 30_000 and last <= plan.until:
            last += timedelta(days=1 if last.weekday() == 6 else 0)
            buyer = buyers[number]
            table.reduce(
                buyer, last, Kind.BONUS, f"BO-{year}-{number}", 1, "Jahresbonus", net * 0.015
            )


class _Table:
    """Sales lines as they are booked."""

    def __init__(self) -> None:
        self._rows: list[tuple[object, ...]] = []

    def invoice(
        self,
        buyer: Buyer,
        when: date,
        document: str,
        items: list[Item],
        reductions: list[tuple[Kind, float, str]],
    ) -> float:
        """Book an order; return its net amount."""
        gross = 0.0
        for line, (product, quantity, price) in enumerate(items, start=1):
            gross += quantity * price
            self.add(buyer, when, Kind.SALE, document, line, product, quantity, price)
        net = gross
        for line, (kind, share, text) in enumerate(reductions, start=len(items) + 1):
            self.reduce(buyer, when, kind, document, line, text, gross * share)
            net -= gross * share
        return net

    def add(
        self,
        buyer: Buyer,
        when: date,
        kind: Kind,
        document: str,
        line: int,
        product: dict[str, object],
        quantity: int,
        price: float,
    ) -> None:
        self._rows.append(
            (
                buyer.number, buyer.name, when, int(kind), document, line, product["product"],
                product["product_name"], product["category"], quantity, cents(price),
                cents(price) * quantity,
            )
        )  # fmt: skip

    def reduce(
        self, buyer: Buyer, when: date, kind: Kind, document: str, line: int, text: str, by: float
    ) -> None:
        amount = -cents(by)
        row = (buyer.number, buyer.name, when, int(kind), document, line, None, text, None, 1)
        self._rows.append((*row, amount, amount))

    def frame(self) -> pl.DataFrame:
        schema: dict[str, Any] = {
            "customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
            "document": pl.String, "line": pl.Int64, "product": pl.String,
            "product_name": pl.String, "category": pl.String, "quantity": pl.Int64,
            "price": MONEY, "amount": MONEY,
        }  # fmt: skip
        return pl.DataFrame(self._rows, schema, orient="row").sort("date", "document", "line")
