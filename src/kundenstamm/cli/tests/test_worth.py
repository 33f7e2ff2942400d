"""``kundenstamm worth``: scores of one file, and how good they would have been."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from rich.console import Console
from typer.testing import CliRunner

from kundenstamm.cli.main import app
from kundenstamm.cli.worth import showing
from kundenstamm.cli.worth.showing import SHOWN
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
        (["--out", "nowhere/s.csv"], "no folder nowhere. Make it"),
        (["--out", "s.csv", "--estimator", "orakel"], "no estimator 'orakel'"),
        (["--out", "s.csv", "--map", "date=Nirgends"], "Nirgends"),
    ],
)
def test_what_cannot_be_done_is_told(sales, words, told):
    done = call("score", sales, "--as-of", AS_OF, *words)
    assert done.exit_code == 1
    assert told in done.output + done.stderr


def test_refused_rows_are_told_with_row_column_value_and_mend(tmp_path):
    file = tmp_path / "s.csv"
    rows = ["A,2025-01-01,10", "B,2025-02-30,7", "C,2025-03-01,", "A,2025-03-01,5", "C,2025-3-2,x"]
    file.write_text("customer,date,amount\n" + "\n".join([*rows, "D,2025-04-01,-3"]) + "\n")
    done = call("score", file, "--as-of", "2025-12-31", "--out", tmp_path / "o.csv")
    assert done.exit_code == 0, done.output
    told = done.output + done.stderr
    for words in (
        "s.csv: 1 row refused in row 3, column 'date': '2025-02-30'. This is no date. Write it as",
        "1 row refused in row 4, column 'amount': empty. The amount is missing. Enter the net",
        "1 row refused in row 6, column 'amount': 'x'. This is no number.",
        "Fewer than 50 customers: parameters are rough.",
        "1 customer without a row: no day with positive net sales so far.",
        "1 customer, 365 days from 2025-12-31",
    ):
        assert words in told
    assert pl.read_csv(tmp_path / "o.csv")["customer"].to_list() == ["A"]


def test_dates_that_read_either_way_are_told_and_can_be_turned(tmp_path):
    file = tmp_path / "s.csv"
    file.write_text("customer,date,amount\nA,03/04/2025,10\nA,05/06/2025,10\nB,01/02/2025,9\n")
    asked = ("score", file, "--as-of", "2025-04-04", "--out", tmp_path / "o.csv")
    assert "If that is wrong: --date-order mdy." in (done := call(*asked)).output + done.stderr
    assert call(*asked, "--date-order", "mdy").exit_code == 0
    assert pl.read_csv(tmp_path / "o.csv").height == 2


def test_how_later_rows_are_written_changes_nothing(tmp_path):
    """Later on the amounts are written otherwise, and cells are broken: not looked at."""
    early = "Kunde;Datum;Betrag\n" + "".join(
        f"K{n};{1 + n % 28:02d}.{1 + n % 6:02d}.2025;1.{n:03d}\n" for n in range(40)
    )
    later = "K1;01.12.2025;2,345.67\nK2;02.12.2025;kaputt\nK3;03.12.2025;9.99\n"
    found = []
    for name, text in (("past", early), ("whole", early + later)):
        file, out = tmp_path / f"{name}.csv", tmp_path / f"{name}.parquet"
        file.write_text(text)
        done = call("score", file, "--as-of", "2025-07-01", "--horizon-days", 90, "--out", out)
        assert done.exit_code == 0, done.output
        assert "refused" not in done.output + done.stderr
        found.append(out.read_bytes())
    assert found[0] == found[1]


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


def test_the_table_is_whole_on_a_narrow_terminal(monkeypatch, capsys):
    table = pl.DataFrame(
        [
            (AS_OF, name, target, metric, 0.5)
            for name in ("mbgnbd", "auto")
            for target in ("occasions", "contribution")
            for metric in SHOWN
        ],
        schema=["cutoff", "estimator", "target", "metric", "value"],
        orient="row",
    )
    monkeypatch.setattr(showing, "_console", lambda: Console(width=60))
    showing.show(table, [AS_OF], 90)
    printed = capsys.readouterr().out
    assert "…" not in printed
    assert printed.count("0.500") == table.height
    assert max(map(len, printed.splitlines())) <= 60


@pytest.mark.parametrize(
    ("chance", "alive", "said"),
    [
        (0.8, 0.7, "So p_alive did not order customers better than plain recency here."),
        (0.7, 0.75, "So p_active and p_alive did not"),
        (0.8, 0.8, "alone in 75.0%."),
    ],
)
def test_it_is_said_where_recency_orders_customers_as_well(chance, alive, said):
    values = {"auc": chance, "auc_active": alive, "auc_recency": 0.75}
    columns = [showing.Column(name, {"auto": value}) for name, value in values.items()]
    told = showing.who_buys_again(columns)
    assert said in told
    assert ("plain recency" in told) == said.startswith("So")


def test_a_day_after_which_nothing_is_known_is_refused_and_a_gap_told(sales):
    done = call("backtest", sales, "--horizon-days", 90, "--cutoff", "2027-01-01")
    assert done.exit_code == 1
    assert "Nothing is known after 2027-01-01: the file ends on" in done.output + done.stderr
    words = ("--cutoff", END - timedelta(30), "--estimator", "own_rate")
    done = call("backtest", sales, "--horizon-days", 90, *words)
    assert done.exit_code == 0
    assert "counts as days without a purchase" in done.output + done.stderr


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
