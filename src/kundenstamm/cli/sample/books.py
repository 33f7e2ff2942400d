"""What the sample company sold, and what it was invoiced for it, posted to the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kundenstamm.guard.models import User
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.worth.levels import Kind

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.synthetic import SampleCompany

SALES = Document("Sample company", "sample-sales")
SERVICE = Document("Sample company, carriers and advertising", "sample-service")


def post_books(company: SampleCompany, *, actor: User, at: datetime) -> None:
    post_lines(_sales(company), SALES, actor=actor, at=at)
    post_lines(_invoiced(company), SERVICE, actor=actor, at=at)


def _sales(company: SampleCompany) -> pl.DataFrame:
    """A rebate's line names its reason where others name a product: it is not one."""
    import polars as pl

    named = pl.when(pl.col("product").is_not_null()).then("product_name")
    return company.sales.with_columns(product_name=named).drop("price")


def _invoiced(company: SampleCompany) -> pl.DataFrame:
    """Freight and winning. Work and late payment are what the allocations charge."""
    import polars as pl

    nothing = pl.lit(None, pl.String)
    money = pl.col("pool").is_null() & (pl.col("kind") != int(Kind.PAYMENT_DELAY))
    costs = company.service_costs.filter(money).drop("minutes", "pool")
    return costs.with_columns(product=nothing, product_name=nothing)
