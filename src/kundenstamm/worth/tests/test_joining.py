"""Somebody new: the best assignment, nobody torn away in vain, and days that suffice."""

from datetime import date
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.handover.joining import (
    choose,
    first_contacts,
    gains_by_hand,
    losses,
    reading_weight,
    shares,
    total_loss,
)

ALL = np.arange(4)


def company(seed, customers=9, colleagues=2):
    """Customers with or without somebody, and what each colleague can look after."""
    rng = np.random.default_rng(seed)
    holder = rng.integers(-1, colleagues, customers)
    lost = losses(
        rng.gamma(1, 1000, customers), rng.uniform(0, 1, customers), holder >= 0,
        rng.uniform(0, 1, customers), rng.uniform(0, 1, customers),
    )  # fmt: skip
    return lost, holder, rng.integers(0, customers // 2 + 1, colleagues).astype(float)


@given(seed=st.integers(0, 10**6), room=st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_no_other_choice_loses_less(seed, room):
    lost, holder, capacity = company(seed)
    told = choose(lost, holder, room, capacity)
    assert told.taken.sum() <= room
    best = min(
        total_loss(lost, holder, np.isin(np.arange(9), chosen), capacity)
        for size in range(room + 1)
        for chosen in combinations(range(9), size)
    )
    mine = total_loss(lost, holder, told.taken, capacity)
    assert best - 1e-6 <= mine <= best + 1e-6
    none = total_loss(lost, holder, np.zeros(9, dtype=bool), capacity)
    assert told.saved == pytest.approx(none - mine)


@given(seed=st.integers(0, 10**6), room=st.integers(1, 9))
@settings(deadline=None, max_examples=60)
def test_whoever_has_time_and_fits_better_keeps_their_customers(seed, room):
    lost, holder, _few = company(seed)
    told = choose(lost, holder, room, np.full(2, 9.0))
    held = holder >= 0
    assert not (told.taken & held & (lost.goes >= lost.stays)).any()
    # Room that is left goes to those whom nobody looks after.
    assert told.taken.sum() == room or told.taken[~held].all()


def test_each_reason_to_go_counts_for_itself():
    at_risk = np.full(5, 1000.0)
    #        bound to a colleague, one of a poor fit, nobody's, that of who is gone, a plain one
    bound = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    held = np.array([True, True, False, False, True])
    told = losses(at_risk, bound, held, np.array([1, 0, 0, 0, 0.5]), np.array([0, 1, 0, 0.5, 0.5]))
    assert told.stays.tolist() == [0, 400, 1000, 1000, 200]
    assert told.goes.tolist() == pytest.approx([1000, 0, 400, 800, 200])
    assert told.left.tolist() == [1000] * 5
    chosen = choose(told, np.array([0, 0, -1, -1, 0]), 3, np.array([3.0]))
    assert chosen.taken.tolist() == [False, True, True, True, False]
    assert chosen.saved == pytest.approx(400 + 600 + 200)


def test_who_has_too_many_gives_those_least_bound():
    at_risk, bound = np.array([900.0, 800, 700, 600]), np.array([1.0, 0.2, 1.0, 1.0])
    told = losses(at_risk, bound, np.full(4, True), np.ones(4), np.zeros(4))
    assert told.goes.tolist() == pytest.approx([900, 416, 700, 600])
    chosen = choose(told, np.zeros(4, dtype=int), 1, np.array([3.0]))
    assert chosen.taken.tolist() == [False, True, False, False]
    assert chosen.saved == pytest.approx(600 - 416, abs=1)
    by_hand = gains_by_hand(told, np.zeros(4, dtype=int), chosen.taken, np.array([3.0]), rows=ALL)
    # The colleague would not get round to the last one; the others have somebody by now.
    assert by_hand.tolist() == pytest.approx([-900, 184, -700, -600])


def test_nobody_and_no_room():
    lost, holder, capacity = company(1)
    assert not choose(lost, holder, 0, capacity).taken.any()
    none = losses(*(np.zeros(0) for _ in range(2)), np.zeros(0, dtype=bool), *[np.zeros(0)] * 2)
    assert choose(none, np.zeros(0, dtype=int), 5, np.zeros(0)).taken.tolist() == []
    alone = losses(np.ones(3), np.zeros(3), np.zeros(3, dtype=bool), np.zeros(3), np.zeros(3))
    assert choose(alone, np.full(3, -1), 2, np.zeros(0)).taken.sum() == 2


@given(loads=st.lists(st.integers(0, 200), min_size=1, max_size=8), given_=st.integers(0, 300))
def test_those_who_have_most_give_down_to_one_level(loads, given_):
    had = np.array(loads, dtype=float)
    kept = shares(had, given_)
    assert (kept <= had).all()
    assert (kept >= 0).all()
    assert (had - kept).sum() == pytest.approx(min(given_, had.sum()))
    giving = kept[kept < had]
    assert np.allclose(giving, kept.max(initial=0)) or not len(giving)


@pytest.mark.parametrize(
    ("loads", "given_", "kept"),
    [([170, 165, 20], 20, [157.5, 157.5, 20]), ([10, 10, 10], 3, [9, 9, 9]), ([5, 1], 9, [0, 0]),
     ([5, 1], 0, [5, 1])],
)  # fmt: skip
def test_shares(loads, given_, kept):
    assert shares(np.array(loads, dtype=float), given_).tolist() == kept


@given(customers=st.integers(0, 60), first=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
       weekly=st.integers(1, 20))  # fmt: skip
def test_first_contacts_keep_to_so_many_a_week(customers, first, weekly):
    days = first_contacts(customers, first, weekly)
    assert len(days) == customers
    assert days == sorted(days)
    assert all(day >= first and day.weekday() < 5 for day in days)
    within = [sum(0 <= (other - day).days < 5 for other in days) for day in days]
    assert max(within, default=0) <= max(weekly, 1) + (weekly // 5 + 1)
    starts = days[::weekly]
    assert all((b - a).days >= 7 for a, b in pairwise(starts))


def test_none_a_week_is_refused():
    with pytest.raises(ValueError, match="one a week"):
        first_contacts(3, date(2026, 1, 1), 0)


def test_a_complaint_is_read_before_more_value():
    assert reading_weight(600, 1, 0, 0) > reading_weight(1000, 0, 0, 0)
    assert reading_weight(600, 0, 1, 0) < reading_weight(1000, 0, 0, 0)
    assert reading_weight(-500, 1, 0, 0) == reading_weight(0, 1, 0, 0) > 0
    assert reading_weight(10, 9, 99, 999) == reading_weight(10, 2, 4, 10)
