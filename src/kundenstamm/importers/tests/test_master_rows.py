"""Customer and product files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kundenstamm.importers import customer_rows, product_rows
from kundenstamm.importers.files import read
from kundenstamm.importers.mapping import guess


@pytest.fixture
def customers(a_file):
    def check(content):
        raw = read(a_file(content, name="customers.csv"))
        return customer_rows.check(raw, guess(raw, "customers"))

    return check


@pytest.fixture
def products(a_file):
    def check(content):
        raw = read(a_file(content, name="products.csv"))
        return product_rows.check(raw, guess(raw, "products"))

    return check


def test_customers(customers):
    found = customers(
        "Kundennummer;Firma;Handelsstufe;Kundenart;PLZ;Ort;Land;E-Mail;Telefon;Vertreter;Händler;"
        "Kunde seit\n"
        "1;Muster GmbH;Fachhändler;Firma;01067;Dresden;DE;a@b.example;0351 1;Anna;9;01.02.2020\n"
        "2;Vera Beispiel;Endkunde;Privatperson;;;;;;;1;\n"
        "9;Großhaus AG;Großhändler;;;;;;;;;\n"
    ).accepted
    one = found.row(0, named=True)
    assert (one["customer"], one["link"], one["postcode"]) == ("1", "dealer", "01067")
    assert (one["representative"], one["supplied_by"], one["since"]) == (
        "Anna", "9", date(2020, 2, 1),
    )  # fmt: skip
    assert found["link"].to_list() == ["dealer", "end_customer", "wholesaler"]
    assert found["kind"].to_list() == ["company", "person", None]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";Ohne Nummer;;", "no_number"),
        ("1;Doppelt;;", "twice"),
        ("2;Mail;falsch;", "bad_mail"),
        ("2;Datum;;gestern", "bad_date"),
        (f"{'9' * 61};Lang;;", "too_long"),
    ],
)
def test_customers_refused(customers, row, reason):
    found = customers(f"Kundennummer;Firma;E-Mail;Kunde seit\n1;A;a@b.example;01.01.2020\n{row}\n")
    assert found.refused["reason"].to_list() == [reason]
    assert found.accepted.height == 1


def test_products(products):
    found = products(
        "Artikelnummer;Bezeichnung;Warengruppe;EK-Preis;gültig ab\n"
        "7;Rohr;Rohre;1,2345;01.01.2024\n7;Rohr;Rohre;1,30;01.01.2025\n8;Bogen;Rohre;;\n"
    ).accepted
    assert found["product"].to_list() == ["7", "7", "8"]
    assert found["unit_cost"].to_list() == [Decimal("1.2345"), Decimal("1.3"), None]
    assert found["valid_from"].to_list() == [date(2024, 1, 1), date(2025, 1, 1), None]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";Ohne;1,00;01.01.2024", "no_number"),
        ("8;Kosten;viel;01.01.2024", "bad_number"),
        ("8;Tag;1,00;bald", "bad_date"),
        ("7;Nochmal;2,00;01.01.2024", "twice"),
    ],
)
def test_products_refused(products, row, reason):
    found = products(
        f"Artikelnummer;Bezeichnung;EK-Preis;gültig ab\n7;Rohr;1,00;01.01.2024\n{row}\n"
    )
    assert found.refused["reason"].to_list() == [reason]


@pytest.mark.parametrize(
    ("written", "share"), [("35 %", "0.35"), ("0,35", "0.35"), ("35", "0.35"), ("12,5%", "0.125")]
)
def test_category_margins(products, written, share):
    found = products(f"Artikelnummer;Warengruppe;Marge\n7;Rohre;{written}\n")
    assert found.accepted["category_margin"].to_list() == [Decimal(share)]
