"""Whose work filled a pool, from the month's allocation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from kundenstamm.guard.models import Role, User
from kundenstamm.serving.actions import allocate
from kundenstamm.serving.models import Pool
from kundenstamm.serving.tests.conftest import AT, MAY
from kundenstamm.serving.working import by_customer, by_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(act, frieda):
    """K1: 35.5 minutes of the office; K2: 4, and 90 of the field."""
    wrong = act("call", 0, minutes=Decimal(500))
    act("order", 0, lines=4)
    act("order", 1)
    act("visit", 1, minutes=Decimal(90))
    allocate(MAY, actor=frieda, at=AT)
    # The second allocation reverses and charges anew: it must not count twice.
    wrong.minutes = Decimal("25.5")
    wrong.save()
    return allocate(MAY, actor=frieda, at=AT)


def test_who_took_most_comes_first_and_all_make_up_what_was_used(worked, frieda, customers):
    office = Pool.objects.get(name="Office")
    found = by_customer(frieda, office, MAY, 5)
    assert found.rows == ((customers[0], Decimal("35.5")), (customers[1], Decimal(4)))
    assert found.known == found.used == Decimal("39.5")
    assert by_customer(frieda, office, MAY, 1).rows == found.rows[:1]
    assert by_customer(frieda, office, MAY.after, 5).used is None


def test_whom_one_may_not_know_is_not_counted_among_the_known(worked):
    stranger = User.objects.create(
        email="r@example.com", name="R", role=Role.REPRESENTATIVE, created_at=timezone.now()
    )
    found = by_customer(stranger, Pool.objects.get(name="Office"), MAY, 5)
    assert (found.rows, found.known, found.used) == ((), 0, Decimal("39.5"))
    assert by_pool(stranger, [1, 2, 3], MAY, MAY) == {}


def test_a_pool_beyond_its_capacity_tells_minutes_and_not_money(act, frieda, customers):
    act("visit", 0, minutes=Decimal(500))
    act("visit", 1, minutes=Decimal(700))
    allocate(MAY, actor=frieda, at=AT)
    found = by_customer(frieda, Pool.objects.get(name="Field"), MAY, 5)
    assert [minutes for _customer, minutes in found.rows] == [700, 500]
    assert found.used == 1_200


def test_minutes_a_month_of_some_over_the_months_that_are_allocated(worked, frieda, customers):
    office, field = Pool.objects.get(name="Office"), Pool.objects.get(name="Field")
    some = [customers[0].pk, customers[1].pk]
    assert by_pool(frieda, some, MAY.before, MAY) == {office.pk: Decimal("39.5"), field.pk: 90}
    assert by_pool(frieda, some[:1], MAY, MAY) == {office.pk: Decimal("35.5")}
    assert by_pool(frieda, some, MAY.after, MAY.after) == {}
