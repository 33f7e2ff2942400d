"""Rows of a dealer's report: to whom it sold how much, in which days."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping
from kundenstamm.worth.chain.links import Growing

EARLIEST = date(1970, 1, 1)
LONGEST = timedelta(days=366)
LARGEST = 10_000_000_000
_FIELDS = ("dealer", "end_customer", "end_name", "document", "line", "last_day", "quantity")


@dataclass(frozen=True)
class Known:
    """Numbers of the customers that a row may speak of, and who supplies whom, by numbers."""

    customers: pl.Series
    links: Set[tuple[str, str]]


def check(raw: Raw, mapping: Mapping, today: date, known: Known) -> Checked:
    """Part the rows of a file of sell-through reports.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``dealer``, ``end_customer`` (null: not in the base), ``end_name``,
        ``first_day``, ``last_day`` (of the first one's month, where none is said), ``amount``
        (Decimal(18, 4)), ``quantity``, ``document``, ``line`` (both null where not said).

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the dealer, the end customer, a day or the amount.
    """
    column = partial(mapping.checked(raw).column, raw)

    said = {name: cells.as_text(column(name)) for name in _FIELDS}
    first = cells.as_date(column("first_day"), raw.dialect.date_order)
    last = cells.as_date(column("last_day"), raw.dialect.date_order)
    line = cells.as_decimal(column("line"), raw.dialect.decimal)
    rows = pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "dealer": cells.without_point_zero(said["dealer"]),
            "end_customer": cells.without_point_zero(said["end_customer"]),
            "end_name": said["end_name"],
            "first_day": first,
            "last_day": last.zip_with(said["last_day"].is_not_null(), first.dt.month_end()),
            "amount": cells.as_decimal(column("amount"), raw.dialect.decimal),
            "quantity": cells.as_decimal(column("quantity"), raw.dialect.decimal),
            "document": cells.without_point_zero(said["document"]),
            "line": line.cast(pl.Int64, strict=False),
        }
    )
    named = {name: mapping.columns.get(name, "") for name in rows.columns}
    texts = {name: cells.as_text(column(name)) for name in ("first_day", "amount")} | said
    doubts = [
        *_whom(rows, named, known),
        *_unclear(rows, named, texts),
        *_unfit(rows, named, today),
    ]
    return refuse(raw, rows, doubts, rows["amount"])


def _whom(rows: pl.DataFrame, named: Map[str, str], known: Known) -> list[Doubt]:
    dealer, end = rows["dealer"], rows["end_customer"]
    here = known.customers.implode()
    circles = closing(rows.select("dealer", "end_customer"), known)
    return [
        Doubt("no_dealer", named["dealer"], dealer.is_null()),
        Doubt("unknown_dealer", named["dealer"], ~dealer.is_in(here)),
        Doubt("no_end_customer", named["end_customer"] or named["end_name"],
              end.is_null() & rows["end_name"].is_null()),
        Doubt("unknown_customer", named["end_customer"], end.is_not_null() & ~end.is_in(here)),
        Doubt("sold_to_itself", named["end_customer"], dealer == end),
        Doubt("too_long", named["end_name"], rows["end_name"].str.len_chars() > 200),
        Doubt("circle", named["end_customer"], circles),
    ]  # fmt: skip


def _unclear(rows: pl.DataFrame, named: Map[str, str], said: Map[str, pl.Series]) -> list[Doubt]:
    def unread(name: str) -> pl.Series:
        return said[name].is_not_null() & rows[name].is_null()

    return [
        Doubt("no_date", named["first_day"], said["first_day"].is_null()),
        Doubt("bad_date", named["first_day"], unread("first_day")),
        Doubt("bad_date", named["last_day"], unread("last_day")),
        Doubt("no_amount", named["amount"], said["amount"].is_null()),
        Doubt("bad_number", named["amount"], unread("amount")),
        Doubt("bad_number", named["quantity"], unread("quantity")),
        Doubt("bad_number", named["line"], unread("line")),
    ]


def _unfit(rows: pl.DataFrame, named: Map[str, str], today: date) -> list[Doubt]:
    first, last = rows["first_day"], rows["last_day"]
    # What is reported for a month may come before it is over.
    latest = today + timedelta(days=31)
    same = rows.select(first=pl.struct("document", "line").is_first_distinct())["first"]
    numbered = rows["document"].is_not_null() & rows["line"].is_not_null()
    return [
        Doubt("far_date", named["first_day"], ~first.is_between(EARLIEST, today)),
        Doubt("far_date", named["last_day"], last > latest),
        Doubt("bad_period", named["last_day"] or named["first_day"],
              (last < first) | ((last - first) > LONGEST)),
        Doubt("too_large", named["amount"], rows["amount"].abs() > LARGEST),
        Doubt("too_large", named["quantity"], rows["quantity"].abs() > LARGEST),
        Doubt("too_long", named["document"], rows["document"].str.len_chars() > 100),
        Doubt("twice", named["document"], numbered & ~same),
    ]  # fmt: skip


def closing(pairs: pl.DataFrame, known: Known) -> pl.Series:
    """Rows (supplier, supplied) whose link would close a circle with those before and above it."""
    chain = Growing(known.links)
    numbers = set(known.customers)
    found = [
        upper in numbers and lower in numbers and upper != lower and not chain.add(upper, lower)
        for upper, lower in pairs.iter_rows()
    ]
    return pl.Series("circle", found, dtype=pl.Boolean)
