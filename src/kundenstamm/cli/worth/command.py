"""``kundenstamm worth score`` and ``kundenstamm worth backtest``."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kundenstamm.cli.worth.beside import covariates_of
from kundenstamm.cli.worth.failing import fail
from kundenstamm.cli.worth.progress import going
from kundenstamm.cli.worth.reading import counted, purchases_of

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.purchases import Purchases
    from kundenstamm.worth.scoring import Scored

worth = typer.Typer(help="What customers will bring, from one file.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="Sales lines: CSV, XLSX or Parquet.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", help="field=column, where the guess is wrong. May be repeated."),
]
Traits = Annotated[
    Path | None, typer.Option(help="What is known of customers: customer, then a column each.")
]
Events = Annotated[
    Path | None, typer.Option(help="What happened: customer, date, kind and perhaps a value.")
]
Order = Annotated[str, typer.Option("--date-order", help="dmy, mdy or ymd, where it is unclear.")]
Days = Annotated[int, typer.Option("--horizon-days", min=1, help="How many days ahead.")]
DEFAULT_DAYS = 365


@worth.command()
def score(
    file: File,
    as_of: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day that is learnt from.")
    ],
    out: Annotated[Path, typer.Option(help="Where the scores go: .parquet or .csv.")],
    days: Days = DEFAULT_DAYS,
    columns: Columns = None,
    estimator: Annotated[
        str, typer.Option(help="auto, mbgnbd, bgnbd, paretonbd, mbgcnbdk, …")
    ] = "auto",
    traits: Traits = None,
    events: Events = None,
    date_order: Order = "",
) -> None:
    """Score every customer with a purchase up to a day; nothing after it is looked at."""
    from kundenstamm.worth.models import FitError
    from kundenstamm.worth.scoring import scored

    _writable(out)
    with going("Reading"):
        beside = covariates_of(traits, events)
        purchases = purchases_of(file, columns or [], as_of.date(), beside, date_order)
    try:
        with going("Fitting") as step:
            found = scored(purchases, as_of.date(), days, estimator, step)
    except (FitError, ValueError) as refused:
        fail(str(refused))
    _write(found.table, out)
    _remark(found, len(set(purchases.customer.tolist())))
    customers = counted(found.table.height, "customer")
    typer.echo(f"{customers}, {counted(days, 'day')} from {as_of.date()}: {out}")


@worth.command()
def backtest(
    file: File,
    days: Days = DEFAULT_DAYS,
    columns: Columns = None,
    cutoffs: Annotated[
        list[datetime] | None,
        typer.Option(
            "--cutoff", formats=["%Y-%m-%d"],
            help="Learn up to here. May be repeated. Default: the last three windows of the file.",
        ),
    ] = None,
    estimators: Annotated[
        list[str] | None, typer.Option("--estimator", help="Only these. May be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write it: .parquet or .csv.")] = None,
    traits: Traits = None,
    events: Events = None,
    date_order: Order = "",
) -> None:  # fmt: skip
    """Compare the estimators on the file's own past: learn up to a day, predict what came after."""
    import polars as pl
    from rich.console import Console
    from rich.progress import track

    from kundenstamm.cli.worth.showing import show
    from kundenstamm.worth.backtesting import NAMES
    from kundenstamm.worth.backtesting import backtest as compared

    if out is not None:
        _writable(out)
    names = estimators or list(NAMES)
    if unknown := set(names) - set(NAMES):
        fail(f"There is no estimator {', '.join(unknown)}. Use some of: {', '.join(NAMES)}.")
    with going("Reading"):
        beside = covariates_of(traits, events)
        purchases = purchases_of(file, columns or [], None, beside, date_order)
    chosen = _within([each.date() for each in cutoffs or []], purchases, days)
    days_of = chosen or _last_cutoffs(purchases, days)
    steps = [(cutoff, name) for cutoff in days_of for name in names]
    parts = [
        compared(purchases, [cutoff], days, [name])
        for cutoff, name in track(steps, "Comparing", console=Console(stderr=True), transient=True)
    ]
    table = pl.concat(parts)
    if not table.height:
        fail("No estimator could be fitted: too few customers, or too little time.")
    show(table, days_of, days)
    if refused := [name for name in names if name not in table["estimator"]]:
        typer.echo(f"Left out, as they could not be fitted: {', '.join(refused)}.", err=True)
    if out is not None:
        _write(table, out)


def _within(cutoffs: list[date], purchases: Purchases, days: int) -> list[date]:
    """The named days; ends the command where nothing is known after one, and tells of gaps."""
    last = purchases.last_day or date.max
    for cutoff in cutoffs:
        if cutoff >= last:
            fail(f"Nothing is known after {cutoff}: the file ends on {last}. Take an earlier day.")
        ends = cutoff + timedelta(days)
        if ends > last:
            typer.echo(
                f"The file ends on {last}, the {days} days after {cutoff} on {ends}: what is "
                "missing counts as days without a purchase.",
                err=True,
            )
    return cutoffs


def _remark(found: Scored, known: int) -> None:
    """What a reader of the scores should know of them."""
    for sentence in found.why:
        # The only fractions in them are shares.
        shares = {
            name: f"{value:.1%}" if isinstance(value, float) else value
            for name, value in sentence.values.items()
        }
        typer.echo(sentence.template.format(**shares), err=True)
    for warning in found.report.warnings:
        typer.echo(warning, err=True)
    if silent := known - found.table.height:
        typer.echo(
            f"{counted(silent, 'customer')} without a row: no day with positive net sales so far.",
            err=True,
        )


def _last_cutoffs(purchases: Purchases, days: int) -> list[date]:
    """The last windows with two months before them, or less if they are shorter themselves."""
    from kundenstamm.worth.cutoffs import last_cutoffs

    last = purchases.last_day
    first = purchases.first_day or last
    if first is None or last is None:
        fail("The file has no purchase to learn from.")
    found = last_cutoffs(first, last, days, min(days, 60))
    if not found:
        fail(
            f"The file covers {(last - first).days} days: too few to learn from and to predict "
            f"{days} more. Take a shorter --horizon-days."
        )
    return found


def _writable(out: Path) -> None:
    """Before the work is done and not after it."""
    if out.suffix.lower() not in (".parquet", ".csv"):
        fail(f"{out}: write to a name that ends in .parquet or .csv.")
    if not out.parent.is_dir():
        fail(f"{out}: there is no folder {out.parent}. Make it, or choose another place.")


def _write(table: pl.DataFrame, out: Path) -> None:
    """Whole or not at all."""
    draft = out.with_name(f".{out.name}.new")
    try:
        if out.suffix.lower() == ".csv":
            table.write_csv(draft)
        else:
            table.write_parquet(draft)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        fail(f"{out} cannot be written: {error.strerror or error}. Choose another place.")
