"""The sales lines of a file as purchases: read, guessed and checked as the report does it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kundenstamm.cli.worth.failing import fail

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.covariates import Covariates
    from kundenstamm.worth.purchases import Purchases


def purchases_of(
    file: Path, columns: list[str], until: date | None, beside: Covariates | None = None
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
        raw = read(file, {})
        mapping = guess(raw, "sales", parse_choices(columns)).checked(raw)
    except (FileRefused, MappingError) as refused:
        fail(f"{file}: {refused}")
    rules = sales.Rules(max(today, until or today), sales.stated_currency(raw, mapping))
    checked = sales.check(raw, mapping, rules)
    for code, (count, _amount) in checked.reasons().items():
        typer.echo(f"{file}: {count} rows refused ({code}).", err=True)
    lines = checked.accepted
    if until is not None:
        lines = lines.filter(pl.col("date") <= until)
    if not lines.height:
        fail(f"{file}: there is no sale {f'up to {until}' if until else 'in it'} to learn from.")
    return Purchases.of(_net(lines), beside)


def _net(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines less their discounts, as the summary takes them."""
    import polars as pl

    amount = pl.col("amount") + pl.col("discount").fill_null(0)
    return lines.select("date", "kind", customer_id="customer", amount=amount)
