"""How well the expectation holds on public purchase histories, beside naive rules.

Learns from everything up to a day and predicts the time after it. The histories are looked for in
the folder that KUNDENSTAMM_SHARED_DATA names (cdnow_sample.parquet, online_retail_II.parquet);
one that is missing is left out, visibly.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from kundenstamm.worth.appraisal import appraise, summarise
from kundenstamm.worth.tables import read
from kundenstamm.worth.value import Horizon

DATA = Path(
    os.environ.get(
        "KUNDENSTAMM_SHARED_DATA", Path(__file__).resolve().parents[1] / "../shared/data"
    )
)


def main() -> None:
    print("| history | rule | bias | MAE | RMSE | 80 % covers |\n|---|---|---|---|---|---|")
    for name, load, cut, end in (
        ("CDNOW 1/10", cdnow, date(1997, 9, 30), date(1998, 6, 30)),
        ("Online Retail II", retail, date(2011, 6, 9), date(2011, 12, 9)),
    ):
        try:
            sales = load()
        except FileNotFoundError as missing:
            print(f"| {name} | left out: {Path(str(missing).split(': ')[-1]).name} | | | | |")
            continue
        compare(name, sales, cut, end)


def compare(name: str, sales: pl.DataFrame, cut: date, end: date) -> None:
    """Spend after the cut: ours, the own rate so far, the last window of equal length."""
    days = (end - cut).days
    told = appraise(summarise(read(sales), cut), cut, horizon=Horizon(days=days))
    told = told.filter(pl.col("occasions") > 0)
    window = pl.col("date").is_between(cut, end, closed="right")
    before = pl.col("date") > pl.lit(cut).dt.offset_by(f"-{days}d")
    spent = _sum(sales.filter(window), "actual")
    recent = _sum(sales.filter((pl.col("date") <= cut) & before), "recent")
    told = told.join(spent, on="customer_id", how="left").join(recent, on="customer_id", how="left")
    told = told.with_columns(pl.col("actual", "recent").fill_null(0.0))
    actual = told["actual"].to_numpy()
    rate = (
        told["contribution"].cast(float).to_numpy() / np.maximum(told["age"].to_numpy(), 1) * days
    )
    inside = (actual >= told["low"].to_numpy()) & (actual <= told["high"].to_numpy())
    for rule, predicted, cover in (
        ("Kundenstamm", told["expected_contribution"].to_numpy(), f"{inside.mean():.1%}"),
        ("own rate so far", rate, ""),
        ("last window", told["recent"].to_numpy(), ""),
    ):
        error = predicted - actual
        bias = predicted.sum() / actual.sum() - 1
        print(
            f"| {name}, {told.height} customers | {rule} | {bias:+.1%} | {abs(error).mean():.2f} "
            f" | {np.sqrt((error**2).mean()):.1f} | {cover} |"
        )


def cdnow() -> pl.DataFrame:
    frame = pl.read_parquet(DATA / "cdnow_sample.parquet")
    return frame.select("customer_id", pl.col("date").cast(pl.Date), amount="value")


def retail() -> pl.DataFrame:
    """Lines with a customer, positive quantity and price, as the published comparison took them."""
    frame = pl.read_parquet(DATA / "online_retail_II.parquet")
    good = frame.filter(pl.col("customer_id").is_not_null(), pl.col("qty") > 0, pl.col("price") > 0)
    return good.select(
        "customer_id", date=pl.col("ts").cast(pl.Date), amount=pl.col("qty") * pl.col("price")
    )


def _sum(sales: pl.DataFrame, name: str) -> pl.DataFrame:
    return sales.group_by("customer_id").agg(pl.col("amount").cast(float).sum().alias(name))


if __name__ == "__main__":
    main()
