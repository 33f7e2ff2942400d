"""How long `kundenstamm report` takes beside a bare Polars group-by of the same file.

Usage: python benchmarks/report.py [FILE] [RUNS]

Both are whole processes, from start to exit, taking turns; the median of the runs counts. The
group-by only adds up sales per customer: it checks nothing, estimates nothing and draws nothing.
FILE is Online Retail II (see the README) by default; without it the benchmark says so and ends.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KUNDENSTAMM_SHARED_DATA", ROOT.parent / "shared" / "data"))

GROUP_BY = """
import sys, polars as pl
lines = pl.scan_parquet(sys.argv[1]).filter(pl.col("customer_id").is_not_null())
amount = pl.col("qty") * pl.col("price")
sums = lines.group_by("customer_id").agg(amount.sum(), pl.col("ts").max())
print(sums.collect().height)
"""
REPORT = "from kundenstamm.cli.main import run; run()"


def main(file: Path, runs: int) -> None:
    if not file.exists():
        print(f"{file.name} is not here (set KUNDENSTAMM_SHARED_DATA).")
        return
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "bare Polars group-by": ["-c", GROUP_BY, str(file)],
            "report --json": ["-c", REPORT, "report", str(file), "--json", "-"],
            "report --html": ["-c", REPORT, "report", str(file), "--html", f"{folder}/r.html"],
        }
        seconds = measured(commands, runs)
    bare = statistics.median(seconds["bare Polars group-by"])
    print(f"{file.name}, {os.cpu_count()} cores, median of {runs}\n")
    print(f"{'':<24}{'seconds':>10}{'ratio':>10}")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{name:<24}{median:>10.2f}{median / bare:>10.1f}")


def measured(commands: dict[str, list[str]], runs: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, words in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
            if run:  # the first round only fills the caches
                seconds[name].append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]) if given else SHARED / "online_retail_II.parquet",
        int(given[1]) if len(given) > 1 else 5,
    )
