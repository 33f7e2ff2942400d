"""Summary and scoring on Spark in local mode, beside DuckDB. Needs pyspark and Java.

Neither belongs to the project: ``docs/guide/spark.md`` says how to run this file.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kundenstamm.worth import appraise, fit, read
from kundenstamm.worth.incremental import refreshed, touched
from kundenstamm.worth.levels import statements
from kundenstamm.worth.summary import summary
from kundenstamm.worth.tests.engines import AS_OF, WINDOWS, assert_same, base

pytestmark = pytest.mark.slow

SCORED = "customer_id long, p_active double, expected_occasions double, per_occasion double"


@pytest.fixture(scope="module")
def session():
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and there is none")
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.fixture(scope="module")
def lines(session, tmp_path_factory):
    """The base as two Parquet files that Spark reads itself."""
    import ibis

    folder = tmp_path_factory.mktemp("lines")
    whole = base()
    whole.head(400).write_parquet(folder / "part-0.parquet")
    whole.slice(400).write_parquet(folder / "part-1.parquet")
    return read(ibis.pyspark.connect(session).read_parquet(str(folder)))


@pytest.fixture(scope="module")
def expected():
    return summary(read(base()), AS_OF, windows=WINDOWS).to_polars().sort("customer_id")


def test_the_summary_is_the_same(lines, expected):
    assert_same(summary(lines, AS_OF, windows=WINDOWS).to_polars(), expected)


def test_levels_are_the_same(lines):
    found = statements(lines).to_polars().sort("customer_id")
    wanted = statements(read(base())).to_polars().sort("customer_id")
    assert_frame_equal(found, wanted, check_dtypes=False)


def test_an_estimated_margin_is_the_same(lines):
    found = summary(read(lines, margin=0.35), AS_OF).to_polars()
    assert_same(found, summary(read(base(), margin=0.35), AS_OF).to_polars())


def test_an_earlier_summary_is_brought_up_to_date(lines, expected):
    before = AS_OF - timedelta(100)
    earlier = summary(lines.filter(lines.customer_id != 7), before)
    new = lines.filter(lines.customer_id == 7)
    again = touched(lines, new, before=before, as_of=AS_OF)
    answer = refreshed(earlier, again, AS_OF, windows=WINDOWS, recent=lines)
    assert_same(answer.to_polars(), expected)


def test_values_on_the_driver_are_the_same(lines, expected):
    found = summary(lines, AS_OF, windows=WINDOWS).to_polars().sort("customer_id")
    answer, wanted = appraise(found, AS_OF), appraise(expected, AS_OF)
    for column in ("stage", "next_expected_day", "p_active", "expected_contribution", "low"):
        assert_frame_equal(
            answer.select("customer_id", column), wanted.select("customer_id", column),
            rel_tol=1e-6, abs_tol=1e-6,
        )  # fmt: skip


def test_expectations_on_the_workers_are_the_same(session, lines, expected):
    fitted = fit(expected)

    def scored(batches):
        for batch in batches:
            yield from _scored(pl.DataFrame(batch), fitted).to_arrow().to_batches()

    table = session.sql(lines.get_backend().compile(summary(lines, AS_OF)))
    found = pl.DataFrame(table.filter("occasions > 0").mapInArrow(scored, SCORED).toArrow())
    wanted = _scored(expected.filter(pl.col("occasions") > 0), fitted)
    assert wanted.height > 50
    assert_frame_equal(found.sort("customer_id"), wanted, rel_tol=1e-12)


def _scored(bought, fitted):
    return pl.DataFrame(
        {
            "customer_id": bought["customer_id"],
            "p_active": fitted.occasions.probability_active(bought),
            "expected_occasions": fitted.occasions.expected_occasions(bought, 365),
            "per_occasion": fitted.contribution.expected(bought),
        }
    )
