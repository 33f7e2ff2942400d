"""Rows of a product file."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping


def check(raw: Raw, mapping: Mapping) -> Checked:
    """Part the rows of a product file.

    A product may stand in several rows with costs from different days on.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``product`` (the number), ``product_name``, ``category``,
        ``unit_cost`` (Decimal(18, 4)), ``valid_from`` (null: from the beginning),
        ``category_margin`` (Decimal(18, 4), a share: 35 % is 0.35).

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the product's number.
    """
    column = partial(mapping.checked(raw).column, raw)

    def text(name: str) -> pl.Series:
        return cells.as_text(column(name))

    margin = share(column("category_margin"), raw.dialect.decimal)
    cost = cells.as_decimal(column("unit_cost"), raw.dialect.decimal)
    valid_from = cells.as_date(column("valid_from"), raw.dialect.date_order)
    rows = pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "product": text("product"),
            "product_name": text("product_name"),
            "category": text("category"),
            "unit_cost": cost,
            "valid_from": valid_from,
            "category_margin": margin,
        }
    )
    same = rows.select(first=pl.struct("product", "valid_from").is_first_distinct())["first"]
    named = mapping.columns.get
    doubts = [
        Doubt("no_number", named("product", ""), rows["product"].is_null()),
        Doubt("twice", named("product", ""), ~same),
        Doubt("too_long", named("product", ""), rows["product"].str.len_chars() > 200),
        Doubt("too_long", named("product_name", ""), rows["product_name"].str.len_chars() > 300),
        Doubt("too_long", named("category", ""), rows["category"].str.len_chars() > 120),
        Doubt(
            "bad_number", named("unit_cost", ""), text("unit_cost").is_not_null() & cost.is_null()
        ),
        Doubt(
            "bad_date",
            named("valid_from", ""),
            text("valid_from").is_not_null() & valid_from.is_null(),
        ),
        Doubt(
            "bad_share",
            named("category_margin", ""),
            text("category_margin").is_not_null() & (margin.is_null() | (margin.abs() > 1)),
        ),
    ]
    return refuse(raw, rows, doubts)


def share(said: pl.Series, decimal: str | None) -> pl.Series:
    """``35 %``, ``35`` and ``0,35`` are the same share: what is above 1 was meant in per cent."""
    numbers = cells.as_decimal(said, decimal)
    percent = cells.as_text(said).str.contains("%", literal=True) | (numbers.abs() > 1)
    return numbers.zip_with(~percent.fill_null(False), numbers / Decimal(100)).cast(cells.Decimal4)
