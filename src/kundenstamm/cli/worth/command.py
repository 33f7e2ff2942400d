"""``kundenstamm worth score`` and ``kundenstamm worth backtest``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kundenstamm.cli.worth.beside import covariates_of
from kundenstamm.cli.worth.failing import fail
from kundenstamm.cli.worth.reading import purchases_of

if TYPE_CHECKING:
    import polars as pl
    from rich.status import Status

    from kundenstamm.worth.purchases import Purchases

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
Days = Annotated[int, typer.Option("--horizon-days", min=1, help="How many days ahead.")]
DEFAULT_DAYS = 365
# Metric → which targets have it, and whether more is better.
SHOWN = {
    "mae": False, "rmse": False, "bias": None, "spearman": True, "gini": True,
    "decile_error": False, "auc": True, "auc_active": True, "auc_recency": True, "brier": False,
    "crps": False, "coverage": None,
}  # fmt: skip


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
) -> None:
    """Score every customer with a purchase up to a day; nothing after it is looked at."""
    from kundenstamm.worth.models import FitError
    from kundenstamm.worth.scoring import score as scored

    if out.suffix.lower() not in (".parquet", ".csv"):
        fail(f"{out}: write to a name that ends in .parquet or .csv.")
    with _told("Reading"):
        beside = covariates_of(traits, events)
        purchases = purchases_of(file, columns or [], as_of.date(), beside)
    try:
        with _told("Fitting and scoring"):
            found = scored(purchases, as_of.date(), days, estimator)
    except (FitError, ValueError) as refused:
        fail(str(refused))
    _write(found, out)
    typer.echo(f"{found.height} customers, {days} days from {as_of.date()}: {out}")


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
) -> None:  # fmt: skip
    """Compare the estimators on the file's own past: learn up to a day, predict what came after."""
    import polars as pl
    from rich.console import Console
    from rich.progress import track

    from kundenstamm.worth.backtesting import NAMES
    from kundenstamm.worth.backtesting import backtest as compared

    names = estimators or list(NAMES)
    if unknown := set(names) - set(NAMES):
        fail(f"There is no estimator {', '.join(unknown)}. Use some of: {', '.join(NAMES)}.")
    with _told("Reading"):
        purchases = purchases_of(file, columns or [], None, covariates_of(traits, events))
    days_of = [each.date() for each in cutoffs or []] or _last_cutoffs(purchases, days)
    steps = [(cutoff, name) for cutoff in days_of for name in names]
    parts = [
        compared(purchases, [cutoff], days, [name])
        for cutoff, name in track(steps, "Comparing", console=Console(stderr=True), transient=True)
    ]
    table = pl.concat(parts)
    if not table.height:
        fail("No estimator could be fitted: too few customers, or too little time.")
    _print(table, days_of, days)
    if out is not None:
        _write(table, out)


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


def _print(table: pl.DataFrame, cutoffs: list[date], days: int) -> None:
    """Means over the cutoffs; the best of each column is bold."""
    import polars as pl
    from rich.console import Console
    from rich.table import Table

    console = Console()
    ends = ", ".join(str(cutoff) for cutoff in sorted(cutoffs))
    console.print(f"{days} days after {ends}; means over the cutoffs.")
    for target in ("occasions", "contribution"):
        rows = table.filter(table["target"] == target)
        metrics = [name for name in SHOWN if name in rows["metric"].to_list()]
        shown = Table("estimator", title="occasions" if target == "occasions" else "amount")
        for name in metrics:
            shown.add_column(name.replace("_", " "), justify="right")
        means = {
            (row["estimator"], row["metric"]): row["value"]
            for row in rows.group_by("estimator", "metric").agg(pl.col("value").mean()).to_dicts()
        }
        best = {name: _best(name, means) for name in metrics}
        for estimator in dict.fromkeys(rows["estimator"].to_list()):
            cells = [_cell(means.get((estimator, name)), best[name]) for name in metrics]
            shown.add_row(estimator, *cells)
        console.print(shown)


def _best(metric: str, means: dict[tuple[str, str], float | None]) -> float | None:
    values = [value for (_name, of), value in means.items() if of == metric and value is not None]
    if not values:
        return None
    if metric == "coverage":
        return min(values, key=lambda value: abs(value - 0.8))
    if SHOWN[metric] is None:
        return min(values, key=abs)
    return max(values) if SHOWN[metric] else min(values)


def _cell(value: float | None, best: float | None) -> str:
    if value is None:
        return "–"
    text = f"{value:,.3f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"[bold]{text}[/bold]" if value == best else text


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


def _told(step: str) -> Status:
    """A sign of life on the terminal; nothing where nobody looks."""
    from rich.console import Console

    return Console(stderr=True).status(f"{step} …")
