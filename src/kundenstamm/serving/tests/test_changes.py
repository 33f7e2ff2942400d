"""What changed after a month's allocation: told by months, whoever changed it and how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind
from kundenstamm.serving.actions import (
    allocate,
    carry_over,
    enter_activity_type,
    enter_pool_month,
    rename_pool,
)
from kundenstamm.serving.models import Activity, Pool, PoolMonth
from kundenstamm.serving.queries import month_status, months_to_allocate, pools
from kundenstamm.serving.tests.conftest import AT, MAY

pytestmark = pytest.mark.django_db
APRIL = MAY.before


@pytest.fixture
def allocated(frieda, company, act):
    """May and April, each with a visit by an equation, and one order in May with its minutes."""
    for each in Pool.objects.all():
        enter_pool_month(each.name, APRIL, Decimal(900), Decimal(600), actor=frieda, at=AT)
    act("visit", 0)
    act("order", 1, minutes=Decimal(7))
    act("visit", 0, day=date(2026, 4, 9))
    for month in (APRIL, MAY):
        allocate(month, actor=frieda, at=AT)


def stale():
    return {str(month) for month in (APRIL, MAY) if month_status(month).changed_at}


@pytest.mark.usefixtures("allocated")
def test_nothing_changed_nothing_told():
    assert stale() == set()
    for each in (*Activity.objects.all(), *PoolMonth.objects.all(), *Pool.objects.all()):
        each.save()
    assert stale() == set()


def _moved(_company, _frieda):
    Activity.objects.filter(type__code="order").update(date=date(2026, 4, 30))


def _gone(_company, _frieda):
    Activity.objects.filter(date__month=4).delete()


def _dearer(_company, frieda):
    enter_pool_month("Office", MAY, Decimal(1001), Decimal(1250), actor=frieda, at=AT)


def _slower(company, frieda):
    lines = {"lines": Decimal(2)}
    order = company["order"]
    enter_activity_type(
        "order", order.pool, EntryKind.ORDER, Decimal(4), lines, actor=frieda, at=AT
    )


def _renamed(company, frieda):
    """Costs nobody anything else."""
    visit, by = company["visit"], {"actor": frieda, "at": AT}
    enter_activity_type("visit", visit.pool, EntryKind.VISIT, Decimal(60), name="Besuch", **by)
    rename_pool(visit.pool, "Außendienst", **by)


@pytest.mark.usefixtures("allocated")
@pytest.mark.parametrize(
    ("change", "told"),
    [(_moved, {"2026-04", "2026-05"}), (_gone, {"2026-04"}), (_dearer, {"2026-05"}),
     (_slower, {"2026-04", "2026-05"}), (_renamed, set())],
)  # fmt: skip
def test_a_change_is_told_for_its_months_until_they_run_again(company, frieda, change, told):
    change(company, frieda)
    assert stale() == told
    for month in (APRIL, MAY):
        allocate(month, actor=frieda, at=AT)
    assert stale() == set()


def test_months_that_can_be_allocated(allocated, act):
    act("visit", 0, day=date(2026, 7, 1))
    found = [str(month) for month in months_to_allocate(date(2026, 6, 3))]
    assert found == ["2026-06", "2026-05", "2026-04"]


def test_last_months_figures_are_carried_over_where_none_are_entered(frieda, company):
    by = {"actor": frieda, "at": AT}
    enter_pool_month("Office", MAY.after, Decimal(7), Decimal(9), **by)
    assert [each.pool.name for each in carry_over(MAY.after, **by)] == ["Field"]
    figures = {pool.name: (each.cost, each.capacity) for pool, each in pools(MAY.after)}
    assert figures == {"Office": (7, Decimal("7.2")), "Field": (3000, 600)}
    assert carry_over(MAY.after, **by) == []
    assert PoolMonth.objects.filter(month=MAY.first).count() == 2


def test_a_pool_is_renamed_unless_another_has_the_name(frieda, company):
    office = Pool.objects.get(name="Office")
    with pytest.raises(ValidationError):
        rename_pool(office, "Field", actor=frieda, at=AT)
    rename_pool(office, "Innendienst", actor=frieda, at=AT)
    assert Pool.objects.filter(name="Innendienst").get().months.count() == 1


@pytest.mark.parametrize("name", ["a=b", "a;b", "a|b", ""])
def test_a_driver_that_no_file_could_name_is_refused(frieda, company, name):
    pool = company["order"].pool
    with pytest.raises(ValidationError):
        enter_activity_type(
            "x", pool, EntryKind.ORDER, Decimal(1), {name: Decimal(1)}, actor=frieda, at=AT
        )


def test_only_who_keeps_the_company_does_any_of_it(frieda, company):
    anna = User.objects.create(
        email="anna@example.com", name="Anna", role=Role.REPRESENTATIVE, created_at=AT
    )
    with pytest.raises(Forbidden):
        carry_over(Month(date(2026, 6, 1)), actor=anna, at=AT)
    with pytest.raises(Forbidden):
        rename_pool(company["order"].pool, "x", actor=anna, at=AT)
