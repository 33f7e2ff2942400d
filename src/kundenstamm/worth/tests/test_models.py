"""The models against published numbers, known truth, a second formula, and hostile histories."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import hyp2f1

from kundenstamm.worth.appraisal import fit, summarise
from kundenstamm.worth.models import ContributionPerOccasion, FitError, ModifiedBetaGeoNBD
from kundenstamm.worth.tables import read
from kundenstamm.worth.value import value

KNOWN = ModifiedBetaGeoNBD.of(r=0.525, alpha=6.183 * 7, a=0.891, b=1.614)


def histories(*rows):
    return pl.DataFrame(list(rows), schema=["x", "t_x", "age"], orient="row")


@pytest.mark.parametrize("days", [1.0, 90.0, 273.0, 2000.0])
def test_expectation_agrees_with_the_textbooks_hypergeometric_form(days):
    rows = histories((0, 0, 273), (1, 30, 273), (4, 200, 273), (12, 270, 273), (3, 3, 3))
    r, alpha, a, b = KNOWN.r_, KNOWN.alpha_, KNOWN.a_, KNOWN.b_
    x, t_x, age = (rows[name].cast(float).to_numpy() for name in ("x", "t_x", "age"))
    reach = alpha + age + days
    whole = (
        (a + b + x)
        / (a - 1)
        * (
            1
            - ((alpha + age) / reach) ** (r + x) * hyp2f1(r + x, b + x + 1, a + b + x, days / reach)
        )
    )
    textbook = whole / (1 + a / (b + x) * ((alpha + age) / (alpha + t_x)) ** (r + x))
    np.testing.assert_allclose(KNOWN.expected_occasions(rows, days), textbook, rtol=1e-9)


def test_samples_have_the_expected_mean():
    rows = histories((0, 0, 273), (4, 200, 273), (12, 270, 273))
    drawn = KNOWN.sample(rows, 365, 40_000, np.random.default_rng(1)).mean(axis=1)
    np.testing.assert_allclose(drawn, KNOWN.expected_occasions(rows, 365), rtol=0.04)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 0, 10)] * 5,
        [(5000, 4000, 4001)] * 3,
        [(3, 100, 100)] * 4 + [(0, 0, 3)],
        [(0, 0, 0), (1, 5, 5)],
        [(1, 1, 4000)],
        [(0, 0, 5000)] * 40 + [(2000, 4999, 5000)],
    ],
)
def test_degenerate_bases_give_finite_answers(rows):
    summary = histories(*rows)
    model = ModifiedBetaGeoNBD().fit(summary)
    for answer in (
        model.probability_active(summary),
        model.expected_occasions(summary, 365),
        model.silence_until(summary, 0.5),
    ):
        assert np.isfinite(answer).all()
        assert (answer >= 0).all()
    assert model.fit_report_.warnings


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], "no customer"), ([(0, 0, 0)] * 3, "last day"), ([(1, 9, 5)], "cannot be")],
)
def test_what_cannot_be_fitted_is_refused_in_words(rows, said):
    with pytest.raises(FitError, match=said):
        ModifiedBetaGeoNBD().fit(histories(*rows))


@settings(max_examples=60, deadline=None)
@given(
    x=st.integers(0, 3000),
    t_x=st.floats(0, 3000),
    more=st.floats(0, 3000),
    later=st.floats(0.1, 3000),
)
def test_silence_only_lowers_the_chance_of_being_a_customer(x, t_x, more, later):
    now, then = histories((x, t_x, t_x + more)), histories((x, t_x, t_x + more + later))
    chance = float(KNOWN.probability_active(now)[0])
    assert 0 <= float(KNOWN.probability_active(then)[0]) <= chance <= 1
    assert np.isfinite(KNOWN.expected_occasions(now, 365)).all()


def test_silence_until_is_where_the_chance_crosses():
    rows = histories((1, 30, 60), (6, 180, 200))
    silence = KNOWN.silence_until(rows, 0.4)
    there = rows.with_columns(age=pl.col("t_x") + pl.Series(silence))
    np.testing.assert_allclose(KNOWN.probability_active(there), 0.4, rtol=1e-9)


def contributions(*rows):
    names = ["occasions", "contribution_mean", "contribution_sd"]
    return pl.DataFrame(list(rows), schema=names, orient="row")


BASE = [(n % 7 + 1, 20.0 * (n % 11 + 1), 8.0 if n % 7 > 1 else None) for n in range(80)]


def test_few_occasions_are_drawn_to_the_base_and_many_speak_for_themselves():
    model = ContributionPerOccasion().fit(contributions(*BASE))
    few, many = model.expected(contributions((1, 2000.0, None), (400, 2000.0, 50.0)))
    assert model.mean_ < few < many
    assert many == pytest.approx(2000, rel=0.01)


def test_a_loss_stays_a_loss():
    model = ContributionPerOccasion().fit(contributions(*BASE))
    assert model.expected(contributions((50, -300.0, 20.0)))[0] < -250


def test_euros_or_cents_give_the_same_answer():
    euros = contributions(*BASE)
    cents = euros.with_columns(pl.col("contribution_mean", "contribution_sd") * 100)
    in_euros = ContributionPerOccasion().fit(euros).expected(euros)
    in_cents = ContributionPerOccasion().fit(cents).expected(cents)
    np.testing.assert_allclose(in_euros * 100, in_cents, rtol=1e-9)


def _valued():
    rng = np.random.default_rng(3)
    rows = [
        (f"K{n}", date(2025, 1, 1).toordinal() + int(d), float(rng.lognormal(4, 0.5)))
        for n in range(60)
        for d in np.cumsum(rng.exponential(25, rng.integers(1, 12)))
    ]
    frame = pl.DataFrame(rows, schema=["customer_id", "day", "amount"], orient="row")
    dates = [date.fromordinal(day) for day in frame["day"]]
    lines = read(frame.drop("day").with_columns(date=pl.Series(dates)))
    summary = summarise(lines, date(2026, 1, 1)).sort("customer_id")
    fitted = fit(summary)
    return lambda: value(summary, date(2026, 1, 1), fitted)


def test_equal_input_gives_equal_output_and_intervals_hold_the_mean():
    valued = _valued()
    one, two = valued(), valued()
    assert one.equals(two)
    assert (one["low"] <= one["expected_contribution"]).all()
    assert (one["high"] >= one["expected_contribution"]).all()
    assert one["value_at_risk"].min() >= 0
