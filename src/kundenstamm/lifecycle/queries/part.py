"""A part of the base in a period: one row per customer, for sums and for the lists behind them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import IntegerField, Max, QuerySet, Sum
from django.db.models.functions import Cast

from kundenstamm.guard.models import User
from kundenstamm.ledger import copying
from kundenstamm.lifecycle.frames.quarters import LEVELS
from kundenstamm.lifecycle.models import Estimate, QuarterSum, ValuationRun
from kundenstamm.lifecycle.queries.chosen import Chosen, Period, period
from kundenstamm.worth.levels import STATEMENT, SUBTOTALS, Level

if TYPE_CHECKING:
    import polars as pl

OF_THE_RUN = (
    "customer_id",
    "occasions",
    "p_active",
    "expected_contribution",
    "value_at_risk",
    "stage",
    "alarm",
    "rank",
)


def part(actor: User, run: ValuationRun, chosen: Chosen) -> pl.DataFrame:
    """Customers known to the actor and chosen, with their statement of the period as ``year_…``.

    Customers without an entry in the period are there too, with nothing.
    """
    when = period(chosen.period, run.as_of)
    rows = Estimate.objects.visible_to(actor).filter(
        chosen.wanted.of_customer(run, "customer__"), run=run, customer__withdrawn=False
    )
    if when.is_usual:
        return _usual(rows)
    known = _read(rows, OF_THE_RUN)
    table = _with_sums(known, _quarters(actor, run, chosen, (when.first, when.last)))
    return _with_previous(table, actor, run, chosen, when)


def _usual(rows: QuerySet[Estimate]) -> pl.DataFrame:
    levels = (*(f"year_{name}" for name in STATEMENT), "previous_contribution_3")
    return _read(rows, (*OF_THE_RUN, *levels, "estimated_margin"))


def _quarters(
    actor: User, run: ValuationRun, chosen: Chosen, days: tuple[date, date]
) -> QuerySet[Any]:
    """Sums of the levels by customer over the quarters that begin between two days."""
    rows = QuarterSum.objects.visible_to(actor).filter(
        chosen.wanted.of_customer(run, "customer__"), first_day__range=days
    )
    return rows.values("customer_id").annotate(
        **{f"year_{name}": Sum(name) for name in LEVELS},
        was_regular=Max(Cast("regular", IntegerField())),
    )


def _with_sums(known: pl.DataFrame, rows: QuerySet[Any]) -> pl.DataFrame:
    import polars as pl

    levels = [f"year_{name}" for name in LEVELS]
    sums = _read(rows, ("customer_id", *levels, "was_regular"))
    table = known.join(sums, on="customer_id", how="left")
    table = table.with_columns(pl.col(levels).fill_null(0), pl.col("was_regular").fill_null(0))
    down_to = {
        f"year_{name}": pl.sum_horizontal(levels[: int(last)]) for name, last in SUBTOTALS.items()
        if last is not Level.GROSS_SALES
    }  # fmt: skip
    return table.with_columns(**down_to, estimated_margin=pl.lit(value=False))


def _with_previous(
    table: pl.DataFrame, actor: User, run: ValuationRun, chosen: Chosen, when: Period
) -> pl.DataFrame:
    import polars as pl

    if when.before is None:
        return table.with_columns(previous_contribution_3=pl.lit(0))
    sums = _read(
        _quarters(actor, run, chosen, when.before),
        ("customer_id", *(f"year_{name}" for name in LEVELS), "was_regular"),
    )
    before = sums.select(
        "customer_id", previous_contribution_3=pl.sum_horizontal(sums.columns[1:-1])
    )
    return table.join(before, on="customer_id", how="left").with_columns(
        pl.col("previous_contribution_3").fill_null(0)
    )


def _read(rows: QuerySet[Any], names: tuple[str, ...]) -> pl.DataFrame:
    """By ``COPY``: of a hundred thousand rows an object each would take seconds."""
    import polars as pl

    select, params = rows.order_by().values_list(*names).query.sql_with_params()
    types = {name: _type(name) for name in names}
    found = copying.read(select, types, params)
    flags = [name for name in ("estimated_margin",) if name in names]
    return found.with_columns(pl.col(flags) == "t") if flags else found


def _type(name: str) -> Any:
    import pyarrow as pa

    if name in ("customer_id", "occasions", "rank", "was_regular"):
        return pa.int64()
    if name in ("stage", "alarm", "estimated_margin"):
        return pa.string()
    return pa.float64() if name == "p_active" else pa.decimal128(38, 4)
