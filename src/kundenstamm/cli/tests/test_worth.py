"""``kundenstamm worth``: scores of one file, and how good they would have been."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from kundenstamm.cli.main import app
from kundenstamm.worth.synthetic import sample_company

END = date(2026, 6, 30)
AS_OF = END - timedelta(180)
COLUMNS = [
    "customer", "p_active", "expected_occasions", "occasions_low", "occasions_high",
    "expected_amount", "amount_low", "amount_high", "stage", "p_alive",
]  # fmt: skip


@pytest.fixture(scope="module")
def sales(tmp_path_factory):
    path = tmp_path_factory.mktemp("worth") / "sales.csv"
    sample_company(END, customers=120, years=2).sales_file().write_csv(path, separator=";")
    return path


def call(*words):
    return CliRunner().invoke(app(only="worth"), ["worth", *map(str, words)])


def scores(sales, out, *more):
    done = call("score", sales, "--as-of", AS_OF, "--horizon-days", 90, "--out", out, *more)
    assert done.exit_code == 0, done.output
    return pl.read_parquet(out)


@pytest.mark.parametrize("estimator", ["auto", "mbgnbd", "paretonbd"])
def test_every_customer_gets_finite_numbers_in_order(sales, tmp_path, estimator):
    found = scores(sales, tmp_path / "s.parquet", "--estimator", estimator)
    assert found.columns == COLUMNS
    assert found.height > 50
    assert found["customer"].is_unique().all()
    numbers = found.select(pl.col(pl.Float64))
    assert numbers.select(pl.all().is_finite().all()).row(0) == (True,) * numbers.width
    assert found["p_active"].is_between(0, 1).all()
    assert (found["occasions_low"] <= found["occasions_high"]).all()
    assert (found["amount_low"] <= found["amount_high"]).all()


def test_nothing_after_the_day_is_looked_at(sales, tmp_path):
    whole = scores(sales, tmp_path / "whole.parquet")
    file = pl.read_csv(sales, separator=";", infer_schema=False)
    past = file.filter(pl.col("Belegdatum").str.to_date() <= AS_OF)
    assert 0 < past.height < file.height
    cut = tmp_path / "past.csv"
    past.write_csv(cut, separator=";")
    assert scores(cut, tmp_path / "past.parquet").equals(whole)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "s.xlsx"], ".parquet or .csv"),
        (["--out", "s.csv", "--estimator", "orakel"], "no estimator 'orakel'"),
        (["--out", "s.csv", "--map", "date=Nirgends"], "Nirgends"),
    ],
)
def test_what_cannot_be_done_is_told(sales, words, told):
    done = call("score", sales, "--as-of", AS_OF, *words)
    assert done.exit_code == 1
    assert told in done.output + done.stderr


def test_no_sale_before_the_day(sales, tmp_path):
    done = call("score", sales, "--as-of", "1999-01-01", "--out", tmp_path / "s.csv")
    assert done.exit_code == 1
    assert "no sale up to 1999-01-01" in done.output + done.stderr


def test_backtest_prints_and_writes_the_table(sales, tmp_path):
    out = tmp_path / "table.csv"
    done = call(
        "backtest", sales, "--horizon-days", 90, "--estimator", "mbgnbd", "--estimator",
        "own_rate", "--cutoff", AS_OF, "--out", out,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "mbgnbd" in done.output
    assert "own_rate" in done.output
    table = pl.read_csv(out)
    assert set(table["estimator"]) == {"mbgnbd", "own_rate"}
    assert set(table["target"]) == {"occasions", "contribution"}


def test_a_horizon_longer_than_the_file_is_refused(sales):
    done = call("backtest", sales, "--horizon-days", 3000)
    assert done.exit_code == 1
    assert "shorter --horizon-days" in done.output + done.stderr


def test_traits_and_events_come_from_files_of_their_own(sales, tmp_path):
    who = pl.read_parquet(_scored_once(sales, tmp_path))["customer"]
    traits, events = tmp_path / "traits.csv", tmp_path / "events.csv"
    traits.write_text("Kunde;Kanal;Größe\n" + "".join(f"{each};web;1,5\n" for each in who))
    events.write_text("Kunde;Datum;Art\n" + f"{who[0]};30.11.2025;complaint\n")
    found = scores(sales, tmp_path / "s.parquet", "--traits", traits, "--events", events)
    assert found.height == len(who)


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--traits", "Kunde;Kanal\nA;web\nA;visit\n", "'A' stands 2 times"),
        ("--traits", "Kunde\nA\n", "needed are the customer and at least one trait"),
        ("--events", "Kunde;Datum;Art\nA;31.02.2026;x\n", "no date in line 2: '31.02.2026'"),
        ("--events", "Kunde;Datum\nA;2026-01-01\n", "needed are the customer, the date"),
    ],
)
def test_a_bad_file_beside_is_told(sales, tmp_path, option, text, said):
    beside = tmp_path / "beside.csv"
    beside.write_text(text)
    done = call("score", sales, "--as-of", AS_OF, "--out", tmp_path / "s.csv", option, beside)
    assert done.exit_code == 1
    assert said in done.output


def _scored_once(sales, tmp_path):
    scores(sales, tmp_path / "once.parquet", "--estimator", "mbgnbd")
    return tmp_path / "once.parquet"
