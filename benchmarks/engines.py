"""How long one summary takes on each engine over the same Parquet files, and that all agree.

The base of ``speed.py``: about 4.7 purchases a customer, two years. Spark runs in local mode and
is measured where pyspark and Java are there, otherwise left out, visibly. Its start (a few
seconds) is not counted, a first small query is run before the clock starts.

    python benchmarks/engines.py [--customers 1000000]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import ibis
import polars as pl
import pyarrow as pa
from polars.testing import assert_frame_equal
from speed import AS_OF, base

from kundenstamm.worth import fit, read
from kundenstamm.worth.appraisal import Fitted
from kundenstamm.worth.incremental import refreshed, touched
from kundenstamm.worth.summary import summary

PARTS = 4
# The share of customers that have new lines between two runs.
TOUCHED = 100
SCORED = "customer_id long, p_active double, expected_occasions double, per_occasion double"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "lines"
        folder.mkdir()
        written = _written(customers, folder)
        print(f"{customers} customers, {written} lines, {PARTS} Parquet files.\n")
        print("| engine | what | seconds |\n|---|---|---|")
        expected = _timed("DuckDB", "summary", lambda: summary(read(folder), AS_OF).to_polars())
        _timed("DuckDB", "summary of 1 % touched", lambda: _renewed(folder, expected))
        if importlib.util.find_spec("pyspark"):
            _on_spark(folder, expected)
        else:
            print("| Spark | left out: pyspark is not installed | |")


def _written(customers: int, folder: Path) -> int:
    numbers, days, amounts = base(customers)
    lines = pl.DataFrame(
        {
            "customer_id": pl.Series(numbers, dtype=pl.Int64),
            "date": pl.Series(days, dtype=pl.Int32).cast(pl.Date),
            "kind": pl.Series([10], dtype=pl.Int16).new_from_index(0, len(days)),
            "amount": pl.Series(amounts).round(2).cast(pl.Decimal(18, 4)),
        }
    )
    size = -(-lines.height // PARTS)
    for part in range(PARTS):
        lines.slice(part * size, size).write_parquet(folder / f"part-{part}.parquet")
    return lines.height


def _renewed(folder: Path, earlier: pl.DataFrame) -> pl.DataFrame:
    """One customer in a hundred has a line that the earlier summary did not know."""
    lines = read(folder)
    new = earlier.filter(pl.col("customer_id") % TOUCHED == 0)
    again = touched(lines, new, before=AS_OF, as_of=AS_OF)
    return refreshed(earlier, again, AS_OF).to_polars()


def _on_spark(folder: Path, expected: pl.DataFrame) -> None:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    engine = ibis.pyspark.connect(session)
    lines = read(engine.read_parquet(str(folder)))
    summary(lines.limit(100), AS_OF).to_polars()
    made, scored = (str(folder.with_name(name)) for name in ("summary", "scores"))
    sql = engine.compile(summary(lines, AS_OF))
    _timed("Spark", "summary to Parquet", lambda: session.sql(sql).write.parquet(made))
    fitted = fit(expected)
    table = session.read.parquet(made).filter("occasions > 0")
    _timed(
        "Spark",
        "scores to Parquet",
        lambda: table.mapInArrow(partial(_scored, fitted), SCORED).write.parquet(scored),
    )
    found = pl.read_parquet(f"{made}/*.parquet").sort("customer_id")
    assert_frame_equal(found, expected.sort("customer_id"), rel_tol=1e-12, check_dtypes=False)
    print("\nBoth tables are equal.")
    session.stop()


def _scored(fitted: Fitted, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Runs on the workers: some thousand customers at a time."""
    for batch in batches:
        rows = pl.DataFrame(batch)
        scores = pl.DataFrame(
            {
                "customer_id": rows["customer_id"],
                "p_active": fitted.occasions.probability_active(rows),
                "expected_occasions": fitted.occasions.expected_occasions(rows, 365),
                "per_occasion": fitted.contribution.expected(rows),
            }
        )
        yield from scores.to_arrow().to_batches()


def _timed(engine: str, what: str, run: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    start = time.perf_counter()
    answer = run()
    print(f"| {engine} | {what} | {time.perf_counter() - start:.1f} |", flush=True)
    return answer


if __name__ == "__main__":
    main()
