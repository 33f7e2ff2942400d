"""A month's cost, charged to the ledger: exact, idle capacity left out, replaced by reversal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.kit.months import Month
from kundenstamm.ledger.actions import UndoRefused, check_undo
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.ledger.queries import entries_of, recent_batches
from kundenstamm.serving import actions
from kundenstamm.serving.actions import (
    AllocationRefused,
    DoesNotAddUp,
    allocate,
    enter_activity_type,
    enter_pool_month,
)
from kundenstamm.serving.models import Activity, AllocationRun, Pool
from kundenstamm.serving.queries import history
from kundenstamm.serving.tests.conftest import AT, MAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(frieda):
    return lambda month=MAY: allocate(month, actor=frieda, at=AT)


def pool(run, name):
    return next(each for each in run.result["pools"] if each["pool"] == name)


def sums():
    """(customer, kind) → what stands in the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, entry.kind, sum(amount) FROM ledger_entry AS entry"
            " JOIN customers_customer AS customer ON customer.id = customer_id"
            " GROUP BY 1, 2 HAVING sum(amount) <> 0"
        )
        return {(number, kind): amount for number, kind, amount in cursor.fetchall()}


def test_activities_are_charged_and_idle_capacity_is_not(act, run):
    act("order", 0, lines=4)
    act("order", 1)
    act("call", 0, minutes=Decimal("25.5"))
    act("visit", 1, minutes=Decimal(90))
    made = run()
    assert sums() == {
        ("K1", EntryKind.ORDER): -10,
        ("K2", EntryKind.ORDER): -4,
        ("K1", EntryKind.SUPPORT): Decimal("-25.5"),
        ("K2", EntryKind.VISIT): -450,
    }
    office = pool(made, "Office")
    assert [Decimal(office[name]) for name in ("capacity", "used", "charged", "idle")] == [
        1000, Decimal("39.5"), Decimal("39.5"), Decimal("960.5"),
    ]  # fmt: skip
    assert Decimal(made.result["cost"]) == 4000
    assert Decimal(made.result["charged"]) + Decimal(made.result["idle"]) == 4000
    assert not office["overloaded"]


def test_an_entry_leads_to_its_activity(act, run, frieda, customers):
    done = act("visit", 2)
    run()
    (row,) = entries_of(frieda, customers[2]).rows
    assert (row.document, row.line, row.date) == ("2026-05", done.pk, done.date)
    assert (row.kind, row.amount) == (EntryKind.VISIT, -300)


def test_a_second_run_posts_only_what_has_changed(act, run):
    wrong, right = act("call", 0), act("call", 1)
    first = run()
    assert run().result["unchanged"] == 2
    assert Entry.objects.count() == 2
    wrong.minutes = Decimal(30)
    wrong.save()
    third = run()
    assert (third.result["changed"], third.result["unchanged"]) == (1, 1)
    assert Decimal(third.result["reversed"]) == 10
    amounts = Entry.objects.order_by("line", "revision").values_list("line", "amount", "revision")
    assert list(amounts) == [(wrong.pk, -10, 0), (wrong.pk, 10, 1), (wrong.pk, -30, 2),
                             (right.pk, -10, 0)]  # fmt: skip
    assert [each.version for each in history(MAY)] == [3, 2, 1]
    assert third.replaces.replaces == first


def test_what_was_deleted_moved_or_given_to_another_customer_follows(act, run, customers):
    deleted, moved, given_away = act("call", 0), act("call", 0), act("visit", 0)
    run()
    deleted.delete()
    moved.date = date(2026, 4, 30)
    moved.save()
    given_away.customer = customers[1]
    given_away.save()
    made = run()
    assert sums() == {("K2", EntryKind.VISIT): -300}
    assert (made.result["withdrawn"], made.result["changed"]) == (2, 1)


def test_a_pool_that_worked_too_much_charges_what_it_costs(act, run):
    act("visit", 0, minutes=Decimal(600))
    act("visit", 1, minutes=Decimal(300))
    field = pool(run(), "Field")
    assert field["overloaded"]
    assert (Decimal(field["charged"]), Decimal(field["idle"])) == (3000, 0)
    assert sums() == {("K1", EntryKind.VISIT): -2000, ("K2", EntryKind.VISIT): -1000}


def test_without_activities_all_is_idle(company, run):
    made = run()
    assert (Decimal(made.result["charged"]), Decimal(made.result["idle"])) == (0, 4000)
    assert not Entry.objects.exists()


def test_the_last_ten_thousandth_is_shared_out(act, run, frieda):
    enter_pool_month("Office", MAY, Decimal("0.0010"), Decimal(30), Decimal(1), actor=frieda, at=AT)
    for who in (0, 1, 2):
        act("call", who)
    made = run()
    assert Decimal(made.result["charged"]) == Decimal("0.0010")
    assert sorted(sums().values()) == [Decimal("-0.0004"), Decimal("-0.0003"), Decimal("-0.0003")]


@pytest.mark.parametrize("month", [Month(date(2026, 4, 1)), Month(date(2026, 7, 1))])
def test_a_month_without_costs_or_to_come_is_refused(act, run, month):
    act("call", day=date(2026, 4, 3))
    with pytest.raises(AllocationRefused, match=str(month)):
        run(month)
    assert not Entry.objects.exists()


def test_a_pool_that_worked_without_a_cost_is_named(act, run, frieda):
    april = Month(date(2026, 4, 1))
    enter_pool_month("Office", april, Decimal(1), Decimal(1), actor=frieda, at=AT)
    act("visit", day=date(2026, 4, 3))
    with pytest.raises(AllocationRefused, match="Field"):
        run(april)


@pytest.mark.parametrize("drivers", [{"km": 3}, {"lines": "many"}, {"lines": -9}, {"lines": 1e9}])
def test_drivers_that_do_not_fit_are_refused_with_the_type(act, run, drivers):
    act("order", **drivers)
    with pytest.raises(AllocationRefused, match="order"):
        run()


def test_a_ledger_that_would_not_hold_what_was_charged_is_not_written(act, run, monkeypatch):
    act("call")
    posting = actions.post_whole
    monkeypatch.setattr(
        actions, "post_whole", lambda batch, name, rows: posting(batch, name, rows.head(0))
    )
    with pytest.raises(DoesNotAddUp, match="charged 10"), transaction.atomic():
        run()
    assert not AllocationRun.objects.exists()


def test_only_who_keeps_the_costs_may_allocate(company):
    anna = User.objects.create(email="anna@example.com", role=Role.REPRESENTATIVE, created_at=AT)
    for action in (
        lambda: allocate(MAY, actor=anna, at=AT),
        lambda: enter_pool_month("Office", MAY, Decimal(1), Decimal(1), actor=anna, at=AT),
        lambda: enter_activity_type("x", Pool.objects.first(), 50, Decimal(1), actor=anna, at=AT),
    ):
        with pytest.raises(Forbidden):
            action()


def test_an_allocation_is_replaced_and_not_taken_back(act, run, frieda):
    act("call")
    batch = run().batch
    with pytest.raises(UndoRefused):
        check_undo(batch)
    assert batch not in recent_batches(frieda)


def test_a_month_that_is_entered_again_is_changed(company, frieda, run):
    enter_pool_month("Office", MAY, Decimal(5), Decimal(10), actor=frieda, at=AT)
    assert Decimal(pool(run(), "Office")["idle"]) == 5
    order = company["order"]
    changed = enter_activity_type(
        "order", order.pool, EntryKind.ORDER, Decimal(1), {"km": Decimal(2)}, actor=frieda, at=AT
    )
    assert changed.pk == order.pk
    assert list(changed.newest_equation.drivers.values_list("name", flat=True)) == ["km"]


@pytest.mark.parametrize(
    "values", [(Decimal(-1), Decimal(1)), (Decimal(1), Decimal(0)),
               (Decimal(1), Decimal(1), Decimal("1.1"))],
)  # fmt: skip
def test_costs_and_minutes_that_cannot_be_are_refused(frieda, values):
    with pytest.raises(ValidationError):
        enter_pool_month("Office", MAY, *values, actor=frieda, at=AT)


@pytest.mark.parametrize(
    "change", [{"minutes": -1}, {"drivers": [1]}, {"document": "D1", "minutes": 2}]
)
def test_the_database_refuses_what_is_no_activity(act, change):
    act("call")
    other = act("call")
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=other.pk).update(**change)


CODES = ("order", "call", "visit")
a_note = st.tuples(
    st.sampled_from(CODES), st.integers(0, 2), st.none() | st.decimals(0, 700, places=3),
    st.integers(0, 5),
)  # fmt: skip
steps = st.lists(
    st.one_of(
        st.tuples(st.just("note"), a_note),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("change"), st.tuples(st.integers(0, 9), a_note)),
        st.tuples(st.just("cost"), st.decimals(0, 5000, places=4)),
        st.tuples(st.just("run"), st.none()),
    ),
    max_size=14,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_any_history_leaves_what_the_newest_run_charged(act, run, frieda, company, customers, told):
    point = transaction.savepoint()
    try:
        _play(told, act, run, frieda, company, customers)
    finally:
        transaction.savepoint_rollback(point)


def _play(told, act, run, frieda, company, customers):
    noted: list[Activity] = []
    for what, value in [*told, ("run", None)]:
        if what == "note":
            code, who, minutes, lines = value
            drivers = {"lines": lines} if code == "order" else {}
            noted.append(act(code, who, minutes=minutes, **drivers))
        elif what == "delete" and value < len(noted):
            noted.pop(value).delete()
        elif what == "change" and value[0] < len(noted):
            code, who, minutes, _lines = value[1]
            changed = noted[value[0]]
            changed.type, changed.customer = company[code], customers[who]
            changed.minutes, changed.drivers = minutes, {}
            changed.save()
        elif what == "cost":
            enter_pool_month("Office", MAY, value, Decimal(500), actor=frieda, at=AT)
        elif what == "run":
            _holds(run())


def _holds(made):
    """Pools add up, and the customers' statements are what was charged, to the last digit."""
    for each in made.result["pools"]:
        assert Decimal(each["charged"]) + Decimal(each["idle"]) == Decimal(each["cost"])
    charged = sum(Decimal(each["charged"]) for each in made.result["pools"])
    assert charged == Decimal(made.result["charged"]) == -sum(sums().values(), Decimal(0))
