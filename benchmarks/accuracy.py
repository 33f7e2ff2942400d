"""How well each estimator predicts, beside the best figures of other tools on the same data.

Usage: python benchmarks/accuracy.py [history …]      (cdnow, retail, simulated; all by default)

Everything up to a day is learnt from, the days after it are predicted. The public histories are
looked for in the folder that KUNDENSTAMM_SHARED_DATA names (cdnow_sample.parquet,
online_retail_II.parquet); one that is missing is left out, visibly. The figures of others were
measured with lifetimes 0.11, LightGBM and reference code on these data and cuts; each is the best
of any tool in that metric, no single tool reaches all of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from kundenstamm.worth.backtesting import backtest
from kundenstamm.worth.covariates import Covariates
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.synthetic import SampleCompany, sample_company

DATA = Path(
    os.environ.get(
        "KUNDENSTAMM_SHARED_DATA", Path(__file__).resolve().parents[1] / "../shared/data"
    )
)
ESTIMATORS = ("own_rate", "last_window", "bgnbd", "mbgnbd", "paretonbd", "mbgcnbdk", "auto")
Best = Mapping[tuple[str, str], float]
# Of rate, NBD, BG/NBD, MBG/NBD, Pareto/NBD, LightGBM, BG/NBD + LightGBM; spend with Gamma-Gamma.
CDNOW: Best = {
    ("occasions", "bias"): 0.092,
    ("occasions", "mae"): 0.755,
    ("occasions", "rmse"): 1.603,
    ("occasions", "spearman"): 0.490,
    ("occasions", "gini"): 0.680,
    ("occasions", "decile_error"): 0.121,
    ("occasions", "auc"): 0.779,
    ("occasions", "brier"): 0.161,
    ("occasions", "crps"): 0.513,
    ("occasions", "coverage"): 0.924,
    ("contribution", "bias"): -0.082,
    ("contribution", "mae"): 29.20,
    ("contribution", "rmse"): 72.30,
    ("contribution", "spearman"): 0.450,
    ("contribution", "gini"): 0.693,
    ("contribution", "decile_error"): 0.255,
}
RETAIL: Best = {
    ("occasions", "bias"): -0.010,
    ("occasions", "mae"): 1.007,
    ("occasions", "rmse"): 1.778,
    ("occasions", "spearman"): 0.632,
    ("occasions", "gini"): 0.776,
    ("occasions", "decile_error"): 0.074,
    ("occasions", "auc"): 0.812,
    ("occasions", "brier"): 0.177,
    ("occasions", "crps"): 0.687,
    ("occasions", "coverage"): 0.939,
    ("contribution", "bias"): -0.172,
    ("contribution", "mae"): 607.5,
    ("contribution", "rmse"): 3361.0,
    ("contribution", "spearman"): 0.632,
    ("contribution", "gini"): 0.842,
    ("contribution", "decile_error"): 0.209,
}
NOTHING: Best = {}


def main(chosen: list[str]) -> None:
    histories = {"cdnow": cdnow, "retail": retail, "simulated": simulated}
    for name in chosen or list(histories):
        try:
            histories[name]()
        except FileNotFoundError as missing:
            print(f"\n{name} left out: {Path(str(missing).split(': ')[-1]).name} is not there.")


def cdnow() -> None:
    """A day with a row is an occasion, as the others count: eight orders were free."""
    frame = pl.read_parquet(DATA / "cdnow_sample.parquet")
    amount = pl.col("value").clip(0.01)
    lines = frame.select("customer_id", pl.col("date").cast(pl.Date), amount=amount)
    compare("CDNOW 1/10, cut 1997-09-30", lines, date(1997, 9, 30), 273, CDNOW)


def retail() -> None:
    """Lines with a customer, positive quantity and price, as the others took them."""
    frame = pl.read_parquet(DATA / "online_retail_II.parquet")
    good = frame.filter(pl.col("customer_id").is_not_null(), pl.col("qty") > 0, pl.col("price") > 0)
    amount = pl.col("qty") * pl.col("price")
    lines = good.select("customer_id", date=pl.col("ts").cast(pl.Date), amount=amount)
    compare("Online Retail II, cut 2011-06-09", lines, date(2011, 6, 9), 183, RETAIL)


def simulated() -> None:
    """Invented wholesalers: three seeds, three years, the last half year is predicted."""
    for seed in (1, 2, 3):
        company = sample_company(date(2026, 6, 30), seed=seed, customers=2000)
        title = f"Simulated company, seed {seed}, cut 2025-12-30"
        compare(title, company.lines(), date(2025, 12, 30), 182, NOTHING, beside(company))


def beside(company: SampleCompany) -> Covariates:
    """What a company knows of its customers beside the purchases."""
    traits = company.customers.select("link", "trade", "region", "channel", customer_id="customer")
    events = [
        company.activities.select(customer_id="customer", date="date", kind="kind"),
        company.complaints.select(customer_id="customer", date="opened", kind=pl.lit("complaint")),
        company.rival_sightings.select(customer_id="customer", date="date", kind=pl.lit("rival")),
    ]
    return Covariates.of(traits, pl.concat(events))


def compare(
    title: str,
    lines: pl.DataFrame,
    cut: date,
    days: int,
    best: Best,
    covariates: Covariates | None = None,
) -> None:
    """One table: metrics down, estimators across, the best of the others last."""
    found = backtest(lines, [cut], days, ESTIMATORS)
    names = [*ESTIMATORS]
    if covariates is not None:
        more = backtest(Purchases.of(lines, covariates), [cut], days, ["auto"])
        names.append("auto + covariates")
        found = pl.concat([found, more.with_columns(estimator=pl.lit(names[-1]))])
    values = {row[1:4]: row[4] for row in found.iter_rows()}
    print(f"\n{title}, {days} days ahead\n")
    print(f"| target | metric | {' | '.join(names)} | best of others |")
    print("|---|---|" + "---:|" * (len(names) + 1))
    for target, metric in found.select("target", "metric").unique(maintain_order=True).iter_rows():
        own = " | ".join(_shown(values.get((name, target, metric))) for name in names)
        print(f"| {target} | {metric} | {own} | {_shown(best.get((target, metric)))} |")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if abs(value) < 20 else f"{value:.1f}"


if __name__ == "__main__":
    main(sys.argv[1:])
