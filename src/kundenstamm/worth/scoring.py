"""What every customer of a table of sales will bring: one row each, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.backtesting import NAMES, fitted
from kundenstamm.worth.models.base import FitReport, Floats
from kundenstamm.worth.prediction import prediction
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.sentences import Sentence
from kundenstamm.worth.stages import stages
from kundenstamm.worth.steps import Step, silent

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Scored:
    """What `score` gives, how the fit went, and what was chosen and why, if anything was."""

    table: pl.DataFrame
    report: FitReport
    why: tuple[Sentence, ...]


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
        There is no such estimator, or ``days`` is less than 1.
    FitError
        The data cannot carry it; the message says why.
    """
    return scored(transactions, as_of, days, estimator).table


def scored(
    transactions: Any, as_of: date, days: int, estimator: str = "auto", step: Step = silent
) -> Scored:
    """As `score`, with what there is to say beside; ``step`` hears how far it is."""
    import polars as pl

    if estimator not in NAMES:
        raise ValueError(f"There is no estimator {estimator!r}. Use one of: {', '.join(NAMES)}.")
    if days < 1:
        raise ValueError(f"There is nothing to expect of {days} days. Ask for 1 day or more.")
    known = transactions if isinstance(transactions, Purchases) else Purchases.of(transactions)
    past = known.until(as_of)
    learnt = fitted(past, as_of, days, estimator, step)
    summary, model = learnt.summary, learnt.occasions
    told = _columns(prediction(model, learnt.money, summary, days, step))
    staged = stages(summary, as_of, model)
    named = pl.DataFrame(
        {"customer_id": summary["customer_id"],
         "customer": past.customers.gather(summary["customer_id"]), **told}
    )  # fmt: skip
    joined = named.join(staged.select("customer_id", "stage"), on="customer_id", how="left")
    # The stage, and what it stands on, come last.
    told_last = ("stage", "p_alive")
    table = joined.select(pl.exclude("customer_id", *told_last), *told_last).sort("customer")
    return Scored(table, model.fit_report_, getattr(model, "why_", ()))


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
