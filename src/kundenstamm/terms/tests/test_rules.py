"""The ratchets, as tables of cases and over any history of promises."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.terms.rules import Finding, Promise, earned, ratchets, rate_of

DAY_ONE = date(2024, 1, 1)
ALL = (0, 0)


def promises(kind, *told, scope=ALL):
    """``(first, last, rate)``: days counted from the first of all."""
    return [
        Promise(n, kind, scope, DAY_ONE + timedelta(a),
                None if b is None else DAY_ONE + timedelta(b), Decimal(str(rate)))
        for n, (a, b, rate) in enumerate(told, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([], []),
        ([(0, 89, 0.05)], []),
        ([(0, 89, 0.05), (90, 179, 0.05)], []),
        ([(0, 89, 0.05), (90, 179, 0.05), (180, 269, 0.05)], [(3, 3, 0)]),
        # A pause of a month is none to the customer, one of a quarter is.
        ([(0, 89, 0.05), (120, 179, 0.05), (210, 269, 0.05)], [(3, 3, 0)]),
        ([(0, 89, 0.05), (180, 269, 0.05), (360, 449, 0.05)], []),
        # Overlapping ones count as well, and one within another.
        ([(0, 365, 0.05), (30, 60, 0.02), (340, 420, 0.05)], [(3, 3, 0)]),
        # What went before the pause does not make the next row longer.
        ([(0, 9, 0.1), (10, 19, 0.1), (400, 409, 0.1), (410, 419, 0.1)], []),
    ],
)
def test_a_promotion_without_a_pause_is_permanent(told, found):
    ratcheted = ratchets(promises("promotion", *told), 2)
    days = [(each.id, each.periods, (each.since - DAY_ONE).days) for each in ratcheted]
    assert days == found
    assert all(each.finding is Finding.PERMANENT for each in ratcheted)


@pytest.mark.parametrize(
    ("rates", "grew"),
    [
        ([0.02], False),
        ([0.02, 0.03], False),
        ([0.02, 0.03, 0.05], True),
        ([0.02, 0.02, 0.02], False),
        ([0.02, 0.03, 0.03, 0.05], True),
        ([0.02, 0.05, 0.03, 0.06], False),
    ],
)
def test_a_rebate_that_only_grew(rates, grew):
    told = [(90 * n, 90 * n + 89, rate) for n, rate in enumerate(rates)]
    found = ratchets(promises("rebate", *told), 2)
    assert [each.finding for each in found] == [Finding.ONLY_GREW] * grew
    if grew:
        assert (found[0].rate_before, found[0].rate) == (
            Decimal(str(rates[0])),
            Decimal(str(rates[-1])),
        )


def test_each_scope_is_judged_by_itself():
    one = promises("promotion", (0, 9, 0.1), (10, 19, 0.1), scope=(1, 0))
    other = promises("promotion", (20, 29, 0.1), scope=(2, 0))
    assert ratchets([*one, *other], 2) == []
    assert len(ratchets([*one, *promises("promotion", (20, 29, 0.1), scope=(1, 0))], 2)) == 1


SPANS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 200), st.sampled_from([0.02, 0.05, 0.1])),
    max_size=8,
)


@given(SPANS, st.integers(1, 4))
def test_a_stricter_limit_finds_no_less_and_order_does_not_matter(spans, after):
    made = promises("promotion", *((first, first + days, rate) for first, days, rate in spans))
    found = ratchets(made, after)
    assert sorted(map(str, found)) == sorted(map(str, ratchets(made[::-1], after)))
    assert len(ratchets(made, after + 1)) <= len(found)
    assert all(each.periods > after for each in found)
    assert sum(each.periods for each in found) <= len(made)


TIERS = st.dictionaries(
    st.integers(0, 100_000).map(Decimal), st.sampled_from(["0.01", "0.025", "0.03"]).map(Decimal)
)


@given(TIERS, st.integers(0, 200_000).map(Decimal))
def test_a_volume_earns_the_rate_of_the_highest_tier_below_it(tiers, volume):
    below = [amount for amount in tiers if amount <= volume]
    assert rate_of(tiers.items(), volume) == (tiers[max(below)] if below else 0)
    bonus = earned(tiers.items(), volume, volume)
    assert bonus == round(bonus, 2) >= 0
