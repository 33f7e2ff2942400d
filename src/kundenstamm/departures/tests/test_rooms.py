"""Minutes behind a proposal: what customers take of who visits, and what colleagues have left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Assignment
from kundenstamm.departures import planning, rooms
from kundenstamm.departures.actions import fear
from kundenstamm.departures.effort import UNRECORDED, USUAL
from kundenstamm.departures.models import HandoverLine
from kundenstamm.departures.tests import conftest as own
from kundenstamm.guard.models import User
from kundenstamm.serving.actions import allocate
from kundenstamm.serving.tests.conftest import AT, MAY, act, company, customers, frieda

__all__ = ["act", "company", "customers", "frieda"]
YEAR = 12


@pytest.fixture
def allocated(act, frieda):
    """In May the field visited K1 for 120 and K2 for 60 minutes; the office typed for K3."""
    act("visit", 0, minutes=120)
    act("visit", 1, minutes=60)
    act("order", 2, minutes=300)
    allocate(MAY, actor=frieda, at=AT)


@pytest.fixture
def reps(customers, db):
    """Two who serve, with accounts: each has half of the field's 600 minutes a month."""
    from kundenstamm.customers.models import Representative

    made = {}
    for name, served in (("Anna", customers[:1]), ("Bernd", customers[1:])):
        user = User.objects.create(
            email=f"{name}@example.com", name=name, role="representative", created_at=AT
        )
        made[name] = Representative.objects.create(code=name, name=name, user=user)
        for each in served:
            Assignment.objects.create(
                customer=each, representative=made[name], starts=own.TODAY - 90 * own.DAY
            )
    return made


def test_minutes_are_those_of_who_visits_made_a_year(allocated, customers, frieda):
    told = rooms.minutes_a_year(frieda, [each.pk for each in customers], AT.date())
    assert list(told.values()) == pytest.approx([120 * YEAR, 60 * YEAR, rooms.LEAST])


def test_without_an_allocated_month_conversations_tell_it(customers, frieda):
    told = {"kind": "visit", "happened_at": AT, "day": AT.date(), "recorded_at": AT}
    for minutes in (45, None):
        Interaction.objects.create(
            customer=customers[0], author=frieda, reached=True, minutes=minutes, **told
        )
    found = rooms.minutes_a_year(frieda, [each.pk for each in customers], AT.date())
    assert list(found.values()) == [UNRECORDED + 45 + USUAL["visit"], UNRECORDED, UNRECORDED]
    assert rooms.year_of_one() is None


def test_free_is_what_the_pool_can_less_what_the_own_customers_take(allocated, reps, frieda):
    assert rooms.year_of_one() == pytest.approx(600 * YEAR / 2)
    departure = fear(reps["Anna"].user, "Gerücht", actor=frieda, at=own.AT)
    assert planning.propose(departure, actor=frieda, at=own.AT) == 1
    departure.refresh_from_db()
    free = 600 * YEAR / 2 - 60 * YEAR - rooms.LEAST
    assert departure.rooms == {str(reps["Bernd"].pk): pytest.approx(free)}
    assert HandoverLine.objects.get().minutes == pytest.approx(120 * YEAR)


def test_who_serves_together_does_a_part_each(allocated, reps, customers, frieda):
    pairs = [(1, 10), (2, 10), (2, 20)]
    told = rooms.free_minutes([1, 2], pairs, {10: 1000.0, 20: 500.0}, [100.0])
    assert told == {1: 3600 - 500, 2: 3600 - 1000}


LOADS = st.lists(st.tuples(st.integers(1, 5), st.floats(1, 5_000)), max_size=30)


@given(loads=LOADS, need=st.lists(st.floats(30, 5_000), min_size=1, max_size=30),
       year=st.none() | st.floats(0, 20_000))  # fmt: skip
def test_rooms_always_suffice_and_are_never_below_nil(loads, need, year):
    """Whatever is known: all that is handed over has a place, the largest customer too."""
    serving = [(who, customer) for customer, (who, _minutes) in enumerate(loads)]
    minutes = {customer: taken for customer, (_who, taken) in enumerate(loads)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "year_of_one", lambda: year)
        told = rooms.free_minutes(range(1, 6), serving, minutes, need)
    assert set(told) == set(range(1, 6))
    assert min(told.values()) >= 0
    assert sum(told.values()) >= sum(need) * 0.999
