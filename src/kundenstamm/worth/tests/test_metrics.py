"""Metrics against scikit-learn, scipy and hand-computed values; nothing is ever NaN."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as reference

from kundenstamm.worth import metrics

RNG = np.random.default_rng(5)
TRUTH = RNG.poisson(1.2, 400).astype(float)
TOLD = np.round(np.maximum(TRUTH + RNG.normal(0, 1, 400), 0.1), 1)


def test_errors_agree_with_scikit_learn():
    assert metrics.mae(TRUTH, TOLD) == pytest.approx(reference.mean_absolute_error(TRUTH, TOLD))
    assert metrics.rmse(TRUTH, TOLD) ** 2 == pytest.approx(
        reference.mean_squared_error(TRUTH, TOLD)
    )


def test_orders_agree_with_scipy_and_scikit_learn_ties_included():
    assert metrics.spearman(TRUTH, TOLD) == pytest.approx(stats.spearmanr(TRUTH, TOLD).statistic)
    assert metrics.auc(TRUTH > 0, TOLD) == pytest.approx(reference.roc_auc_score(TRUTH > 0, TOLD))


def test_brier_agrees_with_scikit_learn():
    chance = np.clip(TOLD / 4, 0, 1)
    wanted = reference.brier_score_loss(TRUTH > 0, chance)
    assert metrics.brier(TRUTH > 0, chance) == pytest.approx(wanted)


def test_gini_by_hand():
    assert metrics.gini([0, 1, 5], [1, 2, 3]) == pytest.approx(1)
    assert metrics.gini([0, 1, 5], [3, 2, 1]) == pytest.approx(-1)
    # Ranks −1, 0, 1: the best order gives 5, this one 1.
    assert metrics.gini([0, 1, 5], [1, 3, 2]) == pytest.approx(1 / 5)
    assert metrics.gini([0, 1, 5], [2, 2, 2]) == 0


def test_gini_of_two_kinds_is_twice_the_auc_less_one():
    happened = (TRUTH > 0).astype(float)
    wanted = 2 * reference.roc_auc_score(happened, TOLD) - 1
    assert metrics.gini(happened, TOLD) == pytest.approx(wanted)


def test_bias_and_decile_error_by_hand():
    assert metrics.bias([1, 3], [2, 3]) == pytest.approx(0.25)
    actual, told = np.repeat([1.0, 2.0], 10), np.repeat([1.5, 1.0], 10)
    assert metrics.decile_error(actual, told, groups=2) == pytest.approx((0.5 + 0.5) / 2)


def test_both_scores_of_distributions_agree():
    # Draws of 0 0 1 3 are the distribution 1/2, 1/4, 0, 1/4.
    draws, table = [[0, 0, 1, 3]] * 3, [[0.5, 0.25, 0, 0.25]] * 3
    for actual in ([0, 1, 2], [3, 4, 9]):
        assert metrics.crps_of_samples(actual, draws) == pytest.approx(
            metrics.crps_of_counts(actual, table)
        )
    assert metrics.crps_of_samples([2], [[0, 0, 1, 3]]) == pytest.approx(0.25 + 0.5625 + 0.0625)


def test_coverage_with_its_ends():
    assert metrics.coverage([0, 2, 5], [0, 3, 1], [1, 9, 5]) == pytest.approx(2 / 3)


@pytest.mark.parametrize("mean", [0.05, 0.7, 12.0])
def test_a_right_distribution_covers_its_level_however_rare_the_event(mean):
    rng = np.random.default_rng(8)
    actual, draws = rng.poisson(mean, 6000), rng.poisson(mean, (6000, 199))
    assert metrics.split_coverage(actual, draws) == pytest.approx(0.8, abs=0.015)


def test_nobody_bought():
    nil, told = np.zeros(4), np.arange(4.0)
    for metric in (metrics.bias, metrics.auc, metrics.decile_error):
        with pytest.raises(metrics.MetricError):
            metric(nil, told)
    assert metrics.mae(nil, told) == 1.5
    assert metrics.spearman(nil, told) == metrics.gini(nil, told) == 0


def test_one_customer_and_none():
    assert metrics.spearman([3], [1]) == metrics.gini([3], [1]) == 0
    assert metrics.decile_error([2], [1]) == 0.5
    assert metrics.crps_of_samples([2], [[1]]) == 1
    for metric in (metrics.mae, metrics.rmse, metrics.spearman, metrics.gini, metrics.brier):
        with pytest.raises(metrics.MetricError):
            metric([], [])


def test_what_is_missing_is_refused():
    with pytest.raises(metrics.MetricError, match="missing"):
        metrics.mae([1.0, np.nan], [1.0, 1.0])
