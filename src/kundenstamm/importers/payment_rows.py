"""Rows of a file of payments: what was owed by when, and when it came."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping

EARLIEST = date(1970, 1, 1)
# Nobody is given longer to pay than this.
LONGEST = timedelta(days=3650)
LARGEST = 10_000_000_000


def check(raw: Raw, mapping: Mapping, today: date, customers: pl.Series) -> Checked:
    """Part the rows of a file of payments.

    Parameters
    ----------
    customers
        Numbers of those that a row can speak of.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``customer``, ``document``, ``line`` (1 where none is said), ``due``,
        ``paid`` (null: open), ``amount`` (Decimal(18, 4)).

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the customer, the document, the due day or the amount.
    """
    column = partial(mapping.checked(raw).column, raw)

    def said(name: str) -> pl.Series:
        return cells.as_text(column(name)).is_not_null()

    line = cells.as_decimal(column("line"), raw.dialect.decimal).cast(pl.Int64, strict=False)
    rows = pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "customer": cells.without_point_zero(cells.as_text(column("customer"))),
            "document": cells.without_point_zero(cells.as_text(column("document"))),
            "line": line.set(~said("line"), 1),
            "due": cells.as_date(column("due"), raw.dialect.date_order),
            "paid": cells.as_date(column("paid"), raw.dialect.date_order),
            "amount": cells.as_decimal(column("amount"), raw.dialect.decimal),
        }
    )
    named = {name: mapping.columns.get(name, "") for name in rows.columns}
    same = rows.select(first=pl.struct("document", "line").is_first_distinct())["first"]
    doubts = [
        Doubt("no_customer", named["customer"], rows["customer"].is_null()),
        Doubt("unknown_customer", named["customer"], ~rows["customer"].is_in(customers.implode())),
        Doubt("no_number", named["document"], rows["document"].is_null()),
        Doubt("too_long", named["document"], rows["document"].str.len_chars() > 100),
        Doubt("bad_number", named["line"], rows["line"].is_null()),
        Doubt("no_date", named["due"], ~said("due")),
        Doubt("bad_date", named["due"], rows["due"].is_null()),
        Doubt("far_date", named["due"], ~rows["due"].is_between(EARLIEST, today + LONGEST)),
        Doubt("bad_date", named["paid"], said("paid") & rows["paid"].is_null()),
        Doubt("far_date", named["paid"], ~rows["paid"].is_between(EARLIEST, today)),
        Doubt("no_amount", named["amount"], ~said("amount")),
        Doubt("bad_number", named["amount"], rows["amount"].is_null()),
        Doubt("nothing_owed", named["amount"], rows["amount"] <= 0),
        Doubt("too_large", named["amount"], rows["amount"] > LARGEST),
        Doubt("twice", named["document"], ~same),
    ]
    return refuse(raw, rows, doubts)
