"""Which column is which field."""

from __future__ import annotations

import pytest

from kundenstamm.importers.fields import normal
from kundenstamm.importers.files import read
from kundenstamm.importers.mapping import MappingError, guess, guess_kind, parse_choices

ROW = {
    "customer": "K-1", "customer_name": "Muster GmbH", "date": "05.01.2024", "amount": "12,50",
    "quantity": "2", "price": "6,25", "document": "RE-1", "line": "1", "product": "4711",
    "product_name": "Schraube", "category": "Eisen", "kind": "Rechnung",
    "discount_percent": "5", "unit_cost": "3,10", "cost": "6,20", "currency": "EUR",
    "country": "DE", "region": "Nord", "postcode": "20095", "city": "Hamburg",
    "representative": "Anna", "channel": "Web",
}  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        {"customer": "Kd-Nr.", "customer_name": "Firma", "date": "Belegdatum", "amount": "Netto"},
        {"customer": "Kundennummer", "customer_name": "Kunde", "date": "Rechnungsdatum",
         "amount": "Betrag", "document": "Rechnung", "category": "Warengruppe"},
        {"customer": "Debitor", "date": "Datum", "amount": "Umsatz netto (EUR)", "city": "Ort",
         "representative": "Vertreter", "postcode": "PLZ", "country": "Land"},
        {"customer": "CustomerID", "date": "InvoiceDate", "quantity": "Quantity",
         "price": "UnitPrice", "product": "StockCode", "product_name": "Description",
         "document": "InvoiceNo", "country": "Country"},
        {"customer": "customer_id", "date": "ts", "quantity": "qty", "price": "price",
         "product": "sku", "document": "invoice"},
        {"customer": "Kunde", "date": "Datum", "quantity": "Menge", "price": "Einzelpreis",
         "product": "Artikel-Nr.", "product_name": "Bezeichnung", "unit_cost": "EK-Preis",
         "line": "Pos.", "document": "Beleg-Nr.", "kind": "Belegart", "currency": "Währung",
         "discount_percent": "Rabatt %"},
        {"customer": "KUNDENNR", "date": "BELEGDATUM", "amount": "NETTOBETRAG",
         "cost": "WARENEINSATZ", "channel": "VERTRIEBSKANAL", "region": "GEBIET"},
    ],
)  # fmt: skip
def test_headers_of_real_exports(a_file, headers):
    head = ";".join(headers.values())
    body = ";".join(ROW[name] for name in headers)
    raw = read(a_file(f"{head}\n{body}\n{body}\n"))
    assert dict(guess(raw, "sales").columns) == headers
    assert guess_kind(raw) == "sales"


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        # A unit price is no amount, however net it is.
        ("Kunden-Nr.;Rechnungsdatum;Menge;Einzelpreis netto;Gesamtpreis netto",
         "1;05.01.2024;2;1,50;3,00",
         {"amount": "Gesamtpreis netto", "price": "Einzelpreis netto"}),
        ("Auftraggeber;Name 1;Fakturadatum;Fakturanummer;Material;Nettowert",
         "1;Muster;20240105;90001;4711;5,00",
         {"customer": "Auftraggeber", "customer_name": "Name 1", "document": "Fakturanummer"}),
        ("Bon-Nr;Datum;Kundennr;Artikelnr;Artikel;Menge;VK", "1;05.01.2024;7;4;Brot;1;2,00",
         {"document": "Bon-Nr", "product": "Artikelnr", "product_name": "Artikel"}),
        ("Customer ID;Customer Name;Customer;Order Date;Sales", "1;Anna;x;2024-01-05;5.5",
         {"customer": "Customer ID", "customer_name": "Customer Name"}),
        ("Konto;Belegdatum;Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen",
         "10001;05.01.2024;119,00;S",
         {"kind": "Soll/Haben-Kennzeichen", "amount": "Umsatz (ohne Soll/Haben-Kz)"}),
        ("Kunde;Geburtsdatum;Kaufdatum;Steuerbetrag;Kaufbetrag",
         "A;01.02.1990;05.01.2024;0,19;1,19",
         {"date": "Kaufdatum", "amount": "Kaufbetrag"}),
    ],
)  # fmt: skip
def test_headers_that_resemble_several_fields(a_file, head, row, expected):
    found = guess(read(a_file(f"{head}\n{row}\n{row}\n")), "sales").columns
    assert {name: found.get(name) for name in expected} == expected


def test_gross_amounts_are_asked_for_not_guessed(a_file):
    raw = read(a_file("Kunde;Datum;Bruttobetrag;Steuerbetrag\nA;05.01.2024;1,19;0,19\n"))
    assert guess(raw, "sales").missing() == ["amount"]


def test_the_spelling_of_a_header_does_not_matter():
    assert len({normal(each) for each in ("Kd.-Nr.", "KdNr", "KD NR", "kd_nr", "Kd-Nr")}) == 1
    assert normal("Währung") == normal("Waehrung") == "waehrung"


def test_a_name_alone_identifies_the_customer(a_file):
    raw = read(a_file("Firma;Datum;Netto\nMuster GmbH;05.01.2024;1\n"))
    assert guess(raw, "sales").columns["customer"] == "Firma"


def test_contents_decide_between_columns_of_one_name(a_file):
    raw = read(a_file("Kunde;Datum;Umsatz;Betrag\nA;05.01.2024;hoch;1,50\nB;05.01.2024;tief;2\n"))
    assert guess(raw, "sales").columns["amount"] == "Betrag"


def test_a_column_that_is_needed_is_found_by_its_title_even_if_all_is_spoilt(a_file):
    raw = read(a_file("Kunde;Datum;Netto\nA;irgendwann;viel\n"))
    assert not guess(raw, "sales").missing()


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        ("Kundennummer;Name;PLZ;Ort;E-Mail", "1;Muster;20095;Hamburg;a@b.example", "customers"),
        ("Artikelnummer;Bezeichnung;EK-Preis;gültig ab", "7;Rohr;1,20;01.01.2024", "products"),
        ("Artikel;Warengruppe;Marge", "7;Rohre;35 %", "products"),
    ],
)
def test_the_kind_of_a_file(a_file, head, row, kind):
    assert guess_kind(read(a_file(f"{head}\n{row}\n"))) == kind


def test_choices_win_and_an_empty_one_leaves_a_field_out(a_file):
    raw = read(a_file("Kunde;Datum;Netto;Brutto;Land\nA;05.01.2024;1;2;DE\n"))
    mapping = guess(raw, "sales", {"amount": "Brutto", "country": ""})
    assert mapping.columns["amount"] == "Brutto"
    assert "country" not in mapping.columns


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"custmer": "Kunde"}, "Did you mean 'customer'"),
        ({"customer": "Kunden"}, "Did you mean 'Kunde'"),
    ],
)
def test_unknown_fields_and_columns_name_the_closest(a_file, choice, message):
    raw = read(a_file("Kunde;Datum;Netto\nA;05.01.2024;1\n"))
    with pytest.raises(MappingError, match=message):
        guess(raw, "sales", choice)


def test_what_is_missing_is_named(a_file):
    raw = read(a_file("Kunde;Menge\nA;1\n"))
    with pytest.raises(MappingError, match="date, amount"):
        guess(raw, "sales").checked(raw)


def test_choices_as_typed():
    assert parse_choices(["customer=Kd-Nr.", " date = Tag "]) == {
        "customer": "Kd-Nr.",
        "date": "Tag",
    }
    with pytest.raises(MappingError, match="field=column"):
        parse_choices(["customer"])
