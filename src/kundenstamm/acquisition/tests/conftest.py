"""The cast, customers of Anna and Bernd, and a way to trade."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest

from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.lifecycle.actions import value_all

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served"]
DAY = timedelta(days=1)


@pytest.fixture
def ahorn(codes):
    """Anna's."""
    return served("Ahorn", (codes["Anna"], -365, None))


@pytest.fixture
def birke(codes):
    """Bernd's."""
    return served("Birke", (codes["Bernd"], -365, None))


@pytest.fixture
def traded(people):
    """Post amounts: customer, days ago, amount, kind; then value everybody."""

    def trading(*rows):
        nothing = {"product": pl.lit(None, pl.String), "product_name": pl.lit(None, pl.String)}
        lines = pl.DataFrame(
            [
                {"row": n, "customer": who.number, "customer_name": who.name,
                 "date": TODAY - ago * DAY, "kind": kind, "amount": Decimal(amount),
                 "document": f"B{n}", "line": 1}
                for n, (who, ago, amount, kind) in enumerate(rows)
            ]
        ).with_columns(**nothing)  # fmt: skip
        post_lines(lines, Document("Probe"), actor=people["Frieda"], at=AT)
        return value_all(as_of=TODAY, actor=people["Frieda"], at=AT)

    return trading
