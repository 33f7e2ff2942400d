"""What each customer is expected to bring: occasions × contribution, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.models.base import Floats, OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion

if TYPE_CHECKING:
    import polars as pl

# Draws per customer: the interval's ends then stand on 20 draws each side.
DRAWS = 200
CHUNK = 20_000


@dataclass(frozen=True)
class Horizon:
    """How far ahead, and how much of what may happen the interval shall cover."""

    days: int = 365
    level: float = 0.8
    seed: int = 20_260_101


def value(
    summary: pl.DataFrame,
    as_of: date,
    occasions: OccasionsModel,
    contribution: ContributionPerOccasion,
    horizon: Horizon | None = None,
) -> pl.DataFrame:
    """Expected contribution of the coming days, per customer.

    Parameters
    ----------
    summary
        As `kundenstamm.worth.summary.summary` gives it; rows without an occasion are left out of
        the answer, nothing can be said about them.
    as_of
        The day the summary ends; ``next_expected_day`` counts from it.
    occasions, contribution
        Fitted models.
    horizon
        365 days, 80 % by default.

    Returns
    -------
    polars.DataFrame
        ``customer_id``; ``p_active`` (0–1); ``expected_occasions``; ``expected_contribution``,
        ``low``, ``high`` (money over the horizon, the interval from simulation with a fixed
        seed, so that equal input gives equal output); ``if_active`` (the same expectation were
        the customer certainly active); ``value_at_risk`` (``if_active − expected``, not below
        zero); ``next_expected_day`` (last day + own mean gap, or the base's for one purchase).

    Notes
    -----
    Occasions and contribution per occasion are taken as independent given the history. Trends of
    the whole base (growth, season) are not in these models.
    """
    import polars as pl

    horizon = horizon or Horizon()
    bought = summary.filter(pl.col("occasions") > 0)
    p_active = occasions.probability_active(bought)
    expected = occasions.expected_occasions(bought, horizon.days)
    per_occasion = contribution.expected(bought)
    low, high = _interval(bought, occasions, contribution, horizon)
    mean = expected * per_occasion
    if_active = mean / np.maximum(p_active, 1e-9)
    return pl.DataFrame(
        {
            "customer_id": bought["customer_id"],
            "p_active": p_active,
            "expected_occasions": expected,
            "contribution_per_occasion": per_occasion,
            "expected_contribution": mean,
            "low": np.minimum(low, mean),
            "high": np.maximum(high, mean),
            "if_active": if_active,
            "value_at_risk": np.maximum(if_active - mean, 0.0),
            "next_expected_day": _next_day(bought, as_of),
        }
    )


def _interval(
    bought: pl.DataFrame,
    occasions: OccasionsModel,
    contribution: ContributionPerOccasion,
    horizon: Horizon,
) -> tuple[Floats, Floats]:
    """Central interval of simulated totals, in chunks to bound memory."""
    rng = np.random.default_rng(horizon.seed)
    tails = [(1 - horizon.level) / 2, (1 + horizon.level) / 2]
    low, high = np.zeros(bought.height), np.zeros(bought.height)
    for start in range(0, bought.height, CHUNK):
        rows = bought.slice(start, CHUNK)
        drawn = occasions.sample(rows, horizon.days, DRAWS, rng).astype(np.float64)
        totals = contribution.sample_totals(rows, drawn, rng)
        ends = np.quantile(totals, tails, axis=1)
        low[start : start + rows.height], high[start : start + rows.height] = ends
    return low, high


def _next_day(bought: pl.DataFrame, as_of: date) -> pl.Series:
    """When the next purchase is due; in the past for a customer who is late."""
    import polars as pl

    usual = bought["gap_mean"].median()
    fallback = float(usual) if isinstance(usual, int | float) else 30.0
    gap = pl.col("gap_mean").fill_null(fallback).round().cast(pl.Int64)
    due = pl.col("last_day") + pl.duration(days=gap)
    return bought.select(due=pl.min_horizontal(due, pl.lit(as_of) + pl.duration(days=3650)))["due"]
