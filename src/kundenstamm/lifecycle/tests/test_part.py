"""Parts of the base in a period: whatever is chosen, its sums are the ledger's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.kit.quarters import Quarter
from kundenstamm.ledger.models import EntryKind, Line
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import QuarterSum
from kundenstamm.lifecycle.queries import Chosen, base_figures
from kundenstamm.lifecycle.queries.chosen import period, quarters
from kundenstamm.lifecycle.queries.part import part
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post
from kundenstamm.worth.levels import STATEMENT, SUBTOTALS, Level

pytestmark = pytest.mark.django_db
PERIODS = ("year", "this-year", "last-year", *(str(each) for each in quarters(AS_OF)))
LINES = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(-800, 20).map(lambda days: AS_OF + timedelta(days=days)),
        st.sampled_from([EntryKind.SALE, EntryKind.SALE, *EntryKind]),
        st.decimals(-500, 5000, places=4),
    ),
    max_size=40,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES)
def test_parts_and_periods_add_up_to_the_ledger(frieda, lines):
    with transaction.atomic():
        known = _six()
        post(frieda, [(known[who], day, kind, amount) for who, day, kind, amount in lines])
        run = value_all(as_of=AS_OF, actor=frieda, at=AT)
        for name in PERIODS:
            whole = _statement(part(frieda, run, Chosen(period=name)))
            when = period(name, AS_OF)
            assert whole == _ledger(known, when.first, when.last)
            for by, values in (("links", ("dealer", "agent")), ("channels", ("web", "fair"))):
                parts = [part(frieda, run, Chosen(period=name, **{by: (v,)})) for v in values]
                sums = [_statement(each) for each in parts]
                assert whole == {level: sum(each[level] for each in sums) for level in STATEMENT}
        transaction.set_rollback(True)


def _six():
    known = customers(*"ABCDEF")
    for n, who in enumerate(known):
        who.link, who.channel = ("dealer", "agent")[n % 2], ("web", "fair")[n // 3]
    Customer.objects.bulk_update(known, ["link", "channel"])
    return known


def _statement(table):
    return {name: Decimal(table[f"year_{name}"].sum() or 0) for name in STATEMENT}


def _ledger(known, first, last):
    """One line after the other, in plain Python."""
    lines = Line.objects.filter(customer__in=known, date__range=(first, last))
    rows = list(lines.values_list("kind", "amount"))
    found = {
        level.name.lower(): sum((a for k, a in rows if k // 10 == level), Decimal(0))
        for level in Level
    }
    for name, down_to in SUBTOTALS.items():
        found[name] = sum((a for k, a in rows if k // 10 <= down_to), Decimal(0))
    return {name: found[name] for name in STATEMENT}


def test_only_quarters_that_changed_are_written_again(frieda):
    known = customers(*(f"Kunde {n}" for n in range(20)))
    days = [AS_OF - timedelta(days=n) for n in range(5, 400, 40)]
    post(frieda, [(who, day, EntryKind.SALE, 100) for who in known for day in days])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    before = dict(QuarterSum.objects.values_list("pk", "gross_sales"))
    post(frieda, [(known[3], AS_OF, EntryKind.SALE, 7)])
    value_all(as_of=AS_OF, actor=frieda, at=AT, refit=True)
    after = dict(QuarterSum.objects.values_list("pk", "gross_sales"))
    assert len(after) == len(before)
    assert len(before.items() - after.items()) == 1


def test_a_regular_of_a_quarter_bought_in_it_and_often_enough(frieda):
    [one] = customers("Eins")
    days = [date(2025, 2, 1), date(2025, 5, 1), date(2025, 11, 1)]
    post(frieda, [(one, day, EntryKind.SALE, 100) for day in days])
    post(frieda, [(one, date(2026, 1, 5), EntryKind.VISIT, -10)])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    found = QuarterSum.objects.order_by("first_day").values_list("first_day__month", "regular")
    assert list(found) == [(1, False), (4, False), (10, True), (1, False)]


def test_the_base_of_a_representative_in_a_quarter(frieda):
    known = _six()
    anna = Representative.objects.create(code="A", name="Anna")
    for who in known[:2]:
        Assignment.objects.create(customer=who, representative=anna, starts=date(2020, 1, 1))
    lines = [(who, day, EntryKind.SALE, 100) for who in known
             for day in (date(2025, 8, 1), date(2024, 8, 1), date(2025, 12, 1))]  # fmt: skip
    post(frieda, lines)
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    found = base_figures(frieda, Chosen(period="2025-Q3", representatives=("A",)))
    assert (found.net_revenue, found.totals["customers"]) == (200, 2)
    assert found.contribution_3 == found.previous_contribution_3 == 70
    assert found.totals["sizes"]["contribution_3"]["single"][0][1:] == (100, 35)
    assert set(found.named.values()) == set(known[:2])
    [row] = [row for row in found.totals["quarters"] if row["quarter"] == "2025-Q3"]
    assert Decimal(row["contribution_3"]) == 70


def test_periods_end_with_the_day_of_the_run_and_know_the_year_before():
    assert period("this-year", AS_OF).last == AS_OF
    assert period("2026-Q1", AS_OF).before is None  # it is not over yet
    assert period("2025-Q2", AS_OF).before == (date(2024, 4, 1), date(2024, 6, 30))
    assert period("1999-Q1", AS_OF) == period("year", AS_OF)
    assert Quarter.parse("2024-Q2") == quarters(AS_OF)[-1]
