"""What serving the customers took: activities, complaints, payments, and what all that cost.

Standard rates: a pool's monthly cost divided by its practical capacity gives euros per minute
(time-driven activity-based costing); where months are allocated, those take their place.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from kundenstamm.worth.levels import Kind
from kundenstamm.worth.synthetic.base import Buyer
from kundenstamm.worth.synthetic.company import MONEY, Plan, cents
from kundenstamm.worth.synthetic.orders import Order
from kundenstamm.worth.synthetic.people import CLARA_LEFT_DAYS_AGO, POOLS, PROFILE
from kundenstamm.worth.synthetic.vocabulary import CALL_NOTES, COMPLAINTS, VISIT_NOTES

RATE = {name: cost / capacity for name, cost, capacity in POOLS}
FREIGHT = 8.4
FINANCING_RATE = float(PROFILE["financing_rate"])
WINNING_COST = 180.0
# Minutes of an order: at the desk and in the warehouse, and for each line.
TYPING, PICKING = (4.0, 1.2), (5.0, 2.0)
# Who buys for so much a year is cared for as usual.
USUAL_SALES = 6_000


class Books:
    """Activities and costs as they happen; frames at the end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.activities: list[tuple[object, ...]] = []
        self.costs: list[tuple[Any, ...]] = []
        self.complaints: list[tuple[object, ...]] = []
        self.payments: list[tuple[object, ...]] = []

    def work(self, buyer: Buyer, when: date, kind: Kind, minutes: float, pool: str) -> None:
        """Minutes of a pool, at its standard rate."""
        self._cost(buyer, when, kind, minutes * RATE[pool], minutes, pool)

    def pay(self, buyer: Buyer, when: date, kind: Kind, amount: float) -> None:
        """Money, and nobody's minutes."""
        self._cost(buyer, when, kind, amount, 0, None)

    def _cost(
        self, buyer: Buyer, when: date, kind: Kind, amount: float, minutes: float, pool: str | None
    ) -> None:
        document = f"LV-{len(self.costs) + 1:06d}"
        row = (buyer.number, when, int(kind), -cents(amount), document, 1, round(minutes), pool)
        self.costs.append(row)

    def act(
        self, buyer: Buyer, when: date, kind: str, person: str, minutes: float, note: str
    ) -> None:
        self.activities.append((buyer.number, when, kind, person, round(minutes), note))


def serve(plan: Plan, made: list[Buyer], orders: list[Order]) -> Books:
    """Everything done for the customers over the years."""
    books = Books(plan)
    _handle_orders(books, orders, plan.stream("handling"))
    _keep_in_touch(books, made, plan.stream("contacts made"))
    _complain(books, orders, plan.stream("complaints"))
    _pay(books, orders, plan.stream("payments"))
    _win(books, made, plan.stream("winning"))
    return books


def _handle_orders(books: Books, orders: list[Order], rng: np.random.Generator) -> None:
    for order in orders:
        typing = (TYPING[0] + TYPING[1] * order.lines) * float(rng.uniform(0.7, 1.4))
        picking = (PICKING[0] + PICKING[1] * order.lines) * float(rng.uniform(0.7, 1.4))
        books.work(order.buyer, order.date, Kind.ORDER, typing, "Innendienst")
        books.work(order.buyer, order.date, Kind.DELIVERY, picking, "Lager und Versand")
        books.pay(order.buyer, order.date, Kind.DELIVERY, FREIGHT)
        books.act(order.buyer, order.date, "delivery", "WL", picking, "Lieferung")


def _keep_in_touch(books: Books, made: list[Buyer], rng: np.random.Generator) -> None:
    """Visits and calls each month, as demanding and as big as the customer is; some thin out."""
    months = books.plan.days // 30
    for buyer in made:
        for month in range(months):
            day = month * 30
            if day < buyer.start or (buyer.end is not None and day > buyer.end + 90):
                continue
            level = buyer.service * _attention(books.plan, buyer, day) * _size(buyer)
            for _ in range(int(rng.poisson(min(0.22 * level, 9.0)))):
                _visit(books, buyer, day + int(rng.integers(30)), rng)
            for _ in range(int(rng.poisson(min(1.1 * level, 26.0)))):
                _call(books, buyer, day + int(rng.integers(30)), rng)


def _size(buyer: Buyer) -> float:
    """Nobody visits a customer of 300 a year as often as one of 30,000; stories say it themselves.

    A customer who bought once is a small one.
    """
    if buyer.story and buyer.rate:
        return 1.0
    return float(np.clip((buyer.rate * buyer.order_size / USUAL_SALES) ** 0.75, 0.05, 3.0))


def _attention(plan: Plan, buyer: Buyer, day: int) -> float:
    """Comfort drift of the neglected one; a gap after Clara left."""
    if buyer.story == "vernachlässigt":
        return 5.0 if day < plan.days // 3 else 0.4
    if buyer.representative == "CM" and day > plan.days - CLARA_LEFT_DAYS_AGO:
        return 0.5
    return 1.0


def _visit(books: Books, buyer: Buyer, day: int, rng: np.random.Generator) -> None:
    when = _working_day(books.plan, day)
    minutes = float(rng.uniform(45, 120))
    note = VISIT_NOTES[int(rng.integers(len(VISIT_NOTES)))]
    books.act(buyer, when, "visit", buyer.representative, minutes, note)
    books.work(buyer, when, Kind.VISIT, minutes, "Außendienst")


def _call(books: Books, buyer: Buyer, day: int, rng: np.random.Generator) -> None:
    when = _working_day(books.plan, day)
    minutes = float(rng.uniform(5, 22))
    note = CALL_NOTES[int(rng.integers(len(CALL_NOTES)))]
    books.act(buyer, when, "call", "IR", minutes, note)
    books.work(buyer, when, Kind.SUPPORT, minutes, "Innendienst")


def _complain(books: Books, orders: list[Order], rng: np.random.Generator) -> None:
    until = books.plan.until
    for order in orders:
        if rng.random() >= min(0.03 * max(order.buyer.service, 0.3), 0.2):
            continue
        text, cause = COMPLAINTS[int(rng.integers(len(COMPLAINTS)))]
        opened = min(order.date + timedelta(days=int(rng.integers(1, 9))), until)
        minutes = float(rng.uniform(25, 110))
        solved = opened + timedelta(days=int(rng.integers(0, 12)))
        closed = solved if solved <= until else None
        books.complaints.append((order.buyer.number, opened, closed, cause, text, round(minutes)))
        books.work(order.buyer, opened, Kind.COMPLAINT, minutes, "Kundendienst")
    for order in reversed(orders):
        if order.buyer.story == "Beschwerde offen":
            opened = until - timedelta(days=6)
            row = (order.buyer.number, opened, None, "Versand", "Lieferung unvollständig", 40)
            books.complaints.append(row)
            break


def _pay(books: Books, orders: list[Order], rng: np.random.Generator) -> None:
    for order in orders:
        late = int(rng.poisson(order.buyer.days_late)) if order.buyer.days_late else 0
        due = order.date + timedelta(days=14)
        paid = due + timedelta(days=late)
        is_open = paid > books.plan.until
        late = max(min(late, (books.plan.until - due).days), 0)
        owed = (order.buyer.number, order.document, due, None if is_open else paid)
        books.payments.append((*owed, cents(order.net), late))
        if late:
            interest = order.net * late * FINANCING_RATE / 365
            books.pay(order.buyer, min(paid, books.plan.until), Kind.PAYMENT_DELAY, interest)


def _win(books: Books, made: list[Buyer], rng: np.random.Generator) -> None:
    """What winning a customer took, booked in the weeks around the first order."""
    for buyer in made:
        if 0 <= buyer.start < books.plan.days:
            when = _working_day(books.plan, buyer.start)
            size = min(buyer.order_size * max(buyer.rate, 1) / 9_000, 6.0)
            amount = WINNING_COST * float(rng.lognormal(0, 0.4)) * (0.4 + size)
            books.pay(buyer, when, Kind.ACQUISITION, amount)


def _working_day(plan: Plan, day: int) -> date:
    when = plan.until - timedelta(days=plan.days - 1 - min(day, plan.days - 1))
    return when - timedelta(days=1) if when.weekday() == 6 else when


def frames(books: Books) -> dict[str, pl.DataFrame]:
    """The tables of a company's service, in order of time."""
    text, whole = pl.String, pl.Int64
    return {
        "activities": _frame(
            books.activities,
            {"customer": text, "date": pl.Date, "kind": text, "person": text, "minutes": whole,
             "note": text},
        ),
        "complaints": _frame(
            books.complaints,
            {"customer": text, "opened": pl.Date, "solved": pl.Date, "cause": text, "text": text,
             "minutes": whole},
        ),
        "payments": _frame(
            books.payments,
            {"customer": text, "document": text, "due": pl.Date, "paid": pl.Date, "amount": MONEY,
             "days_late": whole},
        ),
        "service_costs": _frame(
            books.costs,
            {"customer": text, "date": pl.Date, "kind": pl.Int16, "amount": MONEY,
             "document": text, "line": whole, "minutes": whole, "pool": text},
        ),
    }  # fmt: skip


def _frame(rows: list[tuple[object, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema, orient="row")
