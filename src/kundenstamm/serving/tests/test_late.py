"""Late payment: charged for the days of each month, exact, and never twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.company.models import CompanyProfile
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry, EntryKind, Source
from kundenstamm.serving import actions
from kundenstamm.serving.actions import DoesNotAddUp, allocate, enter_pool_month
from kundenstamm.serving.models import Payment
from kundenstamm.serving.queries import month_status
from kundenstamm.serving.tests.conftest import AT, MAY
from kundenstamm.worth.late import cost_of_days, cost_of_period

pytestmark = pytest.mark.django_db
LATE = EntryKind.PAYMENT_DELAY
APRIL, JUNE = MAY.before, MAY.after


@pytest.fixture
def owe(company, customers, frieda):
    """Note a payment; pools have figures in April, May and June, money costs 6 % a year."""
    for month in (APRIL, JUNE):
        enter_pool_month("Office", month, Decimal(5), Decimal(5), actor=frieda, at=AT)
    CompanyProfile.objects.update_or_create(pk=1, defaults={"financing_rate": Decimal("0.06")})
    source = Source.objects.create(name="Accounts")

    def note(due, paid=None, amount=Decimal(1000), who=0):
        return Payment.objects.create(
            customer=customers[who], due=due, paid=paid, amount=amount, source=source,
            document=f"R{Payment.objects.count()}",
        )  # fmt: skip

    return note


@pytest.fixture
def run(frieda):
    return lambda month=MAY: allocate(month, actor=frieda, at=AT)


def standing():
    """Month → what stands of late payment."""
    sums: dict[str, Decimal] = {}
    for entry in Entry.objects.filter(kind=LATE):
        month = str(Month.of(entry.date))
        sums[month] = sums.get(month, Decimal(0)) + entry.amount
    return {month: amount for month, amount in sums.items() if amount}


def test_each_month_has_the_days_that_fall_in_it(owe, run):
    owe(date(2026, 4, 20), date(2026, 6, 2))
    for month in (APRIL, MAY, JUNE):
        run(month)
    # 10, 31 and 2 days of 1000 at 6 %: 1.6438, 5.0959, 0.3288; together 43 days are 7.0685.
    assert standing() == {
        "2026-04": Decimal("-1.6438"), "2026-05": Decimal("-5.0959"), "2026-06": Decimal("-0.3288"),
    }  # fmt: skip
    assert sum(standing().values()) == -cost_of_days(Decimal(1000), 43, Decimal("0.06"))
    days = Entry.objects.filter(kind=LATE).order_by("date").values_list("date", flat=True)
    assert list(days) == [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 2)]


def test_who_pays_in_time_costs_nothing(owe, run):
    owe(date(2026, 5, 20), date(2026, 5, 20))
    owe(date(2026, 5, 20), date(2026, 5, 3))
    owe(date(2026, 6, 20))
    owe(date(2026, 5, 31))
    made = run()
    assert made.result["late"] == {"payments": 0, "charged": "0", "rate": "0.0600"}
    assert not Entry.objects.exists()


def test_an_open_payment_counts_until_the_months_end_and_not_twice(owe, run):
    owed = owe(date(2026, 5, 21))
    run()
    assert run().result["unchanged"] == 1
    assert standing() == {"2026-05": -cost_of_days(Decimal(1000), 10, Decimal("0.06"))}
    owed.paid = date(2026, 5, 25)
    owed.save()
    made = run()
    assert (made.result["changed"], Decimal(made.result["reversed"])) == (1, Decimal("1.6438"))
    assert standing() == {"2026-05": -cost_of_days(Decimal(1000), 4, Decimal("0.06"))}


def test_pools_add_up_beside_it(owe, act, run):
    act("call")
    owe(date(2026, 5, 1), who=1)
    made = run()
    assert Decimal(made.result["charged"]) + Decimal(made.result["idle"]) == 4000
    assert made.result["late"]["payments"] == 1
    assert made.result["new"] == 2
    kinds = Entry.objects.order_by("kind").values_list("kind", "customer__number", "document")
    assert list(kinds) == [(EntryKind.SUPPORT, "K1", "2026-05"), (LATE, "K2", "2026-05/2")]


def test_a_payment_that_was_deleted_or_is_another_customers_follows(owe, run, customers):
    gone, moved = owe(date(2026, 5, 1)), owe(date(2026, 5, 11))
    run()
    gone.delete()
    moved.customer = customers[2]
    moved.save()
    run()
    left = Entry.objects.filter(kind=LATE).values_list("customer__number", "amount")
    assert sum(amount for who, amount in left if who == "K1") == 0
    assert sum(amount for who, amount in left if who == "K3") == Decimal("-3.2877")


def test_what_money_costs_is_what_the_company_says(owe, run):
    owe(date(2026, 5, 1))
    CompanyProfile.objects.update(financing_rate=Decimal("0.12"))
    assert run().result["late"] == {"payments": 1, "charged": "9.8630", "rate": "0.1200"}
    CompanyProfile.objects.update(financing_rate=Decimal(0))
    run()
    assert standing() == {}


@pytest.mark.parametrize(
    ("change", "told"),
    [({"paid": date(2026, 5, 9)}, {"2026-04", "2026-05"}), ({"amount": 2}, {"2026-04", "2026-05"}),
     ({"document": "R9"}, {"2026-04", "2026-05"}), ({}, set())],
)  # fmt: skip
def test_months_whose_days_changed_are_to_be_run_again(owe, run, change, told):
    owed = owe(date(2026, 4, 28), date(2026, 5, 3))
    for month in (APRIL, MAY, JUNE):
        run(month)
    assert not any(month_status(each).changed_at for each in (APRIL, MAY, JUNE))
    Payment.objects.filter(pk=owed.pk).update(**change or {"amount": owed.amount})
    stale = {str(each) for each in (APRIL, MAY, JUNE) if month_status(each).changed_at}
    assert stale == told


def test_a_ledger_without_it_is_not_kept(owe, run, monkeypatch):
    owe(date(2026, 5, 1))
    posting = actions.post_whole
    monkeypatch.setattr(
        actions,
        "post_whole",
        lambda batch, name, rows: posting(batch, name, rows.head(0 if "/" in name else 9)),
    )
    with pytest.raises(DoesNotAddUp, match="2026-05/2"), transaction.atomic():
        run()


@pytest.mark.parametrize("change", [{"amount": 0}, {"amount": -5}, {"document": "R0"}])
def test_the_database_refuses_what_nobody_owes(owe, change):
    owe(date(2026, 5, 1))
    other = owe(date(2026, 5, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=other.pk).update(**change)


days = st.integers(0, 90).map(lambda n: date(2026, 4, 1) + timedelta(days=n))
owed = st.tuples(days, st.none() | days, st.decimals("0.01", 10**9, places=2), st.integers(0, 2))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(owed, max_size=5), st.lists(st.sampled_from([APRIL, MAY, JUNE]), max_size=4))
def test_whenever_months_are_run_every_late_day_is_charged_once(owe, run, told, again):
    point = transaction.savepoint()
    try:
        for each in told:
            owe(*each)
        for month in (APRIL, MAY, *again, JUNE):
            run(month)
        expected = sum(
            (_by_hand(due, paid, amount) for due, paid, amount, _who in told), Decimal(0)
        )
        assert -sum(standing().values(), Decimal(0)) == expected
    finally:
        transaction.savepoint_rollback(point)


def _by_hand(due, paid, amount):
    late = [due + timedelta(days=n) for n in range(1, 100)]
    until = min(paid or JUNE.last, JUNE.last)
    return cost_of_days(amount, sum(day <= until for day in late), Decimal("0.06"))


@given(owed, st.lists(days, min_size=1, unique=True), st.decimals(0, 1, places=4))
def test_however_time_is_parted_the_parts_are_the_whole(told, cuts, rate):
    due, paid, amount, _who = told
    ends = sorted({*cuts, JUNE.last})
    starts = [date(2026, 1, 1), *(end + timedelta(days=1) for end in ends[:-1])]
    parts = [
        cost_of_period(amount, due, paid, first, last, rate)
        for first, last in zip(starts, ends, strict=True)
    ]
    assert min(parts) >= 0
    assert sum(parts) == cost_of_period(amount, due, paid, date(2026, 1, 1), JUNE.last, rate)
