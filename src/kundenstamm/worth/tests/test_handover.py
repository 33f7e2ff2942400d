"""Hand-overs: nearly the best assignment, nobody left over, and what a change costs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from kundenstamm.worth.handover.assigning import assign, price_of_change, prices_of_changes
from kundenstamm.worth.handover.fit import Held, Successor, Weights, fits, gains
from kundenstamm.worth.synthetic.leaving import leaving_company

shapes = st.tuples(st.integers(1, 14), st.integers(1, 5), st.integers(0, 10**6))


def exact(worth, minutes, capacity):
    """The best possible by a mixed-integer program."""
    n, m = worth.shape
    once = np.kron(np.eye(n), np.ones(m))
    room = np.kron(minutes, np.eye(m))
    told = milp(
        -worth.ravel().astype(float), integrality=np.ones(n * m), bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(room, -np.inf, capacity)],
    )  # fmt: skip
    return -told.fun if told.success else None


@given(shape=shapes)
@settings(deadline=None, max_examples=60)
def test_with_equal_minutes_it_is_within_a_thousandth_of_the_exact_one(shape):
    n, m, seed = shape
    rng = np.random.default_rng(seed)
    worth = rng.gamma(1, 100, (n, m)).astype(np.float32)
    capacity = rng.multinomial(n, np.full(m, 1 / m)) + rng.integers(0, 2, m)
    told = assign(worth, np.ones(n), capacity.astype(float))
    columns = np.repeat(np.arange(m), capacity)
    rows, at = linear_sum_assignment(worth[:, columns], maximize=True)
    best = float(worth[rows, columns[at]].sum())
    assert told.total >= best - 1.01e-3 * float(worth.max(axis=1).sum()) - 1e-3
    assert told.total <= best + 1e-3 <= told.bound + 2e-3
    assert (np.bincount(told.to, minlength=m) <= capacity).all()


@given(shape=shapes)
@settings(deadline=None, max_examples=25)
def test_with_unequal_minutes_nobody_is_left_over_and_the_bound_holds(shape):
    n, m, seed = shape
    rng = np.random.default_rng(seed)
    worth = rng.normal(50, 100, (n, m)).astype(np.float32)
    minutes, capacity = rng.uniform(1, 9, n), rng.uniform(1, 20, m)
    told = assign(worth, minutes, capacity)
    assert len(told.to) == n
    assert ((told.to >= 0) & (told.to < m)).all()
    best = exact(worth, minutes, told.capacity)
    used = np.bincount(told.to, weights=minutes, minlength=m)
    if best is not None:
        assert best <= told.bound + 1e-2
        if (used <= told.capacity + 1e-6).all():
            assert told.total <= best + 1e-2


def test_on_departures_of_the_usual_size_little_is_left_to_the_exact_one():
    lost = []
    for seed in range(6):
        company = leaving_company(seed)
        worth = gains(company.customers[:40], company.successors)
        minutes = company.minutes[:40]
        capacity = np.array([each.capacity for each in company.successors])
        capacity *= 1.2 * minutes.sum() / capacity.sum()
        told = assign(worth, minutes, capacity)
        lost.append(1 - told.total / exact(worth, minutes, told.capacity))
    assert np.mean(lost) < 0.01
    assert max(lost) < 0.03


def test_too_little_capacity_is_stretched_alike():
    told = assign(np.ones((10, 2), dtype=np.float32), np.ones(10), np.array([2.0, 2.0]))
    assert told.stretched > 2
    assert np.bincount(told.to).tolist() == [5, 5]


def test_somebody_must_have_room():
    with pytest.raises(ValueError, match="capacity"):
        assign(np.ones((1, 1), dtype=np.float32), np.ones(1), np.zeros(1))
    with pytest.raises(ValueError, match="capacity"):
        assign(np.ones((1, 0), dtype=np.float32), np.ones(1), np.zeros(0))
    with pytest.raises(ValueError, match="minutes"):
        assign(np.ones((1, 1), dtype=np.float32), np.zeros(1), np.ones(1))


@given(seed=st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_the_price_of_a_change_is_what_the_best_without_it_has_more(seed):
    rng = np.random.default_rng(seed)
    worth, capacity = rng.gamma(1, 100, (6, 3)).astype(np.float32), np.array([2.0, 3.0, 2.0])
    told = assign(worth, np.ones(6), capacity)
    quick = prices_of_changes(worth, np.ones(6), told)
    for to in range(3):
        forced = worth.copy()
        forced[0, [at for at in range(3) if at != to]] = -1e5
        expected = exact(worth, np.ones(6), capacity) - exact(forced, np.ones(6), capacity)
        asked = price_of_change(worth, np.ones(6), told, 0, to)
        assert asked == pytest.approx(expected, abs=2.5)
        assert quick[0, to] <= expected + 2.5


def test_each_kind_of_fit_counts_for_itself():
    customer = Held("A", 1000, trade="hotel", region="north", language="tr")
    fitting = {
        "trade": Successor("s", 1, trades={"hotel": 1.0}),
        "region": Successor("s", 1, regions={"north": 1.0}),
        "language": Successor("s", 1, languages=frozenset({"tr"})),
        "contact": Successor("s", 1, known={"A": 1.0, "unknown": 1.0}),
    }
    told = {name: float(fits([customer], [each])[0, 0]) for name, each in fitting.items()}
    assert told == pytest.approx({"trade": 0.4, "contact": 0.3, "language": 0.2, "region": 0.1})
    assert gains([customer], [fitting["trade"]])[0, 0] == pytest.approx(160)


def test_a_way_costs_what_its_kilometres_do():
    far = Held("A", 1000, place=(52.0, 10.0), visits=5)
    home, there = (Successor("s", 1, place=(lat, 10.0)) for lat in (51.0, 52.0))
    told = gains([far], [home, there], Weights(per_km=1.0))
    assert told[0, 0] - told[0, 1] == pytest.approx(-2 * 111.2 * 5, rel=1e-3)


def test_a_place_that_is_not_known_is_neither_near_nor_far():
    far, nowhere = Held("A", 1000, place=(52.0, 10.0), visits=5), Held("B", 1000, visits=5)
    successors = [Successor("s", 1, place=(lat, 10.0)) for lat in (51.0, 52.0)]
    told = gains([far, nowhere], [*successors, Successor("s", 1)], Weights(per_km=1.0))
    assert told[0, 2] == pytest.approx((told[0, 0] + told[0, 1]) / 2)
    assert told[1, 0] == told[1, 1] == told[1, 2]
    alone = gains([far], [Successor("s", 1)], Weights(per_km=1.0))
    assert alone[0, 0] == told[1, 0]
