"""The chance of buying at all in the coming days, against draws and against what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.chances import Chance
from kundenstamm.worth.models import restored
from kundenstamm.worth.tests.bases import histories

ROWS = histories((0, 0, 273), (1, 30, 273), (4, 200, 273), (12, 270, 273), (3, 3, 3), (60, 90, 400))
BETA = {"r": 0.525, "alpha": 43.3, "a": 0.891, "b": 1.614}
KNOWN = [
    {"model": "bgnbd", "parameters": BETA},
    {"model": "mbgnbd", "parameters": BETA},
    {"model": "mbgcnbdk", "parameters": BETA | {"k": 3}},
    {"model": "bgcnbdk", "parameters": BETA | {"k": 2}},
    {"model": "paretonbd", "parameters": {"r": 0.55, "alpha": 74.0, "s": 0.6, "beta": 81.0}},
    {"model": "nbd", "parameters": {"r": 0.5, "alpha": 60.0}},
]


@pytest.mark.parametrize("data", KNOWN, ids=lambda data: data["model"])
@pytest.mark.parametrize("days", [7.0, 273.0])
def test_it_is_the_share_of_draws_with_an_occasion(data, days):
    model = restored(data)
    drawn = model.sample(ROWS, days, 40_000, np.random.default_rng(3)) > 0
    told = model.probability_buying(ROWS, days)
    np.testing.assert_allclose(told, drawn.mean(axis=1), atol=0.01)


@pytest.mark.parametrize("data", KNOWN, ids=lambda data: data["model"])
def test_more_days_never_lower_it_and_nobody_buys_without_being_a_customer(data):
    model = restored(data)
    told = np.column_stack(
        [model.probability_buying(ROWS, days) for days in (0.0, 1.0, 30.0, 365.0, 36_500.0)]
    )
    assert (told[:, 0] < 1e-9).all()
    assert (np.diff(told, axis=1) >= -1e-9).all()
    assert (told[:, -1] <= model.probability_active(ROWS) + 1e-9).all()


def test_a_mixture_keeps_between_its_models():
    base = histories(*[(n % 7, 40.0 * (n % 7), 300.0) for n in range(300)])
    auto = AutoEstimator().fit(base)
    parts = np.column_stack([model.probability_buying(base, 90) for model in auto.models_])
    told = auto.probability_buying(base, 90)
    assert (told >= parts.min(axis=1) - 1e-9).all()
    assert (told <= parts.max(axis=1) + 1e-9).all()


def test_windows_teach_which_of_two_stories_orders_better():
    rng = np.random.default_rng(5)
    truth, noise = rng.uniform(0.05, 2.0, 4_000), rng.uniform(0.05, 2.0, 4_000)
    came = (rng.poisson(truth) > 0).astype(float)
    by_models = Chance.learned([came], [-np.expm1(-truth)], [noise])
    by_occasions = Chance.learned([came], [-np.expm1(-noise)], [truth])
    assert by_models.modelled == pytest.approx(1, abs=0.1)
    assert by_models.expected == pytest.approx(0, abs=0.1)
    assert by_occasions.modelled == pytest.approx(0, abs=0.1)
    assert by_occasions.expected == pytest.approx(1, abs=0.1)


def test_without_evidence_both_count_the_same():
    nobody = np.array([])
    assert Chance.learned([nobody], [nobody], [nobody]) == Chance(0.0, 0.5, 0.5)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1e5)), min_size=1, max_size=20),
    st.tuples(st.floats(-30, 30), st.floats(0, 5), st.floats(0, 5)),
)
def test_a_chance_is_one_and_never_above_what_is_expected(rows, weights):
    modelled, expected = np.array(rows).T
    told = Chance(*weights).of(modelled, expected)
    assert (told >= 0).all()
    assert (told <= np.minimum(expected, 1)).all()
