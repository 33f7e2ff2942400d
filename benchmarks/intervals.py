"""How often the 80 % intervals of the estimator that chooses hold, over many cuts and horizons.

Usage: python benchmarks/intervals.py

Histories as in ``accuracy.py``, and small invented wholesalers of other seeds. Of all customers,
of the third of whom least is expected, and of the twentieth of whom most is expected. Both ends are
inside. Where nil alone has more than 80 %, the interval is from nil to nil and none can cover
less: "of the rarest beyond nil" leaves these customers out. A history that is missing is left out,
visibly.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from accuracy import DATA

from kundenstamm.worth.backtesting import predicted
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.synthetic import sample_company

CUTS = {
    "cdnow_sample": [("1997-06-30", 273), ("1997-07-31", 182), ("1997-09-30", 182),
                     ("1997-09-30", 273), ("1997-12-31", 181)],
    "online_retail_II": [("2010-06-01", 365), ("2010-09-01", 183), ("2010-12-09", 365),
                         ("2011-03-01", 183), ("2011-06-09", 91), ("2011-06-09", 183),
                         ("2011-09-09", 91)],
    "simulated": [("2024-03-31", 182), ("2024-06-30", 365), ("2025-06-30", 365)],
}  # fmt: skip
SEEDS = (7, 8, 9)


def main() -> None:
    print(
        "| history | cut | days | occasions | contribution | rarest third | | heaviest 5 % | |",
        end="",
    )
    print(" of the rarest beyond nil | |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    rows = []
    for name, purchases, cuts in histories():
        for cut, days in cuts:
            rows.append(covered(purchases, date.fromisoformat(cut), days))
            print(f"| {name} | {cut} | {days} | {' | '.join(f'{one:.3f}' for one in rows[-1])} |")
    for word, over in (("mean", np.nanmean), ("least", np.nanmin), ("most", np.nanmax)):
        values = over(rows, axis=0)
        print(f"| **{word}** | | | {' | '.join(f'{one:.3f}' for one in values)} |")


def histories() -> Iterator[tuple[str, Purchases, list[tuple[str, int]]]]:
    for name in ("cdnow_sample", "online_retail_II"):
        file = DATA / f"{name}.parquet"
        if Path(file).exists():
            yield name, Purchases.of(lines_of(pl.read_parquet(file))), CUTS[name]
        else:
            print(f"{name} left out: the file is not there.")
    for seed in SEEDS:
        lines = sample_company(date(2026, 6, 30), seed=seed).lines()
        yield f"simulated, seed {seed}", Purchases.of(lines), CUTS["simulated"]


def covered(known: Purchases, cut: date, days: int) -> list[float]:
    """Share inside, of occasions and of contribution: of all, the rarest and the heaviest."""
    truth = known.window(cut, days)
    told = predicted(known.until(cut), cut, days, "auto")
    if told is None:
        raise SystemExit(f"{cut}, {days} days: the estimator refused the data.")
    counts = (truth.occasions >= told["low"]) & (truth.occasions <= told["high"])
    # A sum of floats may miss an end by its last digit.
    near = 1e-9
    money = (truth.contribution >= told["amount_low"] - near) & (
        truth.contribution <= told["amount_high"] + near
    )
    rare, heavy = np.quantile(told["occasions"], [1 / 3, 0.95])
    rarest = told["occasions"] <= rare
    groups = (
        told["occasions"] >= 0,
        rarest,
        told["occasions"] >= heavy,
        rarest & (told["high"] > 0),
    )
    return [
        float(part[rows].mean()) if rows.any() else np.nan
        for rows in groups
        for part in (counts, money)
    ]


def lines_of(frame: pl.DataFrame) -> pl.DataFrame:
    """As ``accuracy.py`` takes them."""
    if "value" in frame.columns:
        amount = pl.col("value").clip(0.01)
        return frame.select("customer_id", pl.col("date").cast(pl.Date), amount=amount)
    good = frame.filter(pl.col("customer_id").is_not_null(), pl.col("qty") > 0, pl.col("price") > 0)
    amount = pl.col("qty") * pl.col("price")
    return good.select("customer_id", date=pl.col("ts").cast(pl.Date), amount=amount)


if __name__ == "__main__":
    main()
