"""How full the pools are, and so which share of a cost to serve would vanish with the work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from kundenstamm.kit.months import Month
from kundenstamm.serving.models import ActivityType
from kundenstamm.serving.queries import history
from kundenstamm.worth.decisions.loss import avoidable_share
from kundenstamm.worth.levels import Kind

A_YEAR = timedelta(days=365)


def avoidable_shares(as_of: date) -> dict[Kind, float]:
    """Kind of work → share that is avoidable; nothing about kinds that no pool is known to do.

    Of several pools that do a kind, the mean: nobody knows which of them the customer's was.
    """
    pools = _fullness(as_of)
    of_kind: dict[Kind, set[int]] = defaultdict(set)
    for kind, pool in ActivityType.objects.values_list("kind", "pool_id"):
        if pool in pools:
            of_kind[Kind(kind)].add(pool)
    return {
        kind: sum(pools[pool] for pool in found) / len(found) for kind, found in of_kind.items()
    }


def _fullness(as_of: date) -> Mapping[int, float]:
    """Pool → avoidable share, from the allocated months of the year up to a day."""
    first = Month.of(as_of - A_YEAR).first
    used: dict[int, float] = defaultdict(float)
    capacity: dict[int, float] = defaultdict(float)
    newest = {run.month: run for run in history().filter(month__gte=first, month__lte=as_of)[::-1]}
    for run in newest.values():
        for told in run.result.get("pools", []):
            used[told["pool_id"]] += float(told["used"])
            capacity[told["pool_id"]] += float(told["capacity"])
    return {pool: avoidable_share(used[pool], room) for pool, room in capacity.items()}
