"""The same summary on every engine: equal tables, to the last of twelve digits.

PostgreSQL stands in ``lifecycle/tests/test_engines.py``, since ``worth`` knows no server; Spark
in ``test_spark.py``.
"""

from __future__ import annotations

import duckdb
import ibis
import polars as pl
import pytest

from kundenstamm.worth import read
from kundenstamm.worth.summary import summary
from kundenstamm.worth.tests.engines import AS_OF, WINDOWS, assert_same, base

LINES = base()


@pytest.fixture(scope="module")
def expected():
    answer = summary(read(LINES), AS_OF, windows=WINDOWS).to_polars()
    assert answer.height == 59  # all but the one who bought later
    return answer


def test_files(expected, tmp_path):
    LINES.write_parquet(tmp_path / "lines.parquet")
    LINES.write_csv(tmp_path / "lines.csv")
    (tmp_path / "parts").mkdir()
    LINES.head(400).write_parquet(tmp_path / "parts" / "part-0.parquet")
    LINES.slice(400).write_parquet(tmp_path / "parts" / "part-1.parquet")
    for source in ("lines.parquet", "lines.csv", "parts"):
        answer = summary(read(tmp_path / source), AS_OF, windows=WINDOWS).to_polars()
        assert_same(answer, expected)


def _in_duckdb():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE ledger AS SELECT * FROM LINES")
    return ibis.duckdb.from_connection(connection).table("ledger")


@pytest.mark.parametrize(
    "made",
    [
        pl.DataFrame.to_arrow,
        pl.DataFrame.lazy,
        lambda lines: lines.to_arrow().to_reader(),
        lambda lines: lines.to_arrow().to_pandas(),
        lambda lines: duckdb.sql("SELECT * FROM LINES"),
        lambda lines: _in_duckdb(),
    ],
    ids=["arrow", "polars lazy", "arrow stream", "pandas", "duckdb relation", "duckdb table"],
)
def test_tables_in_memory(made, expected):
    answer = summary(read(made(LINES)), AS_OF, windows=WINDOWS).to_polars()
    assert_same(answer, expected)
