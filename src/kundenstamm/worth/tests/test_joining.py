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
    reading_weight,
    shares,
    too_many,
    ways,
    won_by,
)


def company(seed, customers=8, colleagues=2):
    """Customers with or without somebody, and how many each colleague has too many."""
    rng = np.random.default_rng(seed)
    told = ways(
        rng.gamma(1, 1000, customers), rng.uniform(0, 1, customers),
        rng.integers(-1, colleagues, customers), rng.uniform(0, 1, customers),
        rng.uniform(0, 1, customers), rng.uniform(1, 60, customers),
    )  # fmt: skip
    return told, rng.integers(0, customers // 2, colleagues)


@given(seed=st.integers(0, 10**6), room=st.integers(0, 8))
@settings(deadline=None, max_examples=80)
def test_no_other_choice_wins_more(seed, room):
    told, give = company(seed)
    found = choose(told, room, give)
    assert found.taken.sum() <= room
    best = max(
        won_by(told, np.isin(np.arange(8), chosen), give)
        for size in range(room + 1)
        for chosen in combinations(range(8), size)
    )
    assert found.saved == pytest.approx(best)
    assert found.saved == pytest.approx(won_by(told, found.taken, give))


@given(seed=st.integers(0, 10**6), room=st.integers(1, 8))
@settings(deadline=None, max_examples=60)
def test_whoever_has_time_and_fits_better_keeps_their_customers(seed, room):
    told, _give = company(seed)
    found = choose(told, room, np.zeros(2, dtype=int))
    held = told.holder >= 0
    assert not (found.taken & held & (told.goes >= told.stays)).any()
    # Room that is left goes to those whom nobody looks after.
    assert found.taken.sum() == room or found.taken[~held].all()


@given(seed=st.integers(0, 10**6), room=st.integers(1, 8))
@settings(deadline=None, max_examples=40)
def test_dropping_one_that_was_taken_never_wins(seed, room):
    told, give = company(seed)
    found = choose(told, room, give)
    by_hand = gains_by_hand(told, found.taken, give, np.arange(8))
    assert (by_hand[found.taken] >= -1e-6).all()
    if found.taken.sum() < room:
        assert (by_hand[~found.taken] <= 1e-5).all()


def test_each_reason_to_go_counts_for_itself():
    at_risk = np.full(5, 1000.0)
    #        bound to a colleague, one of a poor fit, nobody's, that of who is gone, a plain one
    bound, holder = np.array([1.0, 0.0, 0.0, 1.0, 0.0]), np.array([0, 0, -1, -1, 0])
    fit_held, fit_new = np.array([1, 0, 0, 0, 0.5]), np.array([0, 1, 0, 0.5, 0.5])
    told = ways(at_risk, bound, holder, fit_held, fit_new, np.ones(5))
    assert told.stays.tolist() == [0, 400, 1000, 1000, 200]
    assert told.goes.tolist() == pytest.approx([1000, 0, 400, 800, 200])
    # 1000 + 600 + 800 of three customers, a third of their holder's minutes each.
    assert told.relief.tolist() == pytest.approx([800, 800, 0, 0, 800])
    found = choose(told, 3, np.array([0]))
    assert found.taken.tolist() == [False, True, True, True, False]
    assert found.saved == pytest.approx(400 + 600 + 200)
    # Who has one too many gives the one whose change costs nothing, before that of who is gone.
    found = choose(told, 3, np.array([1]))
    assert found.taken.tolist() == [False, True, True, True, False]
    assert found.saved == pytest.approx(1200 + 800)


def test_time_is_won_by_whoever_takes_much_and_is_hardly_bound():
    at_risk, bound = np.array([900.0, 800, 700, 100]), np.array([1.0, 0.2, 1.0, 0.0])
    minutes = np.array([30.0, 30, 30, 10])
    told = ways(at_risk, bound, np.zeros(4, dtype=int), np.ones(4), np.zeros(4), minutes)
    assert told.goes.tolist() == pytest.approx([900, 416, 700, 40])
    assert told.relief.tolist() == pytest.approx([750, 750, 750, 250])
    found = choose(told, 1, np.array([1]))
    assert found.taken.tolist() == [False, True, False, False]
    by_hand = gains_by_hand(told, found.taken, np.array([1]), np.arange(4))
    # Nobody else relieves any more: there is one too many.
    assert by_hand.tolist() == pytest.approx([-900, 334, -700, -40])


def test_nobody_and_no_room():
    told, give = company(1)
    assert not choose(told, 0, give).taken.any()
    none = ways(*[np.zeros(0)] * 2, np.zeros(0, dtype=int), *[np.zeros(0)] * 3)
    assert choose(none, 5, np.zeros(0, dtype=int)).taken.tolist() == []
    free = ways(np.ones(3), np.zeros(3), np.full(3, -1), np.zeros(3), np.zeros(3), np.ones(3))
    assert choose(free, 2, np.zeros(0, dtype=int)).taken.sum() == 2


@given(loads=st.lists(st.integers(0, 200), min_size=1, max_size=8), given_=st.integers(0, 300))
def test_those_who_have_most_give_down_to_one_level(loads, given_):
    had = np.array(loads, dtype=float)
    kept = shares(had, given_)
    assert (kept <= had).all()
    assert (kept >= 0).all()
    assert (had - kept).sum() == pytest.approx(min(given_, had.sum()))
    given_up = too_many(np.array(loads), given_)
    assert (given_up <= had).all()
    assert given_up.sum() >= min(given_, had.sum())
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
