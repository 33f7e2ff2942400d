"""When a customer was won, what touched it by then, what hours cost, when thanks are overdue."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.acquisition import rules
from kundenstamm.worth.acquisition.attribution import Attribution, credits

BOOKS = date(2024, 1, 1)
DAYS = st.dates(date(2024, 1, 1), date(2026, 1, 1))
TOUCHES = st.lists(st.tuples(DAYS, st.sampled_from("abc")), max_size=6)


@pytest.mark.parametrize(
    ("first", "since", "won"),
    [
        (None, None, None),
        (None, date(2025, 1, 1), None),
        (date(2024, 6, 28), None, None),
        (date(2024, 6, 29), None, date(2024, 6, 29)),
        (date(2024, 1, 5), date(2024, 1, 1), date(2024, 1, 5)),
        (date(2025, 1, 5), date(2023, 12, 31), None),
    ],
)
def test_who_was_there_before_the_books_was_not_won(first, since, won):
    assert rules.won_on(first, since, BOOKS) == won


@given(st.none() | st.sampled_from("abc"), TOUCHES, st.none() | DAYS)
def test_a_path_is_in_order_and_ends_with_the_first_purchase(origin, touches, until):
    found = rules.path(origin, touches, until)
    by_then = [c for day, c in sorted(touches) if until is None or day <= until]
    assert found[len(found) - len(by_then) :] == by_then
    assert origin is None or found[0] == origin
    assert len(found) <= len(by_then) + 1
    assert sum(credits(found, Attribution.POSITION).values()) == bool(found)


@pytest.mark.parametrize(
    ("month", "cost"), [((2026, 1), 60), ((2026, 2), 60), ((2026, 5), 72), ((2025, 12), None)]
)
def test_hours_cost_what_their_pool_costs_by_then(month, cost):
    rates = {date(2026, 1, 1): Decimal("0.5"), date(2026, 3, 1): Decimal("0.6")}
    assert rules.hours_cost(Decimal(2), date(*month, 1), rates) == cost


def test_thanks_are_overdue_after_two_weeks():
    day = date(2026, 1, 1)
    assert not rules.thanks_overdue(day, None, day + timedelta(days=14))
    assert rules.thanks_overdue(day, None, day + timedelta(days=15))
    assert not rules.thanks_overdue(day, day, day + timedelta(days=99))
