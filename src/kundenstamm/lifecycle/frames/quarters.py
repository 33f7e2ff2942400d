"""What each customer brought in each quarter of the calendar: kept so that periods can be chosen.

One row per customer and quarter with an entry, of this year and the two before. A run writes only
the rows that differ from those that are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from kundenstamm.kit.quarters import Quarter
from kundenstamm.ledger import copying
from kundenstamm.worth.alarm import QUARTERS, brought_columns, cost_columns
from kundenstamm.worth.levels import Level, statements
from kundenstamm.worth.summary import bought_days

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import polars as pl

# Its name, and the columns', stand in statements as they are: none comes from outside.
TABLE = "lifecycle_quartersum"
LEVELS = tuple(level.name.lower() for level in Level)
COLUMNS = ("customer_id", "first_day", *LEVELS, "regular")
YEARS_BEFORE = 2
CONTRIBUTION_1 = ("gross_sales", "returns", "reductions", "goods")
# The quarters that the base page looks back at.
LOOK_BACK = 8


def first_kept(as_of: date) -> date:
    return date(as_of.year - YEARS_BEFORE, 1, 1)


def quarters(lines: ir.Table, as_of: date, regular_occasions: int) -> ir.Table:
    """The `COLUMNS`. ``regular``: bought in the quarter, and not for the first few times."""
    import ibis

    dated = lines.mutate(first_day=lines.date.truncate("Q").cast("date"))
    sums = statements(dated, by=("customer_id", "first_day"))
    in_order = ibis.window(group_by="customer_id", order_by="date")
    bought = bought_days(lines, as_of)
    numbered = bought.mutate(
        first_day=bought.date.truncate("Q").cast("date"),
        number=ibis.row_number().over(in_order) + 1,
    )
    last = numbered.group_by("customer_id", "first_day").agg(number=numbered.number.max())
    joined = sums.left_join(last, ["customer_id", "first_day"])
    joined = joined.filter(joined.first_day >= ibis.literal(first_kept(as_of)))
    return joined.select(
        "customer_id",
        "first_day",
        *(joined[name].cast("decimal(18, 4)").name(name) for name in LEVELS),
        regular=(joined.number.fill_null(0) >= regular_occasions).cast("int8"),
    )


def refresh(made: pl.DataFrame, only: Sequence[int] | None = None) -> int:
    """Write what differs from the rows that are there, of all or ``only`` of these customers."""
    kept = _kept(only)
    on = list(COLUMNS)
    gone = kept.join(made, on=on, how="anti")["id"].to_list()
    new = made.join(kept, on=on, how="anti")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [gone])  # noqa: S608
    if new.height:
        copying.append(new, TABLE, COLUMNS)
    if len(gone) + new.height > kept.height // 10:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {TABLE}")
    return len(gone) + new.height


def _kept(only: Sequence[int] | None) -> pl.DataFrame:
    import pyarrow as pa

    of = "" if only is None else f" WHERE customer_id = ANY('{{{','.join(map(str, only))}}}')"
    names = ", ".join(["id", "customer_id", "first_day", *LEVELS, "regular::int"])
    money = {name: pa.decimal128(18, 4) for name in LEVELS}
    kinds = {"id": pa.int64(), "customer_id": pa.int64(), "first_day": pa.date32(), **money}
    return copying.read(f"SELECT {names} FROM {TABLE}{of}", kinds | {"regular": pa.int8()})  # noqa: S608


def last_four(made: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Cost to serve and contribution I of the last four complete quarters, a customer a row."""
    import polars as pl

    running = Quarter.of(as_of)
    newest = running if running.last == as_of else running.earlier(1)
    days = [newest.earlier(back).first for back in range(QUARTERS - 1, -1, -1)]
    brought = pl.sum_horizontal(CONTRIBUTION_1)
    columns = {}
    for day, cost, one in zip(days, cost_columns(), brought_columns(), strict=True):
        there = pl.col("first_day") == day
        columns[cost] = pl.col("cost_to_serve").filter(there).sum()
        columns[one] = brought.filter(there).sum()
    return made.group_by("customer_id").agg(**columns)


def quality(rows: QuerySet[Any], as_of: date) -> list[dict[str, Any]]:
    """The base quarter by quarter, oldest first; ``rows``: those of whom it may tell."""
    profit = sum((F(name) for name in LEVELS[1:]), F(LEVELS[0]))
    first = Quarter.of(as_of).earlier(LOOK_BACK - 1).first
    found = (
        rows.filter(first_day__gte=first, customer__withdrawn=False)
        .alias(profit=profit)
        .values("first_day")
        .annotate(
            regulars=Count("pk", filter=Q(regular=True)),
            profitable_regulars=Count("pk", filter=Q(regular=True, profit__gt=0)),
            from_regulars=Sum("profit", filter=Q(regular=True)),
            contribution_3=Sum("profit"),
            loss_makers=Count("pk", filter=Q(profit__lt=0)),
            loss=Sum("profit", filter=Q(profit__lt=0)),
        )
        .order_by("first_day")
    )
    return [
        {
            "quarter": str(Quarter.of(row["first_day"])),
            "from_regulars": str(row["from_regulars"] or 0),
            "contribution_3": str(row["contribution_3"] or 0),
            "loss": str(row["loss"] or 0),
            **{name: row[name] for name in ("regulars", "profitable_regulars", "loss_makers")},
        }
        for row in found
    ]
