"""Comfort drift: customers who hear from us less since they are regulars.

What was earned is taken for granted. Whether conversations really became fewer, or only happened
to be few, is the comparison of two Poisson rates: given the total, the number after is binomial
(Przyborowski & Wilenski 1940, "Homogeneity of results in testing samples from Poisson series",
Biometrika 31). That is exact however few there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.care.neglect import conversations
from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    import polars as pl

QUARTER = 365 / 4


@dataclass(frozen=True)
class DriftLimits:
    """When fewer conversations are worth a word.

    Attributes
    ----------
    chance
        The fall must be so unlikely if nothing had changed. At 0.01 one of a hundred unchanged
        customers is named at most.
    ratio
        The new rate is at most this share of the old one.
    quarters
        Shortest time before, and after, in quarters.
    latest
        Of the time after, only so many quarters count: what was done years ago is no comfort.
    """

    chance: float = 0.01
    ratio: float = 0.6
    quarters: float = 1.0
    latest: float = 4.0


@dataclass(frozen=True)
class Rates:
    """Two rates compared; shapes ``(customers,)``.

    Attributes
    ----------
    ratio
        Rate after ÷ rate before; NaN where there was nothing in either.
    chance
        Of so few afterwards, had the rate stayed the same.
    low, high
        Ends of the exact interval of the ratio (Clopper & Pearson 1934).
    """

    ratio: Floats
    chance: Floats
    low: Floats
    high: Floats


def compared(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    time_before: npt.ArrayLike,
    time_after: npt.ArrayLike,
    level: float = 0.8,
) -> Rates:
    """Compare counts over two times of the same unit (both above nil).

    Given ``n`` in all, the number after is binomial with the share ``r t_a / (r t_a + t_b)``, where
    ``r`` is the ratio of the rates; ``r = 1`` if nothing changed.
    """
    from scipy.stats import beta, binom

    counts, new = np.asarray(before, float), np.asarray(after, float)
    old_time, new_time = np.asarray(time_before, float), np.asarray(time_after, float)
    total, tail = counts + new, (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (new / new_time) / (counts / old_time)
        low = np.where(new > 0, beta.ppf(tail, new, counts + 1), 0.0)
        high = np.where(counts > 0, beta.ppf(1 - tail, new + 1, counts), 1.0)
        odds = old_time / new_time
        ends = odds * low / (1 - low), odds * high / (1 - high)
    chance = binom.cdf(new, total, new_time / (old_time + new_time))
    return Rates(ratio, np.asarray(chance), *(np.asarray(end) for end in ends))


def drift(
    customers: pl.DataFrame,
    contacts: pl.DataFrame,
    as_of: date,
    recorded_since: date | None = None,
    limits: DriftLimits | None = None,
) -> pl.DataFrame:
    """Conversations per quarter before and since each customer is a regular.

    Parameters
    ----------
    customers
        ``customer_id``, ``first_day``, ``regular_day`` (null: no regular).
    contacts, recorded_since
        As `kundenstamm.worth.care.neglect.neglect`.

    Returns
    -------
    polars.DataFrame
        One row per regular for whom both times are long enough: ``customer_id``, ``before``,
        ``since`` (conversations per quarter), ``ratio``, ``ratio_low``, ``ratio_high`` (80 %),
        ``chance``, ``drifts`` (whether it is worth a word).
    """
    import polars as pl

    limits = limits or DriftLimits()
    times = _times(customers, as_of, recorded_since, limits)
    counted = _counted(times, conversations(contacts, as_of))
    n_before, n_since = counted["n_before"].to_numpy(), counted["n_since"].to_numpy()
    rates = compared(
        n_before, n_since, counted["t_before"].to_numpy(), counted["t_since"].to_numpy()
    )
    return counted.select(
        "customer_id",
        before=pl.col("n_before") / pl.col("t_before"),
        since=pl.col("n_since") / pl.col("t_since"),
        ratio=pl.Series(rates.ratio),
        ratio_low=pl.Series(rates.low),
        ratio_high=pl.Series(rates.high),
        chance=pl.Series(rates.chance),
        drifts=pl.Series((rates.chance <= limits.chance) & (rates.ratio <= limits.ratio)),
    )


def _times(
    customers: pl.DataFrame, as_of: date, recorded_since: date | None, limits: DriftLimits
) -> pl.DataFrame:
    """Both times in quarters: the day a customer becomes a regular belongs to the time before."""
    import polars as pl

    looked_at = as_of - timedelta(days=round(limits.latest * QUARTER))
    dated = customers.filter(pl.col("regular_day").is_not_null()).select(
        "customer_id",
        "regular_day",
        begins=pl.max_horizontal("first_day", pl.lit(recorded_since, dtype=pl.Date)),
        after=pl.max_horizontal("regular_day", pl.lit(looked_at)),
    )
    before = (pl.col("regular_day") - pl.col("begins")).dt.total_days() + 1
    since = (pl.lit(as_of) - pl.col("after")).dt.total_days()
    timed = dated.with_columns(t_before=before / QUARTER, t_since=since / QUARTER)
    return timed.filter(pl.col("t_before") >= limits.quarters, pl.col("t_since") >= limits.quarters)


def _counted(times: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    day = pl.col("day")
    within = (
        spoken.join(times, on="customer_id")
        .group_by("customer_id")
        .agg(
            n_before=((day >= pl.col("begins")) & (day <= pl.col("regular_day"))).sum(),
            n_since=(day > pl.col("after")).sum(),
        )
    )
    joined = times.join(within, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("n_before", "n_since").fill_null(0).cast(pl.Float64))
