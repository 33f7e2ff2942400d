"""How long summary, fit and score of each parametric model take, beside lifetimes.

One simulated base per size: customers who buy at rates of their own and may leave after each
purchase, about 4.7 purchases each, two years. Both sides get the same arrays in the same run;
log-likelihoods are per customer, of the same data in the same unit (days), so equal figures mean
equal optima. lifetimes is no dependency: name an interpreter that has it,

    python benchmarks/speed.py --python /path/to/python [--sizes 10000 100000 1000000]

and its rows are measured, otherwise they are left out, visibly. Compiled loops are loaded once on
a small base before the clock starts; that time is printed, too.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from kundenstamm.worth.arrays import summarise_arrays
from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.models import ESTIMATORS, ContributionPerOccasion, GammaGamma
from kundenstamm.worth.prediction import prediction
from kundenstamm.worth.purchases import Purchases

DAYS = 730
HORIZON = 365
# The estimator that chooses needs earlier windows of this length, days.
AHEAD = 182
AS_OF = date(1970, 1, 1) + timedelta(DAYS)
MODELS = ("bgnbd", "mbgnbd", "mbgcnbdk", "paretonbd", "nbd")
OTHERS = Path(__file__).parent / "others" / "with_lifetimes.py"
Arrays = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float64]]


def main() -> None:
    chosen = _arguments()
    print(f"Loaded compiled loops in {_timed(lambda: measured(base(300)))[1]:.1f} s.\n")
    print("| customers | purchases | tool | what | summary s | fit s | score s | LL / customer |")
    print("|---|---|---|---|---|---|---|---|")
    for size in chosen.sizes:
        lines = base(size)
        for what, row in measured(lines).items():
            _print(size, lines, "Kundenstamm", what, row)
        for what, row in others(lines, chosen.python).items():
            _print(size, lines, "lifetimes", what, row)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"\nPeak memory of this process, the lines included: {peak:.2f} GB.")
    if not chosen.python:
        print("lifetimes: left out, no --python given.")


def measured(lines: Arrays) -> dict[str, dict[str, float]]:
    """Seconds and log-likelihood by model."""
    summary, seconds = _timed(lambda: summarise_arrays(*lines, AS_OF))
    rows = {name: {"summary": seconds} | _fitted(name, summary) for name in MODELS}
    spend = GammaGamma()
    _, fit = _timed(lambda: spend.fit(summary))
    _, score = _timed(lambda: spend.expected(summary))
    found = spend.fit_report_.log_likelihood / summary.height
    rows["gammagamma"] = {"summary": seconds, "fit": fit, "score": score, "ll": found}
    return rows | {"auto, with intervals": _chosen(lines)}


def _chosen(lines: Arrays) -> dict[str, float]:
    """The estimator that chooses: its windows are part of the fit, intervals of the score."""
    customer, day, amount = lines
    known = Purchases(pl.Series(np.arange(customer.max() + 1)), customer, day, amount, amount)
    summary, seconds = _timed(lambda: known.outlook(AS_OF, AHEAD))
    model, fit = _timed(lambda: AutoEstimator.looking_back(known, AS_OF, AHEAD).fit(summary))
    money = ContributionPerOccasion().fit(summary)
    _, score = _timed(lambda: prediction(model, money, summary, AHEAD))
    found = model.fit_report_.log_likelihood / summary.height
    return {"summary": seconds, "fit": fit, "score": score, "ll": found}


def others(lines: Arrays, python: str | None) -> dict[str, dict[str, float]]:
    """The same from lifetimes, in a process of its own."""
    if not python:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.npz"
        np.savez(file, customer=lines[0], day=lines[1], amount=lines[2])
        done = subprocess.run(
            [python, OTHERS, file, str(DAYS), str(HORIZON)], capture_output=True, text=True
        )
    if done.returncode:
        print(f"lifetimes failed: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    answer: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def base(customers: int, seed: int = 1) -> Arrays:
    """Customer numbers, days and amounts of a simulated base, in no order."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, DAYS - 30, customers)
    rate, leave = rng.gamma(0.9, 1 / 45, customers), rng.beta(0.9, 5.0, customers)
    who, at, day = np.arange(customers), start.astype(float), [start]
    owners = [who]
    while who.size:
        at = at + rng.exponential(1 / rate[who])
        stays = (at < DAYS) & (rng.random(who.size) >= leave[who])
        who, at = who[stays], at[stays]
        owners.append(who)
        day.append(at.astype(np.int64))
    customer, days = np.concatenate(owners), np.concatenate(day)
    order = rng.permutation(customer.size)
    amount = np.round(rng.gamma(3, 1, order.size) / rng.gamma(4, 1 / 40, customers)[customer], 2)
    return (
        customer[order].astype(np.int32),
        days[order].astype(np.int32),
        np.maximum(amount, 0.01)[order],
    )


def _fitted(name: str, summary: pl.DataFrame) -> dict[str, float]:
    model = ESTIMATORS[name]()
    _, fit = _timed(lambda: model.fit(summary))

    def score() -> tuple[Any, Any]:
        return model.probability_active(summary), model.expected_occasions(summary, HORIZON)

    found = model.fit_report_.log_likelihood / summary.height
    return {"fit": fit, "score": _timed(score)[1], "ll": found}


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - start


def _print(size: int, lines: Arrays, tool: str, what: str, row: dict[str, float]) -> None:
    times = " | ".join(f"{row[name]:.2f}" for name in ("summary", "fit", "score"))
    print(f"| {size:,} | {lines[0].size:,} | {tool} | {what} | {times} | {row['ll']:.6f} |")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", help="an interpreter that has lifetimes")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    return parser.parse_args()


if __name__ == "__main__":
    main()
