"""An earlier summary and the lines of touched customers give what a whole run gives."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kundenstamm.worth import Kind, read
from kundenstamm.worth.incremental import refreshed, touched
from kundenstamm.worth.summary import summary
from kundenstamm.worth.tables import TableError
from kundenstamm.worth.tests.engines import assert_same

START = date(2025, 1, 1)
WINDOWS = (7, 20)
# Few customers and days, so that entries meet.
entry = st.tuples(
    st.sampled_from(["A", "B", "C", "D"]),
    st.integers(0, 40),
    st.sampled_from([int(kind) for kind in Kind]),
    st.integers(-500, 500),
    st.booleans(),
)


def table(entries):
    return pl.DataFrame(
        {
            "customer_id": [e[0] for e in entries],
            "date": [START + timedelta(e[1]) for e in entries],
            "kind": [e[2] for e in entries],
            "amount": [e[3] for e in entries],
        },
        schema={"customer_id": pl.String, "date": pl.Date, "kind": pl.Int16, "amount": pl.Int64},
    )


def updated(entries, before, as_of, windows=WINDOWS):
    """The new summary by way of the earlier one; ``entries`` tell by their last which are new."""
    now, written = read(table(entries)), table([e for e in entries if e[4]])
    first = summary(read(table([e for e in entries if not e[4]])), before, windows=windows)
    return refreshed(
        first.to_polars(),
        touched(now, written, before=before, as_of=as_of),
        as_of,
        windows=windows,
        recent=now.filter(now.date > as_of - timedelta(max(windows))) if windows else None,
    ).to_polars()


@settings(max_examples=12, deadline=None)
@given(st.lists(entry, min_size=1, max_size=30), st.integers(0, 45), st.integers(0, 20))
@example([("A", 0, 10, 5, False), ("A", 9, 10, 5, False)], 9, 7)
@example([("A", 3, 10, 5, False), ("B", 1, 10, 5, True)], 2, 2)
def test_any_split_into_before_and_after_gives_the_whole_run(entries, until, later):
    before, as_of = START + timedelta(until), START + timedelta(until + later)
    whole = summary(read(table(entries)), as_of, windows=WINDOWS).to_polars()
    assert_same(updated(entries, before, as_of), whole)


def test_the_untouched_grow_older_and_leave_the_windows():
    entries = [("A", 0, 10, 5, False), ("A", 9, 10, 5, False), ("B", 12, 10, 5, True)]
    answer = updated(entries, START + timedelta(9), START + timedelta(16))
    row = answer.filter(pl.col("customer_id") == "A").row(0, named=True)
    assert (row["age"], row["occasions_last_7"], row["occasions_last_20"]) == (16, 0, 2)


def test_nobody_untouched_is_read_again():
    entries = [("A", 0, 10, 5, False), ("B", 1, 10, 5, False), ("B", 2, 10, 5, True)]
    day = START + timedelta(5)
    lines = touched(read(table(entries)), table(entries[2:]), before=day, as_of=day)
    assert lines.to_polars()["customer_id"].to_list() == ["B", "B"]


def test_a_line_known_before_its_day_touches_when_the_day_comes():
    entries = [("A", 0, 10, 5, False), ("A", 8, 10, 5, False)]
    answer = updated(entries, START + timedelta(5), START + timedelta(8), windows=())
    assert answer["occasions"].to_list() == [2]


def test_an_earlier_summary_may_be_of_another_kind_of_number():
    entries = [("A", 0, 10, 5, False), ("B", 1, 10, 5, True)]
    day, lines = START + timedelta(5), read(table(entries))
    first = summary(lines, day).to_polars().with_columns(pl.col("net_sales").cast(pl.Float64))
    again = touched(lines, table(entries[1:]), before=day, as_of=day)
    answer = refreshed(first, again, day).to_polars()
    assert_same(answer, summary(lines, day).to_polars())


def test_going_back_in_time_is_refused():
    lines = read(table([("A", 0, 10, 5, False)]))
    with pytest.raises(TableError, match="ends on 2025-01-01, after 2024-12-31"):
        touched(lines, lines, before=START, as_of=START - timedelta(1))


def test_windows_without_recent_lines_are_refused():
    lines = read(table([("A", 0, 10, 5, False)]))
    with pytest.raises(TableError, match="last 20 days"):
        refreshed(summary(lines, START), lines, START, windows=WINDOWS)


def test_what_is_no_summary_is_refused_by_column():
    lines = read(table([("A", 0, 10, 5, False)]))
    with pytest.raises(TableError, match="'repeat_day'"):
        refreshed(summary(lines, START).drop("repeat_day"), lines, START)


def test_it_stays_an_expression():
    lines = ibis.table(read(table([])).schema(), name="lines")
    day = START
    made = refreshed(
        ibis.table(summary(lines, day).schema(), name="earlier"),
        touched(lines, ibis.table({"customer_id": "string"}, name="new"), before=day, as_of=day),
        day,
    )
    sql = ibis.to_sql(made, dialect="postgres").upper()
    # Joins that PostgreSQL does not know.
    assert "SEMI JOIN" not in sql
    assert "ANTI JOIN" not in sql
