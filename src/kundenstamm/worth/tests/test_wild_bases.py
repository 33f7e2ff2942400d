"""Units do not matter, and no base gives NaN: a finite answer, or a refusal in words."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kundenstamm.worth.models import (
    ESTIMATORS,
    ContributionPerOccasion,
    FitError,
    GammaGamma,
    ModifiedBetaGeoCNBD,
    restored,
)
from kundenstamm.worth.models.base import NO_TIME
from kundenstamm.worth.tests.bases import histories, leaving_after_purchases, spending

FITTED = ("bgnbd", "mbgnbd", "mbgcnbdk", "paretonbd", "nbd")
MODELS = [*FITTED, "bgcnbdk", "own_rate"]
calm = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_gaps(summary):
    """Log gaps that go with the histories: all gaps of a customer alike."""
    gap = pl.col("t_x").clip(1e-6) / pl.col("x").clip(1)
    return summary.with_columns(gap_log_mean=pl.when(pl.col("x") > 0).then(gap.log()))


@pytest.mark.parametrize("name", [*FITTED, "bgcnbdk"])
@pytest.mark.parametrize("unit", [7.0, 1 / 86_400, 365.25])
def test_days_or_other_units_give_the_same_answer(name, unit):
    days = leaving_after_purchases(0.6, 40, 0.9, 2, customers=600, days=400, seed=2, k=2)
    others = days.with_columns(
        pl.col("t_x", "age") / unit, gap_log_mean=pl.col("gap_log_mean") - np.log(unit)
    )
    one, two = ESTIMATORS[name]().fit(days), ESTIMATORS[name]().fit(others)
    np.testing.assert_allclose(
        one.expected_occasions(days, 70), two.expected_occasions(others, 70 / unit), rtol=1e-5
    )
    repeats = float(days["x"].sum())
    assert two.fit_report_.log_likelihood == pytest.approx(
        one.fit_report_.log_likelihood + repeats * np.log(unit), abs=1e-4
    )


@pytest.mark.parametrize("model", [GammaGamma, ContributionPerOccasion])
@pytest.mark.parametrize("unit", [100.0, 1e-6])
def test_euros_or_cents_give_the_same_answer(model, unit):
    euros = spending(3, 4, 50, customers=300, seed=1).with_columns(contribution_sd=pl.lit(10.0))
    cents = euros.with_columns(pl.col("contribution_mean", "contribution_sd") * unit)
    one, two = model().fit(euros).expected(euros), model().fit(cents).expected(cents)
    np.testing.assert_allclose(one * unit, two, rtol=1e-6)


@pytest.mark.parametrize("model", [GammaGamma, ContributionPerOccasion])
def test_a_weight_is_as_many_customers(model):
    base = spending(3, 4, 50, customers=90, seed=2).with_columns(
        contribution_sd=0.3 * pl.col("contribution_mean")
    )
    times = np.random.default_rng(5).integers(1, 4, base.height)
    repeated = base[np.repeat(np.arange(base.height), times)]
    one, two = model().fit(base, weights=times), model().fit(repeated)
    # A search stops within its tolerance.
    np.testing.assert_allclose(one.expected(base), two.expected(base), rtol=1e-4)


wild_row = st.tuples(
    st.one_of(st.integers(0, 3), st.integers(0, 5000)),
    st.one_of(st.just(0.0), st.floats(0, 1), st.integers(0, 5000).map(float)),
    st.one_of(st.just(0.0), st.floats(0, 1), st.integers(0, 5000).map(float)),
)


@pytest.mark.parametrize("name", MODELS)
@calm
@example(rows=[(0, 0.0, 5e-324)], times=1, days=1.0)
@given(
    rows=st.lists(wild_row, max_size=12),
    times=st.sampled_from([1, 50]),
    days=st.sampled_from([1.0, 365.0, 4000.0]),
)
def test_no_base_is_too_wild(name, rows, times, days):
    summary = with_gaps(histories(*[(x, t if x else 0.0, t + more) for x, t, more in rows] * times))
    if not (summary["age"].to_numpy() >= NO_TIME).any() and (not rows or name != "own_rate"):
        with pytest.raises(FitError, match=r"learn from\.$"):
            ESTIMATORS[name]().fit(summary)
        return
    model = ESTIMATORS[name]().fit(summary)
    active = model.probability_active(summary)
    buying = model.probability_buying(summary, days)
    assert ((buying >= 0) & (buying <= 1)).all()
    expected = model.expected_occasions(summary, days)
    drawn = model.sample(summary, days, 3, np.random.default_rng(1))
    for answer in (active, expected, model.silence_until(summary, 0.5), drawn):
        assert np.isfinite(answer).all()
        assert (answer >= 0).all()
    assert (active <= 1).all()
    assert np.isfinite(list(model.standard_errors_.values())).all()
    assert np.isfinite(model.fit_report_.log_likelihood)


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize(
    "rows",
    [
        [(0, 0, 10)] * 5,
        [(5000, 4000, 4001)] * 3,
        [(3, 100, 100)] * 4 + [(0, 0, 3)],
        [(0, 0, 0), (1, 5, 5)],
        [(1, 1, 4000)],
        [(0, 0, 5000)] * 40 + [(2000, 4999, 5000)],
        [(300 + n, 999, 1000) for n in range(60)],  # nobody drops out
    ],
)
def test_degenerate_bases_give_finite_answers(name, rows):
    summary = with_gaps(histories(*rows))
    model = ESTIMATORS[name]().fit(summary)
    expected = model.expected_occasions(summary, 365)
    assert np.isfinite(expected).all()
    # Wide, but not out of this world: at most ten times as often as so far, and two more.
    pace = (rows[-1][0] + 1) / max(rows[-1][2], 1)
    assert expected[-1] <= 10 * (pace * 365 + 2)


def test_the_heaviest_buyers_are_followed_without_a_break():
    """Where others return NaN: the expectation goes on growing with the purchases."""
    from kundenstamm.worth.models import ParetoNBD

    model = ParetoNBD.of(0.55, 74.0, 0.6, 82.0)
    rows = histories(*[(x, 999.99, 1000.0) for x in (50, 100, 160, 170, 400, 1000, 5000)])
    expected = model.expected_occasions(rows, 365)
    assert (np.diff(expected) > 0).all()
    # With P(active) near one, the ratio to the own rate hardly moves.
    ratio = expected / (rows["x"].to_numpy() + 0.55)
    np.testing.assert_allclose(ratio[1:5], ratio[1], rtol=0.3)


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], "no customer"), ([(0, 0, 0)] * 3, "last day"), ([(1, 9, 5)], "cannot be")],
)
@pytest.mark.parametrize("name", FITTED)
def test_what_cannot_be_fitted_is_refused_in_words(name, rows, said):
    with pytest.raises(FitError, match=said):
        ESTIMATORS[name]().fit(with_gaps(histories(*rows)))


def test_k_is_not_chosen_without_the_gaps():
    with pytest.raises(FitError, match="gap_log_mean"):
        ModifiedBetaGeoCNBD().fit(histories((1, 3, 9)))
    with pytest.raises(ValueError, match="between 1 and"):
        ModifiedBetaGeoCNBD(k=0)


@pytest.mark.parametrize("means", [[], [5.0, -1.0], [0.0], [None]])
def test_spend_that_is_none_is_refused(means):
    summary = pl.DataFrame(
        {"occasions": [1] * len(means), "contribution_mean": means},
        schema={"occasions": pl.Int64, "contribution_mean": pl.Float64},
    )
    with pytest.raises(FitError):
        GammaGamma().fit(summary)


@calm
@given(
    means=st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20),
    occasions=st.integers(1, 5000),
)
def test_no_spend_is_too_wild(means, occasions):
    summary = pl.DataFrame(
        {"occasions": [occasions] * (len(means) - 1) + [1], "contribution_mean": means}
    )
    model = GammaGamma().fit(summary)
    expected = model.expected(summary)
    drawn = model.sample_totals(summary, np.full((len(means), 3), 2.0), np.random.default_rng(1))
    assert np.isfinite(expected).all()
    assert (expected > 0).all()
    assert np.isfinite(drawn).all()
    assert np.isfinite(list(model.standard_errors_.values())).all()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_back_from_plain_values(name):
    import json

    base = leaving_after_purchases(0.6, 40, 0.9, 2, customers=200, days=400, seed=4)
    model = ESTIMATORS[name]().fit(base)
    again = restored(json.loads(json.dumps(model.as_data())))
    assert again.as_data() == model.as_data()
    np.testing.assert_array_equal(
        again.expected_occasions(base, 100), model.expected_occasions(base, 100)
    )


@pytest.mark.parametrize("model", [GammaGamma, ContributionPerOccasion])
def test_a_model_of_money_comes_back_from_plain_values(model):
    base = spending(3, 4, 50, customers=100, seed=1).with_columns(contribution_sd=pl.lit(10.0))
    fitted = model().fit(base)
    again = model.from_data(fitted.as_data())
    assert again.as_data() == fitted.as_data()
    np.testing.assert_array_equal(again.expected(base), fitted.expected(base))


def test_the_last_window_needs_its_column():
    base = histories((4, 80, 90)).with_columns(occasions_last_30=pl.lit(3))
    rule = ESTIMATORS["last_window"]().fit(base)
    assert rule.expected_occasions(base, 30)[0] == 3
    with pytest.raises(FitError, match="occasions_last_60"):
        rule.expected_occasions(base, 60)


@pytest.mark.parametrize("name", FITTED)
def test_a_handful_of_customers_is_no_certainty(name):
    """Three customers, silent for three quarters of a year: nobody can know that all are gone."""
    summary = with_gaps(histories((1, 31, 364), (0, 0, 305), (0, 0, 274)))
    model = ESTIMATORS[name]().fit(summary)
    assert (model.probability_buying(summary, 180) > 0.01).all()
    assert (model.probability_buying(summary, 180) < 0.5).all()
    assert "parameters are rough" in " ".join(model.fit_report_.warnings)


def test_a_rhythm_takes_more_than_a_few_gaps():
    even = with_gaps(histories(*[(5, 300, 330)] * 5))
    assert ModifiedBetaGeoCNBD().fit(even).k_ == 1
    assert ModifiedBetaGeoCNBD().fit(with_gaps(histories(*[(5, 300, 330)] * 20))).k_ > 3
