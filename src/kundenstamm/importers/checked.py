"""The outcome of a check: what can be loaded, what is refused and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from kundenstamm.importers.cells import Decimal4
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import EXTRA, ROW
from kundenstamm.importers.refusals import REFUSALS


@dataclass(frozen=True)
class Checked:
    """Rows of one file, each in exactly one of the two frames.

    ``accepted`` has the canonical columns of its kind; ``refused`` has ``row`` (as a spreadsheet
    counts), ``column`` (of the file), ``value`` (as it stands there), ``reason`` (a key of
    `REFUSALS`) and ``amount`` (exact, zero where it cannot be read). ``notes`` (to be translated)
    say what a person should know of how the file was read.
    """

    raw: Raw
    accepted: pl.DataFrame
    refused: pl.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        return self.accepted.height + self.refused.height

    @property
    def accepted_amount(self) -> Decimal:
        return _total(self.accepted)

    @property
    def refused_amount(self) -> Decimal:
        return _total(self.refused)

    def reasons(self) -> dict[str, tuple[int, Decimal]]:
        """Reason → number of rows and exact amount, most frequent first."""
        grouped = (
            self.refused.group_by("reason")
            .agg(pl.len().alias("count"), pl.col("amount").sum())
            .sort("count", "reason", descending=[True, False])
        )
        return {row["reason"]: (row["count"], row["amount"]) for row in grouped.to_dicts()}

    def to_mend(self) -> pl.DataFrame:
        """Refused rows as they stand in the file, with reason and mend: load them again mended."""
        origin = self.raw.frame.rename({ROW: "row"}).drop(EXTRA, strict=False)
        said = pl.DataFrame(
            [(code, f"{each.why}", f"{each.mend}") for code, each in REFUSALS.items()],
            schema=["reason", "why", "mend"],
            orient="row",
        )
        return (
            self.refused.select("row", "column", "reason")
            .join(said, on="reason", how="left")
            .join(origin, on="row", how="left")
        )


@dataclass(frozen=True)
class Doubt:
    """One rule: rows where ``wrong`` holds are refused for ``reason``, naming ``column``."""

    reason: str
    column: str
    wrong: pl.Series


def refuse(
    raw: Raw,
    rows: pl.DataFrame,
    doubts: Iterable[Doubt],
    amounts: pl.Series | None = None,
    notes: Iterable[str] = (),
) -> Checked:
    """Part ``rows`` (in the order of the file) by the first doubt that holds for each."""
    raised = [doubt for doubt in doubts if doubt.wrong.any()]
    first = pl.Series("first", [None], dtype=pl.UInt8).new_from_index(0, rows.height)
    for number, doubt in enumerate(raised):
        first = first.set(doubt.wrong.fill_null(False) & first.is_null(), number)
    bad = first.is_not_null()
    amount = amounts if amounts is not None else _nothing(rows.height)
    named = {
        "reason": [doubt.reason for doubt in raised],
        "column": [doubt.column for doubt in raised],
    }
    refused = pl.DataFrame(
        {"row": raw.frame[ROW], "first": first, "amount": amount.cast(pl.Decimal(38, 4))}
    ).filter(bad)
    told = refused.select(
        "row",
        *(
            pl.col("first")
            .replace_strict(dict(enumerate(words)), return_dtype=pl.String)
            .alias(name)
            for name, words in named.items()
        ),
        pl.col("amount").fill_null(Decimal(0)).cast(Decimal4),
    )
    return Checked(raw, rows.filter(~bad), _with_value(raw, told), tuple(notes))


def _with_value(raw: Raw, refused: pl.DataFrame) -> pl.DataFrame:
    """The cell that was refused, as it stands in the file."""
    if refused.height == 0:
        return refused.with_columns(value=pl.lit(None, dtype=pl.String))
    origin = raw.frame.filter(pl.col(ROW).is_in(refused["row"].implode()))
    value: Any = pl.Series("value", [None] * refused.height, dtype=pl.String)
    for name in refused["column"].unique().drop_nulls():
        if name in origin.columns:
            here = refused["column"] == name
            value = value.zip_with(~here.fill_null(False), origin[name].cast(pl.String))
    return refused.with_columns(value=value)


def _nothing(height: int) -> pl.Series:
    return (
        pl.Series("amount", [Decimal(0)], dtype=Decimal4).new_from_index(0, height)
        if height
        else pl.Series("amount", [], dtype=Decimal4)
    )


def _total(frame: pl.DataFrame) -> Decimal:
    if "amount" not in frame.columns or frame.height == 0:
        return Decimal(0)
    total = frame["amount"].cast(pl.Decimal(38, 4)).sum()
    return Decimal(total)
