"""What a file tells of customers beside their purchases: traits, and events with a day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kundenstamm.cli.worth.failing import fail

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.covariates import Covariates


def covariates_of(traits: Path | None, events: Path | None) -> Covariates | None:
    """Both files, read and checked; None without any. Ends the command where one cannot be read.

    Columns go by their place: the customer comes first; then any traits, or an event's date, its
    kind and perhaps a value.
    """
    from kundenstamm.worth.covariates import Covariates
    from kundenstamm.worth.tables import TableError

    if traits is None and events is None:
        return None
    try:
        return Covariates.of(traits and _traits(traits), events and _events(events))
    except TableError as refused:
        fail(f"{events or traits}: {refused}")


def _traits(file: Path) -> pl.DataFrame:
    """Numbers where all of a column's filled cells are numbers, else words."""
    import polars as pl

    from kundenstamm.importers import cells

    raw = _columns(file, 2, "the customer and at least one trait")
    found = [cells.as_text(raw[0]).rename("customer_id")]
    for column in raw[1:]:
        numbers = cells.as_decimal(column)
        filled = cells.as_text(column).is_not_null()
        is_number = bool(filled.any()) and not (filled & numbers.is_null()).any()
        found.append(numbers.cast(pl.Float64) if is_number else cells.as_text(column))
    return pl.DataFrame(found)


def _events(file: Path) -> pl.DataFrame:
    import polars as pl

    from kundenstamm.importers import cells

    raw = _columns(file, 3, "the customer, the date and the kind of event")
    days = cells.as_date(raw[1])
    if days.has_nulls():
        row = int(days.is_null().arg_true()[0])
        fail(
            f"{file}: {raw[1].name!r} is no date in line {row + 2}: {raw[1][row]!r}. "
            "Write it as 2026-06-30 or 30.06.2026."
        )
    found = [
        cells.as_text(raw[0]).rename("customer_id"),
        days.rename("date"),
        cells.as_text(raw[2]).rename("kind"),
    ]
    if len(raw) > 3:
        found.append(cells.as_decimal(raw[3]).cast(pl.Float64).rename("value"))
    return pl.DataFrame(found)


def _columns(file: Path, least: int, needed: str) -> list[pl.Series]:
    from kundenstamm.importers.files import FileRefused, read

    try:
        raw = read(file, {})
    except FileRefused as refused:
        fail(f"{file}: {refused.said}")
    if len(raw.columns) < least:
        fail(f"{file}: there is only {', '.join(raw.columns)}; needed are {needed}, in this order.")
    return [raw.frame[name] for name in raw.columns]
