"""What every customer of a table of sales will bring: one row each, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.backtesting import NAMES, fitted
from kundenstamm.worth.models.base import Floats
from kundenstamm.worth.prediction import prediction
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.stages import stages

if TYPE_CHECKING:
    import polars as pl


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
    told = _columns(prediction(model, learnt.money, summary, days))
    staged = stages(summary, as_of, model)
    named = pl.DataFrame(
        {"customer_id": summary["customer_id"],
         "customer": past.customers.gather(summary["customer_id"]), **told}
    )  # fmt: skip
    joined = named.join(staged.select("customer_id", "stage"), on="customer_id", how="left")
    # The stage, and what it stands on, come last.
    told_last = ("stage", "p_alive")
    return joined.select(pl.exclude("customer_id", *told_last), *told_last).sort("customer")


def _columns(told: Mapping[str, Floats]) -> dict[str, Floats]:
    """Under the names that a person reads."""
    return {
        "p_active": told["buying"],
        "expected_occasions": told["occasions"],
        "occasions_low": told["low"],
        "occasions_high": told["high"],
        "expected_amount": told["contribution"],
        "amount_low": told["amount_low"],
        "amount_high": told["amount_high"],
        "p_alive": told["active"],
    }
