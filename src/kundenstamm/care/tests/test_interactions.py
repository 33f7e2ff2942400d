"""Interactions are recorded by who may, found newest first, and withdrawn instead of deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from kundenstamm.care import queries
from kundenstamm.care.actions import may_withdraw, withdraw
from kundenstamm.care.models import Interaction
from kundenstamm.care.tests.conftest import AT, as_the_site
from kundenstamm.customers.models import Contact
from kundenstamm.guard import keys, rotating
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.rights import Forbidden
from kundenstamm.guard.rotating import counted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_call_is_kept_with_all_that_was_said(recorded, contact, people):
    made = recorded(
        "call", direction="they", reached=True, minutes=Decimal("7.5"), contact=contact,
        note="  Fragt nach Preisen \n",
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.kind, made.direction, made.reached, made.minutes) == ("call", "they", True, 7.5)
    assert (made.contact, made.author, made.recorded_at) == (contact, people["Anna"], AT)
    assert made.open("note") == "Fragt nach Preisen"
    assert "Preisen" not in made.note


@pytest.mark.parametrize(
    ("moment", "day"), [("2026-05-31T22:30", "2026-06-01"), ("2025-12-31T22:30", "2025-12-31")]
)
def test_the_day_is_the_local_one(recorded, moment, day):
    made = recorded(happened_at=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert made.day.isoformat() == day


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        ("note", {"happened_at": AT + HOUR}, "day"),
        ("note", {"note": "  "}, "note"),
        ("rival", {"note": ""}, "note"),
        ("note", {"note": "x" * 4001}, "note"),
        ("note", {"minutes": Decimal(5)}, "minutes"),
        ("visit", {"minutes": Decimal(1441)}, "minutes"),
        ("visit", {"minutes": Decimal(-1)}, "minutes"),
        ("call", {}, "direction"),
        ("visit", {"direction": "we"}, "direction"),
        ("call", {"direction": "both"}, "direction"),
        ("party", {}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_and_says_where(recorded, kind, told, field):
    with pytest.raises(ValidationError) as refused:
        recorded(kind, **told)
    assert field in refused.value.message_dict
    assert not Interaction.objects.exists()


def test_another_customers_contact_is_refused(recorded, birke):
    foreign = Contact.objects.create(customer=birke, name="Herr Birke")
    with pytest.raises(ValidationError) as refused:
        recorded("visit", contact=foreign)
    assert "contact" in refused.value.message_dict


@pytest.mark.parametrize("who", ["Bernd", "Doris", "Emil", "Ida", "Hanno"])
def test_who_may_not_does_not_record(recorded, who):
    """Bernd and Hanno may, but not of this customer."""
    with pytest.raises(Forbidden):
        recorded(who=who)


def test_the_newest_come_first_and_pages_lose_none(recorded, people, ahorn):
    hours = [5, 30, 1, 30, 700, 2, 30]
    made = [recorded(happened_at=AT - n * HOUR) for n in hours]
    order = sorted(made, key=lambda each: (each.happened_at, each.pk), reverse=True)
    found, before = [], None
    while True:
        page = queries.page(queries.of(people["Anna"], ahorn), before, 3)
        found += page.rows
        if page.before is None:
            break
        assert len(page.rows) == 3
        before = page.rows[-1]
    assert found == order


def test_each_sees_those_of_own_customers(recorded, people, ahorn, birke):
    own = recorded()
    recorded(who="Bernd", customer=birke)
    assert list(queries.standing(people["Anna"])) == [own]
    assert queries.standing(people["Frieda"]).count() == 2
    assert not queries.of(people["Anna"], birke).exists()
    with as_the_site(people["Anna"]):
        assert list(Interaction.objects.all()) == [own]


def test_what_was_wrong_is_withdrawn_and_stays(recorded, people, ahorn):
    wrong = recorded()
    withdraw(wrong, "  falscher   Kunde ", actor=people["Anna"], at=AT)
    wrong.refresh_from_db()
    assert (wrong.withdrawn_by, wrong.withdrawn_because) == (people["Anna"], "falscher Kunde")
    assert not queries.standing(people["Anna"]).exists()
    assert list(queries.of(people["Anna"], ahorn)) == [wrong]
    with pytest.raises(ValidationError, match="schon zurückgezogen"):
        withdraw(wrong, "noch einmal", actor=people["Anna"], at=AT)


def test_a_reason_is_needed(recorded, people):
    with pytest.raises(ValidationError):
        withdraw(recorded(), "  ", actor=people["Anna"], at=AT)


@pytest.mark.parametrize(
    ("author", "who", "may"),
    [("Anna", "Anna", True), ("Frieda", "Anna", False), ("Anna", "Greta", True),
     ("Anna", "Frieda", True), ("Anna", "Doris", False), ("Anna", "Ida", False)],
)  # fmt: skip
def test_who_may_withdraw(recorded, people, author, who, may):
    made = recorded(who=author)
    assert may_withdraw(people[who], made) is may
    if not may:
        with pytest.raises(Forbidden):
            withdraw(made, "falsch", actor=people[who], at=AT)


def test_nobody_withdraws_what_they_do_not_know(recorded, people, birke):
    made = recorded(who="Bernd", customer=birke)
    with pytest.raises(Forbidden):
        withdraw(made, "falsch", actor=people["Greta"], at=AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"withdrawn_at": AT}, {"withdrawn_because": "so"}, {"minutes": 5}, {"reached": True},
        {"direction": "we"}, {"document": "D"}, {"line": 1}, {"note": "offen"}, {"author": None},
        {"kind": "visit"}, {"kind": "visit", "reached": True, "minutes": 1441},
        {"kind": "call", "direction": "both"},
    ],
)  # fmt: skip
def test_the_database_holds_to_it(recorded, wrong):
    made = recorded()
    with pytest.raises(IntegrityError), transaction.atomic():
        Interaction.objects.filter(pk=made.pk).update(**wrong)


def test_rows_of_others_are_not_written(recorded, people, birke):
    theirs = recorded(who="Bernd", customer=birke)
    with as_the_site(people["Anna"]):
        assert Interaction.objects.filter(pk=theirs.pk).update(minutes=None) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Interaction.objects.create(
                customer=birke, kind="visit", reached=True, happened_at=AT, day=AT.date(),
                author=people["Anna"], recorded_at=AT,
            )  # fmt: skip


def test_the_audit_tells_what_and_no_word_of_the_note(recorded, people):
    made = recorded(note="Ganz Geheim")
    withdraw(made, "Geheimer Grund", actor=people["Anna"], at=AT)
    entries = AuditEntry.objects.filter(what="care_interaction").order_by("pk")
    assert [entry.kind for entry in entries] == ["insert", "update"]
    assert entries[0].customers == [made.customer_id]
    assert entries[0].detail["values"][0]["kind"] == ["note"]
    assert "withdrawn_because" in entries[1].detail["columns"]
    assert all("Geheim" not in str(entry.detail) for entry in entries)


def test_rotating_keys_finds_notes_by_itself(recorded, people, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "keys.json")
    keys.prepare(at=AT)
    made = recorded(note="Unter altem Schlüssel")
    assert counted() == {"k1": 1}
    rotating.rotate(actor=people["Frieda"], at=AT)
    made.refresh_from_db()
    assert made.note.startswith("k2.")
    assert made.open("note") == "Unter altem Schlüssel"


def test_the_newest_of_a_customer_are_found_by_an_index(recorded, people, ahorn):
    recorded()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        page = queries.of(people["Frieda"], ahorn)[:5]
        assert "interaction_newest" in page.explain()
