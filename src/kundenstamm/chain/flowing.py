"""What flows from one customer down its chain, link by link: the widest of each step, no walk.

How wide a link is: what the supplier reported to have sold on in twelve months, at its prices;
where it reported nothing, what we ourselves invoiced the lower one. Only customers whom the reader
knows are read, and of each step so many links; the others are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from kundenstamm.chain.reading import HOLDS, YEAR
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_one_by_one
from kundenstamm.lifecycle.models import ValuationRun

# A drawing of more links is a tangle, and of more steps too small to read.
WIDEST, STEPS = 8, 3


@dataclass(frozen=True)
class Flow:
    """One link; money of twelve months. ``profit``: the lower one's own contribution III."""

    upper: int
    lower: Customer
    volume: Decimal
    reported: bool
    profit: Decimal


@dataclass(frozen=True)
class Others:
    """Links of a step that are not drawn: how many, and their volume and profit together."""

    number: int
    volume: Decimal
    profit: Decimal


@dataclass(frozen=True)
class Step:
    flows: list[Flow]
    others: Others


def flow(actor: User, run: ValuationRun | None, customer: Customer, day: date) -> list[Step]:
    """Step by step down from a customer whom the actor knows; a step without volume ends it."""
    steps: list[Step] = []
    above, seen = [customer.pk], {customer.pk}
    while run is not None and above and len(steps) < STEPS:
        step = _step(actor, run, above, day, WIDEST * (len(steps) + 1))
        if not step.flows:
            break
        steps.append(step)
        above = [each.lower.pk for each in step.flows if each.lower.pk not in seen]
        seen |= set(above)
    return steps


def _step(actor: User, run: ValuationRun, above: Sequence[int], day: date, widest: int) -> Step:
    known = {
        name: known_one_by_one(actor, column)
        for name, column in (("lower", "link.downstream_id"), ("estimated", "customer_id"),
                             ("dealer", "dealer_id"), ("end", "end_customer_id"))
    }  # fmt: skip
    told: Any = {"above": list(above), "day": day, "run": run.pk, "from": run.as_of - YEAR,
            "to": run.as_of, "widest": widest}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WIDEST.format(**known), told)
        rows = cursor.fetchall()
    named = Customer.objects.visible_one_by_one(actor).in_bulk(
        [lower for _upper, lower, *_rest in rows]
    )
    flows = [
        Flow(upper, named[lower], volume, reported, profit)
        for upper, lower, volume, reported, profit, *_sums in rows
        if lower in named
    ]
    number, volume, profit = rows[0][5:] if rows else (0, Decimal(0), Decimal(0))
    shown = sum((each.volume for each in flows), Decimal(0))
    brought = sum((each.profit for each in flows), Decimal(0))
    return Step(flows, Others(number - len(flows), volume - shown, profit - brought))


# Links without any volume are no flow, and are not counted either.
_WIDEST = f"""
WITH reported AS (
    SELECT dealer_id, end_customer_id, sum(amount) AS amount FROM chain_sellthrough
    WHERE dealer_id = ANY(%(above)s::bigint[]) AND end_customer_id IS NOT NULL
      AND last_day > %(from)s AND last_day <= %(to)s AND {{dealer}} AND {{end}}
    GROUP BY 1, 2
), links AS (
    SELECT DISTINCT link.upstream_id, link.downstream_id
    FROM customers_chainlink AS link
    JOIN customers_customer AS lower ON lower.id = link.downstream_id AND NOT lower.withdrawn
    WHERE link.upstream_id = ANY(%(above)s::bigint[]) AND {HOLDS} AND {{lower}}
), estimated AS (
    SELECT customer_id, year_net_revenue, year_contribution_3 FROM lifecycle_estimate
    WHERE run_id = %(run)s AND {{estimated}}
), flows AS (
    SELECT links.upstream_id, links.downstream_id,
           CASE WHEN reported.amount > 0 THEN reported.amount
                ELSE coalesce(estimated.year_net_revenue, 0) END AS volume,
           coalesce(reported.amount > 0, false) AS is_reported,
           coalesce(estimated.year_contribution_3, 0) AS profit
    FROM links
    LEFT JOIN reported ON reported.dealer_id = links.upstream_id
      AND reported.end_customer_id = links.downstream_id
    LEFT JOIN estimated ON estimated.customer_id = links.downstream_id
)
SELECT upstream_id, downstream_id, volume, is_reported, profit, count(*) OVER (),
       sum(volume) OVER (), sum(profit) OVER ()
FROM flows WHERE volume > 0 ORDER BY volume DESC, downstream_id LIMIT %(widest)s
"""  # noqa: S608
