"""Numbers and dates as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from kundenstamm.importers import cells


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1.234,56", "12,5", "-3,00"], ["1234.56", "12.5", "-3"]),
        (["1,234.56", "12.5", "-3.00"], ["1234.56", "12.5", "-3"]),
        (["1'234.50", "12'345'678.90"], ["1234.5", "12345678.9"]),
        (["1 234,50", "12\u00a0345,90", "1\u202f000,00"], ["1234.5", "12345.9", "1000"]),
        (["12,50 €", "€ 3,00", "EUR 4,00", "5,00 EUR"], ["12.5", "3", "4", "5"]),
        (["£1,234.00", "$5.50"], ["1234", "5.5"]),
        (["12,50-", "(3,00)", "−4,00", "+5,00", "- 6,00"], ["-12.5", "-3", "-4", "5", "-6"]),
        (["0,001", "1,23456"], ["0.001", "1.2346"]),
        (["1e3", "2.5E-1"], ["1000", "0.25"]),
        ([",50", ".5"], ["0.5", "0.5"]),
        # One way only to read it, whatever the rest of the column does.
        (["12.5", "13.7", "1.234,56"], ["12.5", "13.7", "1234.56"]),
        (["1.234.567", "5"], ["1234567", "5"]),
        (["0.123", "1.234,5", "2.345,6"], ["0.123", "1234.5", "2345.6"]),
    ],
)
def test_numbers(written, meant):
    assert cells.as_decimal(pl.Series(written)).to_list() == [Decimal(each) for each in meant]


@pytest.mark.parametrize(
    "junk", ["1.2.3", "1,2,3", "12a", "nan", "inf", "--1", "=1+1", "1.23.456,7", "9" * 40, "€", "-"]
)
def test_what_is_no_number_stays_unread(junk):
    assert cells.as_decimal(pl.Series([junk])).to_list() == [None]


def test_the_decimal_mark_may_be_said():
    ambiguous = pl.Series(["1.234", "2.500"])
    assert cells.as_decimal(ambiguous, ",").to_list() == [Decimal(1234), Decimal(2500)]
    assert cells.as_decimal(ambiguous, ".").to_list() == [Decimal("1.234"), Decimal("2.5")]


def test_floats_become_exact_decimals():
    floats = pl.Series([0.1 + 0.2, 6.95, 0.001, float("nan"), float("inf"), 1e300, None])
    read = [Decimal(each) for each in ("0.3", "6.95", "0.001")]
    assert cells.as_decimal(floats).to_list() == [*read, None, None, None, None]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["31.12.2024", "1.2.2024"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["31.12.24", "01.02.24"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["12/31/2024", "01/02/2024"], [date(2024, 12, 31), date(2024, 1, 2)]),
        (["31/12/2024", "01/02/2024"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["2024-12-31", "2024-02-01 13:45:00"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["2024-12-31T08:00:00Z", "20240201"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["31.12.2024 08:15", "2024-02-01"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["5. Januar 2024", "05-Mar-2024", "Oct 5, 2024"],
         [date(2024, 1, 5), date(2024, 3, 5), date(2024, 10, 5)]),
        (["7. März 2024", "8. Dez. 2024"], [date(2024, 3, 7), date(2024, 12, 8)]),
        (["45296", "45297.75"], [date(2024, 1, 5), date(2024, 1, 6)]),
        (["31.02.2024", "heute", "", None], [None] * 4),
    ],
)  # fmt: skip
def test_dates(written, meant):
    assert cells.as_date(pl.Series(written, dtype=pl.String)).to_list() == meant


def test_one_day_beyond_the_twelfth_decides_for_the_whole_column():
    column = pl.Series(["01/02/2024"] * 50_000 + ["02/13/2024"])
    found = cells.date_order(column)
    assert (found.order, found.ambiguous) == ("mdy", False)
    assert cells.as_date(column)[0] == date(2024, 1, 2)


def test_an_undecidable_column_is_called_ambiguous():
    assert cells.date_order(pl.Series(["01/02/2024", "03/04/2024"])).ambiguous
    assert not cells.date_order(pl.Series(["01.02.2024", "03.04.2024"])).ambiguous
    assert cells.date_order(pl.Series(["Anna", "Bernd"])) is None
    said = cells.as_date(pl.Series(["01/02/2024"]), "mdy")
    assert said.to_list() == [date(2024, 1, 2)]


def test_typed_columns_pass_through():
    moment = pl.Series([datetime(2024, 1, 5, 23, 59, tzinfo=UTC)])
    assert cells.as_date(moment).to_list() == [date(2024, 1, 5)]
    assert cells.as_text(pl.Series([1001.0, 0.5, None])).to_list() == ["1001", "0.5", None]
    assert cells.as_text(pl.Series([" A\u00a0", "  ", ""])).to_list() == ["A", None, None]


def test_numbers_that_were_taken_for_amounts_lose_their_zero():
    assert cells.without_point_zero(pl.Series(["13085.0", None])).to_list() == ["13085", None]
    versions = ["1.0", "1.1"]
    assert cells.without_point_zero(pl.Series(versions)).to_list() == versions
