"""The same summary on every engine: equal tables, to the last of twelve digits."""

from __future__ import annotations

import duckdb
import ibis
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kundenstamm.worth import read
from kundenstamm.worth.incremental import refreshed, touched
from kundenstamm.worth.levels import statements
from kundenstamm.worth.summary import summary
from kundenstamm.worth.tests.engines import AS_OF, START, WINDOWS, assert_same, base

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


@pytest.fixture
def on_postgresql(django_db_setup, django_db_blocker):
    """The lines as a table of the running server, on a connection of Ibis' own."""
    import psycopg
    from django.db import connection

    with django_db_blocker.unblock():
        described = connection.get_connection_params()
    known = {name: described[name] for name in ("dbname", "host", "port", "user", "password")
             if described.get(name)}  # fmt: skip
    with psycopg.connect(**known) as own:
        engine = ibis.postgres.from_connection(own)
        yield engine.create_table("lines", LINES.to_arrow(), temp=True)


def test_postgresql(on_postgresql, expected):
    answer = summary(read(on_postgresql), AS_OF, windows=WINDOWS).to_polars()
    assert_same(answer, expected)
    found = summary(read(on_postgresql, margin=0.35), AS_OF).to_polars()
    assert_same(found, summary(read(LINES, margin=0.35), AS_OF).to_polars())
    levels = statements(on_postgresql).to_polars().sort("customer_id")
    wanted = statements(read(LINES)).to_polars().sort("customer_id")
    assert_frame_equal(levels, wanted, check_dtypes=False)


def test_postgresql_incremental(on_postgresql, expected):
    lines, before = on_postgresql, START.replace(month=12)
    earlier = summary(lines.filter(lines.customer_id != 7), before)
    new = lines.filter(lines.customer_id == 7)
    again = touched(lines, new, before=before, as_of=AS_OF)
    answer = refreshed(earlier, again, AS_OF, windows=WINDOWS, recent=lines).to_polars()
    assert_same(answer, expected)
