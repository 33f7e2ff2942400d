"""The sales lines of a file as purchases: read, guessed and checked as the report does it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kundenstamm.cli.worth.failing import fail

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.importers.checked import Checked
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
    import polars as pl

    from kundenstamm.importers import sales
    from kundenstamm.importers.files import FileRefused, read
    from kundenstamm.importers.mapping import MappingError, guess, parse_choices
    from kundenstamm.worth.purchases import Purchases

    today = datetime.now().astimezone().date()
    try:
        raw = read(file, {"date_order": date_order})
        mapping = guess(raw, "sales", parse_choices(columns)).checked(raw)
    except FileRefused as refused:
        fail(f"{file}: {refused.said}")
    except MappingError as refused:
        fail(f"{file}: {refused}")
    rules = sales.Rules(max(today, until or today), sales.stated_currency(raw, mapping))
    checked = sales.check(raw, mapping, rules)
    for told in (*_refusals(checked), *checked.notes):
        typer.echo(f"{file}: {told}", err=True)
    lines = checked.accepted
    if until is not None:
        lines = lines.filter(pl.col("date") <= until)
    if not lines.height:
        fail(f"{file}: there is no sale {f'up to {until}' if until else 'in it'} to learn from.")
    return Purchases.of(_net(lines), beside)


def counted(number: int, what: str) -> str:
    """``1 customer``, ``2,357 customers``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


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
