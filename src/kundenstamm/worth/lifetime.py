"""What a customer brings beyond the next year, in today's money.

Discounted expected transactions (Fader, Hardie & Lee 2005, "RFM and CLV"), there an integral over
all time: here a sum over years up to a horizon, each year's purchases in its middle. Beyond a few
years nobody knows the company's prices, let alone its customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.past import table

if TYPE_CHECKING:
    import polars as pl

YEAR = 365


def discounted(
    model: AutoEstimator, summary: pl.DataFrame, per_occasion: Floats, *, years: int, rate: float
) -> Floats:
    """Expected contribution of the next ``years``, discounted at ``rate`` a year; money.

    Parameters
    ----------
    model
        Fitted. The first year is what it says, with the level of growth and season and the trees
        that it learned for a year. Later years are what its models expect without them: that a
        base grew by a tenth says little about the fifth year.
    summary
        Rows with at least one occasion; shape ``(customers,)`` for the answer.
    per_occasion
        Expected contribution of each occasion, without the model's level. It stays what it is.
    years, rate
        Whole years, and a share: 0.1 takes ten per cent off for every year of waiting.

    Notes
    -----
    Customers leave, so a year's purchases come a little before its middle: the sum is too low by
    at most some per cent of it (a test holds it beside quarters).
    """
    first = model.expected_occasions(summary, YEAR) * model.choice_.amount_level
    worth = first * (1 + rate) ** -0.5
    before = _told(model, summary, YEAR)
    for year in range(1, years):
        until = _told(model, summary, (year + 1) * YEAR)
        worth = worth + (until - before) * (1 + rate) ** -(year + 0.5)
        before = until
    return np.asarray(worth * per_occasion)


def _told(model: AutoEstimator, summary: pl.DataFrame, days: int) -> Floats:
    return np.asarray(table(model.models_, summary, days) @ model.choice_.weights)
