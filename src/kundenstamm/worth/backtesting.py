"""Rolling origin: learn up to a day, predict the days after it, compare; again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from kundenstamm.worth import metrics
from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.models.base import FitError, Floats, OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.registry import ESTIMATORS
from kundenstamm.worth.prediction import DRAWS, LEVEL, SEED, prediction
from kundenstamm.worth.purchases import Purchases, Window
from kundenstamm.worth.sentences import Sentence
from kundenstamm.worth.steps import Step, silent

if TYPE_CHECKING:
    import polars as pl

Row = tuple[date, str, str, str, float | None]
NAMES = (*ESTIMATORS, "auto")


def backtest(
    transactions: Any,
    cutoffs: Sequence[date],
    horizon_days: int,
    estimators: Sequence[str] = NAMES,
) -> pl.DataFrame:
    """How good each estimator would have been.

    Parameters
    ----------
    transactions
        Whatever `kundenstamm.worth.tables.read` takes, or `Purchases`.
    cutoffs
        Last days of what is learnt from.
    horizon_days
        How many days after each are predicted. All must lie in the history: days without data
        count as days without purchases.
    estimators
        Names of `kundenstamm.worth.models.ESTIMATORS`, and ``auto``.

    Raises
    ------
    ValueError
        ``horizon_days`` is less than 1, or nothing is known after a cutoff.

    Returns
    -------
    polars.DataFrame
        ``cutoff``, ``estimator``, ``target`` (``occasions`` or ``contribution``), ``metric``,
        ``value``; every customer with an occasion up to the cutoff counts. The value is null
        where the metric has no meaning; an estimator that refused the data has no rows.

    Notes
    -----
    Estimators get nothing but `Purchases.until` of the cutoff.
    """
    import polars as pl

    rows: list[Row] = [
        (outcome.cutoff, outcome.estimator, *row)
        for outcome in outcomes(transactions, cutoffs, horizon_days, estimators)
        for row in outcome.measured()
    ]
    schema = {
        "cutoff": pl.Date,
        "estimator": pl.String,
        "target": pl.String,
        "metric": pl.String,
        "value": pl.Float64,
    }
    return pl.DataFrame(rows, schema, orient="row")


@dataclass(frozen=True)
class Outcome:
    """What one estimator said at one cutoff, and what came.

    Attributes
    ----------
    truth : Window
    told : mapping
        As `predicted`; rows are those of ``truth.summary``.
    why : tuple of Sentence
        What the estimator chose, if it chooses.
    """

    cutoff: date
    estimator: str
    truth: Window
    told: Mapping[str, Floats]
    why: tuple[Sentence, ...] = ()

    def measured(self) -> Iterator[tuple[str, str, float | None]]:
        """Target, metric, value."""
        return measured(self.truth, self.told)


def outcomes(
    transactions: Any,
    cutoffs: Sequence[date],
    horizon_days: int,
    estimators: Sequence[str] = NAMES,
) -> Iterator[Outcome]:
    """What `backtest` measures, one fit after the other; those that refuse are left out.

    For whoever wants more than the table: each fit is made once. Parameters as in `backtest`.
    """
    known = transactions if isinstance(transactions, Purchases) else Purchases.of(transactions)
    if horizon_days < 1:
        raise ValueError(f"There is nothing to predict in {horizon_days} days. Ask for 1 or more.")
    for cutoff in cutoffs:
        if known.last_day is not None and cutoff >= known.last_day:
            raise ValueError(
                f"Nothing is known after {cutoff}: the last entry is of {known.last_day}. "
                "Take an earlier cutoff."
            )
        truth, past = known.window(cutoff, horizon_days), known.until(cutoff)
        for name in estimators:
            try:
                learnt = fitted(past, cutoff, horizon_days, name)
                told = _told(learnt, horizon_days)
            except FitError:
                continue
            yield Outcome(cutoff, name, truth, told, getattr(learnt.occasions, "why_", ()))


@dataclass(frozen=True)
class Fitted:
    """The past's summary, and what was learnt from it."""

    summary: pl.DataFrame
    occasions: OccasionsModel
    money: ContributionPerOccasion


def fitted(past: Purchases, as_of: date, days: int, name: str, step: Step = silent) -> Fitted:
    """Fit the estimator of this name to all that is known at ``as_of``.

    Raises
    ------
    FitError
        The data cannot carry it; the message says why.
    """
    summary = past.outlook(as_of, days)
    model: OccasionsModel = (
        AutoEstimator.looking_back(past, as_of, days, step)
        if name == "auto"
        else ESTIMATORS[name]()
    )
    return Fitted(summary, model.fit(summary), ContributionPerOccasion().fit(summary))


def predicted(past: Purchases, as_of: date, days: int, name: str) -> dict[str, Floats] | None:
    """All that an estimator says of the coming days, by name; None where it refuses the data.

    ``past`` is all that is known at ``as_of``; rows are those of its summary.
    """
    try:
        return _told(fitted(past, as_of, days, name), days)
    except FitError:
        return None


def _told(learnt: Fitted, days: int) -> dict[str, Floats]:
    """`prediction`, and ``draws`` of the occasions; shape ``(customers, size)``."""
    rng = np.random.default_rng(SEED)
    draws = learnt.occasions.sample(learnt.summary, days, DRAWS, rng).astype(np.float64)
    told = prediction(learnt.occasions, learnt.money, learnt.summary, days)
    return {"draws": draws} | told


def measured(truth: Window, told: Mapping[str, Floats]) -> Iterator[tuple[str, str, float | None]]:
    """Target, metric, value."""
    actual, came = truth.occasions, (truth.occasions > 0).astype(np.float64)
    for target, values in (("occasions", actual), ("contribution", truth.contribution)):
        for name in ("bias", "mae", "rmse", "spearman", "gini", "decile_error"):
            yield target, name, _value(name, values, told[target])
    draws = told["draws"]
    yield "occasions", "auc", _value("auc", came, told["buying"])
    yield "occasions", "auc_active", _value("auc", came, told["active"])
    # What the silence alone would tell: a model that claims more must beat it.
    silence = truth.summary["t_x"].to_numpy() - truth.summary["age"].to_numpy()
    yield "occasions", "auc_recency", _value("auc", came, silence)
    yield "occasions", "brier", _value("brier", came, told["buying"])
    yield "occasions", "crps", _value("crps_of_samples", actual, draws)
    yield "occasions", "split_coverage", _value("split_coverage", actual, draws, LEVEL)
    yield "occasions", "coverage", _value("coverage", actual, told["low"], told["high"])
    ends = told["amount_low"], told["amount_high"]
    yield "contribution", "coverage", _value("coverage", truth.contribution, *ends)


def _value(name: str, *given: Any) -> float | None:
    try:
        return float(getattr(metrics, name)(*given))
    except metrics.MetricError:
        return None
