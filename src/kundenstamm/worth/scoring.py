"""What every customer of a table of sales will bring: one row each, with intervals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.backtest import LEVEL, NAMES, fitted
from kundenstamm.worth.intervals import central
from kundenstamm.worth.models.base import OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.stages import stages

if TYPE_CHECKING:
    import polars as pl

DRAWS, SEED, CHUNK = 200, 20_260_101, 20_000


def score(transactions: Any, as_of: date, days: int, estimator: str = "auto") -> pl.DataFrame:
    """Score every customer with a purchase up to ``as_of``.

    Parameters
    ----------
    transactions
        Whatever `kundenstamm.worth.tables.read` takes, or `Purchases`. What comes after ``as_of``
        is not looked at.
    as_of
        The observation's end.
    days
        How far ahead.
    estimator
        A name of `kundenstamm.worth.models.ESTIMATORS`, or ``auto``.

    Returns
    -------
    polars.DataFrame
        ``customer``; ``p_active`` (0–1), the chance of at least one occasion in the next ``days``;
        ``expected_occasions``, ``occasions_low``, ``occasions_high``, ``expected_amount``,
        ``amount_low``, ``amount_high`` (money, what the lines' levels leave; intervals of 80 %,
        both ends inside); ``stage``, and ``p_alive`` (0–1), the chance of being still a customer,
        on which the stage stands.

    Raises
    ------
    ValueError
        There is no such estimator.
    FitError
        The data cannot carry it; the message says why.
    """
    import polars as pl

    if estimator not in NAMES:
        raise ValueError(f"There is no estimator {estimator!r}. Use one of: {', '.join(NAMES)}.")
    known = transactions if isinstance(transactions, Purchases) else Purchases.of(transactions)
    past = known.until(as_of)
    learnt = fitted(past, as_of, days, estimator)
    summary, model = learnt.summary, learnt.occasions
    rng = np.random.default_rng(SEED)
    # Draws of all customers at once would fill the memory; `AutoEstimator` sees to that itself.
    size = summary.height if isinstance(model, AutoEstimator) else CHUNK
    told = pl.concat(
        [
            _scored(part, model, learnt.money, days, rng)
            for part in summary.iter_slices(max(size, 1))
        ]
    )
    staged = stages(summary, as_of, model)
    named = pl.DataFrame(
        {"customer_id": summary["customer_id"],
         "customer": past.customers.gather(summary["customer_id"])}
    )  # fmt: skip
    joined = named.join(told, on="customer_id").join(
        staged.select("customer_id", "stage"), on="customer_id", how="left"
    )
    # The stage, and what it stands on, come last.
    told_last = ("stage", "p_alive")
    return joined.select(pl.exclude("customer_id", *told_last), *told_last).sort("customer")


def _scored(
    part: pl.DataFrame,
    model: OccasionsModel,
    money: ContributionPerOccasion,
    days: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    import polars as pl

    expected = model.expected_occasions(part, days)
    if isinstance(model, AutoEstimator):
        amount = model.expected_amount(part, days, money)
        low, high = model.interval(part, days)
        amount_low, amount_high = model.amount_interval(part, days, money)
    else:
        amount = expected * money.expected(part)
        draws = model.sample(part, days, DRAWS, rng).astype(np.float64)
        low, high = central(draws, LEVEL)
        amount_low, amount_high = central(money.sample_totals(part, draws, rng), LEVEL)
    return pl.DataFrame(
        {
            "customer_id": part["customer_id"],
            "p_active": model.probability_buying(part, days),
            "expected_occasions": expected,
            "occasions_low": low,
            "occasions_high": high,
            "expected_amount": amount,
            "amount_low": amount_low,
            "amount_high": amount_high,
            "p_alive": model.probability_active(part),
        }
    )
