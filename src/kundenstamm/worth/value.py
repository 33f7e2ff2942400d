"""What each customer is expected to bring: occasions × contribution, with an interval."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.fitted import Fitted
from kundenstamm.worth.lifetime import discounted
from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    import polars as pl

# Days until the next purchase where nobody in the base has bought twice.
A_MONTH = 30.0
# Digits kept of expectations: the last ones depend on how many rows are computed at once.
DIGITS = 9


@dataclass(frozen=True)
class Horizon:
    """How far ahead: ``days`` for the expectation and its interval, ``years`` for the lifetime
    value, which is discounted at ``rate`` a year."""

    days: int = 365
    years: int = 5
    rate: float = 0.1


def value(
    summary: pl.DataFrame, as_of: date, fitted: Fitted, horizon: Horizon | None = None
) -> pl.DataFrame:
    """Expected contribution of the coming days and years, per customer.

    Parameters
    ----------
    summary
        As `kundenstamm.worth.summary.summary` gives it; rows without an occasion are left out of
        the answer, nothing can be said about them. With a column ``block``, intervals of a block
        are drawn together: they depend on the rows of the block, in their order, and on no
        others. Rows of one block stand next to each other.
    as_of
        The day the summary ends; ``next_expected_day`` counts from it.
    fitted
        As `kundenstamm.worth.fitted.fit` gives it.
    horizon
        365 days, and five years at ten per cent by default.

    Returns
    -------
    polars.DataFrame
        ``customer_id``; ``p_active`` (0–1), the chance of being still a customer (what
        `kundenstamm.worth.scoring.score` calls ``p_alive``); ``expected_occasions``;
        ``contribution_per_occasion``; ``expected_contribution``, ``low``, ``high`` (money over
        ``horizon.days`` after serving, with the 80 % interval that earlier windows taught);
        ``expected_cost_to_serve`` (positive)
        and ``expected_before_serving`` (money; the latter less the former is the expectation);
        ``if_active`` (the expectation were the customer certainly active); ``value_at_risk``
        (``if_active − expected``, not below zero); ``lifetime_value`` (money, see
        `kundenstamm.worth.lifetime.discounted`); ``next_expected_day`` (last day + own mean gap,
        or the base's for one purchase).

    Raises
    ------
    FitError
        There are no models.

    Notes
    -----
    Occasions and contribution per occasion are taken as independent given the history. Cost to
    serve has no level of its own: it follows the occasions.
    """
    import polars as pl

    horizon = horizon or Horizon()
    occasions, contribution, serving = fitted.known()
    bought = summary.filter(pl.col("occasions") > 0)
    p_active = occasions.probability_active(bought).round(DIGITS)
    expected = occasions.expected_occasions(bought, horizon.days).round(DIGITS)
    each = contribution.expected(bought)
    per_occasion = (each * occasions.choice_.amount_level).round(DIGITS)
    mean, cost = expected * per_occasion, expected * serving.expected(bought).round(DIGITS)
    low, high = _interval(bought, fitted, horizon.days)
    if_active = mean / np.maximum(p_active, 1e-9)
    worth = discounted(occasions, bought, each, years=horizon.years, rate=horizon.rate)
    return pl.DataFrame(
        {
            "customer_id": bought["customer_id"],
            "p_active": p_active,
            "expected_occasions": expected,
            "contribution_per_occasion": per_occasion,
            "expected_before_serving": mean + cost,
            "expected_cost_to_serve": cost,
            "expected_contribution": mean,
            "low": np.minimum(low, mean),
            "high": np.maximum(high, mean),
            "if_active": if_active,
            "value_at_risk": np.maximum(if_active - mean, 0.0),
            "lifetime_value": worth.round(DIGITS),
            "next_expected_day": _next_day(bought, as_of, fitted.usual_gap),
        }
    )


def _interval(bought: pl.DataFrame, fitted: Fitted, days: int) -> tuple[Floats, Floats]:
    """Ends of the interval of contribution: blocks side by side, each with its own numbers."""
    occasions, contribution, _serving = fitted.known()

    def block(rows: pl.DataFrame) -> tuple[Floats, Floats]:
        ends = occasions.intervals(rows, days, contribution)
        return ends.amount_low, ends.amount_high

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        ends = list(pool.map(block, _blocks(bought)))
    nothing = np.zeros(0)
    low, high = ([nothing, *(each[side] for each in ends)] for side in (0, 1))
    return np.concatenate(low), np.concatenate(high)


def _blocks(bought: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of each; all in one where there are none."""
    if "block" not in bought.columns:
        yield bought
        return
    at = 0
    for length in bought["block"].rle().struct.field("len"):
        yield bought.slice(at, length)
        at += length


def _next_day(bought: pl.DataFrame, as_of: date, usual_gap: float) -> pl.Series:
    """When the next purchase is due; in the past for a customer who is late."""
    import polars as pl

    fallback = usual_gap if isfinite(usual_gap) else A_MONTH
    gap = pl.col("gap_mean").fill_null(fallback).round().cast(pl.Int64)
    due = pl.col("last_day") + pl.duration(days=gap)
    return bought.select(due=pl.min_horizontal(due, pl.lit(as_of) + pl.duration(days=3650)))["due"]
