"""A product group that a customer no longer buys, though it still buys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kundenstamm.worth.stages import StageLimits, late_after

if TYPE_CHECKING:
    import polars as pl

YEAR = 365


@dataclass(frozen=True)
class ThinningLimits:
    """When a group counts as no longer bought.

    Attributes
    ----------
    purchases
        Fewest purchases of the group: three gaps make a rhythm.
    gap_quantile
        The group's silence exceeds this share of its own gaps, and their mean. Higher than the 90 %
        of the stages: a customer buys many groups, and each has its chance to be late.
    since
        The customer has bought other things on so many days since the group's last purchase;
        otherwise it is the customer that is late, not the group.
    forgotten
        After so many days a group is not spoken of any more.
    """

    purchases: int = 4
    gap_quantile: float = 0.98
    since: int = 2
    forgotten: int = 365


def thinning(
    groups: pl.DataFrame, as_of: date, limits: ThinningLimits | None = None
) -> pl.DataFrame:
    """The product groups that customers have stopped buying.

    Parameters
    ----------
    groups
        `kundenstamm.worth.care.known.GROUPS`.

    Returns
    -------
    polars.DataFrame
        One row per customer and group no longer bought: ``customer_id``, ``product_group``,
        ``usual`` (mean days between its purchases), ``silent`` (days since its last one),
        ``late_after`` (days of silence that its rhythm allows), ``worth`` (what it brought in a
        year while it was bought, money).
    """
    import polars as pl

    limits = limits or ThinningLimits()
    bought = groups.filter(pl.col("day") <= as_of)
    open_to = _rhythm(_quiet(bought, as_of, limits)).filter(
        pl.col("occasions") >= limits.purchases, pl.col("worth") > 0
    )
    quantile = StageLimits(gap_quantile=limits.gap_quantile)
    judged = open_to.with_columns(
        silent=(pl.lit(as_of) - pl.col("last_day")).dt.total_days(),
        late_after=pl.Series(late_after(open_to, quantile, float("inf")), dtype=pl.Float64),
    )
    beyond = pl.max_horizontal("late_after", "gap_mean")
    late = judged.filter(pl.col("silent") > beyond)
    return _still_buying(late, bought, limits).select(
        "customer_id", "product_group", pl.col("gap_mean").alias("usual"), "silent", "late_after",
        "worth",
    )  # fmt: skip


def _quiet(bought: pl.DataFrame, as_of: date, limits: ThinningLimits) -> pl.DataFrame:
    """Purchases of groups that are silent beyond their mean gap: all others need no closer look."""
    import polars as pl

    key = ["customer_id", "product_group"]
    day = pl.col("day")
    spans = bought.group_by(*key).agg(first=day.min(), last=day.max(), rows=pl.len())
    silent = (pl.lit(as_of) - pl.col("last")).dt.total_days()
    # Rows are at least as many as days, so that this gap is at most the true one.
    gap = (pl.col("last") - pl.col("first")).dt.total_days() / (pl.col("rows") - 1)
    quiet = spans.filter(
        pl.col("rows") >= limits.purchases, silent > gap, silent <= limits.forgotten
    )
    return bought.join(quiet.select(key), on=key, how="semi")


def _rhythm(bought: pl.DataFrame) -> pl.DataFrame:
    """Gaps of every group within its customer, and what it brought a year."""
    import polars as pl

    key = ["customer_id", "product_group"]
    days = (
        bought.group_by(*key, "day")
        .agg(pl.col("contribution").cast(pl.Float64).sum())
        .sort(*key, "day")
    )
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in key)
    gap = pl.when(same).then(pl.col("day").diff().dt.total_days()).cast(pl.Float64)
    found = (
        days.with_columns(gap=gap)
        .group_by(*key)
        .agg(
            occasions=pl.len(),
            gap_mean=pl.col("gap").mean(),
            gap_sd=pl.col("gap").std(),
            last_day=pl.col("day").max(),
            brought=pl.col("contribution").sum(),
        )
    )
    # As many gaps as purchases: the last purchase lasts for a gap as well.
    lasted = (pl.col("occasions") * pl.col("gap_mean")).clip(YEAR / 4)
    return found.with_columns(worth=pl.col("brought") * YEAR / lasted)


def _still_buying(late: pl.DataFrame, bought: pl.DataFrame, limits: ThinningLimits) -> pl.DataFrame:
    import polars as pl

    key = ["customer_id", "product_group"]
    days = bought.join(late.select("customer_id").unique(), on="customer_id", how="semi")
    later = (
        late.select(*key, "last_day")
        .join(days.select("customer_id", "day").unique(), on="customer_id")
        .filter(pl.col("day") > pl.col("last_day"))
        .group_by(*key)
        .agg(since=pl.len())
    )
    return late.join(later, on=key).filter(pl.col("since") >= limits.since).sort(*key)


def by_customer(thinned: pl.DataFrame) -> pl.DataFrame:
    """One row per customer: the group that brought most, ``others`` (how many more) and the sum.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``product_group``, ``usual``, ``silent``, ``worth`` (of the group),
        ``others``, ``worth_all`` (money a year).
    """
    import polars as pl

    ordered = thinned.sort("customer_id", "worth", descending=[False, True], maintain_order=True)
    return ordered.group_by("customer_id", maintain_order=True).agg(
        pl.col("product_group", "usual", "silent", "worth").first(),
        others=pl.len() - 1,
        worth_all=pl.col("worth").sum(),
    )
