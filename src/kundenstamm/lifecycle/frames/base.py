"""The base as tables: what every customer bought and cost, and what is known of them.

All customers, whoever asks: a valuation is the system's own act. Who may see what of it is
decided where estimates are read (``lifecycle.queries``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kundenstamm.ledger import copying
from kundenstamm.lifecycle.frames.quarters import quarters
from kundenstamm.worth.levels import statements
from kundenstamm.worth.purchases import lookback
from kundenstamm.worth.summary import summary

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import polars as pl

YEAR = timedelta(days=365)
# Customers whose intervals are drawn together: neighbours by number. Whoever is scored again takes
# the block along, so large ones cost there, and small ones where everybody is scored.
BLOCK = 256


@dataclass(frozen=True)
class Base:
    """Tables of one row per customer.

    Attributes
    ----------
    lines
        The ledger itself: ``customer_id``, ``date``, ``kind``, ``amount``, ``estimated``.
    summary
        `kundenstamm.worth.summary.summary` of those with any entry up to the day, by customer,
        with `BLOCK` of each.
    ever, year, previous
        `kundenstamm.worth.levels.statements` of all time, of the 365 days up to the day, and of
        the 365 days before; customers without an entry in a period are missing there.
    quarters
        `kundenstamm.lifecycle.frames.quarters.quarters`: a row per customer and quarter.
    estimated
        ``customer_id`` of those whose goods are estimated, in part at least.
    """

    lines: pl.DataFrame
    summary: pl.DataFrame
    ever: pl.DataFrame
    year: pl.DataFrame
    previous: pl.DataFrame
    quarters: pl.DataFrame
    estimated: pl.DataFrame


def base(as_of: date, *, regular_occasions: int, only: Sequence[int] | None = None) -> Base:
    """The base as it stood at the end of ``as_of``; ``only``: of these customers' ids.

    The ledger is exported and summed by DuckDB, about twenty times faster than PostgreSQL does
    the same (``docs/decisions/valuation.md``).
    """
    import ibis

    lines = ledger_lines(as_of, only)
    engine = ibis.duckdb.connect()
    table = ibis.memtable(lines)
    summed = {
        name: engine.to_polars(statements(period))
        for name, period in _periods(table, as_of).items()
    }
    windows = lookback(YEAR.days)
    made = summary(table, as_of, regular_occasions=regular_occasions, windows=windows)
    return Base(
        lines,
        _settled(engine.to_polars(made)),
        quarters=engine.to_polars(quarters(table, as_of, regular_occasions)),
        estimated=_estimated(lines),
        **summed,
    )


def ledger_lines(as_of: date, only: Sequence[int] | None = None) -> pl.DataFrame:
    import pyarrow as pa

    named = "" if only is None else f" AND customer_id = ANY('{{{','.join(map(str, only))}}}')"
    return copying.read(
        "SELECT customer_id, date, kind, amount, estimated::int FROM ledger_line "  # noqa: S608
        f"WHERE date <= '{as_of.isoformat()}'{named}",
        {
            "customer_id": pa.int64(),
            "date": pa.date32(),
            "kind": pa.int16(),
            "amount": pa.decimal128(18, 4),
            "estimated": pa.int8(),
        },
    )


def customers() -> pl.DataFrame:
    """Every customer there is: ``customer_id``, ``link``, ``parted_on``.

    To be read after the ledger, so that nobody who has an entry is missing.
    """
    import pyarrow as pa

    columns = {"customer_id": pa.int64(), "link": pa.string(), "parted_on": pa.date32()}
    return copying.read(
        "SELECT id, link, parted_on FROM customers_customer WHERE NOT withdrawn ORDER BY id",
        columns,
    )


def _periods(lines: ir.Table, as_of: date) -> dict[str, ir.Table]:
    last_year = as_of - YEAR
    return {
        "ever": lines,
        "year": lines.filter(lines.date > last_year),
        "previous": lines.filter(lines.date.between(last_year - YEAR + timedelta(1), last_year)),
    }


def _settled(summarised: pl.DataFrame) -> pl.DataFrame:
    """The same rows in the same order with the same digits, however the engine shared its work.

    Intervals are drawn block by block, so order matters; and sums of floats end in digits that
    depend on the order in which threads finish.
    """
    import polars as pl
    import polars.selectors as cs

    settled = summarised.sort("customer_id").with_columns(cs.float().round(6))
    return settled.with_columns(block=pl.col("customer_id") // BLOCK)


def _estimated(lines: pl.DataFrame) -> pl.DataFrame:
    """Estimates of a line and of its reversal add up to nothing, and then nothing is estimated."""
    import polars as pl

    sums = lines.filter(pl.col("estimated") == 1).group_by("customer_id").agg(pl.sum("amount"))
    return sums.filter(pl.col("amount") != 0).select("customer_id")
