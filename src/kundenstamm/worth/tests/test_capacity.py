"""Pools' months, how many customers fit, and scenarios, beside sums written out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.pursuit.capacity import Overtime, how_many, overflow, room
from kundenstamm.worth.pursuit.load import Added, Load, Need, changed, stretched, widened
from kundenstamm.worth.pursuit.plan import Plan, PlanError, Pool
from kundenstamm.worth.pursuit.present_value import worth_trying
from kundenstamm.worth.pursuit.scenario import HORIZON, Taken, outcome

MONTHS = 48
PLAN = Plan(turnover=100_000, goods=0.6, rebate=0.05, minutes={"sales": 300.0})


def flat(name="sales", capacity=1_000.0, base=600.0, rate=0.8, **parts):
    told = {"capacity": capacity, "base": base, "won": 0.0, "planned": 0.0} | parts
    return Load(name, rate, **{key: (value,) * MONTHS for key, value in told.items()})


minutes = st.floats(0, 5_000)


def over_months(each):
    """Four months, again and again."""
    return st.lists(each, min_size=4, max_size=4).map(lambda four: tuple(four * (MONTHS // 4)))


loads = st.builds(
    Load, st.just("sales"), rate=st.floats(0.1, 3),
    capacity=over_months(st.floats(100, 9_000)),
    base=over_months(minutes), won=over_months(minutes), planned=over_months(minutes),
)  # fmt: skip
needs = st.builds(
    Need, st.fixed_dictionaries({"sales": minutes}), st.integers(0, 60), st.floats(0, 5)
)
plans = st.builds(
    Plan, turnover=st.floats(0, 1e6), goods=st.floats(0, 1), rebate=st.floats(0, 0.5),
    minutes=st.fixed_dictionaries({"sales": st.floats(0, 3_000), "store": st.floats(0, 3_000)}),
    first_month=st.integers(0, 30), ramp=st.integers(1, 12), staying=st.floats(0.1, 1),
)  # fmt: skip
tries = st.builds(
    Taken, plans, chance=st.floats(0, 1), winning=st.floats(0, 9_000), number=st.integers(1, 3)
)


@given(loads)
def test_needed_is_base_and_won_and_planned_to_the_minute(load):
    for at in range(MONTHS):
        assert load.needed[at] == load.base[at] + load.won[at] + load.planned[at]
        assert load.free[at] == load.capacity[at] - load.needed[at]


@given(loads, st.lists(needs, max_size=4), st.lists(needs, max_size=4))
def test_no_minute_is_lost_when_needs_change(load, on, off):
    (found,) = changed([load], on=on, off=off)
    for at in range(MONTHS):
        moved = sum(n.minutes["sales"] * n.weight for n in on if n.first_month <= at)
        moved -= sum(n.minutes["sales"] * n.weight for n in off if n.first_month <= at)
        assert found.needed[at] == pytest.approx(load.needed[at] + moved, abs=1e-6)
    assert (found.capacity, found.base, found.won) == (load.capacity, load.base, load.won)
    (same,) = changed([load], on=on, off=on)
    assert same == load


@given(loads, st.floats(0, 4_000), st.integers(0, 60))
def test_more_hands_make_nothing_shorter(load, more, begins):
    (wide,) = widened([load], [Added("sales", more, begins)])
    for at in range(MONTHS):
        assert wide.capacity[at] == load.capacity[at] + (more if at >= begins else 0)
        assert wide.free[at] >= load.free[at]
    assert wide.needed == load.needed


def test_what_cannot_be_added():
    with pytest.raises(PlanError, match="no such pool"):
        widened([flat()], [Added("store", 1)])
    with pytest.raises(PlanError, match="cost is -1"):
        Added("sales", 1, cost=-1)


frees = st.lists(st.floats(-500, 6_000), min_size=1, max_size=6).map(tuple)


@settings(max_examples=60)
@given(frees, frees, st.floats(0.1, 900), st.just(0.0) | st.floats(0.1, 900), st.integers(1, 20))
def test_that_many_fit_and_one_more_does_not(sales, store, of_sales, of_store, months):
    pools = [Pool("sales", 0.8, sales), Pool("store", 0.4, store)]
    plan = replace(PLAN, minutes={"sales": of_sales, "store": of_store}, months=months)
    for each in room(plan, pools, 6):
        later = plan.later(each.month)
        assert overflow(later.part(each.customers), pools) == ()
        short = {one.pool for one in overflow(later.part(each.customers + 1), pools)}
        assert each.pool in short


@settings(max_examples=40)
@given(st.floats(0, 1_400), st.floats(0.1, 500))
def test_with_overtime_that_many_can_be_worked_and_one_more_cannot(base, minutes):
    """The base itself may be beyond capacity: then overtime is its own first."""
    load, more = flat(base=base), Overtime()
    plan = replace(PLAN, minutes={"sales": minutes})
    (found,) = room(plan, [each.pool() for each in stretched([load], more.most)], 1)
    missing = max(base + found.customers * minutes - 1_000, 0)
    assert missing <= 100 + 1e-6 or found.customers == 0
    assert base + (found.customers + 1) * minutes - 1_000 > 100 - 1e-6


def test_the_scarcest_pool_is_named_and_widening_it_makes_room():
    loads = (flat("sales", base=600), flat("store", base=900))
    plan = replace(PLAN, minutes={"sales": 100.0, "store": 50.0})
    found = room(plan, [each.pool() for each in loads], 2)
    assert [(each.customers, each.pool, each.free) for each in found] == [(2, "store", 100.0)] * 2
    later = replace(loads[0], base=(600.0,) * 6 + (950.0,) + (600.0,) * (MONTHS - 7))
    found = room(replace(plan, minutes={"sales": 100.0}), [later.pool()], 8)
    assert [(each.customers, each.fullest) for each in found] == [(0, 6)] * 7 + [(4, 7)]
    wide = widened(loads, [Added("store", 200.0, 1)])
    assert how_many(plan, [each.pool() for each in wide], 2) == (2, 4)
    assert room(replace(plan, minutes={}), [], 1)[0].customers == -1
    with pytest.raises(PlanError, match="no such pool"):
        room(replace(plan, minutes={"desk": 1.0}), [], 1)


def test_a_scenario_by_hand():
    """500 of 400 free minutes: 100 beyond, of which 60 are worked by added hands."""
    taken = Taken(replace(PLAN, minutes={"sales": 500.0}), chance=1.0, winning=1_000.0)
    found = outcome([flat()], [taken], [Added("sales", 60.0, 0, cost=90.0)])
    discounted = sum(1.1 ** (-month / 12) for month in range(HORIZON))
    assert found.overtime == pytest.approx(40 * 0.8 * 0.5 * discounted)
    assert found.borne == pytest.approx(60 * 0.8 * discounted)
    assert found.added == pytest.approx(90 * discounted)
    plan = replace(taken.plan, months=HORIZON)
    alone = worth_trying(plan, [flat().pool()], chance=1.0, winning=1_000.0)
    assert found.tries == pytest.approx(alone.expected)
    assert found.expected == pytest.approx(found.tries + found.borne - found.added - found.overtime)
    (pool,) = found.pools
    assert (pool.months, pool.beyond) == (tuple(range(HORIZON)), ())
    assert pool.full == pytest.approx(1_100 / 1_060)
    assert outcome([flat()], [taken]).pools[0].beyond == ()
    assert len(outcome([flat()], [replace(taken, number=2)]).pools[0].beyond) == HORIZON


def test_beyond_the_horizon_nothing_counts():
    late = Taken(replace(PLAN, first_month=HORIZON), chance=1.0, winning=1_000.0)
    found = outcome([flat()], [late])
    assert (found.expected, found.interval.low, found.interval.high) == (0.0, 0.0, 0.0)
    last = replace(late, plan=replace(PLAN, first_month=HORIZON - 1))
    month = PLAN.month([flat().pool()]) - 1_000
    assert outcome([flat()], [last]).tries == pytest.approx(month * 1.1 ** (-23 / 12))


@settings(max_examples=30, deadline=None)
@given(st.lists(tries, max_size=3), st.floats(0, 2_000))
def test_scenarios_lose_no_minute_and_more_hands_leave_no_pool_shorter(taken, more):
    pools = [flat("sales"), flat("store", capacity=4_000.0, base=3_000.0, planned=500.0)]
    found = outcome(pools, taken)
    for before, after in zip(pools, found.loads, strict=True):
        for at in range(HORIZON):
            needed = before.needed[at] + sum(
                each.number * each.chance * each.plan.minutes[before.name]
                for each in taken
                if each.plan.first_month <= at
            )
            assert after.needed[at] == pytest.approx(needed, abs=1e-6)
    wide = outcome(pools, taken, [Added("sales", more, 3)])
    assert wide.overtime <= found.overtime + 1e-9
    assert set(wide.pools[0].months) <= set(found.pools[0].months)
    assert outcome(pools, taken, without=taken).overtime == outcome(pools, []).overtime


def test_the_same_customer_has_the_same_fortune_in_every_scenario():
    one, two = (Taken(PLAN, 0.4, 500.0, draw=n) for n in (1, 2))
    room_for_all = [flat(capacity=9_000.0)]
    alone = outcome(room_for_all, [one])
    assert alone.interval == outcome(room_for_all, [one]).interval
    assert alone.interval != outcome(room_for_all, [two]).interval
    both = outcome(room_for_all, [one, two])
    assert both.expected == pytest.approx(2 * alone.expected)
    # Two fortunes of their own spread less than twice one of them.
    width = np.ptp([both.interval.low, both.interval.high])
    assert width < 2 * np.ptp([alone.interval.low, alone.interval.high])
    assert outcome(room_for_all, [one], overtime=Overtime()).fullest.pool == "sales"
