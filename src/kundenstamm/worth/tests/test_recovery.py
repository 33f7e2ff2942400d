"""Parameters of simulated bases are found again, within two standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from kundenstamm.worth.models import (
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoCNBD,
    ModifiedBetaGeoNBD,
    ParetoNBD,
)
from kundenstamm.worth.tests.bases import leaving_after_purchases, living_for_a_time, spending


def misses(model, truth):
    """How many standard errors each parameter is off, on the scale of logarithms."""
    return {
        name: abs(np.log(getattr(model, f"{name}_") / value))
        / (model.standard_errors_[name] / getattr(model, f"{name}_"))
        for name, value in truth.items()
    }


CASES = [
    (BetaGeoNBD, {"r": 0.5, "alpha": 45.0, "a": 0.9, "b": 2.5}, {"first": 0}),
    (ModifiedBetaGeoNBD, {"r": 0.6, "alpha": 45.0, "a": 0.9, "b": 1.6}, {"first": 1}),
    (ModifiedBetaGeoCNBD, {"r": 0.8, "alpha": 20.0, "a": 0.8, "b": 2.0}, {"first": 1, "k": 2}),
]


@pytest.mark.parametrize(("model", "truth", "story"), CASES)
def test_leaving_after_purchases_is_recovered(model, truth, story):
    base = leaving_after_purchases(**truth, **story, customers=6_000, days=700, seed=11)
    found = model().fit(base)
    assert found.fit_report_.converged
    assert found.k_ == story.get("k", 1)
    assert max(misses(found, truth).values()) < 2


def test_living_for_a_time_is_recovered():
    truth = {"r": 0.6, "alpha": 30.0, "s": 0.8, "beta": 120.0}
    found = ParetoNBD().fit(living_for_a_time(**truth, customers=6_000, days=700, seed=5))
    assert max(misses(found, truth).values()) < 2


def test_spend_is_recovered():
    truth = {"p": 4.0, "q": 3.5, "gamma": 60.0}
    found = GammaGamma().fit(spending(**truth, customers=6_000, seed=6))
    assert max(misses(found, truth).values()) < 2


@pytest.mark.slow
@pytest.mark.parametrize("k", [1, 2, 3])
def test_two_standard_errors_hold_nineteen_times_in_twenty(k):
    """Over thirty bases: neither the estimates nor their errors are off."""
    truth = {"r": 0.8, "alpha": 20.0, "a": 0.8, "b": 2.0}
    held = []
    for seed in range(30):
        base = leaving_after_purchases(**truth, k=k, customers=2_000, days=700, seed=seed)
        found = ModifiedBetaGeoCNBD(k).fit(base)
        held += [miss < 2 for miss in misses(found, truth).values()]
    assert 0.89 < np.mean(held) <= 1


def test_a_regular_rhythm_beats_none_by_far():
    base = leaving_after_purchases(0.8, 20, 0.8, 2, k=2, customers=1_525, days=700, seed=3)
    regular, plain = ModifiedBetaGeoCNBD().fit(base), ModifiedBetaGeoNBD().fit(base)
    assert regular.k_ == 2
    assert regular.fit_report_.log_likelihood > plain.fit_report_.log_likelihood + 200
