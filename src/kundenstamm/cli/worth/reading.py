"""The sales lines of a file as purchases: read, guessed and checked as the report does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kundenstamm.cli.worth.failing import fail

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.importers.checked import Checked
    from kundenstamm.importers.files import Raw
    from kundenstamm.worth.covariates import Covariates
    from kundenstamm.worth.purchases import Purchases


def purchases_of(
    file: Path,
    columns: list[str],
    until: date | None,
    beside: Covariates | None = None,
    date_order: str = "",
) -> Purchases:
    """Net sales of each customer and day; ``until``: nothing after this day is looked at.

    Ends the command with a message where the file cannot be read or has no good line.
    """
    from kundenstamm.importers import sales
    from kundenstamm.importers.files import FileRefused, read
    from kundenstamm.importers.mapping import MappingError, guess, parse_choices
    from kundenstamm.worth.purchases import Purchases

    today = datetime.now().astimezone().date()
    try:
        raw = read(file, {"date_order": date_order})
        mapping = guess(raw, "sales", parse_choices(columns)).checked(raw)
        raw = raw if until is None else _up_to(raw, mapping.columns["date"], until)
    except FileRefused as refused:
        fail(f"{file}: {refused.said}")
    except MappingError as refused:
        fail(f"{file}: {refused}")
    rules = sales.Rules(max(today, until or today), sales.stated_currency(raw, mapping))
    checked = sales.check(raw, mapping, rules)
    for told in (*_refusals(checked), *checked.notes):
        typer.echo(f"{file}: {told}", err=True)
    if not checked.accepted.height:
        fail(f"{file}: there is no sale {f'up to {until}' if until else 'in it'} to learn from.")
    return Purchases.of(_net(checked.accepted), beside)


def counted(number: int, what: str) -> str:
    """``1 customer``, ``2,357 customers``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _up_to(raw: Raw, column: str, until: date) -> Raw:
    """The rows up to a day and those without one: what comes later plays no part in any guess.

    But for the order of day and month: it is the file's, and where the rows up to the day leave it
    open, later ones tell it.
    """
    from kundenstamm.importers import cells

    found = cells.date_order(raw.frame[column])
    order = raw.dialect.date_order
    if found is not None and not found.ambiguous:
        order = order or found.order
    days = cells.as_date(raw.frame[column], order)
    rows = raw.frame.filter(~(days > until).fill_null(False))
    return replace(raw, frame=rows, dialect=replace(raw.dialect, date_order=order))


def _refusals(checked: Checked) -> Iterator[str]:
    """Of each reason how many rows, the first of them by row, column and value, and the mend."""
    from kundenstamm.importers.refusals import REFUSALS

    for code, (count, _amount) in checked.reasons().items():
        refused = checked.refused.filter(checked.refused["reason"] == code)
        first = refused.sort("row").row(0, named=True)
        value = "empty" if first["value"] is None else repr(first["value"][:40])
        is_first = ", the first" if count > 1 else ""
        yield (
            f"{counted(count, 'row')} refused{is_first} in row {first['row']}, column "
            f"{first['column']!r}: {value}. {REFUSALS[code].why} {REFUSALS[code].mend}"
        )


def _net(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines less their discounts, as the summary takes them."""
    import polars as pl

    amount = pl.col("amount") + pl.col("discount").fill_null(0)
    return lines.select("date", "kind", customer_id="customer", amount=amount)
