"""Trees as arrays say what the library that grew them says."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from kundenstamm.worth.models.trees import Trees


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(3000, 5))
    columns[rng.random(columns.shape) < 0.2] = np.nan
    columns[:, 4] = rng.integers(0, 2, 3000)
    mean = np.exp(0.5 * np.nan_to_num(columns[:, 0]) + np.isnan(columns[:, 1]) - columns[:, 4])
    return columns, rng.poisson(mean).astype(float), rng.uniform(0.5, 2, 3000)


def test_they_tell_what_the_library_tells(rows):
    columns, target, weight = rows
    model = HistGradientBoostingRegressor(loss="poisson", max_iter=40, early_stopping=False)
    model.fit(columns, target, sample_weight=weight)
    taken = Trees._taken(model)
    strange = np.vstack([columns, np.full(5, np.nan), np.full(5, 1e9), np.full(5, -1e9)])
    np.testing.assert_allclose(taken.told(strange), model.predict(strange), rtol=1e-12)


def test_they_come_back_from_json_as_they_were(rows):
    columns, target, weight = rows
    grown = Trees.grown(columns, target, weight, 1)
    back = Trees.from_data(json.loads(json.dumps(grown.as_data(), allow_nan=False)))
    np.testing.assert_array_equal(back.told(columns), grown.told(columns))
    assert grown.told(columns).mean() == pytest.approx(np.average(target, weights=weight), rel=0.1)
