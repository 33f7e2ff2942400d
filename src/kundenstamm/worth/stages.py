"""The stage of each customer, since when, and why in one sentence.

Rules in prose: ``docs/algorithms/stages.md``. Everything follows from the purchase summary and
the fitted model, so that the same history always gives the same stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.models.base import Floats, OccasionsModel
from kundenstamm.worth.sentences import Sentence, gettext_noop, one

if TYPE_CHECKING:
    import polars as pl


class Stage(StrEnum):
    PROSPECT = "prospect"
    NEW = "new"
    REPEAT = "repeat"
    REGULAR = "regular"
    AT_RISK = "at_risk"
    LOST = "lost"
    WON_BACK = "won_back"
    PARTED = "parted"


@dataclass(frozen=True)
class StageLimits:
    """Where the stages begin; the company may set its own.

    Attributes
    ----------
    regular_occasions
        Purchases that make a regular.
    active, lost
        P(active) below which a customer is at risk, and lost.
    onboarding_days
        How long a customer counts as new, and as won back.
    gap_quantile
        Silent longer than this share of the customer's own gaps would be: late.
    overdue
        Silent for this many times the late gap: lost, whatever the model says.
    """

    regular_occasions: int = 3
    active: float = 0.5
    lost: float = 0.2
    onboarding_days: int = 90
    gap_quantile: float = 0.9
    overdue: float = 3.0


PARTED = gettext_noop("We ended the relationship.")
PROSPECT = gettext_noop("Has not bought yet.")
LOST = gettext_noop("Silent for {silent} days; the chance of being still a customer is {p_active}.")
WON_BACK = gettext_noop("Bought again after {pause} days of silence.")
NEW = gettext_noop("First purchase {age} days ago.")
LATE = gettext_noop("Orders every {usual} days otherwise, silent for {silent} days now.")
FADING = gettext_noop(
    "Silent for {silent} days, longer than usual; "
    "the chance of being still a customer is {p_active}."
)
REGULAR = gettext_noop("{occasions} purchases, on average every {usual} days.")
REPEAT = gettext_noop("{occasions} purchases so far.")
QUIET = gettext_noop("One purchase, {silent} days ago.")
one(
    LOST,
    "silent",
    gettext_noop("Silent for one day; the chance of being still a customer is {p_active}."),
)
one(WON_BACK, "pause", gettext_noop("Bought again after one day of silence."))
one(NEW, "age", gettext_noop("First purchase one day ago."))
one(LATE, "usual", gettext_noop("Orders every day otherwise, silent for {silent} days now."))
one(LATE, "silent", gettext_noop("Orders every {usual} days otherwise, silent for one day now."))
one(
    FADING,
    "silent",
    gettext_noop(
        "Silent for one day, longer than usual; the chance of being still a customer is {p_active}."
    ),
)
one(REGULAR, "usual", gettext_noop("{occasions} purchases, on average every day."))
one(REPEAT, "occasions", gettext_noop("One purchase so far."))
one(QUIET, "silent", gettext_noop("One purchase, one day ago."))


def stages(
    summary: pl.DataFrame,
    as_of: date,
    model: OccasionsModel | None,
    limits: StageLimits | None = None,
    usual_gap: float | None = None,
) -> pl.DataFrame:
    """Stage, date and reason of every row of ``summary``.

    Parameters
    ----------
    summary
        As `kundenstamm.worth.summary.summary` gives it, with the same ``regular_occasions``.
    as_of
        The day the summary ends.
    model
        Fitted; None where the base could not be fitted: stages then follow from the own gaps and
        the onboarding window only, and nobody is called lost.
    usual_gap
        Days between purchases where a customer has no rhythm of its own; by default the median
        of ``summary``. Name it where ``summary`` is a part of the base.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``stage``, ``since`` (date, null for a prospect), ``reason`` (struct of
        ``msgid`` and ``params``, values null where a template does not use them).
    """
    import polars as pl

    limits = limits or StageLimits()
    usual_gap = median_gap(summary) if usual_gap is None else usual_gap
    known = summary.with_columns(**_silences(summary, model, limits, usual_gap))
    silent = (pl.lit(as_of) - pl.col("last_day")).dt.total_days()
    facts = known.with_columns(silent=silent).with_columns(
        at_risk_after=pl.min_horizontal("fading_after", "late_after")
    )
    judged = facts.with_columns(stage=_stage(limits)).with_columns(since=_since(limits))
    return judged.select("customer_id", "stage", "since", reason=_reason())


def _silences(
    summary: pl.DataFrame,
    model: OccasionsModel | None,
    limits: StageLimits,
    usual_gap: float,
) -> dict[str, pl.Series]:
    """Days of silence after which each customer is fading, lost, late; and P(active)."""
    import polars as pl

    bought = (summary["occasions"] > 0).to_numpy()
    filled = summary.with_columns(pl.col("t_x", "age").fill_null(0))
    columns = {"fading_after": np.inf, "lost_after": np.inf, "p_active": np.nan, "p_before": 1.0}
    arrays = {name: np.full(summary.height, default) for name, default in columns.items()}
    if model is not None and bought.any():
        arrays["fading_after"] = np.ceil(model.silence_until(filled, limits.active))
        arrays["lost_after"] = np.ceil(model.silence_until(filled, limits.lost))
        arrays["p_active"] = model.probability_active(filled)
        arrays["p_before"] = _before_last(filled, model)
    arrays["late_after"] = late_after(summary, limits, usual_gap)
    arrays["lost_after"] = np.minimum(arrays["lost_after"], limits.overdue * arrays["late_after"])
    return {name: pl.Series(name, array).fill_nan(None) for name, array in arrays.items()}


def _before_last(summary: pl.DataFrame, model: OccasionsModel) -> Floats:
    """P(active) the moment before the last purchase: had this customer been given up?"""
    import polars as pl

    first, last, before = pl.col("first_day"), pl.col("last_day"), pl.col("previous_day")
    then = summary.select(
        x=(pl.col("x") - 1).clip(0),
        t_x=(before - first).dt.total_days().fill_null(0),
        age=(last - first).dt.total_days().fill_null(0),
    )
    chance = model.probability_active(then)
    return np.where(summary["previous_day"].is_null().to_numpy(), 1.0, chance)


def median_gap(summary: pl.DataFrame) -> float:
    """The base's usual days between purchases; infinite where nobody has bought twice."""
    middle = summary["gap_mean"].cast(float).median()
    return float(middle) if isinstance(middle, int | float) else float("inf")


def late_after(summary: pl.DataFrame, limits: StageLimits, usual_gap: float) -> Floats:
    """The own gap that is exceeded one time in ten, from mean and spread of the gaps.

    A gamma through both moments: it covers the exponential (clumpy) and the regular rhythm. The
    spread of few gaps is drawn a little towards the exponential's. With fewer than three gaps
    there is no own rhythm; then an exponential one with ``usual_gap`` days stands in.
    """
    from scipy.special import gammaincinv

    mean = summary["gap_mean"].cast(float).fill_null(np.nan).to_numpy()
    spread = summary["gap_sd"].cast(float).fill_null(np.nan).to_numpy()
    gaps = summary["occasions"].cast(float).fill_null(0).to_numpy() - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        cv2 = ((gaps - 1) * (spread / mean) ** 2 + 2.0) / (gaps + 1)
        shape = 1 / np.clip(cv2, 0.02, 25.0)
        quantile = mean * gammaincinv(shape, limits.gap_quantile) / shape
    usual = usual_gap * -np.log1p(-limits.gap_quantile)
    known = (gaps >= 3) & np.isfinite(quantile)
    return np.asarray(np.ceil(np.where(known, quantile, usual)))


def _stage(limits: StageLimits) -> pl.Expr:
    import polars as pl

    silent = pl.col("silent")
    recent = silent <= limits.onboarding_days
    enough = pl.col("occasions") >= limits.regular_occasions
    back = (pl.col("p_before") < limits.lost) & recent
    # A single purchase tells little: nobody is at risk before the onboarding window has passed.
    new = (pl.col("age") <= limits.onboarding_days) & (pl.col("occasions") == 1)
    return (
        pl.when(pl.col("occasions") == 0)
        .then(pl.lit(Stage.PROSPECT.value))
        .when(new)
        .then(pl.lit(Stage.NEW.value))
        .when((silent >= pl.col("lost_after")) & ~recent)
        .then(pl.lit(Stage.LOST.value))
        .when(silent >= pl.col("at_risk_after"))
        .then(pl.lit(Stage.AT_RISK.value))
        .when(back)
        .then(pl.lit(Stage.WON_BACK.value))
        .when(enough)
        .then(pl.lit(Stage.REGULAR.value))
        .otherwise(pl.lit(Stage.REPEAT.value))
    )


def _since(limits: StageLimits) -> pl.Expr:
    """The day the stage was entered."""
    import polars as pl

    def after(days: pl.Expr) -> pl.Expr:
        return pl.col("last_day") + pl.duration(days=days.clip(0, 40_000).cast(pl.Int64))

    onboarded = pl.col("first_day") + pl.duration(days=limits.onboarding_days + 1)
    fading = after(pl.max_horizontal(pl.col("at_risk_after")))
    lost = after(pl.max_horizontal("lost_after", pl.lit(float(limits.onboarding_days + 1))))
    single = pl.col("occasions") == 1
    return (
        pl.when(pl.col("stage") == Stage.PROSPECT)
        .then(None)
        .when(pl.col("stage") == Stage.NEW)
        .then(pl.col("first_day"))
        .when(pl.col("stage") == Stage.LOST)
        .then(lost)
        .when(pl.col("stage") == Stage.AT_RISK)
        .then(pl.when(single).then(pl.max_horizontal(fading, onboarded)).otherwise(fading))
        .when(pl.col("stage") == Stage.WON_BACK)
        .then(pl.col("last_day"))
        .when(pl.col("stage") == Stage.REGULAR)
        .then(pl.coalesce("regular_day", "last_day"))
        .otherwise(pl.coalesce("repeat_day", onboarded))
    )


def _reason() -> pl.Expr:
    import polars as pl

    stage, single = pl.col("stage"), pl.col("occasions") == 1
    late = (pl.col("late_after") <= pl.col("fading_after")) & (pl.col("occasions") > 3)
    template = (
        pl.when(stage == Stage.PROSPECT)
        .then(pl.lit(PROSPECT))
        .when(stage == Stage.NEW)
        .then(pl.lit(NEW))
        .when(stage == Stage.LOST)
        .then(pl.lit(LOST))
        .when((stage == Stage.AT_RISK) & late)
        .then(pl.lit(LATE))
        .when(stage == Stage.AT_RISK)
        .then(pl.lit(FADING))
        .when(stage == Stage.WON_BACK)
        .then(pl.lit(WON_BACK))
        .when(stage == Stage.REGULAR)
        .then(pl.lit(REGULAR))
        .when(single)
        .then(pl.lit(QUIET))
        .otherwise(pl.lit(REPEAT))
    )
    values = pl.struct(
        pl.col("silent"),
        pl.col("age"),
        pl.col("occasions"),
        usual=pl.col("gap_mean").round().cast(pl.Int64),
        pause=(pl.col("last_day") - pl.col("previous_day")).dt.total_days(),
        p_active=pl.col("p_active").round(4),
    )
    return pl.struct(msgid=template, params=values)


def sentence(reason: dict[str, object]) -> Sentence:
    """One row's ``reason`` in English, with the chance as a percentage."""
    params = reason["params"]
    if not isinstance(params, dict):
        raise TypeError(f"{reason!r} is not a reason of `stages`")
    chance = params.get("p_active")
    shown = params | {"p_active": f"{chance:.0%}" if isinstance(chance, float) else "?"}
    return Sentence(str(reason["msgid"]), shown)
