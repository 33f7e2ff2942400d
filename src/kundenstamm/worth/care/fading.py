"""How each customer's chance of being still one falls, from the fitted lifetime model."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.models.base import Floats, OccasionsModel
from kundenstamm.worth.past import buying, table
from kundenstamm.worth.stages import StageLimits, late_after

if TYPE_CHECKING:
    import polars as pl

WEEK, YEAR = 7, 365
# Nobody is so safe, or so lost, that a year says nothing: bounds of the share that is left.
LEAST_LEFT, MOST_LEFT = 0.05, 0.98
# Without a model: what a year leaves of a base, an assumption.
USUALLY_LEFT = 0.8


def fading(
    customers: pl.DataFrame,
    as_of: date,
    model: OccasionsModel | None,
    usual_gap: float = float("inf"),
) -> pl.DataFrame:
    """What a week of silence, and a year, do to each customer.

    Parameters
    ----------
    customers
        `kundenstamm.worth.care.known.CUSTOMERS`. Purchases are taken as of the valuation, ages as
        of ``as_of``: who has bought since is not late.
    model
        Fitted; None where the base could not be fitted. Then P(active) is that of the table, it
        does not fall, and a year takes a fifth of everybody.
    usual_gap
        Of `kundenstamm.worth.fitted.Fitted`: for customers without a rhythm of their own.

    Returns
    -------
    polars.DataFrame
        ``customers`` with ``silent`` (days since the last purchase), ``late_after`` (the own gap
        exceeded one time in ten, days), ``p_now`` (P(active) on ``as_of``), ``p_week`` (after
        another week without a purchase), ``buying_week`` (chance to buy in that week),
        ``yearly_loss`` (hazard of leaving, per year).

    Notes
    -----
    The yearly hazard is read off the curve: what is expected in the second year, divided by what is
    expected in the first, is the share of the customer's business that outlives a year.
    """
    import polars as pl

    aged = _history(customers, as_of)
    curve = _without_model(customers) if model is None else _curve(model, aged)
    late = late_after(customers, StageLimits(), usual_gap)
    return customers.with_columns(
        silent=(pl.lit(as_of) - pl.col("last_day")).dt.total_days(),
        late_after=pl.Series(late),
        **{name: pl.Series(values) for name, values in curve.items()},
    )


def _history(customers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    import polars as pl

    first, last = pl.col("first_day"), pl.col("last_day")
    return customers.select(
        x=(pl.col("occasions") - 1).clip(0).cast(pl.Float64),
        t_x=(last - first).dt.total_days().cast(pl.Float64),
        age=(pl.max_horizontal(pl.lit(as_of), last) - first).dt.total_days().cast(pl.Float64),
    )


def _curve(model: OccasionsModel, aged: pl.DataFrame) -> dict[str, Floats]:
    import polars as pl

    later = aged.with_columns(pl.col("age") + WEEK)
    one, two = _occasions(model, aged, YEAR), _occasions(model, aged, 2 * YEAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(one > 0, (two - one) / one, USUALLY_LEFT)
    now = model.probability_active(aged)
    return {
        "p_now": now,
        "p_week": np.minimum(model.probability_active(later), now),
        "buying_week": _buying(model, aged, WEEK),
        "yearly_loss": -np.log(np.clip(left, LEAST_LEFT, MOST_LEFT)),
    }


def _occasions(model: OccasionsModel, aged: pl.DataFrame, days: int) -> Floats:
    """By the models alone: levels and trees are learned for one length and know no curve."""
    if isinstance(model, AutoEstimator):
        return np.asarray(table(model.models_, aged, days) @ model.choice_.weights)
    return model.expected_occasions(aged, days)


def _buying(model: OccasionsModel, aged: pl.DataFrame, days: int) -> Floats:
    if isinstance(model, AutoEstimator):
        return buying(model.models_, model.choice_.weights, aged, days, np.ones(aged.height))
    return model.probability_buying(aged, days)


def _without_model(customers: pl.DataFrame) -> dict[str, Floats]:
    import polars as pl

    told = customers["p_active"].cast(pl.Float64).fill_null(1.0).to_numpy()
    return {
        "p_now": told,
        "p_week": told,
        "buying_week": np.zeros(told.size),
        "yearly_loss": np.full(told.size, -np.log(USUALLY_LEFT)),
    }
