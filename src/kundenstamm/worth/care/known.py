"""What care has to know, table by table, and clear words where a table does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from kundenstamm.worth.tables import Column, TableError

if TYPE_CHECKING:
    import polars as pl

ID = Column("customer_id", ("string", "integer"), "who it is about")

# One row per customer that has bought: what the valuation keeps of it.
CUSTOMERS: Sequence[Column] = (
    ID,
    Column("first_day", ("date",), "first purchase"),
    Column("last_day", ("date",), "latest purchase"),
    Column("occasions", ("integer",), "days with a purchase"),
    Column("gap_mean", ("floating", "integer"), "mean days between purchases; null: only one"),
    Column("gap_sd", ("floating", "integer"), "spread of these days; null below two gaps"),
    Column("p_active", ("floating",), "chance of being still a customer, 0–1"),
    Column("expected_contribution", ("floating", "decimal"), "of the next twelve months, money"),
    Column("stage", ("string",), "kundenstamm.worth.stages.Stage"),
    Column("regular_day", ("date",), "since when a regular; null: none", required=False),
    Column(
        "place_days",
        ("integer",),
        "allowed silence of its place in the chain, days; null: as its class has it",
        required=False,
    ),
)

# One row per personal interaction. An attempt that reached nobody, or a letter, is not two-way;
# what goes to many at once (a newsletter) does not belong here.
CONTACTS: Sequence[Column] = (
    ID,
    Column("day", ("date",), "when"),
    Column("two_way", ("boolean",), "whether the customer took part"),
)

# One row per complaint that is not solved.
COMPLAINTS: Sequence[Column] = (
    ID,
    Column("day", ("date",), "when it came in"),
    Column("answered", ("boolean",), "whether the customer has heard from us since"),
)

# One row per sighting.
RIVALS: Sequence[Column] = (ID, Column("day", ("date",), "when a rival was seen or mentioned"))

# One row per customer: what it answered last when it was asked whether it recommends us.
SCORES: Sequence[Column] = (
    ID,
    Column("day", ("date",), "when it answered"),
    Column("score", ("integer",), "0 to 10"),
)

# One row per customer, product group and day with positive net sales of the group.
GROUPS: Sequence[Column] = (
    ID,
    Column("product_group", ("string", "integer"), "what was bought"),
    Column("day", ("date",), "when"),
    Column("contribution", ("floating", "decimal"), "what it brought, money"),
)

# One row per agreement that ends.
AGREEMENTS: Sequence[Column] = (ID, Column("ends", ("date",), "last day that it holds"))

# One row per customer that somebody holds (`kundenstamm.worth.relations`).
BONDS: Sequence[Column] = (
    ID,
    Column("holder", ("string",), "name of the colleague who holds it"),
    Column("hanging", ("floating", "decimal"), "on the holder without cover, money a year"),
    Column("others_day", ("date",), "when another of us last spoke with them; null: never"),
    Column("leaving", ("floating",), "chance a year that the holder leaves"),
)


@dataclass(frozen=True)
class Known:
    """All tables about the customers that are looked at; each may be empty.

    Attributes
    ----------
    customers
        `CUSTOMERS`, one row each.
    contacts, complaints, rivals, groups, agreements, scores, bonds
        `CONTACTS`, `COMPLAINTS`, `RIVALS`, `GROUPS`, `AGREEMENTS`, `SCORES`, `BONDS`. Rows of
        customers that are not in ``customers`` count for nothing.
    """

    customers: pl.DataFrame
    contacts: pl.DataFrame
    complaints: pl.DataFrame
    rivals: pl.DataFrame
    groups: pl.DataFrame
    agreements: pl.DataFrame
    scores: pl.DataFrame
    bonds: pl.DataFrame

    @classmethod
    def of(cls, customers: pl.DataFrame, **others: pl.DataFrame) -> Self:
        """Checked; tables that are not given are empty.

        Raises
        ------
        TableError
            A column is missing or has the wrong type, or a customer stands there twice.
        """
        import polars as pl

        checked(customers, CUSTOMERS)
        if customers["customer_id"].is_duplicated().any():
            raise TableError("A customer has more than one row. Give the newest estimate of each.")
        tables = {}
        for field in fields(cls)[1:]:
            contract = _CONTRACTS[field.name]
            given = others.get(field.name)
            table = _empty(contract) if given is None else given
            # Joins want equal types, and whole numbers come in several sizes.
            tables[field.name] = checked(table, contract).with_columns(
                pl.col("customer_id").cast(customers.schema["customer_id"])
            )
        return cls(customers, **tables)


_CONTRACTS = {
    "contacts": CONTACTS,
    "complaints": COMPLAINTS,
    "rivals": RIVALS,
    "groups": GROUPS,
    "agreements": AGREEMENTS,
    "scores": SCORES,
    "bonds": BONDS,
}


def checked(frame: pl.DataFrame, contract: Sequence[Column]) -> pl.DataFrame:
    """``frame`` itself, when it fulfils the contract.

    Raises
    ------
    TableError
        Naming the column, what was found and what is expected.
    """
    for column in contract:
        if column.name not in frame.columns:
            if column.required:
                raise TableError(
                    f"The column {column.name!r} ({column.meaning}) is missing. "
                    f"The table has: {', '.join(frame.columns)}."
                )
            continue
        found = frame.schema[column.name]
        if not any(_is(found, kind) for kind in column.types):
            raise TableError(
                f"The column {column.name!r} ({column.meaning}) holds {found}, "
                f"expected {' or '.join(column.types)}."
            )
    return frame


def _is(found: pl.DataType, kind: str) -> bool:
    import polars as pl

    # A column without any value has no type of its own.
    if found == pl.Null:
        return True
    plain = {"string": pl.String, "date": pl.Date, "boolean": pl.Boolean}
    if kind in plain:
        return found == plain[kind]
    return {
        "integer": found.is_integer,
        "floating": found.is_float,
        "decimal": found.is_decimal,
    }[kind]()


def _empty(contract: Sequence[Column]) -> pl.DataFrame:
    import polars as pl

    types = {
        "string": pl.String, "integer": pl.Int64, "date": pl.Date,
        "boolean": pl.Boolean, "floating": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(schema={column.name: types[column.types[0]] for column in contract})
