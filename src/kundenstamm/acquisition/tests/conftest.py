"""The cast, customers of Anna and Bernd, and a way to trade."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db.models import Count, Min, Q
from django.utils import translation

from kundenstamm.acquisition.preparing import prepare_all
from kundenstamm.customers.models import Customer
from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.lifecycle.models import Estimate, ValuationRun

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served"]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


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
    """Post amounts: customer, days ago, amount, kind; and a valuation that has seen them."""

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
        made = _valued(people["Frieda"])
        prepare_all(actor=people["Frieda"], at=AT)
        return made

    return trading


def _valued(frieda):
    """What growth reads of a valuation, without fitting any model."""
    run = ValuationRun.objects.create(as_of=TODAY, actor=frieda, made_at=AT, finished_at=AT)
    sales = Count("entries", filter=Q(entries__kind=10))
    first = Min("entries__date", filter=Q(entries__kind=10))
    told = Customer.objects.annotate(sales=sales, first=first)
    Estimate.objects.bulk_create(
        Estimate(run=run, customer=each, first_day=each.first, occasions=each.sales, rank=n,
                 stage="repeat" if each.sales else "prospect", lifetime_value=100 * each.sales)
        for n, each in enumerate(told, start=1)
    )  # fmt: skip
    return run
