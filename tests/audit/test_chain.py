"""Sealed entries cannot be changed, taken out, swapped, put in or cut off unnoticed."""

from __future__ import annotations

import json
import random
import threading

import pytest
from django.db import connection, transaction

from kundenstamm.customers.models import Customer
from kundenstamm.guard.audit import chain, note_read
from kundenstamm.guard.models import AuditEntry, AuditLink
from tests.audit.conftest import AT, tampering


@pytest.fixture
def sealed(db):
    """Sixty entries, sealed in six batches, so that six tips have been kept."""
    for n in range(6):
        for m in range(10):
            note_read(f"page {n}", [m + 1], actor=None, at=AT)
        chain.seal(at=AT)


def test_a_whole_chain_is_whole(sealed, tips):
    found = chain.verify()
    assert found.broken is None
    assert (found.links, found.tips, found.unsealed) == (AuditEntry.objects.count(), 6, 0)
    assert len(tips.read_text().splitlines()) == 6


def test_sealing_again_changes_nothing(sealed, tips):
    before = tips.read_text()
    assert chain.seal(at=AT) == 0
    assert tips.read_text() == before


def test_entries_wait_until_they_are_sealed(sealed):
    note_read("late", [1], actor=None, at=AT)
    assert chain.verify().unsealed == 1
    assert chain.verify().broken is None


def edit(dice):
    number = dice.randrange(1, 61)
    column, value = dice.choice(
        [("actor", 999), ("what", "anders"), ("customers", [7, 8]), ("detail", '{"x": 1}'),
         ("at", "2020-01-01T00:00:00Z"), ("address", "203.0.113.1"), ("kind", "reveal")]
    )  # fmt: skip
    tampering(
        f"UPDATE guard_auditentry SET {column} = %s WHERE id ="
        " (SELECT entry FROM guard_auditlink WHERE number = %s)",
        [value, number],
    )
    return number


def delete(dice):
    """The entry, or entry and link, or the link alone."""
    number = dice.randrange(1, 60)
    how = dice.randrange(3)
    if how < 2:
        tampering(
            "DELETE FROM guard_auditentry WHERE id ="
            " (SELECT entry FROM guard_auditlink WHERE number = %s)", [number],
        )  # fmt: skip
    if how > 0:
        tampering("DELETE FROM guard_auditlink WHERE number = %s", [number])
    return number


def swap(dice):
    """Who did what: two entries' contents change places."""
    one, other = sorted(dice.sample(range(1, 61), 2))
    tampering(
        """
        UPDATE guard_auditentry AS mine SET what = theirs.what, customers = theirs.customers,
            at = theirs.at
        FROM guard_auditentry AS theirs, guard_auditlink AS a, guard_auditlink AS b
        WHERE a.number IN (%(one)s, %(other)s) AND b.number IN (%(one)s, %(other)s)
          AND a.number <> b.number AND mine.id = a.entry AND theirs.id = b.entry
        """,
        {"one": one, "other": other},
    )
    return one


def relink(dice):
    """Two links change the entries that they seal."""
    one, other = sorted(dice.sample(range(1, 61), 2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry FROM guard_auditlink WHERE number IN (%s, %s)"
                       " ORDER BY number", [one, other])  # fmt: skip
        (first,), (second,) = cursor.fetchall()
    tampering("UPDATE guard_auditlink SET entry = -1 WHERE number = %s", [one])
    tampering("UPDATE guard_auditlink SET entry = %s WHERE number = %s", [first, other])
    tampering("UPDATE guard_auditlink SET entry = %s WHERE number = %s", [second, one])
    return one


def cut(dice):
    """The end of the chain, with its entries: what is left verifies by itself."""
    number = dice.randrange(2, 61)
    tampering(
        "DELETE FROM guard_auditentry WHERE id IN"
        " (SELECT entry FROM guard_auditlink WHERE number >= %s)", [number],
    )  # fmt: skip
    tampering("DELETE FROM guard_auditlink WHERE number >= %s", [number])
    return number


def forge(dice):
    """An entry changed and the whole chain computed anew from there on, as its owner could."""
    number = edit(dice)
    links = list(AuditLink.objects.order_by("number").values_list("number", "entry", "digest"))
    previous = bytes(links[number - 2][2]) if number > 1 else chain.FIRST
    for at, entry, _digest in links[number - 1 :]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT audit_text(%s, noted) FROM guard_auditentry AS noted WHERE id = %s",
                [at, entry],
            )
            previous = chain.digest(previous, cursor.fetchone()[0])
        tampering("UPDATE guard_auditlink SET digest = %s WHERE number = %s", [previous, at])
    # The first tip kept after the change tells; tips are kept every ten entries here.
    return range(number, (number - 1) // 10 * 10 + 11)


def insert(dice):
    """An entry put in past the functions, so that it waits for no seal."""
    tampering(
        "INSERT INTO guard_auditentry (at, kind, what, request, channel, address, rows, customers,"
        " detail) VALUES (now(), 'read', %s, '', '', '', '{}', '{}', '{}')",
        [f"untergeschoben {dice.random()}"],
    )
    return 61


@pytest.mark.parametrize("seed", range(100))
def test_a_hundred_random_changes_are_all_found(sealed, seed):
    dice = random.Random(seed)
    change = (edit, delete, swap, relink, cut, forge, insert)[seed % 7]
    expected = change(dice)
    broken = chain.verify().broken
    assert broken is not None, change.__name__
    places = expected if isinstance(expected, range) else (expected,)
    assert broken.number in places, (change.__name__, broken)


def test_a_damaged_or_lost_tip_file_is_told(sealed, tips):
    lines = tips.read_text().splitlines()
    tips.write_text("\n".join([lines[0], "irgendwas", *lines[2:]]) + "\n")
    assert "line 2" in chain.verify().broken.why
    tips.unlink()
    assert "no tip" in chain.verify().broken.why


def test_the_tip_goes_to_the_command(sealed, settings, tmp_path):
    told = tmp_path / "told"
    settings.AUDIT_TIP_COMMAND = f"tee -a {told}"
    note_read("one more", [1], actor=None, at=AT)
    chain.seal(at=AT)
    tip = json.loads(told.read_text())
    assert tip["number"] == chain.tip().number
    assert tip["digest"] == chain.tip().digest


def test_a_failing_command_stops_nothing(sealed, settings, caplog):
    settings.AUDIT_TIP_COMMAND = "false"
    note_read("one more", [1], actor=None, at=AT)
    assert chain.seal(at=AT) == 1
    assert "was not taken" in caplog.text
    assert chain.verify().broken is None


@pytest.mark.django_db(transaction=True)
def test_transactions_that_end_out_of_order_are_all_sealed():
    """An entry's number is taken before others that are committed, and sealed, earlier."""
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                note_read("slow", [1], actor=None, at=AT)
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(20)
    note_read("quick", [2], actor=None, at=AT)
    chain.seal(at=AT)
    go_on.set()
    thread.join()
    assert chain.seal(at=AT) == 1
    order = [
        AuditEntry.objects.get(pk=link.entry).what for link in AuditLink.objects.order_by("number")
    ]
    assert order[-2:] == ["quick", "slow"]
    assert chain.verify().broken is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_seal_every_entry_once():
    Customer.objects.bulk_create(
        Customer(number=str(n), name=str(n), created_at=AT) for n in range(3)
    )
    for n in range(200):
        note_read(str(n), [1], actor=None, at=AT)
    made = []

    def sealing():
        try:
            made.append(chain.seal(at=AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=sealing) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == AuditEntry.objects.count() == AuditLink.objects.count()
    assert chain.verify().broken is None


def test_tips_are_for_our_eyes_only(sealed, tips):
    assert tips.stat().st_mode & 0o777 == 0o600
