"""What the goods cost: as the file says, estimated from a margin where it does not.

The rule is that of the ledger: every line of gross sales or returns without a cost of its own
gets ``−(1 − margin) × amount``, rounded to four decimals by itself (half away from zero, as
PostgreSQL rounds); a discount of such a line carries its share; a reduction given to the customer
as a whole carries none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kundenstamm.worth.levels import Kind, Level

if TYPE_CHECKING:
    import polars as pl

# Amounts have four decimals and the margin has four, so their product has eight.
_UNIT = 10_000


def with_goods(accepted: pl.DataFrame, margin: Decimal) -> pl.DataFrame:
    """Accepted lines as the entries that the ledger would show.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``date``, ``kind``, ``amount`` (Decimal(38, 4)), ``estimated``; summed by
        customer, day and kind.
    """
    import polars as pl

    kind = accepted.schema["kind"]
    lines = accepted.select(
        "date", "kind", "cost", customer_id="customer", amount=_wide("amount"),
        discount=_wide("discount"),
    )  # fmt: skip
    discounts = lines.filter(pl.col("discount") != 0).with_columns(
        amount="discount", kind=pl.lit(int(Kind.DISCOUNT), dtype=kind)
    )
    sold = lines.filter(pl.col("kind") < 10 * (Level.RETURNS + 1)).with_columns(
        kind=pl.lit(int(Kind.COGS), dtype=kind)
    )
    stated = sold.filter(pl.col("cost").is_not_null()).with_columns(amount=_wide("cost"))
    guessed = sold.filter(pl.col("cost").is_null()).with_columns(
        amount=_goods("amount", margin) + _goods("discount", margin).fill_null(Decimal(0))
    )
    parts = [(lines, False), (discounts, False), (stated, False), (guessed, True)]
    return pl.concat([_by_day(part, estimated) for part, estimated in parts])


def _by_day(lines: pl.DataFrame, estimated: bool) -> pl.DataFrame:
    import polars as pl

    grouped = lines.group_by("customer_id", "date", "kind").agg(pl.col("amount").sum())
    return grouped.with_columns(estimated=pl.lit(estimated))


def _wide(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name).cast(pl.Decimal(38, 4))


def _goods(name: str, margin: Decimal) -> pl.Expr:
    import polars as pl

    # Whole numbers of ten-thousandths: the largest line times the share stays below 64 bits.
    # Integer division rounds down, so the sizes are divided and the sign is put back.
    product = (_wide(name) * _UNIT).cast(pl.Int64) * int((1 - margin) * _UNIT)
    size = (product.abs() + _UNIT // 2) // _UNIT
    return (-size * product.sign()).cast(pl.Decimal(38, 0)).cast(pl.Decimal(38, 4)) / _UNIT
