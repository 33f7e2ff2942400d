"""All that an estimator says of customers' coming days, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.intervals import Ends, central, in_parts
from kundenstamm.worth.models.base import Floats, OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.steps import Step, silent

if TYPE_CHECKING:
    import polars as pl

DRAWS, LEVEL, SEED = 200, 0.8, 20_260_101


def prediction(
    model: OccasionsModel,
    money: ContributionPerOccasion,
    summary: pl.DataFrame,
    days: int,
    step: Step = silent,
) -> dict[str, Floats]:
    """What fitted models say of the next ``days``.

    Parameters
    ----------
    model, money
        Fitted.
    summary
        Rows with at least one occasion, as `kundenstamm.worth.purchases.Purchases.outlook` gives
        them.
    step
        Hears how many customers are done; `AutoEstimator` has one of its own.

    Returns
    -------
    dict
        Arrays of shape ``(customers,)``: ``active`` (P(active)), ``buying`` (chance of at least
        one occasion), ``occasions``, ``low``, ``high``, ``contribution``, ``amount_low``,
        ``amount_high`` (money; intervals of 80 %, both ends inside).
    """
    occasions = model.expected_occasions(summary, days)
    if isinstance(model, AutoEstimator):
        contribution = model.expected_amount(summary, days, money)
        ends = model.intervals(summary, days, money)
    else:
        contribution = occasions * money.expected(summary)
        ends = _central(model, money, summary, days, step)
    return {
        "active": model.probability_active(summary),
        "buying": model.probability_buying(summary, days),
        "occasions": occasions,
        "low": ends.low,
        "high": ends.high,
        "contribution": contribution,
        "amount_low": ends.amount_low,
        "amount_high": ends.amount_high,
    }


def _central(
    model: OccasionsModel,
    money: ContributionPerOccasion,
    summary: pl.DataFrame,
    days: int,
    step: Step,
) -> Ends:
    """The middle of a model's own draws."""

    def part(rows: pl.DataFrame, rng: np.random.Generator) -> Ends:
        draws = model.sample(rows, days, DRAWS, rng).astype(np.float64)
        totals = money.sample_totals(rows, draws, rng)
        low, high = central(draws, LEVEL)
        # The same counts are inside; a count is whole.
        return Ends(np.ceil(low), np.floor(high), *central(totals, LEVEL))

    return in_parts(summary, part, SEED, step)
