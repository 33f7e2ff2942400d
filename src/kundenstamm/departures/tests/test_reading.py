"""What to read first about customers that one has taken over, and that nobody else sees it."""

from __future__ import annotations

import pytest

from kundenstamm.care.actions import Happening, record
from kundenstamm.care.complaint_actions import open_complaint
from kundenstamm.customers import bulk
from kundenstamm.customers.actions import transfer
from kundenstamm.customers.models import Contact
from kundenstamm.departures.joining.reading import has_new_customers, reading_list
from kundenstamm.departures.joining.taking_over import Plan, take_over
from kundenstamm.departures.tests.conftest import AT, DAY, TODAY, as_the_site, served
from kundenstamm.departures.tests.test_joining import nora, valued, wide
from kundenstamm.guard.audit import note_read

__all__ = ["nora", "wide"]


def by(person):
    return {"actor": person, "at": AT}


@pytest.fixture
def taken(wide, nora, people, task):
    """Ahorn has a promise, Eiche a complaint and a sheet of nobody; Linde was nobody's."""
    task.__class__.objects.update(created_at=AT - 3 * DAY)
    told = record(wide["Eiche"], Happening("complaint", AT, note="x"), **by(people["Anna"]))
    open_complaint(told, owner=people["Anna"], **by(people["Anna"]))
    Contact.objects.create(customer=wide["Eiche"], name="Frau Eiche", is_main=True)
    chosen = [wide[name].pk for name in ("Ahorn", "Birke", "Eiche", "Linde")]
    return take_over(nora, chosen, Plan(TODAY), **by(people["Frieda"]))


def names(rows):
    return [row.customer.name for row in rows]


def test_the_weightiest_come_first(taken, nora):
    with as_the_site(nora):
        rows = reading_list(nora, AT)
    assert names(rows) == ["Ahorn", "Birke", "Linde", "Eiche"]
    told = {row.customer.name: row for row in rows}
    assert (told["Ahorn"].promises, told["Ahorn"].since) == (1, TODAY)
    assert (told["Eiche"].complaints, told["Eiche"].talks, told["Eiche"].last) == (1, 1, TODAY)
    assert told["Eiche"].contact.name == "Frau Eiche"
    assert told["Birke"].promises == told["Birke"].complaints == 0
    assert all(row.first >= TODAY and not row.read for row in rows)


def test_what_one_has_opened_is_read_and_stands_below(taken, wide, nora, people):
    # What others open ticks nothing off.
    with as_the_site(people["Frieda"]):
        note_read("customer", [wide["Birke"].pk], **by(people["Frieda"]))
    with as_the_site(nora):
        [first, *_others] = reading_list(nora, AT)
        note_read("customer", [first.customer.pk, 1], of=first.customer.pk, **by(nora))
        note_read("today", [row.customer.pk for row in _others], **by(nora))
        rows = reading_list(nora, AT)
    assert names(rows) == ["Birke", "Linde", "Eiche", "Ahorn"]
    assert [row.read for row in rows] == [False, False, False, True]


def test_only_ones_own_and_only_new_ones(taken, wide, nora, people, codes):
    for name in ("Anna", "Bernd", "Doris", "Emil", "Frieda", "Greta"):
        with as_the_site(people[name]):
            assert reading_list(people[name], AT) == []
            assert not has_new_customers(people[name], TODAY)
    with as_the_site(nora):
        assert has_new_customers(nora, TODAY)
        assert reading_list(nora, AT + 119 * DAY)
    assert not has_new_customers(nora, TODAY + 121 * DAY)
    # Who follows somebody in any other way reads, too.
    transfer(codes["Bernd"], codes["Anna"], TODAY, **by(people["Frieda"]))
    with as_the_site(people["Anna"]):
        assert names(reading_list(people["Anna"], AT)) == ["Fichte"]


def test_what_was_undone_or_always_ones_own_is_not_new(taken, nora, people, codes, run):
    valued(served("Neu", (codes["Anna"], 0, None)), run, 3)
    with as_the_site(people["Frieda"]):
        bulk.undo(taken, actor=people["Frieda"], at=AT + DAY)
    for person in (nora, people["Anna"]):
        with as_the_site(person):
            assert reading_list(person, AT) == []


def test_before_the_day_one_reads_already(wide, nora, people):
    take_over(nora, [wide["Ahorn"].pk], Plan(TODAY + 9 * DAY), **by(people["Frieda"]))
    with as_the_site(nora):
        [row] = reading_list(nora, AT)
    assert row.since == TODAY + 9 * DAY
