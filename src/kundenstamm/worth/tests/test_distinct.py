"""Equal histories are counted once, whatever their numbers look like."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.models import FitError, ModifiedBetaGeoNBD, ParetoNBD
from kundenstamm.worth.models.base import History
from kundenstamm.worth.models.distinct import Distinct
from kundenstamm.worth.tests.bases import histories, leaving_after_purchases

row = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(3, 6), st.integers(1, 3))


def counted(history, weights):
    found = {}
    for *key, weight in zip(history.x, history.t_x, history.age, weights, strict=True):
        found[tuple(key)] = found.get(tuple(key), 0) + weight
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=30), st.sampled_from([1.0, 0.1, 1e13]), st.booleans())
def test_every_customer_is_counted_in_its_history(rows, unit, weighted):
    x, t_x, age, weight = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    history = History(x, t_x * unit, age * unit)
    found = Distinct.of(history, weight if weighted else None)
    given_weights = weight if weighted else np.ones_like(weight)
    assert counted(found.history, found.weight) == counted(history, given_weights)
    assert found.weight.size == len(counted(history, given_weights))
    assert found.repeats == pytest.approx(float(x @ given_weights))


@pytest.mark.parametrize("model", [ModifiedBetaGeoNBD, ParetoNBD])
def test_a_weight_of_two_is_the_customer_twice(model):
    base = leaving_after_purchases(0.6, 40, 0.9, 2, customers=300, days=400, seed=3)
    weights = np.arange(300) % 3
    often = pl.concat([base, base]).filter(np.concatenate([weights >= 1, weights >= 2]))
    one, two = model().fit(base, weights), model().fit(often)
    assert one.fit_report_.customers == often.height
    for name in model.parameters:
        assert getattr(one, f"{name}_") == pytest.approx(getattr(two, f"{name}_"), rel=1e-3)


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(FitError, match="eights"):
        ModifiedBetaGeoNBD().fit(histories((1, 3, 9), (0, 0, 9)), weights)


def test_a_large_base_is_fitted_as_well_by_its_parts(monkeypatch):
    from kundenstamm.worth.models import parametric

    base = leaving_after_purchases(0.6, 40, 0.9, 2, customers=4_000, days=400, seed=8)
    whole = ModifiedBetaGeoNBD().fit(base)
    monkeypatch.setattr(parametric, "LARGE", 1_000)
    monkeypatch.setattr(parametric, "PART", 500)
    parts = ModifiedBetaGeoNBD().fit(base)
    assert parts.fit_report_.iterations < whole.fit_report_.iterations
    assert parts.fit_report_.log_likelihood == pytest.approx(
        whole.fit_report_.log_likelihood, abs=1e-5
    )
    for name, error in whole.standard_errors_.items():
        assert parts.standard_errors_[name] == pytest.approx(error, rel=0.01)
