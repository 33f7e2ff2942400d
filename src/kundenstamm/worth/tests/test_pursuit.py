"""What a pursuit would bring, and the verdict, beside sums written out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.pursuit.capacity import Overtime, how_many, overflow
from kundenstamm.worth.pursuit.comparables import drawn
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import Plan, PlanError, Pool
from kundenstamm.worth.pursuit.present_value import (
    interval_if_won,
    present_value,
    worth_trying,
)
from kundenstamm.worth.pursuit.sensitivity import SETTERS, Outlook, sensitivity
from kundenstamm.worth.pursuit.verdict import Verdict, verdict

SALES = Pool("sales", rate=0.8, free=(2_000.0,), capacity=4_000.0)
PLAN = Plan(turnover=100_000, goods=0.6, rebate=0.05, minutes={"sales": 300.0})

plans = st.builds(
    Plan,
    turnover=st.floats(0, 1e7),
    goods=st.floats(0, 1.2),
    rebate=st.floats(0, 0.5),
    payment_days=st.floats(0, 200),
    minutes=st.fixed_dictionaries({"sales": st.floats(0, 5_000)}),
    first_month=st.integers(0, 12),
    ramp=st.integers(1, 24),
    staying=st.floats(0.05, 1),
    months=st.integers(1, 60),
)
pools = st.builds(
    Pool,
    st.just("sales"),
    rate=st.floats(0.1, 5),
    free=st.lists(st.floats(-500, 6_000), min_size=1, max_size=30).map(tuple),
    capacity=st.floats(0, 20_000),
)


def test_the_value_is_the_sum_of_months_written_out():
    plan = replace(PLAN, ramp=4, first_month=2, months=18, staying=0.7, payment_days=30)
    total = 0.0
    for month in range(18):
        bought = 100_000 / 12 * min((month + 1) / 4, 1)
        brought = bought * 0.95 * (1 - 30 * 0.08 / 365) - bought * 0.6 - 300 * 0.8
        total += brought * 0.7 ** (month / 12) / 1.1 ** ((month + 2) / 12)
    assert present_value(plan, [SALES]) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"turnover": -1}, "turnover is -1; it must be not below 0."),
        ({"rebate": 1.2}, "rebate is 1.2; it must be from 0 to 1."),
        ({"staying": 0}, "staying is 0; it must be above 0 and at most 1."),
        ({"ramp": 0}, "ramp is 0; it must be at least 1."),
        ({"minutes": {"sales": -3}}, "minutes is {'sales': -3}; it must be not below 0."),
        ({"turnover": float("nan")}, "turnover is nan; it must be not below 0."),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_its_figure(changed, said):
    with pytest.raises(PlanError) as refused:
        replace(PLAN, **changed)
    assert str(refused.value) == said


def test_minutes_in_a_pool_that_is_not_there_are_refused():
    with pytest.raises(PlanError, match="minutes are planned in sales"):
        present_value(PLAN, [])


@pytest.mark.parametrize(("chance", "winning"), [(1.01, 0), (-0.1, 0), (0.5, -1)])
def test_a_try_needs_a_chance_and_a_cost(chance, winning):
    with pytest.raises(PlanError):
        worth_trying(PLAN, [SALES], chance=chance, winning=winning)


@given(plan=plans, pool=pools, chance=st.floats(0.01, 1), winning=st.floats(0, 1e5))
def test_at_the_walk_away_rebate_a_try_brings_nothing(plan, pool, chance, winning):
    told = worth_trying(plan, [pool], chance=chance, winning=winning)
    if told.walk_away is None or not 0 <= told.walk_away <= 1:
        return
    there = replace(plan, rebate=told.walk_away)
    size = plan.turnover * plan.months + winning + abs(told.if_won)
    again = worth_trying(there, [pool], chance=chance, winning=winning).expected
    assert again == pytest.approx(0, abs=1e-9 * size + 1e-6)


@given(plan=plans, pool=pools, chance=st.floats(0, 1), winning=st.floats(0, 1e5))
def test_spending_the_most_that_winning_may_cost_leaves_nothing(plan, pool, chance, winning):
    told = worth_trying(replace(plan, first_month=0), [pool], chance=chance, winning=winning)
    spent = worth_trying(replace(plan, first_month=0), [pool], chance=chance, winning=told.most)
    assert spent.expected == pytest.approx(min(chance * told.if_won, 0), abs=1e-6)


@given(plan=plans, pool=pools)
def test_the_interval_is_in_order_and_finite(plan, pool):
    found = interval_if_won(plan, [pool])
    assert np.isfinite([found.low, found.high]).all()
    assert found.low <= found.high


def test_of_many_such_customers_four_in_five_lie_within_the_interval():
    """A world made as the plan believes it, by another route: month by month, one by one."""
    rng, known = np.random.default_rng(7), Optimism.of(())
    found = interval_if_won(PLAN, [SALES], known)
    totals = np.zeros(4_000)
    volume = known.factor * np.exp(known.spread * rng.standard_normal(totals.size))
    odds = np.log(0.8 / 0.2) + 0.5 * rng.standard_normal(totals.size)
    monthly = (1 / (1 + np.exp(-odds))) ** (1 / 12)
    there = np.ones(totals.size, dtype=bool)
    for month in range(PLAN.months):
        brought = volume * 100_000 / 12 * (0.95 - 0.6) - 240
        totals += np.where(there, brought / 1.1 ** (month / 12), 0)
        there &= rng.random(totals.size) < monthly
    inside = (totals >= found.low) & (totals <= found.high)
    assert inside.mean() == pytest.approx(0.8, abs=0.03)


@given(plan=plans, pool=pools)
def test_overflow_and_what_is_free_make_up_the_need(plan, pool):
    free = pool.free_in(plan.first_month + plan.months)
    short = {each.month: each.minutes for each in overflow(plan, [pool])}
    for month in range(plan.first_month, plan.first_month + plan.months):
        need = plan.minutes["sales"]
        assert min(need, free[month]) + short.get(month, 0.0) == pytest.approx(need, abs=1e-9)


@given(plan=plans, pool=pools, chance=st.floats(0, 1), winning=st.floats(0, 1e5))
def test_a_verdict_is_open_and_no_open_way_is_clearly_better(plan, pool, chance, winning):
    judged = verdict(plan, [pool], chance=chance, winning=winning)
    assert judged.reasons
    for reason in judged.reasons:
        assert "{" not in str(reason)
    if judged.verdict == Verdict.NO:
        assert all(way.expected <= 0 for way in judged.ways if way.is_open)
        return
    assert judged.best.is_open
    assert judged.best.expected > 0
    highest = max(way.expected for way in judged.ways if way.is_open)
    assert judged.best.expected >= highest - 0.02 * abs(judged.now.expected) - 1e-6


FULL = replace(SALES, free=(0.0, 0.0, 400.0), capacity=1_000.0)


@pytest.mark.parametrize(
    ("plan", "pool", "chance", "winning", "told", "later", "share"),
    [
        (PLAN, SALES, 0.3, 6_000, Verdict.GO, 0, 1),
        (PLAN, SALES, 0.3, 20_000, Verdict.NO, 0, 1),
        (PLAN, FULL, 0.3, 6_000, Verdict.LATER, 2, 1),
        (PLAN, replace(FULL, free=(160.0,)), 0.9, 6_000, Verdict.SMALLER, 0, 0.75),
        (PLAN, replace(FULL, free=(0.0,), capacity=500.0), 0.9, 100, Verdict.NO, 0, 1),
        (replace(PLAN, goods=0.95), SALES, 0.9, 100, Verdict.NO, 0, 1),
        # A little overtime in one month is no reason to wait.
        (PLAN, replace(FULL, free=(250.0, 400.0)), 0.3, 6_000, Verdict.GO, 0, 1),
    ],
)
def test_the_verdict(plan, pool, chance, winning, told, later, share):
    judged = verdict(plan, [pool], chance=chance, winning=winning)
    assert judged.verdict == told
    if told != Verdict.NO:
        assert (judged.best.months_later, judged.best.share) == (later, share)


def test_a_refusal_names_what_would_have_to_change():
    judged = verdict(replace(PLAN, rebate=0.3), [SALES], chance=0.3, winning=6_000)
    assert [str(reason).split()[0] for reason in judged.reasons] == ["A", "It", "It"]
    assert judged.reasons[-1].values["rebate"] == pytest.approx(0.2691, abs=1e-4)


def test_overtime_is_paid_while_such_customers_are_there():
    pool = replace(SALES, free=(200.0,), capacity=1_000.0)
    way = verdict(PLAN, [pool], chance=0.5, winning=0, overtime=Overtime(2.0, 0.2)).now
    weights = [0.8 ** (m / 12) / 1.1 ** (m / 12) for m in range(36)]
    assert way.overtime == pytest.approx(0.5 * 100 * 0.8 * sum(weights), rel=1e-12)


@given(st.lists(st.floats(0, 10), max_size=30))
def test_optimism_lies_between_the_belief_and_what_came(ratios):
    known = Optimism.of(ratios)
    assert min([1.0, *ratios]) - 1e-9 <= known.factor or known.factor >= 0.05
    assert known.factor <= max([1.0, *ratios]) + 1e-9
    assert known.spread > 0
    assert known.is_assumed == (len(ratios) < 3)


def test_much_evidence_takes_the_place_of_the_belief():
    rng = np.random.default_rng(3)
    known = Optimism.of(0.6 * np.exp(0.3 * rng.standard_normal(500)))
    assert known.factor == pytest.approx(0.6, abs=0.03)
    assert known.spread == pytest.approx(0.3, abs=0.03)


@given(st.floats(1, 1e7), st.lists(st.floats(0, 1e7), max_size=20))
def test_a_promise_is_drawn_towards_comparable_customers(promised, comparable):
    told = drawn(promised, comparable)
    ends = sorted([promised, told.middle or promised])
    assert ends[0] * (1 - 1e-9) <= told.turnover <= ends[1] * (1 + 1e-9)
    assert 0 <= told.weight < 1


def test_how_many_of_a_kind_fit_from_which_month():
    pool = replace(SALES, free=(0.0, 700.0, 650.0, 1_000.0))
    assert how_many(PLAN, [pool], 4) == (0, 2, 2, 3)
    assert how_many(replace(PLAN, minutes={}), [pool], 2) == (-1, -1)


@settings(max_examples=30)
@given(plan=plans, pool=pools, chance=st.floats(0.02, 0.98), winning=st.floats(0, 1e5))
def test_where_the_verdict_turns_it_is_another(plan, pool, chance, winning):
    outlook = Outlook(plan, [pool], chance, winning)
    told = outlook.judged().verdict
    swings = sensitivity(outlook)
    assert {swing.figure for swing in swings} == set(SETTERS)
    assert [swing.width for swing in swings] == sorted((s.width for s in swings), reverse=True)
    for swing in swings:
        if swing.turns_at is not None:
            assert SETTERS[swing.figure](outlook, swing.turns_at).judged().verdict != told


def test_who_is_of_another_size_says_nothing():
    """Eighteen shops of 15,000 beside a promise of millions."""
    told = drawn(1_900_000, [15_000.0] * 18)
    assert (told.turnover, told.customers, told.others) == (1_900_000, 0, 18)
    assert told.middle is None
    known = Optimism.of([0.5, 0.6, 0.7])
    assert told.uncertain(known).spread > known.spread
    assert told.uncertain(known).factor == 1
    near = drawn(1_900_000, [15_000.0] * 18 + [1_000_000.0] * 4)
    assert (near.customers, near.others, near.weight) == (4, 18, 0.5)
    assert near.turnover == pytest.approx((1_900_000 * 1_000_000) ** 0.5)
    # Four who are all alike: half of our own doubt is gone, and little comes from theirs.
    assert known.spread / 2 < near.uncertain(known).spread < known.spread


@pytest.mark.parametrize("customers", [1, 2, 8, 40])
def test_the_more_comparable_customers_differ_the_less_they_say(customers):
    known = Optimism.of([0.5, 0.6, 0.7])
    like = drawn(100_000, [50_000.0] * customers).uncertain(known).spread
    apart = np.geomspace(20_000, 125_000, customers) if customers > 1 else [50_000.0]
    unlike = drawn(100_000, list(apart)).uncertain(known).spread
    assert like <= unlike
    assert (like < unlike) is (customers > 1)
    assert drawn(100_000, [50_000.0] * (2 * customers)).uncertain(known).spread < like
