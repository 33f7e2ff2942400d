"""Likelihoods and expectations a second way: by brute integration, differences and simulation."""

from __future__ import annotations

from math import exp, factorial, lgamma, log

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta as beta_density
from scipy.stats import gamma as gamma_density

from kundenstamm.worth.kernels.pareto import NODES, WEIGHTS, _integral
from kundenstamm.worth.models import (
    NBD,
    BetaGeoCNBD,
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoCNBD,
    ModifiedBetaGeoNBD,
    ParetoNBD,
)
from kundenstamm.worth.models.base import History
from kundenstamm.worth.models.distinct import Axis, Distinct
from kundenstamm.worth.models.gammagamma import _Amounts
from kundenstamm.worth.models.geometric import by_quadrature, by_series
from kundenstamm.worth.tests.bases import histories, spending

ROWS = [(0, 0, 9), (0, 0, 30), (1, 3, 9), (4, 8, 9), (2, 2, 5), (12, 300, 900), (1, 7, 7)]
R, ALPHA, A, B, S, BETA = 0.7, 20.0, 0.9, 2.1, 1.4, 60.0


def with_waits(kind, k):
    return kind.from_data({"parameters": {"r": R, "alpha": ALPHA, "a": A, "b": B, "k": k}})


MODELS = [
    with_waits(BetaGeoNBD, 1),
    with_waits(ModifiedBetaGeoNBD, 1),
    with_waits(BetaGeoCNBD, 2),
    with_waits(ModifiedBetaGeoCNBD, 3),
    ParetoNBD.of(R, ALPHA, S, BETA),
    NBD.of(R, ALPHA),
]
names = [f"{type(model).__name__}-{getattr(model, 'k_', 0)}" for model in MODELS]


def distinct(rows, weights=None):
    return Distinct.of(History.of(histories(*rows)), weights)


def logs_of(model):
    return np.log([getattr(model, f"{name}_") for name in model.parameters])


@pytest.mark.parametrize("model", MODELS, ids=names)
@pytest.mark.parametrize("moved", [0.0, -1.5, 2.0])
def test_gradients_are_slopes(model, moved):
    rows = distinct(ROWS, np.array([3.0, 1.0, 2.0, 1.0, 0.5, 2.0, 1.0]))
    at = logs_of(model) + moved * np.array([1, -0.5, 0.7, 0.2])[: len(model.parameters)]
    slope = model._likelihood(rows, at)[1]
    for place in range(at.size):
        aside = np.zeros_like(at)
        aside[place] = 1e-5
        ahead, behind = (model._likelihood(rows, at + sign * aside)[0] for sign in (1, -1))
        assert slope[place] == pytest.approx((ahead - behind) / 2e-5, rel=1e-5, abs=1e-6)


def given_rate_and_chance(rate, chance, x, t_x, age, k, first):
    """The density of one history, gaps' own powers left out, as the story tells it."""
    waits = sum((rate * (age - t_x)) ** j / factorial(j) for j in range(k))
    silent = waits * np.exp(-rate * (age - t_x))
    leaves = chance if x + first > 0 else 0.0
    stayed = (1 - chance) ** max(x + first - 1, 0)
    return rate ** (k * x) * np.exp(-rate * t_x) * stayed * (leaves + (1 - leaves) * silent)


@pytest.mark.parametrize("row", [(0, 0, 9), (1, 3, 9), (4, 8, 9), (2, 2, 5)])
@pytest.mark.parametrize("model", MODELS[:4], ids=names[:4])
def test_leaving_after_purchases_by_brute_integration(model, row):
    x, t_x, age = row
    u, weight = np.polynomial.legendre.leggauss(400)
    u, weight = (u + 1) / 2, weight / 2
    # Powers of the variables, so that the densities' poles at nil go away.
    root, power = 2 * u[:, None], u[None, :]
    rate, chance = root**6, power**6
    density = given_rate_and_chance(rate, chance, x, t_x, age, model.k_, model.first)
    density = density * gamma_density.pdf(rate, R, scale=1 / ALPHA) * 12 * root**5
    density = density * beta_density.pdf(chance, A, B) * 6 * power**5
    value = float(weight @ density @ weight)
    assert model._likelihood(distinct([row]), logs_of(model))[0] == pytest.approx(
        log(value), abs=1e-8
    )


@pytest.mark.parametrize("row", [(0, 0, 9), (1, 3, 9), (12, 300, 900), (160, 500, 600), (3, 9, 9)])
def test_living_for_a_time_by_brute_integration(row):
    x, t_x, age = row
    model = ParetoNBD.of(R, ALPHA, S, BETA)
    start = -(R + x) * log(ALPHA + t_x)

    def gone(y):
        return exp(-(R + x) * log(ALPHA + y) - start - (S + 1) * log(BETA + y))

    active = exp(-(R + x) * log(ALPHA + age) - start - S * log(BETA + age))
    left = S * quad(gone, t_x, age, epsabs=0, epsrel=1e-11, limit=500)[0]
    value = lgamma(R + x) - lgamma(R) + R * log(ALPHA) + S * log(BETA) + start + log(active + left)
    assert model._likelihood(distinct([row]), logs_of(model))[0] == pytest.approx(value, abs=1e-8)
    chance = float(model.probability_active(histories(row))[0])
    assert chance == pytest.approx(active / (active + left), rel=1e-9)


def test_the_integral_of_wild_parameters():
    """Against two thousand panels, each a little wider than the one before."""
    rng, (u, weight) = np.random.default_rng(0), np.polynomial.legendre.leggauss(10)
    for _case in range(200):
        p = 10 ** rng.uniform(-2.5, 0.8) + rng.choice([0, 3, 200, 4000])
        q, (alpha, beta) = 1 + 10 ** rng.uniform(-2.5, 2.5), 10 ** rng.uniform(-2, 5, 2)
        t = rng.choice([0.0, 0.5, 300.0, 3000.0])
        age, start = t + 10 ** rng.uniform(-2, 3.7), min(alpha, beta) + t
        edges = np.append(0, np.log1p((age - t) / start) * np.logspace(-6, 0, 2000))
        width = np.diff(edges)[:, None]
        w = edges[:-1, None] + width * (u + 1) / 2
        y = start * np.expm1(w)
        height = np.exp(w - p * np.log1p(y / (alpha + t)) - q * np.log1p(y / (beta + t)))
        found = _integral(p, q, alpha, beta, t, age, NODES, WEIGHTS)[0]
        assert found == pytest.approx(start * (height * weight * width).sum() / 2, rel=3e-9)


@pytest.mark.parametrize("model", MODELS, ids=names)
@pytest.mark.parametrize("days", [20.0, 400.0])
def test_samples_have_the_expected_mean(model, days):
    rows = histories((0, 0, 40), (4, 200, 260), (9, 12, 13))
    drawn = model.sample(rows, days, 60_000, np.random.default_rng(1))
    error = drawn.std(axis=1) / np.sqrt(60_000)
    assert (abs(drawn.mean(axis=1) - model.expected_occasions(rows, days)) < 4.5 * error).all()


@pytest.mark.parametrize("k", [2, 4])
def test_the_regular_rhythm_is_in_the_expectation(k):
    """By drawing whole lives with the past they must have had: rejection, no formula."""
    model = with_waits(ModifiedBetaGeoCNBD, k)
    rng, size, age, days = np.random.default_rng(7), 400_000, 12.0, 30.0
    rate, leave = rng.gamma(R, 1 / ALPHA, size), rng.beta(A, B, size)
    active = rng.random(size) >= leave
    first = rng.gamma(k, 1 / np.maximum(rate, 1e-12))
    fits = (first > age) | ~active  # bought once, then silent until 12
    bought, at, stays = np.zeros(size), first.copy(), active.copy()
    for _purchase in range(60):
        now = stays & (at <= age + days)
        bought += now
        stays = now & (rng.random(size) >= leave)
        at = at + rng.gamma(k, 1 / np.maximum(rate, 1e-12))
    mean, error = bought[fits].mean(), bought[fits].std() / np.sqrt(fits.sum())
    one_time = histories((0, 0, age))
    assert abs(float(model.expected_occasions(one_time, days)[0]) - mean) < 4.5 * error
    assert float(model.probability_active(one_time)[0]) == pytest.approx(
        active[fits].mean(), abs=4.5 / np.sqrt(fits.sum())
    )


@pytest.mark.parametrize("model", MODELS[:2], ids=names[:2])
def test_series_and_quadrature_agree(model):
    rng = np.random.default_rng(4)
    x = rng.integers(0, 60, 300).astype(float)
    age = rng.uniform(0, 2000, 300)
    history = History(x, age * rng.random(300), age)
    for days in (1.0, 365.0, 3000.0):
        series = by_series(model, history, days)
        short = np.isfinite(series)
        assert short.mean() > 0.6
        quadrature = by_quadrature(model, history, days)
        np.testing.assert_allclose(series[short], quadrature[short], rtol=1e-8)


def test_a_series_too_long_is_left_to_quadrature():
    model = with_waits(ModifiedBetaGeoCNBD, 2)
    heavy = History.of(histories((9000, 4000, 4001)))
    assert np.isnan(by_series(model, heavy, 365.0)).all()
    expected = model.expected_occasions(histories((9000, 4000, 4001)), 365.0)
    assert 0 < expected[0] < 9000


@pytest.mark.parametrize("model", [*MODELS[2:5]], ids=names[2:5])
def test_silence_until_is_where_the_chance_crosses(model):
    rows = histories((1, 30, 60), (6, 180, 200))
    silence = model.silence_until(rows, 0.4)
    there = rows.with_columns(age=rows["t_x"] + silence)
    np.testing.assert_allclose(model.probability_active(there), 0.4, atol=1e-3)


def test_spend_by_brute_integration_and_its_slopes():
    p, q, gamma, n, mean = 2.5, 3.1, 40.0, 4.0, 30.0

    def given(scale):
        return gamma_density.pdf(mean, p * n, scale=1 / (scale * n)) * gamma_density.pdf(
            scale, q, scale=1 / gamma
        )

    rows = _Amounts(Axis.of(np.array([n])), np.array([mean]), np.ones(1))
    value, slope = rows.likelihood(np.log([p, q, gamma]))
    assert value == pytest.approx(log(quad(given, 0, 5, limit=200)[0]), rel=1e-7)
    for place in range(3):
        aside = np.zeros(3)
        aside[place] = 1e-5
        ahead, behind = (
            rows.likelihood(np.log([p, q, gamma]) + sign * aside)[0] for sign in (1, -1)
        )
        assert slope[place] == pytest.approx((ahead - behind) / 2e-5, rel=1e-6, abs=1e-8)


def test_spend_sampled_has_the_expected_mean():
    model = GammaGamma.of(3.0, 4.0, 50.0)
    rows = spending(3.0, 4.0, 50.0, customers=3, seed=1)
    totals = model.sample_totals(rows, np.full((3, 100_000), 2.0), np.random.default_rng(2))
    np.testing.assert_allclose(totals.mean(axis=1), 2 * model.expected(rows), rtol=0.02)
