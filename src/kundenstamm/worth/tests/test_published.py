"""Published parameters and log-likelihoods of CDNOW (1/10 sample, 39 weeks), to the printed digits.

Sources: Fader, Hardie & Lee (2005), "Counting your customers the easy way" (BG/NBD); Fader & Hardie
(2005), "A note on deriving the Pareto/NBD model"; Fader & Hardie (2013), "The gamma-gamma model of
monetary value"; MBG/NBD (Batislam, Denizel & Filiztekin 2007) as two other tools reproduce it.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kundenstamm.worth.appraisal import summarise
from kundenstamm.worth.models import (
    NBD,
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoCNBD,
    ModifiedBetaGeoNBD,
    ParetoNBD,
)
from kundenstamm.worth.tables import read

SHARED = Path(
    os.environ.get("KUNDENSTAMM_SHARED_DATA", Path(__file__).parents[4] / "../shared/data")
)
FILE = SHARED / "cdnow_sample.parquet"
CUT = date(1997, 9, 30)
PUBLISHED = [
    (BetaGeoNBD, {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.43),
    (ModifiedBetaGeoNBD, {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}, -9582.14),
    (ParetoNBD, {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, -9594.98),
    (NBD, {"r": 0.385, "alpha": 12.072}, -9763.66),
]


@pytest.fixture(scope="module")
def sales():
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here (set KUNDENSTAMM_SHARED_DATA)")
    return pl.read_parquet(FILE).select("customer_id", pl.col("date").cast(pl.Date), amount="value")


@pytest.fixture(scope="module")
def summary(sales):
    # Gifts count as purchases in the published figures, so every line is worth something.
    found = summarise(read(sales.with_columns(amount=pl.lit(1.0))), CUT)
    assert found.height == 2357
    return found


@pytest.mark.parametrize(("model", "parameters", "log_likelihood"), PUBLISHED)
def test_published_parameters_are_found(summary, model, parameters, log_likelihood):
    fitted = model().fit(summary)
    in_weeks = fitted.fit_report_.log_likelihood + float(summary["x"].sum()) * np.log(7)
    assert in_weeks == pytest.approx(log_likelihood, abs=0.01)
    for name, printed in parameters.items():
        found = getattr(fitted, f"{name}_") / (7 if name in fitted.times else 1)
        # As printed, or, where the top is flat, within a fiftieth of its standard error.
        error = fitted.standard_errors_[name] / (7 if name in fitted.times else 1)
        assert found == pytest.approx(printed, abs=0.0006 + error / 50), name


def test_published_standard_errors_are_found(summary):
    found = ParetoNBD().fit(summary).standard_errors_
    in_weeks = [found["r"], found["alpha"] / 7, found["s"], found["beta"] / 7]
    assert in_weeks == pytest.approx([0.0476, 0.843, 0.187, 6.21], rel=0.01)


def test_no_rhythm_is_found_where_others_find_none(summary):
    fitted = ModifiedBetaGeoCNBD().fit(summary)
    assert fitted.k_ == 1
    alone = ModifiedBetaGeoNBD().fit(summary)
    assert fitted.fit_report_.log_likelihood == pytest.approx(alone.fit_report_.log_likelihood)


def test_published_spend_is_found(sales):
    """Repeat occasions only, as published; the 946 customers who spent something on them."""
    days = (
        sales.filter(pl.col("date") <= CUT)
        .group_by("customer_id", "date")
        .agg(pl.col("amount").sum())
        .sort("customer_id", "date")
    )
    repeats = days.filter(pl.col("date") > pl.col("date").min().over("customer_id"))
    spent = (
        repeats.group_by("customer_id")
        .agg(occasions=pl.len(), contribution_mean=pl.col("amount").mean())
        .filter(pl.col("contribution_mean") > 0)
    )
    assert spent.height == 946
    model = GammaGamma().fit(spent)
    assert model.fit_report_.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert model.p_ == pytest.approx(6.25, abs=0.006)
    assert model.q_ == pytest.approx(3.74, abs=0.006)
    assert model.gamma_ == pytest.approx(15.44, abs=0.012)
