"""Sales lines: what is accepted as which kind, what is refused and why, and that sums agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from kundenstamm.importers import sales
from kundenstamm.importers.files import read
from kundenstamm.importers.mapping import guess
from kundenstamm.importers.refusals import REFUSALS
from kundenstamm.importers.tests.conftest import TODAY
from kundenstamm.worth.levels import Kind

HEAD = "Kunde;Datum;Beleg;Artikel;Bezeichnung;Netto\n"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("A;05.01.2024;RE1;100;Schraube;10", Kind.SALE),
        ("A;05.01.2024;RE1;100;Gratismuster;0", Kind.SALE),
        ("A;05.01.2024;RE1;100;Schraube;-2", Kind.RETURN),
        ("A;05.01.2024;GS-5;100;Schraube;-3", Kind.CREDIT_NOTE),
        ("A;05.01.2024;C489449;100;Schraube;-3", Kind.CREDIT_NOTE),
        ("A;05.01.2024;Storno 7;100;Schraube;-3", Kind.CREDIT_NOTE),
        ("A;05.01.2024;RE1;M;Manual;-3", Kind.CREDIT_NOTE),
        ("A;05.01.2024;RE1;M;Manual;3", Kind.SALE),
        ("A;05.01.2024;RE1;D;Discount;-1", Kind.DISCOUNT),
        ("A;05.01.2024;RE1;D;Discount;1", Kind.DISCOUNT),
        ("A;05.01.2024;RE1;;Skonto 2 %;-1", Kind.DISCOUNT),
        ("A;05.01.2024;RE1;;Sonderrabatt;-1", Kind.DISCOUNT),
        ("A;05.01.2024;RE1;;Jahresrabatt 2023;-1", Kind.REBATE),
        ("A;05.01.2024;RE1;;Jahresbonus;-4", Kind.BONUS),
        ("A;05.01.2024;RE1;;Aktionsrabatt Mai;-4", Kind.PROMOTION),
        # Goods that merely sound like a reduction.
        ("A;05.01.2024;RE1;7;Abzugshaube Edelstahl;99", Kind.SALE),
        ("A;05.01.2024;RE1;7;Promotion T-Shirt;9", Kind.SALE),
        ("A;05.01.2024;RE1;7;Adjustable lamp;-9", Kind.RETURN),
        ("A;05.01.2024;RE1;7;Bonusheft-Hülle;1", Kind.SALE),
    ],
)
def test_kinds(checked, line, kind):
    found = checked(f"{HEAD}Z;04.01.2024;RE0;1;Mutter;1\n{line}\n").accepted
    assert found.row(1, named=True)["kind"] == kind


@pytest.mark.parametrize(
    ("line", "reason", "column", "value"),
    [
        (";05.01.2024;R;1;x;5", "no_customer", "Kunde", None),
        (";05.01.2024;R;1;x;0", "stock_booking", "Kunde", None),
        (";05.01.2024;R;B;Adjust bad debt;-5", "manual_booking", "Kunde", None),
        (";05.01.2024;R;;Forderungsausfall;-5", "manual_booking", "Kunde", None),
        ("A;;R;1;x;5", "no_date", "Datum", None),
        ("A;31.02.2024;R;1;x;5", "bad_date", "Datum", "31.02.2024"),
        ("A;01.01.1969;R;1;x;5", "far_date", "Datum", "01.01.1969"),
        ("A;01.06.2026;R;1;x;5", "far_date", "Datum", "01.06.2026"),
        ("A;05.01.2024;R;1;x;", "no_amount", "Netto", None),
        ("A;05.01.2024;R;1;x;zehn", "bad_number", "Netto", "zehn"),
        ("A;05.01.2024;R;1;x;99.999.999.999,00", "too_large", "Netto", "99.999.999.999,00"),
        ("A;05.01.2024;R;TEST001;x;5", "test_article", "Artikel", "TEST001"),
        ("A;05.01.2024;R;1;Testartikel;5", "test_article", "Bezeichnung", "Testartikel"),
        ("Summe;;;;;6", "total_row", "Kunde", "Summe"),
        (";;;;Gesamtsumme:;6", "total_row", "Kunde", None),
        (f"{'K' * 61};05.01.2024;R;1;x;5", "too_long", "Kunde", "K" * 61),
    ],
)
def test_refusals_name_row_column_value_and_mend(checked, line, reason, column, value):
    found = checked(f"{HEAD}Z;04.01.2024;R0;1;Mutter;1\n{line}\n")
    assert found.accepted["row"].to_list() == [2]
    refused = found.refused.row(0, named=True)
    assert (refused["row"], refused["reason"]) == (3, reason)
    assert (refused["column"], refused["value"]) == (column, value)
    assert REFUSALS[reason].why
    assert REFUSALS[reason].mend


def test_quantity_and_price_discount_and_cost(checked):
    found = checked(
        "Kunde;Datum;Menge;Einzelpreis;Rabatt %;EK-Preis\n"
        "A;05.01.2024;2,5;4,00;10;2\n"
        "B;05.01.2024;-1;4,00;10;2\n"
        "C;05.01.2024;3;0,3333;;\n"
    ).accepted
    lines = found.select("kind", "amount", "discount", "cost", "quantity").rows()
    assert lines == [
        (10, Decimal(10), Decimal(-1), Decimal(-5), Decimal("2.5")),
        (20, Decimal(-4), Decimal("0.4"), Decimal(2), Decimal(-1)),
        (10, Decimal("0.9999"), None, None, Decimal(3)),
    ]


def test_a_discount_in_money_or_in_percent(checked):
    money = checked("Kunde;Datum;Menge;Preis;Rabatt\nA;05.01.2024;2;10;3\nB;05.01.2024;2;10;-3\n")
    assert money.accepted["discount"].to_list() == [Decimal(-3), Decimal(-3)]
    share = checked("Kunde;Datum;Menge;Preis;Rabatt\nA;05.01.2024;2;10;5 %\n")
    assert share.accepted["discount"].to_list() == [Decimal(-1)]


def test_credit_notes_written_without_a_minus_sign(checked):
    head = "Belegart;Kunde;Datum;Netto\nRechnung;A;05.01.2024;100\n"
    found = checked(f"{head}Gutschrift;A;06.01.2024;20\nStorno;A;06.01.2024;5\n")
    assert found.accepted["kind"].to_list() == [10, 21, 21]
    assert found.accepted_amount == 75
    assert found.notes == (sales.CREDITS_WRITTEN_POSITIVE,)
    # Bookkeepers say debit and credit.
    found = checked("Soll/Haben;Konto;Datum;Umsatz\nS;1;05.01.2024;100\nH;1;06.01.2024;20\n")
    assert found.accepted["amount"].to_list() == [100, -20]
    # Where one of them has its minus sign, a positive one is taken at its word.
    found = checked(f"{head}Gutschrift;A;06.01.2024;-20\nGutschrift;A;07.01.2024;5\n")
    assert found.accepted["amount"].to_list() == [100, -20, 5]
    assert found.notes == ()


def test_undecidable_dates_are_reported(checked):
    found = checked("customer,date,amount\nA,01/02/2024,5\n")
    assert found.notes == (sales.EITHER_DATE_ORDER,)
    assert found.accepted["date"][0] == date(2024, 2, 1)
    found = checked("customer,date,amount\nA,01/02/2024,5\n", choices={"date_order": "mdy"})
    assert (found.notes, found.accepted["date"][0]) == ((), date(2024, 1, 2))


def test_other_currencies_need_a_rate(checked):
    found = checked(
        "Kunde;Datum;Netto;Währung;Kurs\n"
        "A;05.01.2024;10;EUR;\nB;05.01.2024;10;usd;0,9\nC;05.01.2024;10;CHF;\nD;05.01.2024;10;€;\n"
    )
    shown = found.accepted.select("customer", "amount", "currency", "original_amount").rows()
    assert shown == [
        ("A", Decimal(10), "EUR", None),
        ("B", Decimal(9), "usd", Decimal(10)),
        ("D", Decimal(10), "€", None),
    ]
    assert found.reasons() == {"other_currency": (1, Decimal(10))}


def test_the_currency_most_lines_state(a_file):
    raw = read(a_file("Kunde;Datum;Netto;Währung\nA;05.01.2024;1;chf\nB;05.01.2024;1;CHF\n"))
    assert sales.stated_currency(raw, guess(raw, "sales")) == "CHF"


def test_a_row_that_is_too_long_is_refused_with_its_amount(checked):
    found = checked("Kunde;Datum;Netto\nA;05.01.2024;1;50\nB;05.01.2024;2\n")
    assert found.reasons() == {"too_many_fields": (1, Decimal(1))}
    assert found.accepted_amount == 2


def test_an_equal_line_counts_twice(checked):
    line = "A;05.01.2024;R1;1;Mutter;1,50\n"
    assert checked(f"{HEAD}{line}{line}").accepted_amount == 3


def test_refused_rows_come_back_as_they_stand(checked, a_file):
    found = checked(
        "Kd-Nr;Datum;Netto;Notiz\nA;05.01.2024;zehn;a\n;05.01.2024;7,00;b\nB;05.01.2024;1;c\n"
    )
    mend = found.to_mend()
    assert mend.select("row", "Kd-Nr", "Datum", "Netto", "Notiz").rows() == [
        (2, "A", "05.01.2024", "zehn", "a"),
        (3, None, "05.01.2024", "7,00", "b"),
    ]
    mended = mend.with_columns(
        pl.col("Kd-Nr").fill_null("C"), pl.col("Netto").replace("zehn", "10,00")
    )
    raw = read(a_file(mended.write_csv(separator=";"), name="mended.csv"))
    again = sales.check(raw, guess(raw, "sales"), sales.Rules(TODAY))
    assert again.refused.height == 0
    assert again.accepted_amount == 17


def test_without_any_good_row_nothing_breaks(checked):
    found = checked("Kunde;Datum;Netto\n;05.01.2024;1\n;05.01.2024;2\n")
    assert (found.accepted.height, found.accepted_amount, found.refused_amount) == (0, 0, 3)
