"""One customer, its owner, and agreements as short as a test can say them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import polars as pl
import pytest

from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.terms.actions import agree
from kundenstamm.terms.conditions import Conditions

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
JANUARY = date(2026, 1, 1)
KINDS = {"sale": 10, "return": 20, "discount": 30, "rebate": 31, "bonus": 32, "promotion": 33}


@pytest.fixture
def frieda(db):
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def customer(db):
    return Customer.objects.create(number="K1", name="K1", created_at=AT)


@pytest.fixture
def promise(frieda, customer):
    """An agreement with the customer from January on."""

    def made(kind, rate=None, starts=JANUARY, ends=None, *, who=None, renews=None, **others):
        rate = None if rate is None else Decimal(rate)
        tiers = tuple((Decimal(f), Decimal(r)) for f, r in others.pop("tiers", ()))
        told = Conditions(kind, starts, ends, rate, tiers, **others)
        return agree(who or customer, told, reason="asked", renews=renews, actor=frieda, at=AT)

    return made


@pytest.fixture
def book(frieda):
    """Post one document: ``(kind, amount)`` or ``(kind, amount, product, quantity)`` a line."""
    numbers = count(1)

    def post(day, *lines, who="K1", document="", source="Shop"):
        document = document or f"D{next(numbers)}"
        rows = [(kind, amount, *rest, *[None] * (2 - len(rest))) for kind, amount, *rest in lines]
        frame = pl.DataFrame(
            [
                (who, None, day, KINDS[kind], Decimal(amount), product, None, quantity, document, n)
                for n, (kind, amount, product, quantity) in enumerate(rows, 1)
            ],
            {"customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
             "amount": pl.Decimal(18, 4), "product": pl.String, "product_name": pl.String,
             "quantity": pl.Decimal(18, 4), "document": pl.String, "line": pl.Int64},
            orient="row",
        )  # fmt: skip
        return post_lines(frame, Document(source), actor=frieda, at=AT)

    return post
