"""Rows of a file of activities."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping
from kundenstamm.worth.activities import ActivityError, TimeEquation

EARLIEST = date(1970, 1, 1)
LONGEST = 1_000_000
_PAIR = re.compile(r"([^=]+)=\s*(-?\d+(?:[.,]\d+)?)\s*")


@dataclass(frozen=True)
class Known:
    """What a row can speak of: customers' numbers, activity types' codes and their equations.

    These by the day from which they hold.
    """

    customers: pl.Series
    equations: Map[str, Map[date, TimeEquation]]
    # Codes of types that the allocation derives from documents itself.
    derived: frozenset[str] = frozenset()


def check(raw: Raw, mapping: Mapping, today: date, known: Known) -> Checked:
    """Part the rows of a file of activities.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``customer``, ``activity`` (a code), ``date``, ``minutes``
        (Decimal(18, 4), null: by the time equation), ``drivers`` (JSON), ``document``, ``line``.

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the customer, the day or the activity.
    """
    column = partial(mapping.checked(raw).column, raw)

    def said(name: str) -> pl.Series:
        return cells.as_text(column(name)).is_not_null()

    minutes = cells.as_decimal(column("minutes"), raw.dialect.decimal)
    line = cells.as_decimal(column("line"), raw.dialect.decimal)
    rows = pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "customer": cells.without_point_zero(cells.as_text(column("customer"))),
            "activity": cells.as_text(column("activity")),
            "date": cells.as_date(column("date"), raw.dialect.date_order),
            "minutes": minutes,
            "said": cells.as_text(column("drivers")).fill_null(""),
            "document": cells.as_text(column("document")),
            "line": line.cast(pl.Int64, strict=False),
        }
    )
    rows = _with_drivers(rows, known.equations).drop("said")
    named = {name: mapping.columns.get(name, "") for name in rows.columns}
    codes = pl.Series(list(known.equations), dtype=pl.String).implode()
    doubts = [
        Doubt("no_customer", named["customer"], rows["customer"].is_null()),
        Doubt(
            "unknown_customer",
            named["customer"],
            ~rows["customer"].is_in(known.customers.implode()),
        ),
        Doubt("no_date", named["date"], ~said("date")),
        Doubt("bad_date", named["date"], rows["date"].is_null()),
        Doubt("far_date", named["date"], ~rows["date"].is_between(EARLIEST, today)),
        Doubt(
            "unknown_activity", named["activity"], ~rows["activity"].is_in(codes).fill_null(False)
        ),
        Doubt("derived_activity", named["activity"], rows["activity"].is_in(list(known.derived))),
        Doubt("bad_number", named["minutes"], said("minutes") & minutes.is_null()),
        Doubt("bad_minutes", named["minutes"], ~minutes.is_between(0, LONGEST)),
        Doubt("bad_drivers", named["drivers"], rows["drivers"].is_null()),
        Doubt("bad_number", named["line"], said("line") & rows["line"].is_null()),
        Doubt("too_long", named["document"], rows["document"].str.len_chars() > 100),
    ]
    return refuse(raw, rows, doubts)


def _with_drivers(rows: pl.DataFrame, known: Map[str, Map[date, TimeEquation]]) -> pl.DataFrame:
    """Drivers as JSON, once for each text and equation; null where they do not fit the day's."""
    days = rows.select("activity", "date").unique()
    held = [_holding(known.get(code or "", {}), day) for code, day in days.iter_rows()]
    days = days.with_columns(since=pl.Series(held, dtype=pl.Date))
    dated = rows.join(
        days, on=["activity", "date"], how="left", maintain_order="left", nulls_equal=True
    )
    keys = ["activity", "since", "said"]
    asked = dated.select(keys).unique()
    found = [
        _as_json(text, known.get(code or "", {}).get(since))
        for code, since, text in asked.iter_rows()
    ]
    asked = asked.with_columns(drivers=pl.Series(found, dtype=pl.String))
    joined = dated.join(asked, on=keys, how="left", maintain_order="left", nulls_equal=True)
    return joined.drop("since")


def _holding(equations: Map[date, TimeEquation], day: date | None) -> date | None:
    """Since when the equation of a day holds; None where there is none."""
    return max((since for since in equations if day is not None and since <= day), default=None)


def _as_json(text: str, equation: TimeEquation | None) -> str | None:
    """``lines=3; km=12,5`` as JSON."""
    pairs = [_PAIR.fullmatch(part) for part in re.split(r"[;|]", text) if part.strip()]
    amounts = {each[1].strip(): Decimal(each[2].replace(",", ".")) for each in pairs if each}
    if len(amounts) < len(pairs) or equation is None:
        return None
    try:
        if equation.minutes(amounts) > LONGEST:
            return None
    except ActivityError:
        return None
    # Exact: the database's JSON keeps numbers as they are written.
    listed = (f"{json.dumps(name)}: {amount:f}" for name, amount in sorted(amounts.items()))
    return "{" + ", ".join(listed) + "}"
