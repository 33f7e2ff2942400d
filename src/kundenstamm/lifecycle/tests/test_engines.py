"""The purchase summary on PostgreSQL, where the lines lie, beside DuckDB: equal tables."""

from __future__ import annotations

import ibis
import psycopg
import pytest
from django.db import connection
from polars.testing import assert_frame_equal

from kundenstamm.worth import read
from kundenstamm.worth.incremental import refreshed, touched
from kundenstamm.worth.levels import statements
from kundenstamm.worth.summary import summary
from kundenstamm.worth.tests.engines import AS_OF, START, WINDOWS, assert_same, base

LINES = base()


@pytest.fixture
def on_postgresql(django_db_setup, django_db_blocker):
    """The lines as a table of the running server, on a connection of Ibis' own."""
    with django_db_blocker.unblock():
        described = connection.get_connection_params()
    known = {name: described[name] for name in ("dbname", "host", "port", "user", "password")
             if described.get(name)}  # fmt: skip
    with psycopg.connect(**known) as own:
        engine = ibis.postgres.from_connection(own)
        yield engine.create_table("lines", LINES.to_arrow(), temp=True)


def _expected():
    return summary(read(LINES), AS_OF, windows=WINDOWS).to_polars()


def test_the_summary_in_place(on_postgresql):
    answer = summary(read(on_postgresql), AS_OF, windows=WINDOWS).to_polars()
    assert_same(answer, _expected())
    found = summary(read(on_postgresql, margin=0.35), AS_OF).to_polars()
    assert_same(found, summary(read(LINES, margin=0.35), AS_OF).to_polars())
    levels = statements(on_postgresql).to_polars().sort("customer_id")
    wanted = statements(read(LINES)).to_polars().sort("customer_id")
    assert_frame_equal(levels, wanted, check_dtypes=False)


def test_only_touched_customers_in_place(on_postgresql):
    lines, before = on_postgresql, START.replace(month=12)
    earlier = summary(lines.filter(lines.customer_id != 7), before)
    new = lines.filter(lines.customer_id == 7)
    again = touched(lines, new, before=before, as_of=AS_OF)
    answer = refreshed(earlier, again, AS_OF, windows=WINDOWS, recent=lines).to_polars()
    assert_same(answer, _expected())
