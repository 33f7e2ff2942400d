"""Why that much? An expectation told by the customer's own history.

Two sentences: what has been, and what follows from it. Which ones is decided here, by rules that
stand in ``docs/algorithms/value.md``; the words are translated where they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kundenstamm.worth.sentences import gettext_noop
from kundenstamm.worth.stages import StageLimits, late_after

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

# Money: ``left`` is what a purchase left after serving, ``loss`` what it cost beyond that.
ONCE = gettext_noop("Bought once, on {last}; after serving, {left} was left of it.")
ONCE_AT_A_LOSS = gettext_noop(
    "Bought once, on {last}; after serving, that purchase cost {loss} more than it brought."
)
OFTEN = gettext_noop(
    "Bought {occasions} times since {since}, every {usual} days on average, last on {last}; "
    "each purchase left {left} after serving."
)
OFTEN_AT_A_LOSS = gettext_noop(
    "Bought {occasions} times since {since}, every {usual} days on average, last on {last}; "
    "after serving, each purchase cost {loss} more than it brought."
)
FIRST = gettext_noop(
    "First-time buyers like this one make about {purchases} purchases in the next {months} months."
)
FIRST_SILENT = gettext_noop(
    "First-time buyers who have been silent for {silent} days make about {purchases} purchases "
    "in the next {months} months."
)
SILENT = gettext_noop(
    "Silent for {silent} days, longer than usual; still a customer with a probability of "
    "{p_active}. Expect about {purchases} purchases in the next {months} months "
    "({lately} in the last {months})."
)
FEWER = gettext_noop(
    "Fewer purchases lately: {lately} in the last {months} months, {before} in as long a time "
    "before, on average. Expect about {purchases} in the next {months} months."
)
MORE = gettext_noop(
    "More purchases lately: {lately} in the last {months} months, {before} in as long a time "
    "before, on average. Expect about {purchases} in the next {months} months."
)
STEADY = gettext_noop(
    "Expect about {purchases} purchases in the next {months} months "
    "({lately} in the last {months})."
)
YOUNG = gettext_noop("Expect about {purchases} purchases in the next {months} months.")

# Lately counts as fewer or more where it differs by so much of what was before, and by so many.
SHARE, LEAST = 1 / 3, 2.0
# The time before must be at least so many times the horizon to be a yardstick.
ENOUGH = 0.5
DAYS_PER_MONTH = 30.4375


def told(
    valued: pl.DataFrame,
    as_of: date,
    *,
    days: int,
    usual_gap: float,
    limits: StageLimits | None = None,
) -> pl.DataFrame:
    """The sentences ``past`` and ``outlook`` of every customer with a purchase.

    Parameters
    ----------
    valued
        Summary and value beside each other, as `kundenstamm.worth.appraisal.appraise` gives them.
        With the column ``occasions_last_{days}`` the last ``days`` are laid beside the next.
    as_of
        The day the summary ends.
    days
        Of the expectation.
    usual_gap, limits
        As for `kundenstamm.worth.stages.stages`: longer than usual means the same there.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``past`` and ``outlook`` (structs of ``msgid`` and ``params``, the values
        that no template of a row names are there, too).
    """
    import polars as pl

    bought = valued.filter(pl.col("expected_occasions").is_not_null())
    late = pl.Series(late_after(bought, limits or StageLimits(), usual_gap))
    facts = bought.with_columns(
        silent=(pl.lit(as_of) - pl.col("last_day")).dt.total_days(),
        lately=_lately(valued, days),
        late=late,
    ).with_columns(before=_before(days))
    return facts.select("customer_id", past=_past(), outlook=_outlook(days))


def _lately(valued: pl.DataFrame, days: int) -> pl.Expr:
    import polars as pl

    name = f"occasions_last_{days}"
    return pl.col(name) if name in valued.columns else pl.lit(None, pl.Int64)


def _before(days: int) -> pl.Expr:
    """Occasions in so many days, on average of the time before the last ``days``."""
    import polars as pl

    time = pl.col("age") + 1 - days
    earlier = pl.col("occasions") - pl.col("lately")
    return pl.when(time >= ENOUGH * days).then(earlier * days / time)


def _past() -> pl.Expr:
    import polars as pl

    once, left = pl.col("occasions") == 1, pl.col("contribution_mean")
    template = (
        pl.when(once & (left < 0))
        .then(pl.lit(ONCE_AT_A_LOSS))
        .when(once)
        .then(pl.lit(ONCE))
        .when(left < 0)
        .then(pl.lit(OFTEN_AT_A_LOSS))
        .otherwise(pl.lit(OFTEN))
    )
    values = pl.struct(
        "occasions",
        since=pl.col("first_day").dt.to_string("%Y-%m-%d"),
        last=pl.col("last_day").dt.to_string("%Y-%m-%d"),
        usual=pl.col("gap_mean").round().cast(pl.Int64),
        left=left.round(4),
        loss=(-left).round(4),
    )
    return pl.struct(msgid=template, params=values)


def _outlook(days: int) -> pl.Expr:
    import polars as pl

    once, long = pl.col("occasions") == 1, pl.col("silent") > pl.col("late")
    lately, before = pl.col("lately"), pl.col("before")
    least = pl.max_horizontal(SHARE * before, pl.lit(LEAST))
    differs = before.is_not_null() & ((lately - before).abs() >= least)
    seen = (pl.col("age") + 1 >= days) & lately.is_not_null()
    template = (
        pl.when(once & long)
        .then(pl.lit(FIRST_SILENT))
        .when(once)
        .then(pl.lit(FIRST))
        .when(long & lately.is_not_null())
        .then(pl.lit(SILENT))
        .when(differs & (lately < before))
        .then(pl.lit(FEWER))
        .when(differs)
        .then(pl.lit(MORE))
        .when(seen)
        .then(pl.lit(STEADY))
        .otherwise(pl.lit(YOUNG))
    )
    values = pl.struct(
        "silent",
        "lately",
        purchases=pl.col("expected_occasions").round(4),
        p_active=pl.col("p_active").round(4),
        before=before.round(1),
        months=pl.lit(round(days / DAYS_PER_MONTH)),
    )
    return pl.struct(msgid=template, params=values)
