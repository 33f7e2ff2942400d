"""Files of interactions: recorded once, brought up to date, taken back, refused with the mend."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from kundenstamm.care.complaint_actions import open_complaint
from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Contact, Customer, Representative
from kundenstamm.guard import keys, rotating
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish, look

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)
HEAD = "Kundennr;Datum;Kontaktart;Minuten;Richtung;Notiz;Mitarbeiter;Vorgang;Position\n"
ROWS = (
    "K1;04.05.2026;Besuch;62,5;;Sortiment gezeigt;frieda@example.com;B1;1\n"
    "K1;05.05.2026;Anruf;8;ausgehend;;AS;B2;1\n"
    "K1;06.05.2026;Notiz;;;Neuer Einkäufer;;;\n"
)


@pytest.fixture
def frieda():
    Customer.objects.create(number="K1", name="K1", created_at=AT)
    Customer.objects.create(number="K2", name="K2", created_at=AT)
    Representative.objects.create(code="AS", name="Anna")
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, kind=""):
        path = tmp_path / "happened.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind), actor=frieda, at=AT)

    return loading


def happened():
    return {
        each.kind: (each.day, each.minutes, each.direction, each.reached, each.open("note"))
        for each in Interaction.objects.all()
    }


def test_interactions_are_recorded(load, frieda):
    loaded = load(HEAD + ROWS)
    assert (loaded.batch.kind, loaded.new) == ("interactions", 3)
    assert loaded.batch.result["refused"] == 0
    assert happened() == {
        "visit": (date(2026, 5, 4), Decimal("62.5"), "", True, "Sortiment gezeigt"),
        "call": (date(2026, 5, 5), 8, "we", True, ""),
        "note": (date(2026, 5, 6), None, "", False, "Neuer Einkäufer"),
    }
    visit = Interaction.objects.get(kind="visit")
    assert (visit.author, visit.document, visit.line) == (frieda, "B1", 1)
    assert timezone.localtime(visit.happened_at).hour == 12
    assert Interaction.objects.get(kind="call").author is None


def test_no_plain_note_is_kept_anywhere(load):
    load(HEAD + ROWS)
    load(HEAD + ROWS.replace("gezeigt", "geändert"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT before::text FROM importers_rowchange WHERE before IS NOT NULL")
        assert "Sortiment" not in str(cursor.fetchall())
    assert all("Sortiment" not in each.note for each in Interaction.objects.all())


def test_the_same_file_again_changes_nothing(load):
    load(HEAD + ROWS)
    before = list(Interaction.objects.order_by("pk").values())
    again = load(HEAD + ROWS)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert list(Interaction.objects.order_by("pk").values()) == before


def test_a_corrected_row_is_brought_up_to_date_and_taken_back(load, frieda):
    load(HEAD + ROWS)
    before = list(Interaction.objects.order_by("pk").values())
    other = ROWS.replace("62,5;;Sortiment gezeigt", ";;Nur eine Notiz").replace("Besuch", "Notiz")
    came = load(HEAD + other.replace("K1;04.05", "K2;03.05"))
    assert (came.new, came.changed, came.unchanged) == (0, 1, 2)
    changed = Interaction.objects.get(document="B1")
    assert (changed.kind, changed.minutes, changed.day) == ("note", None, date(2026, 5, 3))
    assert (changed.open("note"), changed.customer.number) == ("Nur eine Notiz", "K2")
    actions.undo(came.batch, actor=frieda, at=AT)
    assert list(Interaction.objects.order_by("pk").values()) == before


def test_a_note_opens_again_although_keys_were_rotated_in_between(
    load, frieda, tmp_path, monkeypatch
):
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "keys.json")
    keys.prepare(at=AT)
    load(HEAD + ROWS)
    came = load(HEAD + ROWS.replace("gezeigt", "besprochen"))
    rotating.rotate(actor=frieda, at=AT)
    assert load(HEAD + ROWS.replace("gezeigt", "besprochen")).unchanged == 3
    actions.undo(came.batch, actor=frieda, at=AT)
    visit = Interaction.objects.get(kind="visit")
    assert visit.note.startswith("k2.")
    assert visit.open("note") == "Sortiment gezeigt"


def test_what_a_batch_recorded_goes_with_it(load, frieda):
    actions.undo(load(HEAD + ROWS).batch, actor=frieda, at=AT)
    assert not Interaction.objects.exists()


def test_a_complaint_that_somebody_cares_for_stays_when_its_file_is_taken_back(load, frieda):
    came = load(HEAD + ROWS + "K1;07.05.2026;Reklamation;;;Palette fehlt;;;\n")
    complaint = Interaction.objects.get(kind="complaint")
    open_complaint(complaint, actor=frieda, at=AT)
    actions.undo(came.batch, actor=frieda, at=AT)
    assert Interaction.objects.get() == complaint


def test_a_contact_that_was_spoken_with_stays_when_its_file_is_taken_back(load, frieda):
    came = load("Kundennr;Name;Ansprechpartner;Mail\nK3;K3;Frau C;c@example.com\n", "customers")
    contact = Contact.objects.get()
    told = {"customer": contact.customer, "contact": contact, "author": frieda}
    Interaction.objects.create(
        kind="visit", reached=True, happened_at=AT, day=AT.date(), recorded_at=AT, **told
    )
    actions.undo(came.batch, actor=frieda, at=AT)
    assert Contact.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";04.05.2026;Besuch;;;;;;", "no_customer"),
        ("K9;04.05.2026;Besuch;;;;;;", "unknown_customer"),
        ("K1;;Besuch;;;;;;", "no_date"),
        ("K1;bald;Besuch;;;;;;", "bad_date"),
        ("K1;04.06.2026;Besuch;;;;;;", "far_date"),
        ("K1;04.05.2026;;;;;;;", "unknown_interaction"),
        ("K1;04.05.2026;Feier;;;;;;", "unknown_interaction"),
        ("K1;04.05.2026;Anruf;;quer;;;;", "unknown_direction"),
        ("K1;04.05.2026;Besuch;lang;;;;;", "bad_number"),
        ("K1;04.05.2026;Besuch;-1;;;;;", "minutes_of_a_day"),
        ("K1;04.05.2026;Besuch;1441;;;;;", "minutes_of_a_day"),
        ("K1;04.05.2026;Notiz;5;;So;;;", "minutes_of_a_note"),
        ("K1;04.05.2026;Notiz;;;;;;", "no_note"),
        (f"K1;04.05.2026;Notiz;;;{'x' * 4001};;;", "too_long"),
        ("K1;04.05.2026;Besuch;;;;niemand;;", "unknown_author"),
        ("K1;04.05.2026;Besuch;;;;;B9;x", "bad_number"),
        (f"K1;04.05.2026;Besuch;;;;;{'B' * 101};1", "too_long"),
    ],
)
def test_rows_that_cannot_be_are_refused(load, row, reason):
    loaded = load(HEAD + ROWS + row + "\n", "interactions")
    assert list(loaded.batch.result["reasons"]) == [reason]
    assert loaded.new == 3


@pytest.mark.parametrize(
    ("words", "kind", "direction", "reached"),
    [
        ("Telefonat;;eingehend;", "call", "they", False),
        ("Telefonat;;eingehend;ja", "call", "they", True),
        ("Telefonat;12;Kunde;nein", "call", "they", False),
        ("Call;3;out;", "call", "we", True),
        ("E-Mail;3;;", "mail", "", False),
        ("Kundenbesuch;;ausgehend;nein", "visit", "", True),
        ("Beschwerde;;;", "complaint", "", True),
        ("Ticket;;;", "support", "", True),
        ("Unterstützung;;;", "support", "", True),
    ],
)
def test_other_systems_words_are_understood(load, words, kind, direction, reached):
    load(f"Kundennr;Datum;Kontaktart;Minuten;Richtung;Erreicht\nK1;04.05.2026;{words}\n")
    made = Interaction.objects.get()
    assert (made.kind, made.direction, made.reached) == (kind, direction, reached)


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        ("Kundennr;Datum;Kontaktart;Notiz", "K1;04.05.2026;Besuch;Ja", "interactions"),
        ("customer;date;kind;minutes", "K1;2026-05-04;visit;5", "interactions"),
        ("Kundennr;Datum;Tätigkeit;Minuten", "K1;04.05.2026;visit;5", "activities"),
        ("Kundennr;Name;Art;Kunde seit;Bemerkung", "K1;Meier;Firma;04.05.2020;Ja", "customers"),
        ("Kundennr;Datum;Art;Betrag;Notiz", "K1;04.05.2026;Rechnung;5;Ja", "sales"),
    ],
)
def test_a_file_of_interactions_is_known_by_its_columns(tmp_path, head, row, kind):
    path = tmp_path / "guess.csv"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    _raw, mapping = look(Wish(path))
    assert mapping.kind == kind
    assert not mapping.missing()
