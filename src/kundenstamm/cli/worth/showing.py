"""The comparison of estimators on the terminal: never cut off, however narrow it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console
    from rich.table import Table

# Metric → whether more is better; None where it is nearness to an aim.
SHOWN = {
    "mae": False, "rmse": False, "bias": None, "spearman": True, "gini": True,
    "decile_error": False, "auc": True, "auc_active": True, "auc_recency": True, "brier": False,
    "crps": False, "coverage": None,
}  # fmt: skip
AIMS = {"bias": 0.0, "coverage": 0.8}
# As the columns of a score file are called.
LABELS = {"auc": "auc p_active", "auc_active": "auc p_alive"}
TITLES = {"occasions": "occasions", "contribution": "amount"}
# Characters there are where the table goes into a file or a pipe.
ROOM = 200


@dataclass(frozen=True)
class Column:
    """One metric: estimator → value."""

    metric: str
    values: Mapping[str, float | None]

    @property
    def label(self) -> str:
        return LABELS.get(self.metric, self.metric.replace("_", " "))

    @property
    def width(self) -> int:
        """With a line and two blanks; a label of two words may stand in two lines."""
        cells = [self.cell(name) for name in self.values]
        return 3 + max(len(text) for text in (*self.label.split(), *cells))

    def cell(self, name: str) -> str:
        value = self.values[name]
        if value is None:
            return "–"
        return f"{value:,.3f}" if abs(value) < 100 else f"{value:,.0f}"

    def is_best(self, name: str) -> bool:
        """Days of silence are the same for all: nobody is best."""
        losses = {each: self._loss(value) for each, value in self.values.items()}
        known = [loss for loss in losses.values() if loss is not None]
        return self.metric != "auc_recency" and bool(known) and losses[name] == min(known)

    def _loss(self, value: float | None) -> float | None:
        if value is None:
            return None
        if self.metric in AIMS:
            return abs(value - AIMS[self.metric])
        return -value if SHOWN[self.metric] else value


def show(table: pl.DataFrame, cutoffs: Sequence[date], days: int) -> None:
    """Means over the cutoffs; the best of each column is bold."""
    console = _console()
    ends = ", ".join(str(cutoff) for cutoff in sorted(cutoffs))
    console.print(f"{days} days after {ends}; means over the cutoffs.", highlight=False)
    for target, title in TITLES.items():
        columns = _columns(table, target)
        for number, part in enumerate(_parts(columns, console.width)):
            console.print(_table(f"{title}, continued" if number else title, part))
    if said := who_buys_again(_columns(table, "occasions")):
        console.print(said, highlight=False)


def who_buys_again(columns: Sequence[Column]) -> str:
    """What the order of customers is worth beside plain recency; of ``auto``, else of the first."""
    found = {column.metric: column.values for column in columns}
    names = list(found["auc"])
    name = "auto" if "auto" in names else names[0]
    chance, recency, alive = (found[each][name] for each in ("auc", "auc_recency", "auc_active"))
    if chance is None or recency is None or alive is None:
        return ""
    said = (
        f"Who buys again? Of pairs of one who did and one who did not, {name} has the right one "
        f"ahead in {chance:.1%} by p_active, its chance to buy, and in {alive:.1%} by p_alive; the "
        f"days since the last purchase alone in {recency:.1%}."
    )
    worse = [told for told, value in (("p_active", chance), ("p_alive", alive)) if value <= recency]
    if worse:
        said += f" So {' and '.join(worse)} did not order customers better than plain recency here."
    return said


def _console() -> Console:
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, ROOM))


def _columns(table: pl.DataFrame, target: str) -> list[Column]:
    import polars as pl

    rows = table.filter(table["target"] == target)
    means = rows.group_by("estimator", "metric", maintain_order=True).agg(pl.col("value").mean())
    found: dict[str, dict[str, float | None]] = {}
    for estimator, metric, value in means.iter_rows():
        found.setdefault(metric, {})[estimator] = value
    return [Column(metric, found[metric]) for metric in SHOWN if metric in found]


def _parts(columns: Sequence[Column], width: int) -> Iterator[list[Column]]:
    """Columns that fit beside each other, one part after the other."""
    names = (*columns[0].values, "estimator")
    room = width - max(len(name) for name in names) - 4
    part: list[Column] = []
    for column in columns:
        if part and sum(each.width for each in (*part, column)) > room:
            yield part
            part = []
        part.append(column)
    yield part


def _table(title: str, columns: Sequence[Column]) -> Table:
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title)
    shown.add_column("estimator", no_wrap=True)
    for column in columns:
        shown.add_column(column.label, justify="right", min_width=column.width - 3)
    for name in columns[0].values:
        cells = (Text(each.cell(name), "bold" if each.is_best(name) else "") for each in columns)
        shown.add_row(name, *cells)
    return shown
