"""The customers behind a mark of the base page's charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.lifecycle.models import Stage, ValuationRun
from kundenstamm.lifecycle.queries.chosen import Chosen, Period, period
from kundenstamm.lifecycle.queries.part import part
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.levels import STATEMENT

if TYPE_CHECKING:
    import polars as pl

PAGE = 50
LOSING, REGULARS = "losing", "regulars"
SHOWN = ("net_revenue", "contribution_1", "contribution_2", "contribution_3")


@dataclass(frozen=True)
class Limits:
    """Of a mark: places by the chosen contribution (both included), and money (upper end not).

    ``group``: those who lost, or the regulars of the quarter who earned.
    """

    first: int | None = None
    last: int | None = None
    net: tuple[int | None, int | None] = (None, None)
    profit: tuple[int | None, int | None] = (None, None)
    stage: str = ""
    group: str = ""


@dataclass(frozen=True)
class Brought:
    """One customer and what it brought in the period."""

    customer: Customer
    stage: Stage
    amounts: dict[str, Decimal]


@dataclass(frozen=True)
class Behind:
    """A page of them, most profitable first; ``sums`` are of all."""

    run: ValuationRun
    period: Period
    rows: list[Brought]
    customers: int
    sums: dict[str, Decimal] = field(default_factory=dict)
    page: int = 1

    @property
    def pages(self) -> int:
        return max(-(-self.customers // PAGE), 1)


def customers_behind(actor: User, chosen: Chosen, limits: Limits, page: int = 1) -> Behind | None:
    """Of the customers that the actor knows; None before the first run."""
    run = latest_run()
    if run is None or reach_of(actor) is Reach.NONE:
        return None
    found = _within(part(actor, run, chosen), chosen, limits)
    page = min(max(page, 1), max(-(-found.height // PAGE), 1))
    return Behind(
        run=run,
        period=period(chosen.period, run.as_of),
        rows=_named(actor, found.slice((page - 1) * PAGE, PAGE)),
        customers=found.height,
        sums={name: Decimal(found[f"year_{name}"].sum() or 0) for name in SHOWN},
        page=page,
    )


def _within(table: pl.DataFrame, chosen: Chosen, limits: Limits) -> pl.DataFrame:
    import polars as pl

    profit = pl.col(f"year_{chosen.profit}")
    counted = table.filter(pl.any_horizontal(pl.col(f"year_{name}") != 0 for name in STATEMENT))
    ranked = counted.sort(f"year_{chosen.profit}", "customer_id", descending=True)
    ranked = ranked.with_columns(place=pl.int_range(1, pl.len() + 1))
    kept = pl.lit(value=True)
    if limits.first is not None:
        kept &= pl.col("place") >= limits.first
    if limits.last is not None:
        kept &= pl.col("place") <= limits.last
    for column, (low, high) in ((pl.col("year_net_revenue"), limits.net), (profit, limits.profit)):
        kept &= pl.lit(value=True) if low is None else column >= low
        kept &= pl.lit(value=True) if high is None else column < high
    if limits.stage:
        kept &= pl.col("stage") == limits.stage
    return ranked.filter(kept & _of_group(table, limits.group))


def _of_group(table: pl.DataFrame, group: str) -> pl.Expr:
    import polars as pl

    three = pl.col("year_contribution_3")
    if group == LOSING:
        return three < 0
    if group == REGULARS:
        regular = "was_regular" in table.columns
        was = pl.col("was_regular") > 0 if regular else pl.col("stage") == Stage.REGULAR.value
        return was & (three > 0)
    return pl.lit(value=True)


def _named(actor: User, rows: pl.DataFrame) -> list[Brought]:
    known = Customer.objects.visible_to(actor).in_bulk(rows["customer_id"].to_list())
    return [
        Brought(
            customer=known[row["customer_id"]],
            stage=Stage(row["stage"]),
            amounts={name: row[f"year_{name}"] for name in SHOWN},
        )
        for row in rows.iter_rows(named=True)
        if row["customer_id"] in known
    ]
