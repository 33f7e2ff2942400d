"""What the tables must look like, and clear words where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir


class TableError(ValueError):
    """A table misses a column or has one of the wrong type; the message names the mend."""


@dataclass(frozen=True)
class Column:
    """One column of an input contract."""

    name: str
    types: tuple[str, ...]
    meaning: str
    required: bool = True


# One row per ledger entry.
LINES: Sequence[Column] = (
    Column("customer_id", ("string", "integer"), "who bought"),
    Column("date", ("date",), "day of the entry"),
    Column("kind", ("integer",), "see kundenstamm.worth.levels.Kind", required=False),
    Column("amount", ("decimal", "integer", "floating"), "signed as it acts on profit, money"),
)

# What to do about a column of the wrong type.
MENDS = {
    "customer_id": "Convert it to text or whole numbers, and leave out rows without a customer.",
    "date": "Convert it to a date, such as 2026-01-31, before.",
    "amount": "Convert it to a number with a decimal point, such as 1234.50, before.",
    "kind": "Give whole numbers: 10 for a sale, 20 for a return.",
}


def read(
    source: Any, columns: Mapping[str, str] | None = None, *, margin: float | None = None
) -> ir.Table:
    """Any table as the transactions table that `summary` expects.

    Parameters
    ----------
    source
        A path (Parquet, a folder of Parquet files, or CSV), a Polars or pandas frame, an Arrow
        table, a DuckDB relation, or an Ibis table, which stays where it is (PostgreSQL, Spark).
    columns
        Name in the contract → name in ``source``, where they differ.
    margin
        Where the table has no entries of kind COGS: the share of net sales that is left after the
        goods, so that a cost entry of ``-(1 - margin) × amount`` is estimated for every line.
        Without it all of the sales count as contribution.

    Raises
    ------
    TableError
        A column is missing or has the wrong type, or a row lacks a value; or there is no table
        at all, see `kundenstamm.worth.sources.table_of`.

    Notes
    -----
    The table is read once to see that no value is missing.
    """
    from kundenstamm.worth.sources import table_of

    table = _renamed(table_of(source), columns or {})
    if "date" in table.columns and table.schema()["date"].is_timestamp():
        table = table.mutate(date=table.date.date())
    checked = _without_gaps(check(table, LINES))
    if "kind" not in checked.columns:
        # Without kinds a negative amount can only be a return.
        checked = checked.mutate(kind=(checked.amount < 0).ifelse(20, 10).cast("int16"))
    return checked if margin is None else _with_estimated_goods(checked, margin)


def check(table: ir.Table, contract: Sequence[Column]) -> ir.Table:
    """``table`` itself, when it fulfils the contract.

    Raises
    ------
    TableError
        Naming the column, what was found and what is expected.
    """
    schema = table.schema()
    for column in contract:
        if column.name not in schema:
            if not column.required:
                continue
            raise TableError(
                f"The column {column.name!r} ({column.meaning}) is missing. "
                f"The table has: {', '.join(schema)}. Name it: columns={{'{column.name}': '…'}}."
            )
        found = schema[column.name]
        if not any(getattr(found, f"is_{kind}")() for kind in column.types):
            raise TableError(
                f"The column {column.name!r} ({column.meaning}) holds {found}"
                f"{_example(table, column.name)}, expected {' or '.join(column.types)}. "
                f"{MENDS.get(column.name, 'Convert it before.')}"
            )
    return table


def _without_gaps(table: ir.Table) -> ir.Table:
    """``table`` itself, when every row has every value of the contract."""
    empty = {name: table[name].isnull() for name in _held(table)}
    if table.schema()["amount"].is_floating():
        empty["amount"] = empty["amount"] | table.amount.isnan()
    counts = table.aggregate(**{name: found.sum() for name, found in empty.items()}).to_pyarrow()
    for name, count in counts.to_pylist()[0].items():
        if count:
            first = table.filter(empty[name]).select(*empty).limit(1).to_pyarrow().to_pylist()[0]
            shown = ", ".join(f"{key} {value}" for key, value in first.items() if key != name)
            rows = "1 row" if count == 1 else f"{count} rows"
            raise TableError(
                f"The column {name!r} is empty in {rows}, such as that of {shown}. "
                "Fill it in, or leave such rows out before."
            )
    return table


def _held(table: ir.Table) -> list[str]:
    return [column.name for column in LINES if column.name in table.columns]


def _renamed(table: ir.Table, columns: Mapping[str, str]) -> ir.Table:
    """Columns under the names of the contract; what is named wins over what happens to match."""
    wanted = {name: theirs for name, theirs in columns.items() if name != theirs}
    for name, theirs in wanted.items():
        if theirs not in table.columns:
            raise TableError(
                f"There is no column {theirs!r} to take as {name!r}. "
                f"The table has: {', '.join(table.columns)}."
            )
    replaced = (set(wanted) - set(wanted.values())) & set(table.columns)
    table = table.drop(*replaced) if replaced else table
    return table.rename(wanted) if wanted else table


def _example(table: ir.Table, column: str) -> str:
    """A value of the column that does not fit, for the message."""
    known = table.filter(table[column].notnull()).select(column).limit(1)
    try:
        values = known.to_pyarrow().column(0).to_pylist()
    except Exception:
        # An expression without data has no value to show; the message holds without one.
        return ""
    return f", such as {values[0]!r}" if values else ""


def _with_estimated_goods(lines: ir.Table, margin: float) -> ir.Table:
    from kundenstamm.worth.levels import Kind, Level

    sold = lines.filter(lines.kind < 10 * (Level.REDUCTIONS + 1))
    goods = sold.mutate(
        amount=_share_of(sold.amount, 1 - Decimal(str(margin))),
        kind=sold.kind * 0 + int(Kind.COGS),
    )
    return lines.union(goods.cast(lines.schema()))


def _share_of(amount: ir.Value, share: Decimal) -> ir.Value:
    """What the goods of a line cost, negative.

    Decimals are multiplied as decimals and their halves rounded away from zero: engines agree on
    that, and not on how to round a binary fraction.
    """
    import ibis

    kind = amount.type()
    if kind.is_decimal() and kind.scale is not None and kind.scale <= 6:
        # Twice this width is the widest that every engine has; ten thousand billion a line fit.
        product = amount.cast("decimal(19, 6)") * ibis.literal(-share, type="decimal(19, 6)")
        return product.round(kind.scale).cast(kind)
    return (amount.cast("float64") * float(-share)).round(4).cast(kind)
