"""What `read` refuses, in words that name the column, what it holds, and the mend."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest

from kundenstamm.worth import Kind, read
from kundenstamm.worth.tables import TableError

START = date(2025, 1, 1)


def frame(**columns):
    return pl.DataFrame({"customer_id": [1], "date": [START], "amount": [1.0]} | columns)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (frame().drop("customer_id"), r"'customer_id' \(who bought\) is missing.*columns="),
        (frame().drop("amount"), "'amount' .* is missing"),
        (frame(customer_id=[1.5]), "'customer_id' .* such as 1.5, .* without a customer"),
        (frame(date=["31.1.2026"]), "'date' .* such as '31.1.2026', .* such as 2026-01-31"),
        (frame(amount=["12,50"]), "'amount' .* such as '12,50', .* such as 1234.50"),
        (frame(kind=["Sale"]), "'kind' .* such as 'Sale', .* 10 for a sale"),
        (frame(customer_id=pl.Series([None], dtype=pl.Int64)), "'customer_id' is empty in 1 row"),
        (frame(amount=[float("nan")]), "'amount' is empty .* customer_id 1, date 2025-01-01"),
        (frame(amount=pl.Series([None], dtype=pl.Decimal(9, 2))), "'amount' is empty in 1 row"),
        (frame(date=pl.Series([None], dtype=pl.Date)), "'date' is empty .* leave such rows out"),
    ],
)
def test_columns_that_do_not_fit_are_refused(table, said):
    with pytest.raises(TableError, match=said):
        read(table)


def test_an_unknown_column_is_named():
    with pytest.raises(TableError, match="umsatz"):
        read(frame(), {"amount": "umsatz"})


def test_a_named_column_wins_over_one_that_happens_to_match():
    lines = read(frame(net=[7.0]), {"amount": "net"}).to_polars()
    assert lines["amount"].to_list() == [7.0]


def test_names_may_be_swapped():
    table = frame().rename({"date": "amount", "amount": "date"})
    lines = read(table, {"date": "amount", "amount": "date"}).to_polars()
    assert lines.row(0, named=True) | {"kind": 10} == frame(kind=[10]).row(0, named=True)


def test_times_become_days():
    assert read(frame(date=[datetime(2025, 1, 1, 23, 59)])).to_polars()["date"].item() == START  # noqa: DTZ001


def test_without_kinds_a_negative_amount_is_a_return():
    assert read(frame(amount=[-1.0])).to_polars()["kind"].item() == 20


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "'NoneType'. Give a path"),
        ({"customer_id": [1]}, "no table but 'dict'"),
        ("sales.parquet", "no file 'sales.parquet'"),
    ],
)
def test_what_is_no_table_is_refused(source, said):
    with pytest.raises(TableError, match=said):
        read(source)


def test_files_that_are_not_read_are_refused(tmp_path):
    (tmp_path / "sales.xlsx").touch()
    (tmp_path / "broken.parquet").write_text("customer_id,date,amount")
    (tmp_path / "empty").mkdir()
    for name, said in (
        ("sales.xlsx", "not read: .xlsx. Save it as .parquet or .csv"),
        ("broken.parquet", "cannot be read: .* Check that it is whole"),
        ("empty", "has no .parquet file"),
    ):
        with pytest.raises(TableError, match=said):
            read(tmp_path / name)


def test_a_spark_frame_is_shown_the_way():
    class Frame:
        sparkSession = None  # noqa: N815
        columns = ("customer_id",)

    with pytest.raises(TableError, match=r"ibis.pyspark.connect"):
        read(Frame())


def test_goods_are_estimated_line_by_line_and_halves_rounded_away_from_nothing():
    amounts = [Decimal("0.0001"), Decimal("0.1230"), Decimal("-0.1230"), Decimal("144.7843")]
    table = pl.DataFrame({"customer_id": 1, "date": START, "amount": amounts})
    table = table.cast({"amount": pl.Decimal(18, 4)})
    goods = read(table, margin=0.35).to_polars().filter(pl.col("kind") == Kind.COGS)["amount"]
    exact = [
        (-amount * Decimal("0.65")).quantize(Decimal("0.0001"), ROUND_HALF_UP) for amount in amounts
    ]
    # 0.65 × 0.1230 lies halfway between two steps.
    assert Decimal("-0.0800") in exact
    assert sorted(goods) == sorted(exact)


def test_an_estimate_keeps_the_places_that_the_amounts_have():
    table = pl.DataFrame({"customer_id": 1, "date": START, "amount": [Decimal("10.01")]})
    lines = read(table, margin=0.355).to_polars()
    assert lines["amount"].to_list() == [Decimal("10.01"), Decimal("-6.46")]
