"""``kundenstamm report`` as other programs and people call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal

import pytest

CONTRACT = {
    "lines", "refused", "customers", "gross_sales", "returns", "net_revenue", "contribution_1",
    "estimated_margin", "stages", "as_of",
}  # fmt: skip


RUN = "from kundenstamm.cli.main import run; run()"


def _json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_contract(kundenstamm, sales_file):
    found = _json(kundenstamm("report", sales_file, "--json", "-"))
    assert set(found) >= CONTRACT
    assert found["lines"] == 42
    assert found["refused"] == {
        "bad_date": {"count": 1, "amount": "1.00"},
        "no_customer": {"count": 1, "amount": "12.34"},
        "no_date": {"count": 1, "amount": "0.01"},
    }
    assert (found["customers"], found["as_of"]) == (4, "2024-11-30")
    assert (found["gross_sales"], found["returns"]) == ("3020.00", "-30.00")
    assert (found["discounts"], found["net_revenue"]) == ("-40.00", "2950.00")
    # A yearly bonus lowers the price and not what the goods cost: 0.35 × 2,990 − 40.
    assert found["contribution_1"] == "1006.50"
    assert (found["estimated_margin"], found["margin"]) == (True, 0.35)
    assert found["amount"] == "2963.35"
    assert sum(found["stages"].values()) == 4
    assert found["stages"]["prospect"] == 1
    assert (found["top"][0]["name"], found["bottom"]) == ("Anna", [])
    stopped = next(row for row in found["top"] if row["name"] == "Bernd")
    assert stopped["stage"] in ("at_risk", "lost")
    assert "silent" in stopped["why"].lower()


def test_accepted_and_refused_amounts_are_the_files_to_the_cent(kundenstamm, tmp_path):
    """Thousandths in every part: rounding each by itself would be a cent off."""
    path = tmp_path / "thousandths.csv"
    rows = [f"{who};2024-01-0{n};0.00{n}" for n in range(1, 8) for who in ("A", "")]
    path.write_text("\n".join(["customer;date;amount", *rows, "A;x;0.004", "A;;0.005"]) + "\n")
    found = _json(kundenstamm("report", path, "--json", "-"))
    refused = sum(Decimal(each["amount"]) for each in found["refused"].values())
    assert Decimal(found["net_revenue"]) + refused == Decimal(found["amount"]) == Decimal("0.06")


def test_lines_after_the_day_are_set_aside(kundenstamm, sales_file):
    found = _json(kundenstamm("report", sales_file, "--as-of", "2024-06-30", "--json", "-"))
    assert (found["as_of"], found["as_of_chosen"]) == ("2024-06-30", True)
    assert (found["later"]["count"], found["customers"]) == (7, 3)
    refused = sum(Decimal(each["amount"]) for each in found["refused"].values())
    parts = Decimal(found["net_revenue"]) + Decimal(found["later"]["amount"]) + refused
    assert parts == Decimal(found["amount"])
    assert found["last_day"] <= "2024-06-30"


def test_standard_output_carries_only_the_json(sales_file):
    """As a process, so that nothing else can write there either."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, "report", str(sales_file), "--json", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["lines"] == 42
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("said", "contribution"), [("0.5", "1455.00"), ("0,5", "1455.00"), ("50 %", "1455.00")]
)
def test_margins(kundenstamm, sales_file, said, contribution):
    found = _json(kundenstamm("report", sales_file, "--margin", said, "--json", "-"))
    assert found["contribution_1"] == contribution


def test_costs_in_the_file_are_not_estimated(kundenstamm, tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text(
        "Kunde;Datum;Menge;Preis;Rabatt %;EK-Preis\n"
        "A;05.01.2024;2;10,00;10;4,00\nA;05.02.2024;-1;10,00;10;4,00\n"
    )
    found = _json(kundenstamm("report", path, "--json", "-"))
    assert (found["estimated_margin"], found["margin"]) == (False, None)
    assert (found["gross_sales"], found["returns"], found["discounts"]) == (
        "20.00", "-10.00", "-1.00",
    )  # fmt: skip
    assert (found["net_revenue"], found["contribution_1"]) == ("9.00", "5.00")


def test_columns_are_mapped_by_hand(kundenstamm, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("wer;wann;wieviel\nA;05.01.2024;1,50\n")
    failed = kundenstamm("report", path, "--lang", "en")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "wer, wann, wieviel" in failed.stderr
    chosen = ["--map", "customer=wer", "--map", "date=wann", "--map", "amount=wieviel"]
    assert _json(kundenstamm("report", path, *chosen, "--json", "-"))["net_revenue"] == "1.50"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["nowhere.csv"], 1, "no such file"),
        (["{file}", "--margin", "2"], 2, "between 0 and 1"),
        (["{file}", "--margin", "viel"], 2, "between 0 and 1"),
        (["{file}", "--lang", "fr"], 2, "de and en"),
        (["{file}", "--map", "custmer=Kunde"], 1, "Did you mean 'customer'"),
        (["{file}", "--map", "customer=Kunden"], 1, "Did you mean 'Kunde'"),
        (["{file}", "--as-of", "2020-01-01"], 1, "Choose a later --as-of"),
        (["{file}", "--html", "/nowhere/at/all.html"], 1, "Choose another place"),
        (["{file}", "--sheet", "x", "--encoding", "klingon"], 1, "klingon"),
    ],
)
def test_errors_name_their_mend_and_show_no_traceback(
    kundenstamm, sales_file, words, status, message
):
    filled = [word.format(file=sales_file) for word in words]
    result = kundenstamm("report", *filled, "--lang", "en") if "--lang" not in filled else None
    result = result or kundenstamm("report", *filled)
    assert result.exit_code == status
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_a_file_of_customers_is_told_apart(kundenstamm, tmp_path):
    path = tmp_path / "kunden.csv"
    path.write_text("Kundennummer;Name;PLZ;Ort\n1;Anna;20095;Hamburg\n")
    failed = kundenstamm("report", path, "--lang", "en")
    assert failed.exit_code == 1
    assert "file of customers" in failed.stderr


def test_when_no_line_can_be_used_the_reasons_are_told(kundenstamm, tmp_path):
    path = tmp_path / "none.csv"
    path.write_text("Kunde;Datum;Netto\n;05.01.2024;1\nA;nie;1\n")
    failed = kundenstamm("report", path, "--lang", "en")
    assert failed.exit_code == 1
    assert "none of the 2 lines" in failed.stderr
    assert "The customer is missing." in failed.stderr


def test_the_terminal_shows_everything_in_words(kundenstamm, sales_file):
    shown = kundenstamm("report", sales_file, "--lang", "en", "--currency", "EUR").stdout
    words = " ".join(shown.split())
    for phrase in (
        "Net revenue €2,950.00",
        "Contribution I estimated margin 35% €1,006.50",
        "Anna (1)",
        "The customer is missing.",
        "First in row 41: empty.",
        "the day of the newest line",
        "35% of net sales is taken as margin",
    ):
        assert phrase in words


def test_names_that_look_like_markup_stay_text(kundenstamm, tmp_path):
    path = tmp_path / "markup.csv"
    path.write_text("Kunde;Datum;Netto\n[bold]X[/bold];05.01.2024;1\n[/red];06.01.2024;2\n")
    shown = kundenstamm("report", path)
    assert shown.exit_code == 0
    assert "[bold]X[/bold]" in shown.stdout
    assert "[/red]" in shown.stdout


@pytest.mark.parametrize(
    "rows",
    [
        ["A;05.01.2024;1"],
        ["A;05.01.2024;-1"],
        ["A;05.01.2024;0"],
        [f"K{n};05.01.2024;{n + 1}" for n in range(30)],
        [f"A;{day:02}.01.2024;5" for day in range(1, 29)],
    ],
    ids=["one line", "one return", "nothing", "one day", "one customer"],
)
def test_degenerate_bases_give_a_report(kundenstamm, tmp_path, rows):
    path = tmp_path / "few.csv"
    path.write_text("\n".join(["Kunde;Datum;Netto", *rows]) + "\n")
    found = _json(kundenstamm("report", path, "--json", "-"))
    assert sum(found["stages"].values()) == found["customers"]
    assert kundenstamm("report", path, "--html", tmp_path / "few.html").exit_code == 0


def test_equal_input_gives_equal_output(kundenstamm, sales_file):
    once = kundenstamm("report", sales_file, "--json", "-").stdout
    assert kundenstamm("report", sales_file, "--json", "-").stdout == once


def test_json_into_a_file(kundenstamm, sales_file, tmp_path):
    target = tmp_path / "out.json"
    assert kundenstamm("report", sales_file, "--json", target).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["lines"] == 42


def test_a_terminal_that_knows_few_letters(sales_file):
    for words in (["--json", "-"], ["--lang", "de"]):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "report", str(sales_file), *words],
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
        )
        assert (done.returncode, done.stderr) == (0, b"")
