"""How much of a difference between estimators is chance, and what one cannot have at once.

Usage: python benchmarks/margins.py

Customers of the two public histories are drawn anew with replacement; the standard deviation of
the difference over the draws says how far apart two estimators must be before it means anything.
Then what MAE costs that is bought by a better sum, and what one customer does to the order by
spend. A history that is missing is left out, visibly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import polars as pl
from accuracy import DATA
from intervals import lines_of

from kundenstamm.worth import metrics
from kundenstamm.worth.backtesting import predicted
from kundenstamm.worth.purchases import Purchases, Window

CUTS = {"cdnow_sample": (date(1997, 9, 30), 273), "online_retail_II": (date(2011, 6, 9), 183)}
OTHERS = ("nbd", "bgnbd", "mbgnbd", "paretonbd")
DRAWS = 400
Told = Mapping[str, np.ndarray]
Measure = Callable[[Window, Told, np.ndarray], float]
MEASURES: Mapping[str, Measure] = {
    "occasions: nGini": lambda w, t, i: metrics.gini(w.occasions[i], t["occasions"][i]),
    "occasions: RMSE": lambda w, t, i: metrics.rmse(w.occasions[i], t["occasions"][i]),
    "buying: AUC": lambda w, t, i: metrics.auc(w.occasions[i] > 0, t["buying"][i]),
    "buying: Brier": lambda w, t, i: metrics.brier(w.occasions[i] > 0, t["buying"][i]),
    "spend: RMSE": lambda w, t, i: metrics.rmse(w.contribution[i], t["contribution"][i]),
    "spend: nGini": lambda w, t, i: metrics.gini(w.contribution[i], t["contribution"][i]),
}


def main() -> None:
    for name, (cut, days) in CUTS.items():
        file = DATA / f"{name}.parquet"
        if not file.exists():
            print(f"\n{name} left out: the file is not there.")
            continue
        known = Purchases.of(lines_of(pl.read_parquet(file)))
        window, past = known.window(cut, days), known.until(cut)
        told = {one: predicted(past, cut, days, one) or {} for one in ("auto", *OTHERS)}
        print(f"\n{name}, {cut}, {days} days: auto less the other, ± what is chance\n")
        differences(window, told)
        sums(window, told["auto"])
        without_largest(window, told)


def differences(window: Window, told: Mapping[str, Told]) -> None:
    rng, size = np.random.default_rng(1), window.occasions.size
    draws = [rng.integers(0, size, size) for _ in range(DRAWS)]
    print("| |" + "".join(f" {name} |" for name in OTHERS))
    print("|---|" + "---:|" * len(OTHERS))
    for word, measure in MEASURES.items():
        own = np.array([measure(window, told["auto"], rows) for rows in (np.arange(size), *draws)])
        cells = []
        for name in OTHERS:
            it = [measure(window, told[name], rows) for rows in (np.arange(size), *draws)]
            off = own - np.array(it)
            cells.append(f" {off[0]:+.4f} ± {off[1:].std():.4f} |")
        print(f"| {word} |" + "".join(cells))


def sums(window: Window, told: Told) -> None:
    """All expectations times a factor: the sum comes right, the single errors grow."""
    print("\n| auto's occasions × | bias | MAE | RMSE | decile error |")
    print("|---:|---:|---:|---:|---:|")
    right = float(window.occasions.sum() / told["occasions"].sum())
    for factor in (1.0, (1 + right) / 2, right):
        it = told["occasions"] * factor
        found = [
            measure(window.occasions, it)
            for measure in (metrics.bias, metrics.mae, metrics.rmse, metrics.decile_error)
        ]
        print(f"| {factor:.3f} | " + " | ".join(f"{value:.3f}" for value in found) + " |")


def without_largest(window: Window, told: Mapping[str, Told]) -> None:
    """The order by spend hangs on single customers."""
    largest = int(np.argmax(window.contribution))
    rest = np.delete(np.arange(window.contribution.size), largest)
    row = window.summary.row(largest, named=True)
    print(
        f"\nnGini of spend without the customer who spent most ({window.contribution[largest]:,.0f}"
        f" after {row['occasions']} occasions of {row['contribution_mean']:,.2f}): "
        + ", ".join(
            f"{name} {MEASURES['spend: nGini'](window, it, rest):.3f}" for name, it in told.items()
        )
    )


if __name__ == "__main__":
    main()
