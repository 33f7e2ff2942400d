"""Files loaded into the site and taken back: sales, customers, products."""

from __future__ import annotations

import errno
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from kundenstamm.customers.models import Assignment, ChainLink, Contact, Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions, uploads
from kundenstamm.importers.examining import Wish
from kundenstamm.importers.files import FileRefused
from kundenstamm.importers.mapping import MappingError
from kundenstamm.kit.home import private_folder
from kundenstamm.ledger.actions import UndoRefused
from kundenstamm.ledger.models import Batch, Entry, Product, ProductCategory, ProductCost
from kundenstamm.lifecycle.models import Estimate, ValuationRun

pytestmark = pytest.mark.django_db
AT = timezone.now()

SALES = """Kundennummer;Kunde;Belegdatum;Belegnr;Position;Artikel;Warengruppe;Menge;Einzelpreis
1001;Müller GmbH;01.02.2026;R1;1;A-1;Schrauben;10;1.234,50
1001;Müller GmbH;01.02.2026;R1;2;A-2;Schrauben;-2;3,20
1002;Süd KG;15.03.2026;R2;1;A-1;Schrauben;1;9,99
;;15.03.2026;R3;1;A-1;Schrauben;1;5,00
"""
CUSTOMERS = """Kundennr;Firma;Handelsstufe;Ort;E-Mail;Vertreter;Händler
1001;Müller Eisenwaren GmbH;Händler;Köln;info@mueller.example;Anna;
1003;Neu AG;Endkunde;Bonn;;Bernd;1001
"""
PRODUCTS = """Artikelnr;Bezeichnung;Warengruppe;EK-Preis;Gültig ab;Marge
A-1;Schraube;Schrauben;6,50;01.01.2020;40 %
"""


@pytest.fixture
def frieda():
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, name="sales.csv", kind="", **columns):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind, columns), actor=frieda, at=AT)

    return loading


def test_good_rows_are_loaded_and_refused_ones_kept(load):
    loaded = load(SALES)
    assert (loaded.new, loaded.customers_new, loaded.batch.result["refused"]) == (3, 2, 1)
    assert loaded.batch.result["totals"] == {
        "amount": "12353.59", "accepted": "12348.59", "refused": "5.00",
        "gross_sales": "12354.99", "returns": "-6.40", "net_revenue": "12348.59",
    }  # fmt: skip
    text = loaded.refused_file.read_text(encoding="utf-8-sig")
    assert "Der Kunde fehlt" in text or "The customer is missing" in text
    assert ValuationRun.objects.count() == 1
    assert Estimate.objects.count() == 2


def test_mended_rows_can_be_loaded_again(load):
    loaded = load(SALES)
    mended = loaded.refused_file.read_text(encoding="utf-8-sig").replace(";;15.03", ";1002;15.03")
    header, row = mended.splitlines()[:2]
    cells = dict(zip(header.split(";"), row.split(";"), strict=True))
    cells["Kundennummer"] = "1002"
    again = load(f"{header}\n{';'.join(cells.values())}\n", "mended.csv")
    assert (again.new, again.batch.result["refused"]) == (1, 0)


def test_the_same_file_twice_changes_nothing(load):
    load(SALES)
    before = Entry.objects.count()
    again = load(SALES)
    assert (again.new, again.unchanged, again.customers_new) == (0, 3, 0)
    assert Entry.objects.count() == before


def test_undo_takes_customers_out_of_sight_and_a_new_load_brings_them_back(load, frieda):
    loaded = load(SALES)
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert not Customer.objects.visible_to(frieda).exists()
    assert load(SALES).customers_new == 2
    assert Customer.objects.visible_to(frieda).count() == 2


def test_customers_are_made_completed_and_restored(load, frieda):
    load(SALES)
    loaded = load(CUSTOMERS, "customers.csv")
    assert (loaded.new, loaded.changed) == (1, 1)
    dealer = Customer.objects.get(number="1001")
    assert (dealer.name, dealer.link, dealer.city) == ("Müller Eisenwaren GmbH", "dealer", "Köln")
    assert Contact.objects.get(customer=dealer).open("email") == "info@mueller.example"
    assert Assignment.objects.get(customer=dealer).representative.code == "Anna"
    assert ChainLink.objects.get().downstream.number == "1003"
    assert load(CUSTOMERS, "customers.csv").unchanged == 2
    actions.undo(loaded.batch, actor=frieda, at=AT)
    dealer.refresh_from_db()
    assert (dealer.name, dealer.link) == ("Müller GmbH", "")
    assert not Contact.objects.exists()
    assert not Customer.objects.visible_to(frieda).filter(number="1003").exists()
    assert load(CUSTOMERS, "customers.csv").changed == 2
    assert Customer.objects.visible_to(frieda).filter(number="1003").exists()


def test_an_empty_cell_erases_nothing(load):
    load(CUSTOMERS, "customers.csv")
    load("Kundennr;Firma;Ort\n1001;;Bonn\n", "customers.csv", kind="customers")
    customer = Customer.objects.get(number="1001")
    assert (customer.name, customer.city) == ("Müller Eisenwaren GmbH", "Bonn")


def test_products_bring_costs_and_undo_takes_them_away(load, frieda):
    load(SALES)
    loaded = load(PRODUCTS, "products.csv")
    assert ProductCost.objects.get().unit_cost == Decimal("6.5000")
    assert ProductCategory.objects.get().margin == Decimal("0.4000")
    goods = Entry.objects.filter(kind=40)
    assert sum(goods.values_list("amount", flat=True)) == Decimal("-71.5000")
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert not ProductCost.objects.exists()
    assert ProductCategory.objects.get().margin is None
    assert Product.objects.get(number="A-1").name == ""
    assert sum(Entry.objects.filter(kind=40).values_list("amount", flat=True)) == 0


def test_undo_waits_for_the_later_change_of_the_same_customer(load, frieda):
    first = load(CUSTOMERS, "customers.csv")
    second = load(CUSTOMERS.replace("Köln", "Bonn"), "customers.csv")
    with pytest.raises(UndoRefused, match=str(second.batch.pk)):
        actions.undo(first.batch, actor=frieda, at=AT)
    actions.undo(second.batch, actor=frieda, at=AT)
    assert Customer.objects.get(number="1001").city == "Köln"
    actions.undo(first.batch, actor=frieda, at=AT)
    assert not Customer.objects.visible_to(frieda).exists()


def test_a_mapping_is_remembered_per_source(load, tmp_path):
    odd = "wer;wann;was\n1001;01.02.2026;10,00\n"
    load(odd, "odd.csv", kind="sales", customer="wer", date="wann", amount="was")
    path = tmp_path / "odd2.csv"
    path.write_text("wer;wann;was\n1002;02.02.2026;11,00\n")
    _raw, mapping = actions.prepare(Wish(path, "sales"))
    assert mapping.columns["customer"] == "wer"


def test_a_preview_tells_what_would_happen_and_keeps_nothing(load, frieda, tmp_path):
    load(SALES)
    path = tmp_path / "more.csv"
    path.write_text(SALES.replace("9,99", "8,88").replace("R1;2", "R9;2"), encoding="utf-8")
    raw, mapping = actions.prepare(Wish(path))
    before = Entry.objects.count()
    told = actions.preview(raw, mapping, actions.DEFAULT_SOURCE, at=AT)
    assert (told["new"], told["changed"], told["unchanged"], told["refused"]) == (1, 1, 1, 1)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("text", "error"),
    [("", FileRefused), ("a;b\n1;2\n", MappingError), ("Kunde;Datum\n", FileRefused)],
)
def test_what_cannot_be_loaded_leaves_nothing(load, text, error):
    with pytest.raises(error):
        load(text)
    assert not Customer.objects.exists()


def test_a_disk_that_fills_up_on_the_way_leaves_everything_as_it_was(load):
    load(SALES)
    before = (Entry.objects.count(), Batch.objects.count(), Customer.objects.count())
    with connection.cursor() as cursor:  # what the server says when it cannot extend a file
        cursor.execute(
            """
            CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER no_room BEFORE INSERT ON ledger_entry FOR EACH ROW
            WHEN (NEW.document = 'R9') EXECUTE FUNCTION no_room();
            """
        )
    more = SALES.replace("R1", "R8").replace("R2", "R9").replace("1002", "1099")
    with pytest.raises(FileRefused, match=r"more.csv: The disk is full.*Make room"):
        load(more, "more.csv")
    assert before == (Entry.objects.count(), Batch.objects.count(), Customer.objects.count())


def test_an_upload_that_finds_no_room_leaves_no_file(frieda):
    def pieces():
        yield SALES.encode()
        raise OSError(errno.ENOSPC, "No space left on device")

    kept = set(private_folder("uploads").iterdir())
    with pytest.raises(FileRefused, match=r"sales.csv: The disk is full"):
        uploads.receive("sales.csv", pieces(), "Import", actor=frieda, at=AT)
    assert set(private_folder("uploads").iterdir()) == kept


def test_a_base_that_ended_long_ago_is_valued_as_of_its_end(load, frieda):
    old = load(SALES.replace("2026", "2019"))
    assert ValuationRun.objects.latest("pk").as_of == date(2019, 3, 15)
    actions.undo(old.batch, actor=frieda, at=AT)
    assert ValuationRun.objects.latest("pk").as_of == date(2019, 3, 15)
    load(SALES.replace("15.03.2026", f"{AT:%d.%m.%Y}").replace("R", "S"))
    assert ValuationRun.objects.latest("pk").as_of == timezone.localdate(AT)
