"""Time equations with a day from which they hold: each activity by the one of its own day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.serving.actions import AllocationRefused, allocate, enter_activity_type
from kundenstamm.serving.queries import month_status
from kundenstamm.serving.tests.conftest import AT, MAY

pytestmark = pytest.mark.django_db
FIFTEENTH = date(2026, 5, 15)


@pytest.fixture
def enter(frieda, company):
    """Another equation of the visits, whose minute costs 5."""

    def entering(minutes, since=None, **drivers):
        pool = company["visit"].pool
        return enter_activity_type(
            "visit", pool, EntryKind.VISIT, Decimal(minutes), drivers, valid_from=since,
            actor=frieda, at=AT,
        )  # fmt: skip

    return entering


def charged(frieda):
    allocate(MAY, actor=frieda, at=AT)
    standing = Entry.objects.filter(kind=EntryKind.VISIT, reverses=None, reversals=None)
    return [int(-amount) for amount in standing.order_by("date").values_list("amount", flat=True)]


def test_each_day_has_its_own_equation(enter, act, frieda):
    for day in (13, 14, 15, 16):
        act("visit", day=date(2026, 5, day))
    enter(30, FIFTEENTH, km=Decimal(10))
    assert charged(frieda) == [300, 300, 150, 150]
    act("visit", day=date(2026, 5, 31), km=2)
    assert charged(frieda) == [300, 300, 150, 150, 250]


def test_one_that_begins_later_leaves_the_month_alone(enter, act, frieda):
    act("visit")
    assert charged(frieda) == [300]
    enter(30, date(2026, 6, 1), km=Decimal(1))
    assert month_status(MAY).changed_at is None
    assert charged(frieda) == [300]
    enter(30, FIFTEENTH)
    assert month_status(MAY).changed_at is not None


def test_the_same_day_corrects_and_no_day_corrects_the_newest(enter):
    enter(30, FIFTEENTH, km=Decimal(1))
    enter(20, FIFTEENTH)
    enter(10)
    found = enter(5, date(2026, 5, 1))
    told = {str(each.valid_from): each.base_minutes for each in found.equations.all()}
    assert told == {"1900-01-01": 60, "2026-05-01": 5, "2026-05-15": 10}
    assert not found.newest_equation.drivers.exists()


def test_drivers_of_another_days_equation_are_refused(enter, act, frieda):
    enter(30, FIFTEENTH, km=Decimal(1))
    act("visit", day=date(2026, 5, 14), km=3)
    with pytest.raises(AllocationRefused, match="km"):
        charged(frieda)


def test_a_day_before_the_first_one_is_refused_unless_minutes_are_stopped(
    enter, act, frieda, company
):
    company["visit"].equations.all().delete()
    enter(30, FIFTEENTH)
    act("visit", day=date(2026, 5, 2), minutes=Decimal(10))
    assert charged(frieda) == [50]
    act("visit", day=date(2026, 5, 3))
    with pytest.raises(AllocationRefused, match="2026-05-03"):
        charged(frieda)
