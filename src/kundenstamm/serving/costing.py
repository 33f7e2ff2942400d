"""What each activity of a month costs: minutes by time equations, money by pools. Posts nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kundenstamm.kit.months import Month
from kundenstamm.ledger import copying
from kundenstamm.serving.models import ActivityType, Equation, PoolMonth
from kundenstamm.worth.activities import ActivityError, Pool, Share, TimeEquation, allocated

if TYPE_CHECKING:
    import polars as pl

# More minutes than this are no activity but a slip of the decimal point.
LONGEST = Decimal(1_000_000)
TICK = Decimal("0.001")


class AllocationRefused(ValueError):  # noqa: N818
    """A month cannot be allocated as things are; the message names the mend."""


@dataclass(frozen=True)
class PoolShare:
    """How one pool's cost of the month was shared out among so many activities."""

    of: PoolMonth
    share: Share
    activities: int


@dataclass(frozen=True)
class Costed:
    """``entries``: ``line`` (the activity's id), ``customer_id``, ``date``, ``kind``, ``amount``
    (negative, nil left out)."""

    entries: pl.DataFrame
    pools: list[PoolShare]

    @property
    def charged(self) -> Decimal:
        return sum((pool.share.charged for pool in self.pools), Decimal(0))


def costed(month: Month) -> Costed:
    """All activities of a month at what they cost.

    Raises
    ------
    AllocationRefused
        No pool has a cost in the month, one that was worked for has none, or drivers do not fit.
    """
    months = list(PoolMonth.objects.filter(month=month.first).select_related("pool"))
    if not months:
        said = _("No pool has a cost in %(month)s. Enter cost and minutes of each pool first.")
        raise AllocationRefused(said % {"month": month})
    types = {each.pk: each for each in ActivityType.objects.prefetch_related("equations__drivers")}
    done = _timed(_activities(month, types), types)
    _refuse_pools_without_cost(done, types, {each.pool_id for each in months}, month)
    shared = [_shared(each, done) for each in sorted(months, key=lambda each: each.pool.name)]
    return Costed(_entries([costs for costs, _pool in shared]), [pool for _costs, pool in shared])


def _activities(month: Month, types: Mapping[int, ActivityType]) -> pl.DataFrame:
    """In the order they came in, so that equal remainders are shared alike each time."""
    import polars as pl
    import pyarrow as pa

    columns = {
        "line": pa.int64(), "customer_id": pa.int64(), "type_id": pa.int64(), "date": pa.date32(),
        "minutes": pa.decimal128(12, 3), "drivers": pa.string(),
    }  # fmt: skip
    found = copying.read(
        "SELECT id, customer_id, type_id, date, minutes, drivers::text FROM serving_activity"  # noqa: S608
        f" WHERE date BETWEEN '{month.first}' AND '{month.last}' ORDER BY id",
        columns,
    )
    named = {
        "type_id": list(types),
        "pool_id": [each.pool_id for each in types.values()],
        "kind": [each.kind for each in types.values()],
    }
    schema = dict.fromkeys(named, pl.Int64)
    return found.join(pl.DataFrame(named, schema), on="type_id", how="left", maintain_order="left")


def _timed(found: pl.DataFrame, types: Mapping[int, ActivityType]) -> pl.DataFrame:
    """Minutes of all: as stopped, else by the equation of the day, once for each set of drivers."""
    import polars as pl

    untimed = found.filter(pl.col("minutes").is_null())
    holding = _holding(untimed, types)
    keys = ["type_id", "equation_id", "drivers"]
    asked = untimed.join(holding, on=["type_id", "date"], how="left").select(keys).unique()
    rules = {each.pk: each.rule for of in types.values() for each in of.equations.all()}
    known = asked.with_columns(
        by_equation=pl.Series(
            [_minutes(rules[rule], types[n], text) for n, rule, text in asked.iter_rows()],
            dtype=pl.Decimal(12, 3),
        )
    )
    joined = found.join(holding, on=["type_id", "date"], how="left", maintain_order="left").join(
        known, on=keys, how="left", maintain_order="left"
    )
    return joined.with_columns(minutes=pl.coalesce("minutes", "by_equation"))


def _holding(untimed: pl.DataFrame, types: Mapping[int, ActivityType]) -> pl.DataFrame:
    """The equation of each type on each day that is asked for."""
    import polars as pl

    days = untimed.select("type_id", "date").unique()
    found = [_equation(types[n], day).pk for n, day in days.iter_rows()]
    return days.with_columns(equation_id=pl.Series(found, dtype=pl.Int64))


def _equation(of: ActivityType, day: date) -> Equation:
    found = of.equation_on(day)
    if found is None:
        said = _(
            "“%(type)s” has no time equation that was valid on %(day)s. Enter one that begins "
            "earlier."
        )
        raise AllocationRefused(said % {"type": of.name, "day": day})
    return found


def _minutes(rule: TimeEquation, of: ActivityType, drivers: str) -> Decimal:
    amounts = json.loads(drivers, parse_int=Decimal, parse_float=Decimal)
    numbers = all(isinstance(amount, Decimal) for amount in amounts.values())
    try:
        if numbers and (minutes := rule.minutes(amounts)) <= LONGEST:
            return minutes.quantize(TICK)
    except ActivityError:
        pass
    said = _(
        "The time equation of “%(type)s” does not fit activities with the drivers %(drivers)s. "
        "Correct these activities or the equation."
    )
    raise AllocationRefused(said % {"type": of.name, "drivers": drivers})


def _refuse_pools_without_cost(
    done: pl.DataFrame, types: Mapping[int, ActivityType], known: Iterable[int], month: Month
) -> None:
    without = set(done["pool_id"].unique().to_list()) - set(known)
    if not without:
        return
    names = sorted({each.pool.name for each in types.values() if each.pool_id in without})
    said = _("%(pools)s worked in %(month)s and has no cost there. Enter its cost and minutes.")
    raise AllocationRefused(said % {"pools": ", ".join(names), "month": month})


def _shared(of: PoolMonth, done: pl.DataFrame) -> tuple[pl.DataFrame, PoolShare]:
    import polars as pl

    own = done.filter(pl.col("pool_id") == of.pool_id)
    costs, share = allocated(own["minutes"], Pool(of.cost, of.capacity))
    return own.with_columns(amount=-costs), PoolShare(of, share, own.height)


def _entries(pools: list[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    columns = ("line", "customer_id", "date", "kind", "amount")
    return pl.concat([own.select(columns) for own in pools]).filter(pl.col("amount") != 0)
