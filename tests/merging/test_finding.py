"""Doubles in the base, and rows of a file that look like customers: told to who may know."""

from __future__ import annotations

import pytest

from kundenstamm.customers import doubles_queries, matching
from kundenstamm.customers.matching import Described
from kundenstamm.customers.merge_actions import keep_apart, look_again, merge, undo
from kundenstamm.customers.models import Assignment, Contact, Customer, Duplicate, Representative
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.importers.actions import load, prepare
from kundenstamm.importers.examining import Wish, examine
from kundenstamm.importers.likeness import hints
from kundenstamm.ledger.models import Entry
from kundenstamm.lifecycle.models import Estimate
from tests.wall.days import AT, TODAY

ADDRESS = {"street": "Lange Straße 1", "postcode": "20095", "city": "Hamburg"}


@pytest.fixture
def people(db):
    return {
        name: User.objects.create(email=f"{name}@example.com", name=name, role=role, created_at=AT)
        for name, role in (("Frieda", Role.OWNER), ("Anna", Role.REPRESENTATIVE))
    }


@pytest.fixture
def ahorn(people):
    """Twice; Anna serves the first only."""
    first = make("1", "Ahorn Sanitär GmbH", phone="+49 40 123456", **ADDRESS)
    make("2", "AHORN SANITAER", phone="040/123456")
    make("3", "Birke Bau KG", street="Weg 9", postcode="80331", city="München")
    anna = Representative.objects.create(code="A", name="Anna", user=people["Anna"])
    Assignment.objects.create(customer=first, representative=anna, starts=TODAY)
    return first


def make(number, name, phone="", **told):
    made = Customer.objects.create(number=number, name=name, created_at=AT, **told)
    contact = Contact(customer=made, is_main=True)
    contact.put("phone", phone)
    contact.save()
    return made


def test_a_pair_is_found_once_with_its_reasons(ahorn, people):
    frieda = people["Frieda"]
    assert matching.find(actor=frieda, at=AT) == matching.Found(1, 1)
    (pair,) = doubles_queries.open_pairs(frieda)
    assert (pair.first.number, pair.second.number) == ("1", "2")
    assert pair.reasons == {"name": "name_same", "phone": "phone_same"}
    assert matching.find(actor=frieda, at=AT) == matching.Found(1, 0)


def test_who_knows_one_of_them_is_told_nothing(ahorn, people):
    matching.find(actor=people["Frieda"], at=AT)
    anna = people["Anna"]
    assert not doubles_queries.open_pairs(anna).exists()
    other = Customer.objects.get(number="2")
    assert doubles_queries.known_pair(anna, ahorn.key, other.key) is None
    with pytest.raises(Forbidden):
        keep_apart(Duplicate.objects.get(), actor=anna, at=AT)


def test_two_that_are_not_one_stay_two(ahorn, people):
    frieda = people["Frieda"]
    matching.find(actor=frieda, at=AT)
    pair = Duplicate.objects.get()
    keep_apart(pair, actor=frieda, at=AT)
    assert matching.find(actor=frieda, at=AT) == matching.Found(0, 0)
    assert [each.pk for each in doubles_queries.apart_pairs(frieda)] == [pair.pk]
    look_again(pair, actor=frieda, at=AT)
    assert doubles_queries.open_pairs(frieda).count() == 1


def test_hints_of_what_is_entered(ahorn, people):
    told = {7: Described("Ahorn Sanitaer", phone="040 123456"), 8: Described("Ganz Anders")}
    frieda = matching.hints(told, actor=people["Frieda"])
    assert {(hint.row, hint.customer.number) for hint in frieda} == {(7, "1"), (7, "2")}
    assert [hint.customer.number for hint in matching.hints(told, actor=people["Anna"])] == ["1"]
    ahorn.assignments.all().delete()
    assert matching.hints(told, actor=people["Anna"]) == []


PROSPECTS = """Firma;Straße;PLZ;Ort;Telefon;E-Mail;USt-IdNr
Ahorn Sanitär;Lange Str. 1;20095;Hamburg;040 123456;;
Zeder Metallbau;Am Ring 3;10115;Berlin;;info@zeder.example;DE123456789
Zeder Metallbau GmbH;Am Ring 3;10115;Berlin;030 99;info@zeder.example;
Falsch;Weg 1;10115;Berlin;;keine-adresse;
"""


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "interessenten.csv"
    path.write_text(PROSPECTS, encoding="utf-8")
    return Wish(path)


def test_a_list_of_prospects_is_compared_loaded_and_valued(ahorn, people, listed):
    """Without numbers they are known by their names; with no purchases they are prospects."""
    frieda = people["Frieda"]
    examined = examine(*prepare(listed), today=TODAY, currency="EUR")
    assert examined.kind == "customers"
    (bad,) = examined.checked.refused.to_dicts()
    assert (bad["row"], bad["column"], bad["value"]) == (5, "E-Mail", "keine-adresse")
    found = {
        (hint.row, hint.customer.number if hint.customer else hint.other)
        for hint in hints(examined, actor=frieda)
    }
    assert found == {(2, "1"), (2, "2"), (4, 3)}
    load(listed, actor=frieda, at=AT)
    zeder = Customer.objects.get(name="Zeder Metallbau")
    assert zeder.vat_id == "DE123456789"
    assert Estimate.objects.filter(customer=zeder).latest("run").stage == "prospect"
    # Loaded again, all are known.
    assert hints(examine(*prepare(listed), today=TODAY, currency="EUR"), actor=frieda) == []


SALES = """Kundennummer;Belegnummer;Datum;Nettobetrag
1;R1;01.03.2026;100,00
2;R2;02.03.2026;50,00
"""


def test_files_with_the_old_number_go_to_the_kept_one(ahorn, people, tmp_path):
    frieda, other = people["Frieda"], Customer.objects.get(number="2")
    sales = tmp_path / "umsatz.csv"
    sales.write_text(SALES, encoding="utf-8")
    load(Wish(sales), actor=frieda, at=AT)
    done = merge(ahorn, other, actor=frieda, at=AT)
    count = Entry.objects.count()
    assert load(Wish(sales), actor=frieda, at=AT).unchanged == 2
    assert Entry.objects.count() == count
    sales.write_text(SALES + "2;R3;03.03.2026;25,00\n", encoding="utf-8")
    assert load(Wish(sales), actor=frieda, at=AT).customers_new == 0
    assert Entry.objects.get(document="R3").customer == ahorn
    masters = tmp_path / "kunden.csv"
    masters.write_text("Kundennummer;Name;Ort\n2;Alter Name;Alt\n", encoding="utf-8")
    load(Wish(masters), actor=frieda, at=AT)
    ahorn.refresh_from_db()
    other.refresh_from_db()
    assert (ahorn.city, other.city, other.withdrawn) == ("Hamburg", "", True)
    undo(done, actor=frieda, at=AT)
    assert load(Wish(sales), actor=frieda, at=AT).changed == 1
    assert Entry.objects.filter(document="R3", reverses=None).latest("revision").customer == other
