"""Contacts of customer files: sealed on the way in, told apart, taken back after a rotation too."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from kundenstamm.customers.models import Contact
from kundenstamm.guard import keys
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.rotating import counted, forget, rotate
from kundenstamm.importers import actions, uploads
from kundenstamm.importers.examining import Wish
from kundenstamm.importers.files import FileRefused
from kundenstamm.importers.models import RowChange

pytestmark = pytest.mark.django_db
AT = timezone.now()
HEAD = "Kundennr;Firma;Ansprechpartner;E-Mail;Telefon\n"
FIRST = HEAD + "1;Eins;Frau Eins;eins@example.com;030 23125 001\n2;Zwei;Herr Zwei;;030 23125 002\n"


@pytest.fixture
def frieda():
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def own_ring(tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "keys.json")
    keys.prepare(at=AT)
    return tmp_path / "keys.json"


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text):
        path = tmp_path / "customers.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, "customers"), actor=frieda, at=AT)

    return loading


def contacts():
    return [
        (each.name, each.open("email"), each.open("phone"))
        for each in Contact.objects.order_by("customer__number")
    ]


ONE, TWO = ("Frau Eins", "eins@example.com", "030 23125 001"), ("Herr Zwei", "", "030 23125 002")


def test_contacts_come_in_sealed_and_the_same_file_changes_nothing(load):
    assert load(FIRST).new == 2
    assert contacts() == [ONE, TWO]
    sealed = list(Contact.objects.values_list("email", "phone"))
    again = load(FIRST)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert list(Contact.objects.values_list("email", "phone")) == sealed


@pytest.mark.parametrize(
    ("row", "changed", "expected"),
    [
        ("1;Eins;Frau Neu;eins@example.com;030 23125 001", 1, ("Frau Neu", *ONE[1:])),
        ("1;Eins;;neu@example.com;", 1, ("Frau Eins", "neu@example.com", "030 23125 001")),
        ("1;Eins;;;030 23125 009", 1, ("Frau Eins", "eins@example.com", "030 23125 009")),
        ("1;Eins;Frau Eins;Eins@Example.COM;+49 30/23125-001", 0, ONE),
        ("1;Eins;;;nur per Mail", 1, ("Frau Eins", "eins@example.com", "nur per Mail")),
        ("1;Eins;;;", 0, ONE),
    ],
)
def test_what_differs_is_taken_over_and_undone(load, frieda, row, changed, expected):
    load(FIRST)
    before = list(Contact.objects.order_by("pk").values())
    loaded = load(HEAD + row + "\n")
    assert loaded.changed == changed
    assert contacts() == [expected, TWO]
    assert load(HEAD + row + "\n").changed == 0
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert list(Contact.objects.order_by("pk").values()) == before


def test_an_undo_after_a_rotation_puts_back_what_opens(own_ring, load, frieda):
    first = load(FIRST)
    second = load(HEAD + "1;Eins;Frau Neu;neu@example.com;030 23125 009\n")
    assert counted() == {"k1": 5}  # three in contacts, two in what an undo puts back
    assert rotate(actor=frieda, at=AT).values == 5
    forget("k1", actor=frieda, at=AT)
    actions.undo(second.batch, actor=frieda, at=AT)
    assert contacts() == [ONE, TWO]
    assert all(each.phone_index.startswith("k2.") for each in Contact.objects.all())
    assert load(FIRST).changed == 0
    assert first.new == 2


def test_a_file_known_under_an_older_key_changes_nothing(own_ring, load):
    load(FIRST)
    keys.add_key(at=AT)
    assert load(FIRST).changed == 0
    assert counted() == {"k1": 3}


def test_without_a_ring_nothing_is_loaded(own_ring, load):
    own_ring.unlink()
    with pytest.raises(FileRefused, match=r"cannot be encrypted.*keys show"):
        load(FIRST)
    assert not Contact.objects.exists()
    assert not own_ring.exists()


def test_before_images_are_sealed_and_open_where_they_are_put_back(load):
    load(FIRST)
    load(HEAD + "1;Eins;Frau Neu;neu@example.com;\n")
    change = RowChange.objects.get(table="customers_contact", before__isnull=False)
    assert change.before["email"].startswith(keys.ring().current.name + ".")
    as_it_was = Contact(**change.before)
    assert (as_it_was.open("email"), as_it_was.open("phone")) == ONE[1:]


def texts():
    """Every text in every table, as the database would write it to a backup."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(each)::text FROM "{table}" AS each')
            for (row,) in cursor.fetchall():
                yield table, row


def test_no_plain_value_stands_in_any_table_after_an_import(load, frieda):
    job = uploads.receive("customers.csv", [FIRST.encode()], "Import", actor=frieda, at=AT)
    uploads.look(job)
    uploads.run(job, at=AT)
    load(HEAD + "1;Eins;Frau Neu;neu@example.com;030 23125 009\n3;Drei;;falsch;030 23125 003\n")
    plain = ("eins@example", "neu@example", "23125", "falsch")
    found = [(table, row) for table, row in texts() if any(each in row for each in plain)]
    assert found == []
    assert any("Frau Neu" in row for _table, row in texts())


ALL = (
    "Kundennr;Ansprechpartner;Funktion;Buying Center;Briefanrede;Sprache;Werbesperre;"
    "Besonderheiten\n"
)


def test_a_file_says_more_of_a_contact_and_is_undone(load, frieda):
    load(FIRST)
    before = list(Contact.objects.order_by("pk").values())
    row = "1;Frau Eins;Leitung;Entscheiderin, Einkauf;Liebe Frau Eins;deutsch;ja;Rudert\n"
    loaded = load(ALL + row)
    held = Contact.objects.get(name="Frau Eins")
    assert (held.function, held.roles) == ("Leitung", ["decider", "buyer"])
    assert (held.salutation, held.language, held.objection) == (
        "Liebe Frau Eins", "de", "advertising",
    )  # fmt: skip
    assert held.open("mention") == "Rudert"
    assert load(ALL + row).changed == 0
    assert load(ALL + "1;Frau Eins;;;;;nein;\n").changed == 0  # no file allows it again
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert list(Contact.objects.order_by("pk").values()) == before


def test_whom_people_keep_a_file_does_not_rename(load):
    load(FIRST)
    Contact.objects.filter(name="Frau Eins").update(edited_at=AT, roles=["decider"])
    load(HEAD + "1;Eins;Frau Neu;neu@example.com;\n")
    found = Contact.objects.filter(customer__number="1").order_by("pk")
    assert [(each.name, each.is_main, each.roles) for each in found] == [
        ("Frau Eins", True, ["decider"]),
        ("Frau Neu", False, []),
    ]
    assert load(HEAD + "1;Eins;Frau Neu;;030 23125 005\n").changed == 1
    assert found.get(name="Frau Neu").open("phone") == "030 23125 005"
    assert found.count() == 2


def test_who_was_removed_is_not_brought_back(load, frieda):
    load(FIRST)
    held = Contact.objects.filter(name="Frau Eins")
    held.update(is_main=False, withdrawn_at=AT, withdrawn_by=frieda)
    assert load(FIRST).changed == 0
    assert Contact.objects.filter(customer__number="1").count() == 1
